/* The lines of a text that are boilerplate: see arsearch.snippets.boilerplate, which has the same in Python, says what the
   numbers mean, and has the patterns. */

#include "kernel.h"

#define TAIL 8192
#define REACH 600
#define LINES 12
#define PROSE 120
#define SENTENCE 30
#define LONGEST_LINK 100
#define LONGEST_BUTTON 60

static int is_separator(Py_UCS4 c) {
    if (c > 0xbb && c < 0x2013) return 0;
    return c == '|' || c == 0xbb || c == 0x203a || c == 0x2022 || c == 0xb7 || c == '/' || c == '#' || c == '-' || c == 0x2013;
}

int lines_open(Lines *lines, PyObject *tuple) {
    Py_ssize_t limit;
    if (!PyArg_ParseTuple(tuple, "UnnOOOO", &lines->string, &limit, &lines->end, &lines->begins_link_list, &lines->begins_button,
                          &lines->find_separators, &lines->glued_start))
        return -1;
    Py_ssize_t size = PyUnicode_GetLength(lines->string);
    if (limit > size - 2 * REACH) limit = size - 2 * REACH;
    PyObject *part = PyUnicode_Substring(lines->string, 0, limit + 2 * REACH > 0 ? limit + 2 * REACH : 0);
    if (!part) return -1;
    lines->size = PyUnicode_GetLength(part);
    lines->text = PyUnicode_AsUCS4Copy(part);
    lines->line = lines->has_lists = -1;
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

/* Tell whether a link list may begin with the letters at an offset; lists are Python's to recognise. */
static int may_begin_list(const Py_UCS4 *text, size_t n, size_t at) {
    Py_UCS4 first = text[at], second = at + 1 < n ? text[at + 1] : 0, third = at + 2 < n ? text[at + 2] : 0;
    switch (first) {
    case 0x627: case 0x623: case 0x625: case 0x622: /* ا أ إ آ */
        if (second != 0x644) return second == 0x642 || second == 0x647 || second == 0x62e || second == 0x62a || second == 0x636 ||
                                    second == 0x643 || second == 0x646 || second == 0x634; /* ق ه خ ت ض ك ن ش */
        return third == 0x645 || third == 0x63a || third == 0x62d || third == 0x648 || third == 0x643 || third == 0x631 ||
               third == 0x639 || third == 0x627 || third == 0x623 || third == 0x625 || third == 0x622; /* م غ ح و ك ر ع ا */
    case 0x634: case 0x637: case 0x62a: case 0x630: return second == 0x627; /* شا طا تا ذا */
    case 0x645: return second == 0x642 || second == 0x648; /* مق مو */
    case 0x631: return second == 0x648 || second == 0x627; /* رو را */
    case 0x642: return second == 0x635 || second == 0x62f; /* قص قد */
    case 0x62c: return second == 0x645; /* جم */
    case 0x643: return second == 0x627 || second == 0x644 || second == 0x62a; /* كا كل كت */
    case 0x62d: return second == 0x642; /* حق */
    case 0x644: return second == 0x646 || second == 0x644; /* لن لل */
    case 0x639: return second == 0x62f; /* عد */
    case 0x648: return second == 0x633; /* وس */
    case 0x632: return second == 0x631; /* زر */
    default: return (first | 32) - 'a' < 26u || (first >= 0x80 && (first < 0x621 || first > 0x64a)); /* Latin and signs */
    }
}

/* Tell whether a character is ASCII, but no letter or digit: the pattern of link lists skips such signs. */
static int is_ascii_sign(Py_UCS4 c) { return c < 0x80 && c - '0' >= 10u && (c | 32) - 'a' >= 26u; }

/* Tell whether a stripped line is a link, a button, a menu or a tag list; -1 with an error. */
static int is_link(const Lines *lines, Py_ssize_t start, Py_ssize_t end, int *begins_list) {
    int ends = ends_sentence(lines, start, end), found;
    int may_begin = start < end && (is_ascii_sign(lines->text[start]) || may_begin_list(lines->text, (size_t)end, (size_t)start));
    if ((*begins_list = may_begin ? matches_pattern(lines, lines->begins_link_list, start, end) : 0) < 0) return -1;
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

/* Tell whether a link list may follow a sentence; false is certain. */
static int has_list(const Py_UCS4 *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!is_sentence_end(text[i])) continue;
        size_t at = i + 1;
        while (at < n && is_closer(text[at])) at++;
        size_t space = at;
        while (at < n && is_space(text[at])) at++;
        if (at > space && at < n && may_begin_list(text, n, at)) return 1;
    }
    return 0;
}

/* Return the offset from which a line is boilerplate; the length of the text or more if it is prose; -1 with an error. */
static Py_ssize_t start_in_line(Lines *lines, Py_ssize_t start) {
    Py_ssize_t end = start;
    while (end < lines->size && end < start + 2 * REACH && lines->text[end] != '\n') end++;
    int hidden = is_boilerplate(lines, start, end);
    if (hidden) return hidden < 0 ? -1 : start;
    if (lines->has_lists < 0) lines->has_lists = has_list(lines->text, (size_t)lines->size);
    if (!lines->has_lists) return PY_SSIZE_T_MAX;
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

/* ---- link lists after sentences ---- */

PyObject *may_have_list(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *string;
    Py_ssize_t start, end;
    if (!PyArg_ParseTuple(args, "Unn", &string, &start, &end)) return NULL;
    PyObject *part = PyUnicode_Substring(string, start, end);
    Py_UCS4 *text = part ? PyUnicode_AsUCS4Copy(part) : NULL;
    int found = text && has_list(text, (size_t)PyUnicode_GetLength(part));
    PyMem_Free(text);
    Py_XDECREF(part);
    return text ? PyBool_FromLong(found) : NULL;
}

PyObject *ends_in_prose(PyObject *Py_UNUSED(module), PyObject *args) {
    Lines lines = {0};
    if (!PyArg_ParseTuple(args, "U", &lines.string)) return NULL;
    Py_ssize_t length = PyUnicode_GetLength(lines.string), first = length > TAIL ? length - TAIL : 0, start, end;
    PyObject *part = PyUnicode_Substring(lines.string, first, length);
    lines.text = part ? PyUnicode_AsUCS4Copy(part) : NULL;
    int found = 0;
    if (lines.text) {
        start = 0;
        end = length - first;
        strip(&lines, &start, &end); /* the last line that is not blank ends here */
        for (start = end; start > 0 && lines.text[start - 1] != '\n';) start--;
        Py_ssize_t low = end - start > 2 * REACH ? end - 2 * REACH : start;
        found = end > start && end - start >= SENTENCE && ends_sentence(&lines, start, end) &&
                !is_ascii_sign(lines.text[start]) && !is_space(lines.text[start]) &&
                !may_begin_list(lines.text, (size_t)end, (size_t)start) &&
                !has_list(lines.text + low, (size_t)(length - first - low));
        PyMem_Free(lines.text);
    }
    Py_XDECREF(part);
    return lines.text ? PyBool_FromLong(found) : NULL;
}
