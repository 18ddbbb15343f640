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

/* The beginnings of link lists, with alef for all its forms, as `_LINK_LIST` has them. A space stands for white space. */
static const char *const LISTS[] = {
    "اقرا ", "شاهد ايض", "طالع ايض", "تابع ايض", "انظر ايض", "المزيد ", "مقالات ", "مواضيع ", "موضوعات ", "اخبار ",
    "روابط ", "قصص ", "المقالات ", "المواضيع ", "الموضوعات ", "الاخبار ", "ذات صل", "قد يعجبك", "قد يهمك", "الاكثر ",
    "اهم الاخبار", "اخر الاخبار", "جميع الحقوق ", "كافة الحقوق ", "كل الحقوق ", "حقوق ال", "اترك ", "اضف تعليق",
    "اضافة تعليق", "كتابة تعليق", "اكتب تعليق", "الغاء الرد", "لن يتم ", "الحقول ال", "عدد ال", "وسوم", "الوسوم",
    "كلمات ", "الكلمات ", "تاجات", "رابط ", "الرابط ", "للتواصل مع", "تابعنا", "تابعونا", "اشترك ", "للاشتراك",
    "زر الذهاب", "العودة ال",
};

/* Tell whether a text begins as a pattern of `LISTS` does. */
static int begins_as(const char *pattern, const Py_UCS4 *text, size_t n) {
    size_t at = 0;
    for (const uint8_t *byte = (const uint8_t *)pattern; *byte; byte++) {
        if (*byte == ' ') {
            if (at >= n || !is_space(text[at])) return 0;
            while (at < n && is_space(text[at])) at++;
            continue;
        }
        Py_UCS4 letter = (Py_UCS4)(*byte & 0x1f) << 6 | (byte[1] & 0x3f), c = at < n ? text[at] : 0; /* two bytes each */
        byte++;
        if (c == 0x622 || c == 0x623 || c == 0x625) c = 0x627;
        if (c != letter) return 0;
        at++;
    }
    return 1;
}

/* Tell whether a link list may begin at an offset, with a letter or a sign; lists are Python's to recognise. */
static int may_begin_list(const Py_UCS4 *text, size_t n, size_t at) {
    Py_UCS4 first = text[at];
    if (first < 0x621 || first > 0x64a) return (first | 32) - 'a' < 26u || first >= 0x80; /* Latin and signs */
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        if (begins_as(LISTS[i], text + at, n - at)) return 1;
    return 0;
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

/* Find the next place from `*at` on where a link list may follow a sentence, and the sign that ends the sentence before it. */
static int next_list(const Py_UCS4 *text, size_t n, size_t *sign, size_t *at) {
    for (size_t i = *at; i < n; i++) {
        if (!is_sentence_end(text[i])) continue;
        size_t after = i + 1;
        while (after < n && is_closer(text[after])) after++;
        size_t space = after;
        while (after < n && is_space(text[after])) after++;
        if (after == space || after == n || !may_begin_list(text, n, after)) continue;
        *sign = i;
        *at = after;
        return 1;
    }
    return 0;
}

/* Tell whether a link list may follow a sentence; false is certain. */
static int has_list_in(const Py_UCS4 *text, size_t n) {
    size_t sign, at = 0;
    return next_list(text, n, &sign, &at);
}

int has_list(const Lines *lines) { return has_list_in(lines->text, (size_t)lines->size); }

/* Return the offset from which a line is boilerplate; the length of the text or more if it is prose; -1 with an error. */
static Py_ssize_t start_in_line(Lines *lines, Py_ssize_t start) {
    Py_ssize_t end = start;
    while (end < lines->size && end < start + 2 * REACH && lines->text[end] != '\n') end++;
    int hidden = is_boilerplate(lines, start, end);
    if (hidden) return hidden < 0 ? -1 : start;
    if (lines->has_lists < 0) lines->has_lists = has_list(lines);
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

PyObject *list_places(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *string;
    Py_ssize_t start, end;
    if (!PyArg_ParseTuple(args, "Unn", &string, &start, &end)) return NULL;
    PyObject *part = PyUnicode_Substring(string, start, end);
    Py_UCS4 *text = part ? PyUnicode_AsUCS4Copy(part) : NULL;
    PyObject *places = text ? PyList_New(0) : NULL;
    size_t n = text ? (size_t)PyUnicode_GetLength(part) : 0, sign, at = 0;
    while (places && next_list(text, n, &sign, &at)) {
        PyObject *place = Py_BuildValue("nn", start + (Py_ssize_t)sign, start + (Py_ssize_t)at);
        if (!place || PyList_Append(places, place) < 0) Py_CLEAR(places);
        Py_XDECREF(place);
    }
    PyMem_Free(text);
    Py_XDECREF(part);
    return places;
}

/* Tell whether a text has no trailing boilerplate; true is certain; -1 with an error. */
int is_prose_to_the_end(PyObject *string) {
    Lines lines = {0};
    Py_ssize_t length = PyUnicode_GetLength(string), first = length > TAIL ? length - TAIL : 0, start, end;
    PyObject *part = PyUnicode_Substring(string, first, length);
    lines.text = part ? PyUnicode_AsUCS4Copy(part) : NULL;
    int found = -1;
    if (lines.text) {
        start = 0;
        end = length - first;
        strip(&lines, &start, &end); /* the last line that is not blank ends here */
        for (start = end; start > 0 && lines.text[start - 1] != '\n';) start--;
        Py_ssize_t low = end - start > 2 * REACH ? end - 2 * REACH : start;
        found = end > start && end - start >= SENTENCE && ends_sentence(&lines, start, end) &&
                !is_ascii_sign(lines.text[start]) && !is_space(lines.text[start]) &&
                !may_begin_list(lines.text, (size_t)end, (size_t)start) &&
                !has_list_in(lines.text + low, (size_t)(length - first - low));
        PyMem_Free(lines.text);
    }
    Py_XDECREF(part);
    return found;
}

PyObject *ends_in_prose(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *string;
    int found = PyArg_ParseTuple(args, "U", &string) ? is_prose_to_the_end(string) : -1;
    return found < 0 ? NULL : PyBool_FromLong(found);
}
