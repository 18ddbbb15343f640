/* The type Filter, and its reading of a text: `_native.pyi` describes it. */

#include "kernel.h"

#define LONG_TEXT 16384 /* characters of a text that other threads need not wait for */

static void filter_dealloc(PyObject *self) {
    Filter *filter = (Filter *)self;
    set_free(&filter->words);
    free(filter->needs.set);
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
    PyObject *given, *table, *forms = NULL;
    if (!PyArg_ParseTuple(args, "y#OS|U", &words, &size, &given, &table, &forms)) return NULL;
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
    if (!failed && forms) failed = needs_open(&filter->needs, forms);
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

static int caches_open(Reader *reader, PyObject *caches) {
    PyObject *plain;
    if (!PyArg_ParseTuple(caches, "O!O!O!OO!O!O!O!O!OO!", &PyDict_Type, &reader->known, &PyDict_Type, &reader->readings,
                          &PyList_Type, &reader->tables, &reader->analyse, &PyDict_Type, &reader->words, &PyDict_Type,
                          &reader->forms, &PyTuple_Type, &reader->matchers, &PyDict_Type, &reader->counts, &PyTuple_Type,
                          &reader->keys, &plain, &PyTuple_Type, &reader->levels))
        return 0;
    if (plain == Py_None) return 1;
    return PyArg_ParseTuple(plain, "OO!O!O!O!O!", &reader->looser, &PyDict_Type, &reader->reserved, &PyFrozenSet_Type,
                            &reader->joined, &PyFrozenSet_Type, &reader->stops, &PyType_Type, &reader->term, &PyType_Type,
                            &reader->form);
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

/* Read the regions of `text[start:end]`; move the position and the steps that are left. Return where reading ended, or -1. */
static Py_ssize_t regions_read(const Filter *filter, const Reader *reader, PyObject *text, Py_ssize_t start, Py_ssize_t end,
                               int counting, Py_ssize_t *position, Py_ssize_t *left) {
    Regions found = {0};
    Py_UCS4 *characters = NULL;
    int failed = find_in(filter, text, start, end, counting, &found, &characters);
    Py_ssize_t read = end;
    for (size_t i = 0; !failed && *left >= 0 && i < found.n; i++) {
        Py_ssize_t first = start + (Py_ssize_t)found.region[i].start, width, steps, size;
        size_t at = found.region[i].start, length = found.region[i].end - at;
        if (!counting && filter->needs.set && !has_letters(&filter->needs, characters + at, length)) continue;
        PyObject *region = PyUnicode_Substring(text, first, start + (Py_ssize_t)found.region[i].end), *listed;
        PyObject *analysed = region ? Py_XNewRef(PyDict_GetItemWithError(reader->known, region)) : NULL;
        int nothing = analysed ? 0 : !PyErr_Occurred() ? matches_nothing(region, reader->readings, reader->tables, &width) : -1;
        if (!analysed && !nothing) {
            analysed = match_region(reader, region, characters + at, length, left);
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
