/* The analyses of regions of one word: see arsearch.snippets.highlighter, which has the same in Python for all regions. */

#include "kernel.h"

#define LONGEST_CACHED 32 /* characters of a region, and the most regions and words that are kept: see snippets.highlighter */
#define MOST_CACHED 200000
#define MOST_MATCHERS 100 /* of a word; Python limits the comparisons for more */
#define LEVEL_OF_STEM 4

/* Find the ordinals of the matchers that may match a term, by one of the tables (attribute of a term, ordinals by value).
   Return the number of tables that have some, or -1 with an error. */
int find_matchers(PyObject *term, PyObject *tables, PyObject **ordinals) {
    int found = 0;
    for (Py_ssize_t k = 0, count = PyList_Size(tables); k < count; k++) {
        Py_ssize_t attribute;
        PyObject *table;
        if (!PyArg_ParseTuple(PyList_GetItem(tables, k), "nO!", &attribute, &PyDict_Type, &table)) return -1;
        PyObject *value = PyTuple_GetItem(term, attribute);
        if (!value) return -1;
        PyObject *listed = PyDict_GetItemWithError(table, value);
        if (!listed && PyErr_Occurred()) return -1;
        if (listed) *ordinals = listed;
        found += listed != NULL;
    }
    return found;
}

/* Tell whether a matcher may match one of the terms; -1 with an error. */
static int may_match(PyObject *terms, PyObject *tables) {
    PyObject *ordinals;
    for (Py_ssize_t i = 0, n = PyTuple_Size(terms); i < n; i++) {
        int found = find_matchers(PyTuple_GetItem(terms, i), tables, &ordinals);
        if (found) return found < 0 ? -1 : 1;
    }
    return 0;
}

/* Tell whether a region is known to match nothing, and its width; -1 with an error. */
int matches_nothing(PyObject *region, PyObject *readings, PyObject *tables, Py_ssize_t *width) {
    PyObject *reading = PyDict_GetItemWithError(readings, region), *terms;
    if (!reading) return PyErr_Occurred() ? -1 : 0;
    if (!PyArg_ParseTuple(reading, "nO!", width, &PyTuple_Type, &terms)) return -1;
    int may = may_match(terms, tables);
    return may < 0 ? -1 : !may;
}

/* ---- forms of plain words ---- */

static Py_UCS4 folded(Py_UCS4 c) {
    if (c == 0x622 || c == 0x623 || c == 0x625) return 0x627; /* آ أ إ: ا */
    return c == 0x629 ? 0x647 : c == 0x649 ? 0x64a : c;       /* ة: ه, ى: ي */
}

static int same(const Py_UCS4 *text, const Py_UCS4 *other, size_t n) { return !memcmp(text, other, n * sizeof *text); }

/* Tell whether a word may be a compound of names: the test of `names.split_compound`, for folded letters. */
static int may_be_compound(const Py_UCS4 *text, size_t n) {
    static const Py_UCS4 names[][5] = {{0x627, 0x644, 0x644, 0x647}, {0x627, 0x644, 0x62f, 0x64a, 0x646}}; /* الله, الدين */
    for (size_t i = 0; i + 1 < n; i++) {
        if (text[i] == 0x628 && text[i + 1] == 0x648) return 1;                                          /* بو */
        if (i + 2 < n && text[i] == 0x627 && text[i + 1] == 0x628 && text[i + 2] == 0x627) return 1;     /* ابا */
        if (i < 2 || text[i] != 0x627 || text[i + 1] != 0x644) continue;                                 /* ال */
        if (text[i - 1] == 0x62f || text[i - 1] == 0x648 || text[i - 1] == 0x64a || text[i - 1] == 0x627) return 1; /* د و ي ا */
        if ((n - i == 4 && same(text + i, names[0], 4)) || (n - i == 5 && same(text + i, names[1], 5))) return 1;
    }
    return 0;
}

/* Remove the marks of a word of letters and marks, and fold it; return the length, or 0 for a word of which `Normalizer` decides. */
static size_t fold(const Py_UCS4 *word, size_t n, Py_UCS4 *surface, Py_UCS4 *normalised) {
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_vowel(word[i])) continue;
        if (!is_letter(word[i]) || word[i] == 0x624 || word[i] == 0x626) return 0; /* ؤ ئ */
        surface[size] = word[i];
        normalised[size++] = folded(word[i]);
    }
    for (size_t i = 0; i < size; i++) {
        if (surface[i] == 0x621 && (i + 1 < size || !i || normalised[i - 1] == 0x64a || surface[i - 1] == 0x622 || surface[i - 1] == 0x623)) return 0; /* ء */
        if (i > 1 && normalised[i] == normalised[i - 1] && normalised[i] == normalised[i - 2]) return 0;
    }
    return size;
}

/* Make the form of a word with the given surface and normalised form: that of one term. */
static PyObject *new_form(const Reader *reader, PyObject *surface, PyObject *normalised) {
    PyObject *stem = PyObject_CallFunctionObjArgs(reader->looser, surface, normalised, NULL), *form = NULL;
    int stop = stem ? PySet_Contains(reader->stops, surface) : -1;
    if (stop >= 0 && PyTuple_Check(stem) && PyTuple_Size(stem) == 2) {
        PyObject *values[] = {PyLong_FromLong(0), Py_NewRef(surface), Py_NewRef(normalised), Py_NewRef(PyTuple_GetItem(stem, 0)),
                              Py_NewRef(PyTuple_GetItem(stem, 1)), PyBool_FromLong(stop)};
        PyObject *term = new_named(reader->term, values, 6), *terms = term ? PyTuple_Pack(1, term) : NULL;
        PyObject *parts[] = {terms, PyLong_FromLong(1)};
        form = new_named(reader->form, parts, 2);
        if (form) { /* forms are kept for long, and strings make no cycles: the collector need not read them */
            PyObject_GC_UnTrack(term);
            PyObject_GC_UnTrack(terms);
            PyObject_GC_UnTrack(form);
        }
        Py_XDECREF(term);
    }
    Py_XDECREF(stem);
    return form;
}

static PyObject *as_string(const Py_UCS4 *text, Py_ssize_t n) {
    int order = 0; /* that of the machine */
    return PyUnicode_DecodeUTF32((const char *)text, n * (Py_ssize_t)sizeof *text, NULL, &order);
}

/* Return the form of a word of plain letters, with or without vowel marks, as `ArabicAnalyzer.form` does; NULL without an error
   is for Python to do. */
PyObject *plain_form(const Reader *reader, PyObject *word) {
    Py_UCS4 text[LONGEST_CACHED + 1], surface[LONGEST_CACHED], normalised[LONGEST_CACHED];
    Py_ssize_t n = PyUnicode_GetLength(word);
    if (!reader->looser || n > LONGEST_CACHED || !PyUnicode_AsUCS4(word, text, LONGEST_CACHED + 1, 1)) return NULL;
    Py_ssize_t size = (Py_ssize_t)fold(text, (size_t)n, surface, normalised);
    if (!size || may_be_compound(normalised, (size_t)size)) return NULL;
    int marked = size < n, changed = !same(surface, normalised, (size_t)size);
    PyObject *written = marked ? as_string(surface, size) : Py_NewRef(word), *form = NULL;
    PyObject *key = changed && written ? as_string(normalised, size) : Py_XNewRef(written);
    if (key) {
        int other = PyDict_Contains(reader->reserved, written);
        if (!other) other = PyDict_Contains(reader->reserved, key);
        if (!other) other = PySet_Contains(reader->joined, key);
        if (!other) form = new_form(reader, written, key);
    }
    Py_XDECREF(key);
    Py_XDECREF(written);
    return form;
}

/* ---- regions of one word ---- */

/* Tell whether a sign separates words wherever it stands; the tokenizer joins no word to it. */
static int is_sign(Py_UCS4 c) {
    return c == '.' || c == ',' || c == 0x60c || c == 0x61b || c == 0x61f || c == ':' || c == '!' || c == '"' || c == ')' ||
           c == 0xbb || c == 0x201d;
}

/* Find the only word of a region, letters and vowel marks, which may have signs around it; tell whether there is one. */
static int find_word(const Py_UCS4 *text, size_t size, size_t *start, size_t *end) {
    size_t low = 0, high;
    while (low < size && (is_sign(text[low]) || text[low] == '(' || text[low] == 0xab || text[low] == 0x201c)) low++;
    for (high = low; high < size && (is_letter(text[high]) || (high > low && is_vowel(text[high])));) high++;
    *start = low;
    *end = high;
    for (size_t i = high; i < size; i++)
        if (!is_sign(text[i])) return 0;
    return high > low;
}

/* Return the number of the level at which a term matches, as `TermMatcher.level` and `SetMatcher.level` find it; 0: it does not
   match; -1 with an error. `keys` has the attribute that must be equal, the value or the set of values, and the level or the
   floor; then the surface, the normalised form and the word, unless it is a set. */
static long level_by_keys(PyObject *keys, PyObject *term) {
    Py_ssize_t attribute;
    long level;
    PyObject *value, *forms[3] = {NULL, NULL, NULL};
    if (!PyArg_ParseTuple(keys, "nOl|OOO", &attribute, &value, &level, &forms[0], &forms[1], &forms[2])) return -1;
    PyObject *own = PyTuple_GetItem(term, attribute);
    if (!own) return -1;
    if (!forms[2]) {
        int found = PySet_Contains(value, own);
        return found <= 0 ? found : level;
    }
    if (!PyUnicode_GetLength(value) || PyUnicode_Compare(value, own)) return 0;
    long found = LEVEL_OF_STEM + 3;
    for (int i = 0; i < 3 && PyUnicode_Compare(forms[i], PyTuple_GetItem(term, i + 1)); i++) found--;
    return PyErr_Occurred() ? -1 : found >= level ? found : 0;
}

/* Return the level at which a matcher matches a term, or `None`. */
static PyObject *level_of(const Reader *reader, Py_ssize_t ordinal, PyObject *term, PyObject *word) {
    PyObject *matcher = PyTuple_GetItem(reader->matchers, ordinal), *keys = matcher ? PyTuple_GetItem(reader->keys, ordinal) : NULL;
    if (!keys) return NULL;
    if (keys == Py_None) return PyObject_CallMethod(matcher, "level", "OO", term, word);
    long best = 0;
    for (Py_ssize_t i = 0; i < PyTuple_Size(keys); i++) {
        long level = level_by_keys(PyTuple_GetItem(keys, i), term);
        if (level < 0) return NULL;
        if (level > best) best = level;
    }
    return Py_XNewRef(PyTuple_GetItem(reader->levels, best));
}

/* Return (offset, ordinal, level) for each matcher that matches a term; `steps` counts the comparisons. */
static PyObject *match_term(const Reader *reader, PyObject *term, PyObject *word, PyObject *ordinals, Py_ssize_t *steps) {
    PyObject *matches = PyList_New(0), *result;
    for (Py_ssize_t i = 0; matches && i < PyList_Size(ordinals); i++) {
        PyObject *ordinal = PyList_GetItem(ordinals, i), *match = NULL;
        PyObject *level = level_of(reader, PyLong_AsSsize_t(ordinal), term, word);
        *steps += 1 + PyUnicode_GetLength(PyTuple_GetItem(term, 2)) / 16;
        if (level == Py_None) {
            Py_DECREF(level);
            continue;
        }
        if (level) match = PyTuple_Pack(3, PyTuple_GetItem(term, 0), ordinal, level);
        if (!match || PyList_Append(matches, match) < 0) Py_CLEAR(matches);
        Py_XDECREF(match);
        Py_XDECREF(level);
    }
    result = matches ? PyList_AsTuple(matches) : NULL;
    Py_XDECREF(matches);
    return result;
}

/* Return the form of a word, and keep a new one; NULL without an error is for Python to do. */
static PyObject *form_of(const Reader *reader, PyObject *word) {
    PyObject *form = PyDict_GetItemWithError(reader->forms, word);
    if (form || PyErr_Occurred()) return Py_XNewRef(form);
    form = plain_form(reader, word);
    if (form && PyDict_Size(reader->forms) < MOST_CACHED && PyDict_SetItem(reader->forms, word, form) < 0) Py_CLEAR(form);
    return form;
}

/* Return the matches of a form of one term; NULL without an error is for Python to do. */
static PyObject *match_form(const Reader *reader, PyObject *form, PyObject *word, Py_ssize_t *left) {
    PyObject *terms, *width, *ordinals = NULL;
    if (!PyArg_ParseTuple(form, "O!O", &PyTuple_Type, &terms, &width)) return NULL;
    if (PyTuple_Size(terms) != 1) return NULL;
    PyObject *term = PyTuple_GetItem(terms, 0), *matches, *analysed;
    int found = find_matchers(term, reader->tables, &ordinals);
    if (found > 1 || found < 0 || (found && PyList_Size(ordinals) > MOST_MATCHERS)) return NULL;
    Py_ssize_t steps = 0;
    matches = found ? match_term(reader, term, word, ordinals, &steps) : PyTuple_New(0);
    analysed = matches ? PyTuple_Pack(2, width, matches) : NULL;
    *left -= steps;
    Py_XDECREF(matches);
    return analysed;
}

/* Return the width and the matches of a written word, as Python's `_analyse_word`; NULL without an error is for Python to do. */
static PyObject *match_word(const Reader *reader, PyObject *word, Py_ssize_t *left) {
    PyObject *analysed = PyDict_GetItemWithError(reader->words, word);
    if (analysed || PyErr_Occurred()) return Py_XNewRef(analysed);
    PyObject *form = form_of(reader, word); /* a reference of its own: a matcher is Python's, and may change the dictionaries */
    analysed = form ? match_form(reader, form, word, left) : NULL;
    if (analysed && PyDict_SetItem(reader->words, word, analysed) < 0) Py_CLEAR(analysed);
    Py_XDECREF(form);
    return analysed;
}

/* Return the analysis of a region from that of its word at [low, high). */
static PyObject *as_region(const Reader *reader, PyObject *analysed, size_t low, size_t high, size_t size) {
    PyObject *width, *matches, *offset, *ordinal, *level;
    if (!PyArg_ParseTuple(analysed, "OO!", &width, &PyTuple_Type, &matches)) return NULL;
    Py_ssize_t steps = 0;
    PyObject *found = PyList_New(PyTuple_Size(matches));
    for (Py_ssize_t i = 0; found && i < PyTuple_Size(matches); i++) {
        PyObject *match = NULL, *count = NULL;
        if (PyArg_ParseTuple(PyTuple_GetItem(matches, i), "OOO", &offset, &ordinal, &level)) {
            match = Py_BuildValue("OOnnO", ordinal, offset, (Py_ssize_t)low, (Py_ssize_t)high, level);
            count = PyDict_GetItemWithError(reader->counts, ordinal);
        }
        steps += count ? PyLong_AsSsize_t(count) : 0;
        if (!match || PyList_SetItem(found, i, match) < 0 || PyErr_Occurred()) Py_CLEAR(found);
    }
    return found ? Py_BuildValue("ONnn", width, found, steps, (Py_ssize_t)size) : NULL;
}

/* Return the analysis of a region of one word, and keep it; NULL without an error is for Python to do. */
PyObject *match_region(const Reader *reader, PyObject *region, const Py_UCS4 *text, size_t size, Py_ssize_t *left) {
    size_t low, high;
    if (size > LONGEST_CACHED || !find_word(text, size, &low, &high)) return NULL;
    if (PyDict_Size(reader->known) >= MOST_CACHED || PyDict_Size(reader->words) >= MOST_CACHED) return NULL;
    PyObject *word = PyUnicode_Substring(region, (Py_ssize_t)low, (Py_ssize_t)high); /* the region itself if it is all */
    PyObject *matched = word ? match_word(reader, word, left) : NULL, *analysed = NULL;
    Py_XDECREF(word);
    if (matched) analysed = as_region(reader, matched, low, high, size);
    Py_XDECREF(matched);
    if (analysed && PyDict_SetItem(reader->known, region, analysed) < 0) Py_CLEAR(analysed);
    return analysed;
}
