/* The lines of a text that are boilerplate: see arsearch.snippets.boilerplate, which has the same in Python, says what the
   numbers mean, and has the patterns. */

#include "kernel.h"

#define REACH 600
#define LINES 12
#define PROSE 120
#define SENTENCE 30
#define LONGEST_LINK 100
#define LONGEST_BUTTON 60

int is_space(Py_UCS4 c) {
    if (c < 0x1680) return (c >= 9 && c <= 13) || (c >= 0x1c && c <= ' ') || c == 0x85 || c == 0xa0;
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

int is_closer(Py_UCS4 c) {
    return c == '"' || c == '\'' || c == 0x201d || c == 0x2019 || c == 0xbb || c == 0x203a || c == ')' || c == ']' || c == '}';
}

int is_sentence_end(Py_UCS4 c) {
    return c == '.' || c == '!' || c == '?' || c == 0x61f || c == 0x61b || c == 0x6d4 || c == 0x2026;
}

static int is_separator(Py_UCS4 c) {
    return c == '|' || c == 0xbb || c == 0x203a || c == 0x2022 || c == 0xb7 || c == '/' || c == '#' || c == '-' || c == 0x2013;
}

int lines_open(Lines *lines, PyObject *tuple) {
    Py_ssize_t limit;
    if (!PyArg_ParseTuple(tuple, "UnnOOOOO", &lines->string, &limit, &lines->end, &lines->lists, &lines->begins_link_list,
                          &lines->begins_button, &lines->find_separators, &lines->glued_start))
        return -1;
    Py_ssize_t size = PyUnicode_GetLength(lines->string);
    if (limit > size - 2 * REACH) limit = size - 2 * REACH;
    PyObject *part = PyUnicode_Substring(lines->string, 0, limit + 2 * REACH > 0 ? limit + 2 * REACH : 0);
    if (!part) return -1;
    lines->size = PyUnicode_GetLength(part);
    lines->text = PyUnicode_AsUCS4Copy(part);
    lines->line = -1;
    Py_DECREF(part);
    return lines->text ? 0 : -1;
}

void lines_close(Lines *lines) { PyMem_Free(lines->text); }

static Py_ssize_t line_start(const Lines *lines, Py_ssize_t offset) {
    Py_ssize_t low = offset > REACH ? offset - REACH : 0;
    while (offset > low && lines->text[offset - 1] != '\n') offset--;
    return offset;
}

/* Leave out the white space at both ends of a line. */
static void strip(const Lines *lines, Py_ssize_t *start, Py_ssize_t *end) {
    while (*start < *end && is_space(lines->text[*start])) ++*start;
    while (*end > *start && is_space(lines->text[*end - 1])) --*end;
}

static int ends_sentence(const Lines *lines, Py_ssize_t start, Py_ssize_t end) {
    while (end > start && is_closer(lines->text[end - 1])) end--;
    return end > start && is_sentence_end(lines->text[end - 1]);
}

static int is_long(const Lines *lines, Py_ssize_t start, Py_ssize_t end) {
    return end - start >= PROSE || (end - start >= SENTENCE && ends_sentence(lines, start, end));
}

/* Call the `match` of a pattern on a part of the text; -1 with an error. */
static int matches_pattern(const Lines *lines, PyObject *match, Py_ssize_t start, Py_ssize_t end) {
    PyObject *found = PyObject_CallFunction(match, "Onn", lines->string, start, end);
    if (!found) return -1;
    int matched = found != Py_None;
    Py_DECREF(found);
    return matched;
}

static int is_menu(const Lines *lines, Py_ssize_t start, Py_ssize_t end) {
    Py_ssize_t count = 0;
    for (Py_ssize_t i = start; i < end; i++) count += is_separator(lines->text[i]);
    if (count < 3 || count * 40 <= end - start) return 0;
    PyObject *found = PyObject_CallFunction(lines->find_separators, "Onn", lines->string, start, end);
    if (!found) return -1;
    count = PyList_Size(found);
    Py_DECREF(found);
    return count < 0 ? -1 : count >= 3 && count * 40 > end - start;
}

/* Tell whether a stripped line is a link, a button, a menu or a tag list; -1 with an error. */
static int is_link(const Lines *lines, Py_ssize_t start, Py_ssize_t end, int *begins_list) {
    int ends = ends_sentence(lines, start, end), found;
    if ((*begins_list = matches_pattern(lines, lines->begins_link_list, start, end)) < 0) return -1;
    if (*begins_list) return end - start < LONGEST_LINK || !ends;
    if (ends) return 0;
    if (end - start < LONGEST_BUTTON && (found = matches_pattern(lines, lines->begins_button, start, end))) return found;
    return is_menu(lines, start, end);
}

/* Tell whether a line is a link, a list, or an item under a list's heading; -1 with an error. */
static int is_boilerplate(const Lines *lines, Py_ssize_t start, Py_ssize_t end) {
    Py_ssize_t low = start;
    int link, begins;
    strip(lines, &low, &end);
    if ((link = is_link(lines, low, end, &begins))) return link;
    int prose = is_long(lines, low, end);
    for (int i = 0; i < LINES; i++) {
        if (prose || start == 0) return 0;
        end = start - 1;
        low = start = line_start(lines, end);
        strip(lines, &low, &end);
        if ((link = is_link(lines, low, end, &begins)) < 0) return -1;
        if (begins) return link;
        prose = !link && is_long(lines, low, end);
    }
    return 0;
}

/* Return the offset from which a line is boilerplate; the length of the text or more if it is prose; -1 with an error. */
static Py_ssize_t start_in_line(const Lines *lines, Py_ssize_t start) {
    Py_ssize_t end = start;
    while (end < lines->size && end < start + 2 * REACH && lines->text[end] != '\n') end++;
    int hidden = is_boilerplate(lines, start, end);
    if (hidden) return hidden < 0 ? -1 : start;
    if (!PyObject_IsTrue(lines->lists)) return PY_SSIZE_T_MAX;
    PyObject *glued = PyObject_CallFunction(lines->glued_start, "nn", start, end);
    Py_ssize_t at = glued ? PyLong_AsSsize_t(glued) : -1;
    Py_XDECREF(glued);
    return at;
}

/* Tell whether the word at an offset belongs to boilerplate; offsets rise from call to call; -1 with an error. */
int is_hidden(Lines *lines, Py_ssize_t offset) {
    if (offset >= lines->end) return 1;
    if (offset > lines->size) {
        PyErr_SetString(PyExc_ValueError, "an offset is beyond the limit");
        return -1;
    }
    Py_ssize_t line = line_start(lines, offset);
    if (line != lines->line) {
        if ((lines->start = start_in_line(lines, line)) < 0) return -1;
        lines->line = line;
    }
    return lines->start <= offset;
}
