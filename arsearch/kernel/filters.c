/* The type Filter, and its reading of a text: `_native.pyi` describes it. */

#include "kernel.h"

#define LONGEST_CACHED 32 /* characters of a region, and the most regions and words that are kept: see snippets.highlighter */
#define MOST_CACHED 200000
#define MOST_MATCHERS 100 /* of a word; Python limits the comparisons for more */
#define LONG_TEXT 16384 /* characters of a text that other threads need not wait for */

static void filter_dealloc(PyObject *self) {
    Filter *filter = (Filter *)self;
    set_free(&filter->words);
    Py_XDECREF((PyObject *)filter->base);
    Py_XDECREF(filter->texts);
    free_object(self);
}

/* Read the needles, a tuple of bytes that ends with the prefix, and the coarse letters. */
static int needles_open(Filter *filter, PyObject *texts, const char *coarse, Py_ssize_t letters) {
    Py_ssize_t count = PyTuple_Size(texts), size;
    char *text;
    if (count < 1 || count > MOST_NEEDLES || letters != 256) {
        PyErr_SetString(PyExc_ValueError, "there are too many needles, or not 256 coarse letters");
        return -1;
    }
    memcpy(filter->coarse, coarse, 256);
    for (Py_ssize_t k = 0; k < count; k++) {
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(texts, k), &text, &size) < 0) return -1;
        if (!size) {
            PyErr_SetString(PyExc_ValueError, "a needle is empty");
            return -1;
        }
        if (k == count - 1) {
            filter->prefix = text;
            filter->prefix_size = (size_t)size;
            break;
        }
        filter->needle[filter->needles] = text;
        filter->needle_size[filter->needles] = (size_t)size;
        filter->next[filter->needles++] = filter->begins[(uint8_t)text[0]];
        filter->begins[(uint8_t)text[0]] = (uint8_t)filter->needles;
    }
    filter->texts = Py_NewRef(texts);
    return 0;
}

static int bytes_open(Filter *filter, PyObject *base, PyObject *table) {
    char *bytes;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(table, &bytes, &size) < 0) return -1;
    if (size != 0x10000) {
        PyErr_SetString(PyExc_ValueError, "there is not one byte for each character up to U+FFFF");
        return -1;
    }
    filter->base = (Filter *)Py_NewRef(base);
    filter->byte_of = (const uint8_t *)bytes;
    filter->texts = Py_NewRef(table);
    return 0;
}

static PyObject *filter_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    const char *words;
    Py_ssize_t size;
    PyObject *given, *table;
    if (!PyArg_ParseTuple(args, "y#OS", &words, &size, &given, &table)) return NULL;
    Filter *filter = (Filter *)new_object(type);
    if (!filter) return NULL;
    int failed = -1;
    if (PyObject_TypeCheck(given, type) && !((Filter *)given)->base) failed = bytes_open(filter, given, table);
    else if (PyTuple_Check(given)) failed = needles_open(filter, given, PyBytes_AsString(table), PyBytes_Size(table));
    else PyErr_SetString(PyExc_TypeError, "give a base and the bytes of characters, or needles and coarse letters");
    if (!failed && set_new(&filter->words, words, (size_t)size) < 0) {
        PyErr_NoMemory();
        failed = -1;
    }
    if (!failed) return (PyObject *)filter;
    Py_DECREF(filter);
    return NULL;
}

/* Find the regions of `text[start:end]` that must be analysed, with offsets that count from `start`, as its characters do. */
static int find_in(const Filter *filter, PyObject *text, Py_ssize_t start, Py_ssize_t end, int counting, Regions *found,
                   Py_UCS4 **copied) {
    Py_ssize_t length = PyUnicode_GetLength(text);
    if (!filter->byte_of || start < 0 || start > end || end > length || end - start > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the filter is a base, or the offsets are not in the text");
        return -1;
    }
    PyObject *part = PyUnicode_Substring(text, start, end < length ? end + 1 : end); /* the text itself if it is all */
    if (!part) return -1;
    size_t n = (size_t)PyUnicode_GetLength(part), size = (size_t)(end - start);
    Py_UCS4 *characters = PyUnicode_AsUCS4Copy(part);
    Py_DECREF(part);
    if (!characters) return -1;
    int failed;
    if (size < LONG_TEXT) failed = find_regions(filter, characters, n, size, counting, found);
    else {
        Py_BEGIN_ALLOW_THREADS
        failed = find_regions(filter, characters, n, size, counting, found);
        Py_END_ALLOW_THREADS
    }
    *copied = characters;
    if (failed) PyErr_NoMemory();
    return failed;
}

static PyObject *filter_regions(PyObject *self, PyObject *args) {
    PyObject *text;
    Py_ssize_t start, end;
    int counting;
    Regions found = {0};
    Py_UCS4 *characters = NULL;
    if (!PyArg_ParseTuple(args, "Unnp", &text, &start, &end, &counting)) return NULL;
    PyObject *regions = NULL;
    if (find_in((Filter *)self, text, start, end, counting, &found, &characters) == 0) regions = PyList_New((Py_ssize_t)found.n);
    for (size_t i = 0; regions && i < found.n; i++) {
        Region *region = &found.region[i];
        PyObject *item = Py_BuildValue("nnn", start + (Py_ssize_t)region->start, start + (Py_ssize_t)region->end,
                                       (Py_ssize_t)region->skipped);
        if (!item || PyList_SetItem(regions, (Py_ssize_t)i, item) < 0) Py_CLEAR(regions);
    }
    free(found.region);
    PyMem_Free(characters);
    return regions;
}

/* ---- reading ---- */

typedef struct {
    PyObject *matches; /* a dictionary that gets lists of matches; NULL: `found` gets them */
    Matches *found;
    const Targets *targets;
    PyObject *known, *readings, *tables, *analyse, *words, *forms, *matchers, *counts;
} Reader;

static int caches_open(Reader *reader, PyObject *caches) {
    return PyArg_ParseTuple(caches, "O!O!O!OO!O!O!O!", &PyDict_Type, &reader->known, &PyDict_Type, &reader->readings,
                            &PyList_Type, &reader->tables, &reader->analyse, &PyDict_Type, &reader->words, &PyDict_Type,
                            &reader->forms, &PyTuple_Type, &reader->matchers, &PyDict_Type, &reader->counts);
}

/* Return the list of a matcher's matches, and add it if it is missing. */
static PyObject *list_of(PyObject *matches, PyObject *ordinal) {
    PyObject *list = PyDict_GetItemWithError(matches, ordinal);
    if (list || PyErr_Occurred() || !(list = PyList_New(0))) return list;
    int failed = PyDict_SetItem(matches, ordinal, list);
    Py_DECREF(list); /* the dictionary has it */
    return failed ? NULL : list;
}

/* Return a match of a matcher, (position, (start, end, level)); the references to all but the level are taken. */
static PyObject *new_match(PyObject *position, PyObject *start, PyObject *end, PyObject *level) {
    PyObject *word = position && start && end ? PyTuple_New(3) : NULL, *match = word ? PyTuple_New(2) : NULL;
    if (!match) {
        PyObject *parts[] = {position, start, end, word};
        for (int i = 0; i < 4; i++) Py_XDECREF(parts[i]);
        return NULL;
    }
    PyTuple_SetItem(word, 0, start);
    PyTuple_SetItem(word, 1, end);
    PyTuple_SetItem(word, 2, Py_NewRef(level));
    PyTuple_SetItem(match, 0, position);
    PyTuple_SetItem(match, 1, word);
    return match;
}

/* Append the matches of an analysed region, which begins at `first`, to the lists of their matchers. */
static int matches_add(const Reader *reader, PyObject *found, Py_ssize_t position, Py_ssize_t first) {
    for (Py_ssize_t i = 0, n = PyList_Size(found); i < n; i++) {
        PyObject *item[5], *listed = PyList_GetItem(found, i);
        for (int k = 0; k < 5; k++)
            if (!(item[k] = PyTuple_GetItem(listed, k))) return -1;
        Py_ssize_t at = PyLong_AsSsize_t(item[1]), start = PyLong_AsSsize_t(item[2]), end = PyLong_AsSsize_t(item[3]);
        if (PyErr_Occurred()) return -1;
        if (!reader->matches) {
            if (match_add(reader->found, reader->targets, item[0], first + start, first + end, item[4]) < 0) return -1;
            continue;
        }
        PyObject *list = list_of(reader->matches, item[0]);
        if (!list) return -1;
        PyObject *match = new_match(PyLong_FromSsize_t(position + at), PyLong_FromSsize_t(first + start),
                                    PyLong_FromSsize_t(first + end), item[4]);
        int failed = !match || PyList_Append(list, match) < 0;
        Py_XDECREF(match);
        if (failed) return -1;
    }
    return 0;
}

/* Return a region's analysis from `analyse`, which also returns the steps that are left. */
static PyObject *new_analysis(PyObject *region, PyObject *analyse, Py_ssize_t *left) {
    PyObject *answer = PyObject_CallFunction(analyse, "On", region, *left), *analysed = NULL;
    if (!answer) return NULL;
    analysed = PyArg_ParseTuple(answer, "On", &analysed, left) ? Py_NewRef(analysed) : NULL;
    Py_DECREF(answer);
    return analysed;
}

/* Find the ordinals of the matchers that may match a term, by one of the tables (attribute of a term, ordinals by value).
   Return the number of tables that have some, or -1 with an error. */
static int find_matchers(PyObject *term, PyObject *tables, PyObject **ordinals) {
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
static int matches_nothing(PyObject *region, PyObject *readings, PyObject *tables, Py_ssize_t *width) {
    PyObject *reading = PyDict_GetItemWithError(readings, region), *terms;
    if (!reading) return PyErr_Occurred() ? -1 : 0;
    if (!PyArg_ParseTuple(reading, "nO!", width, &PyTuple_Type, &terms)) return -1;
    int may = may_match(terms, tables);
    return may < 0 ? -1 : !may;
}

/* ---- regions of one word ---- */

static int is_letter(Py_UCS4 c) { return (c >= 0x621 && c <= 0x63a) || (c >= 0x641 && c <= 0x64a); }

/* Tell whether a sign separates words wherever it stands; the tokenizer joins no word to it. */
static int is_sign(Py_UCS4 c) {
    return c == '.' || c == ',' || c == 0x60c || c == 0x61b || c == 0x61f || c == ':' || c == '!' || c == '"' || c == ')' ||
           c == 0xbb || c == 0x201d;
}

/* Find the only word of a region, letters alone, which may have signs around it; tell whether there is one. */
static int find_word(const Py_UCS4 *text, size_t size, size_t *start, size_t *end) {
    size_t low = 0, high;
    while (low < size && (is_sign(text[low]) || text[low] == '(' || text[low] == 0xab || text[low] == 0x201c)) low++;
    for (high = low; high < size && is_letter(text[high]);) high++;
    *start = low;
    *end = high;
    for (size_t i = high; i < size; i++)
        if (!is_sign(text[i])) return 0;
    return high > low;
}

/* Return (offset, ordinal, level) for each matcher that matches a term; `steps` counts the comparisons. */
static PyObject *match_term(const Reader *reader, PyObject *term, PyObject *word, PyObject *ordinals, Py_ssize_t *steps) {
    PyObject *matches = PyList_New(0), *result;
    for (Py_ssize_t i = 0; matches && i < PyList_Size(ordinals); i++) {
        PyObject *ordinal = PyList_GetItem(ordinals, i), *match = NULL;
        PyObject *matcher = PyTuple_GetItem(reader->matchers, PyLong_AsSsize_t(ordinal));
        PyObject *level = matcher ? PyObject_CallMethod(matcher, "level", "OO", term, word) : NULL;
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

/* Return the width and the matches of a written word, as Python's `_analyse_word`; NULL without an error is for Python to do. */
static PyObject *match_word(const Reader *reader, PyObject *word, Py_ssize_t *left) {
    PyObject *analysed = PyDict_GetItemWithError(reader->words, word), *form, *terms, *width, *ordinals = NULL;
    if (analysed || PyErr_Occurred()) return Py_XNewRef(analysed);
    if (!(form = PyDict_GetItemWithError(reader->forms, word))) return NULL;
    if (!PyArg_ParseTuple(form, "O!O", &PyTuple_Type, &terms, &width)) return NULL;
    if (PyTuple_Size(terms) != 1) return NULL;
    PyObject *term = PyTuple_GetItem(terms, 0), *matches;
    int found = find_matchers(term, reader->tables, &ordinals);
    if (found > 1 || found < 0 || (found && PyList_Size(ordinals) > MOST_MATCHERS)) return NULL;
    Py_ssize_t steps = 0;
    Py_INCREF(term); /* a matcher is Python's, and may change the dictionaries */
    Py_INCREF(width);
    matches = found ? match_term(reader, term, word, ordinals, &steps) : PyTuple_New(0);
    analysed = matches ? PyTuple_Pack(2, width, matches) : NULL;
    if (analysed && PyDict_SetItem(reader->words, word, analysed) < 0) Py_CLEAR(analysed);
    *left -= steps;
    Py_DECREF(width);
    Py_DECREF(term);
    Py_XDECREF(matches);
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
static PyObject *match_region(const Reader *reader, PyObject *region, const Py_UCS4 *text, size_t size, Py_ssize_t *left) {
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

/* Read the regions of `text[start:end]`; move the position and the steps that are left. Return where reading ended, or -1. */
static Py_ssize_t regions_read(const Filter *filter, const Reader *reader, PyObject *text, Py_ssize_t start, Py_ssize_t end,
                               int counting, Py_ssize_t *position, Py_ssize_t *left) {
    Regions found = {0};
    Py_UCS4 *characters = NULL;
    int failed = find_in(filter, text, start, end, counting, &found, &characters);
    Py_ssize_t read = end;
    for (size_t i = 0; !failed && *left >= 0 && i < found.n; i++) {
        Py_ssize_t first = start + (Py_ssize_t)found.region[i].start, width, steps, size;
        PyObject *region = PyUnicode_Substring(text, first, start + (Py_ssize_t)found.region[i].end), *listed;
        PyObject *analysed = region ? Py_XNewRef(PyDict_GetItemWithError(reader->known, region)) : NULL;
        int nothing = analysed ? 0 : !PyErr_Occurred() ? matches_nothing(region, reader->readings, reader->tables, &width) : -1;
        if (!analysed && !nothing) {
            size_t at = found.region[i].start;
            analysed = match_region(reader, region, characters + at, found.region[i].end - at, left);
            if (!analysed && !PyErr_Occurred()) analysed = new_analysis(region, reader->analyse, left);
        }
        *position += (Py_ssize_t)found.region[i].skipped;
        if (analysed) {
            failed = !PyArg_ParseTuple(analysed, "nO!nn", &width, &PyList_Type, &listed, &steps, &size) ||
                     matches_add(reader, listed, *position, first) < 0;
            if (!failed && (*left -= steps) < 0) read = first + size;
        } else failed = nothing <= 0;
        if (!failed) *position += width;
        Py_XDECREF(analysed);
        Py_XDECREF(region);
    }
    free(found.region);
    PyMem_Free(characters);
    return failed ? -1 : read;
}

static PyObject *filter_read(PyObject *self, PyObject *args) {
    PyObject *text, *caches;
    Py_ssize_t start, end, position, left;
    int counting;
    Reader reader = {0};
    if (!PyArg_ParseTuple(args, "UnnpnO!O!n", &text, &start, &end, &counting, &position, &PyDict_Type, &reader.matches,
                          &PyTuple_Type, &caches, &left) || !caches_open(&reader, caches))
        return NULL;
    Py_ssize_t read = regions_read((Filter *)self, &reader, text, start, end, counting, &position, &left);
    return read < 0 ? NULL : Py_BuildValue("nnn", position, read, left);
}

static PyObject *filter_matches(PyObject *self, PyObject *args) {
    PyObject *text, *targets, *caches, *levels, *span;
    Py_ssize_t position = 0, left;
    Reader reader = {0};
    Targets listed = {0};
    if (!PyArg_ParseTuple(args, "UO!O!O!O!n", &text, &PyList_Type, &targets, &PyTuple_Type, &caches, &PyTuple_Type, &levels,
                          &PyType_Type, &span, &left) || !caches_open(&reader, caches))
        return NULL;
    State *state = PyType_GetModuleState(Py_TYPE(self));
    reader.targets = &listed;
    reader.found = targets_open(&listed, targets) < 0 ? NULL : matches_new(state->matches, levels, span);
    if (reader.found) {
        Py_ssize_t read = regions_read((Filter *)self, &reader, text, 0, PyUnicode_GetLength(text), 0, &position, &left);
        if (read < 0) Py_CLEAR(reader.found);
        else matches_finish(reader.found, read, listed.n > 1);
    }
    targets_close(&listed);
    return (PyObject *)reader.found;
}

static PyMethodDef filter_methods[] = {
    {"regions", filter_regions, METH_VARARGS, NULL}, {"read", filter_read, METH_VARARGS, NULL},
    {"matches", filter_matches, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot filter_slots[] = {
    {Py_tp_new, filter_new}, {Py_tp_dealloc, filter_dealloc}, {Py_tp_methods, filter_methods}, {0, NULL}};
PyType_Spec filter_spec = {"arsearch.kernel._native.Filter", sizeof(Filter), 0, Py_TPFLAGS_DEFAULT, filter_slots};
