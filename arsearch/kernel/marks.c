/* The matches of single words in a text: the type Matches, which `_native.pyi` describes, and the occurrences made of lists. */

#include "kernel.h"

#define MOST_ORDINALS (1 << 24)

/* ---- the targets of matchers ---- */

void targets_close(Targets *targets) {
    free(targets->number);
    free(targets->first);
}

/* Read a list of targets, `(number, ordinal)`, each of the matcher with that ordinal. */
int targets_open(Targets *targets, PyObject *list) {
    size_t n = (size_t)PyList_Size(list);
    targets->number = malloc((2 * n + 1) * sizeof(Py_ssize_t));
    if (!targets->number) goto no_memory;
    targets->next = targets->number + n;
    Py_ssize_t ordinal, most = -1;
    for (size_t t = 0; t < n; t++) {
        if (!PyArg_ParseTuple(PyList_GetItem(list, (Py_ssize_t)t), "nn", &targets->number[t], &ordinal)) return -1;
        if (ordinal < 0 || ordinal >= MOST_ORDINALS) {
            PyErr_SetString(PyExc_ValueError, "the ordinal of a matcher is out of range");
            return -1;
        }
        targets->next[t] = ordinal;
        if (ordinal > most) most = ordinal;
    }
    targets->ordinals = most + 1;
    targets->first = malloc((size_t)(most + 1) * sizeof(Py_ssize_t) + 1);
    if (!targets->first) goto no_memory;
    for (Py_ssize_t i = 0; i <= most; i++) targets->first[i] = -1;
    for (size_t t = n; t--;) {
        ordinal = targets->next[t];
        targets->next[t] = targets->first[ordinal];
        targets->first[ordinal] = (Py_ssize_t)t;
    }
    targets->n = n;
    return 0;
no_memory:
    PyErr_NoMemory();
    return -1;
}

/* ---- Matches ---- */

static void matches_dealloc(PyObject *self) {
    Matches *matches = (Matches *)self;
    free(matches->single);
    Py_XDECREF(matches->levels);
    Py_XDECREF((PyObject *)matches->span);
    free_object(self);
}

/* Make an object without matches; `levels` has the level of each number, and `span` is a named tuple of four. */
Matches *matches_new(PyTypeObject *type, PyObject *levels, PyObject *span) {
    if (!PyType_IsSubtype((PyTypeObject *)span, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "the type is no named tuple");
        return NULL;
    }
    Matches *matches = (Matches *)new_object(type);
    if (!matches) return NULL;
    matches->levels = Py_NewRef(levels);
    matches->span = (PyTypeObject *)Py_NewRef(span);
    return matches;
}

/* Add a match of a matcher for each of its targets. */
int match_add(Matches *matches, const Targets *targets, PyObject *ordinal, Py_ssize_t start, Py_ssize_t end, PyObject *level) {
    Py_ssize_t matcher = PyLong_AsSsize_t(ordinal), number = PyLong_AsSsize_t(level);
    if (PyErr_Occurred()) return -1;
    if (start < 0 || end < start || number < 1 || number >= PyTuple_Size(matches->levels)) {
        PyErr_SetString(PyExc_ValueError, "a match has impossible offsets or no level");
        return -1;
    }
    if (matcher < 0 || matcher >= targets->ordinals) return 0; /* a matcher of other fields */
    for (Py_ssize_t t = targets->first[matcher]; t >= 0; t = targets->next[t]) {
        if (matches->n == matches->room) {
            size_t room = matches->room ? 2 * matches->room : 32;
            Single *grown = realloc(matches->single, room * sizeof(Single));
            if (!grown) {
                PyErr_NoMemory();
                return -1;
            }
            matches->single = grown;
            matches->room = room;
        }
        matches->single[matches->n] = (Single){start, end, targets->number[t], matches->n, (int)number};
        matches->n++;
    }
    return 0;
}

static int single_order(const void *one, const void *other) {
    const Single *a = one, *b = other;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Put the matches in order, which those of one target have from the beginning. */
void matches_finish(Matches *matches, Py_ssize_t read, int several) {
    matches->read = read;
    if (several && matches->n > 1) qsort(matches->single, matches->n, sizeof(Single), single_order);
}

static PyObject *matches_read(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromSsize_t(((Matches *)self)->read);
}

static PyObject *matches_level(PyObject *self, void *Py_UNUSED(closure)) {
    const Matches *matches = (Matches *)self;
    int strictest = 0;
    for (size_t i = 0; i < matches->n; i++)
        if (matches->single[i].level > strictest) strictest = matches->single[i].level;
    return strictest ? Py_NewRef(PyTuple_GetItem(matches->levels, strictest)) : Py_NewRef(Py_None);
}

/* ---- spans ---- */

static int word_order(const void *one, const void *other) {
    const Single *a = one, *b = other;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return a->level > b->level ? -1 : a->level < b->level;
}

#define TUPLES_WITH_HASH 0x030E0000 /* Python 3.14 */

/* Make a named tuple of a plain one, which is taken. */
static PyObject *as_named(PyTypeObject *type, PyObject *values) {
    newfunc make = (newfunc)PyType_GetSlot(&PyTuple_Type, Py_tp_new);
    PyObject *args = values ? PyTuple_Pack(1, values) : NULL, *named = args ? make(type, args, NULL) : NULL;
    Py_XDECREF(args);
    Py_XDECREF(values);
    return named;
}

/* Make an instance of a named tuple; the items are taken, and may be NULL with an error. Tuples of Python 3.14 hold their hash,
   which only `tuple.__new__` sets to unknown: the allocator of the type, which takes less time, leaves it at zero. */
PyObject *new_named(PyTypeObject *type, PyObject *const *items, Py_ssize_t n) {
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    int complete = 1, hashed = Py_Version >= TUPLES_WITH_HASH;
    for (Py_ssize_t i = 0; i < n; i++) complete &= items[i] != NULL;
    PyObject *tuple = !complete ? NULL : hashed ? PyTuple_New(n) : allocate(type, n);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (tuple) PyTuple_SetItem(tuple, i, items[i]);
        else Py_XDECREF(items[i]);
    }
    return hashed ? as_named(type, tuple) : tuple;
}

/* Make the spans of sorted words, the strictest of each; the first `n` of the words. */
static PyObject *as_spans(const Matches *matches, const Single *word, size_t n, PyObject *field) {
    PyObject *spans = PyList_New(0);
    for (size_t i = 0; spans && i < n; i++) {
        if (i && word[i].start == word[i - 1].start && word[i].end == word[i - 1].end) continue;
        PyObject *items[] = {Py_NewRef(field), PyLong_FromSsize_t(word[i].start), PyLong_FromSsize_t(word[i].end),
                             Py_NewRef(PyTuple_GetItem(matches->levels, word[i].level))};
        PyObject *span = new_named(matches->span, items, 4);
        if (!span || PyList_Append(spans, span) < 0) Py_CLEAR(spans);
        Py_XDECREF(span);
    }
    return spans;
}

static PyObject *spans_of(const Matches *matches, const Single *chosen, size_t n, PyObject *field) {
    Single *word = malloc((n + 1) * sizeof(Single));
    if (!word) return PyErr_NoMemory();
    if (n) memcpy(word, chosen, n * sizeof(Single));
    if (n > 1) qsort(word, n, sizeof(Single), word_order);
    PyObject *spans = as_spans(matches, word, n, field);
    free(word);
    return spans;
}

static PyObject *matches_spans(PyObject *self, PyObject *args) {
    PyObject *field;
    if (!PyArg_ParseTuple(args, "U", &field)) return NULL;
    return spans_of((Matches *)self, ((Matches *)self)->single, ((Matches *)self)->n, field);
}

static PyObject *matches_spans_in(PyObject *self, PyObject *args) {
    const Matches *matches = (Matches *)self;
    PyObject *passages, *field, *spans = NULL;
    if (!PyArg_ParseTuple(args, "O!U", &PyTuple_Type, &passages, &field)) return NULL;
    Single *inside = malloc((matches->n + 1) * sizeof(Single));
    if (!inside) return PyErr_NoMemory();
    size_t n = 0;
    for (Py_ssize_t p = 0; p < PyTuple_Size(passages); p++) { /* they are disjoint */
        Py_ssize_t start, end;
        if (!PyArg_ParseTuple(PyTuple_GetItem(passages, p), "nn", &start, &end)) goto done;
        for (size_t i = 0; n < matches->n && i < matches->n; i++)
            if (matches->single[i].start >= start && matches->single[i].end <= end) inside[n++] = matches->single[i];
    }
    spans = spans_of(matches, inside, n, field);
done:
    free(inside);
    return spans;
}

/* Make the spans of words given by keys: the start, 27 bits of the length, and 4 bits of the level from strict to loose. */
PyObject *spans_by_key(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *field, *levels, *type, *spans;
    Py_buffer keys;
    if (!PyArg_ParseTuple(args, "Uy*O!O!", &field, &keys, &PyTuple_Type, &levels, &PyType_Type, &type)) return NULL;
    Py_ssize_t n = keys.len / 8;
    if (!PyType_IsSubtype((PyTypeObject *)type, &PyTuple_Type) || PyTuple_Size(levels) != 16) {
        PyErr_SetString(PyExc_TypeError, "the type is no named tuple, or there are not 16 levels");
        PyBuffer_Release(&keys);
        return NULL;
    }
    spans = PyList_New(n);
    for (Py_ssize_t i = 0; spans && i < n; i++) {
        int64_t key;
        memcpy(&key, (const char *)keys.buf + 8 * i, 8);
        int64_t start = key >> 31, size = key >> 4 & ((1 << 27) - 1);
        PyObject *items[] = {Py_NewRef(field), PyLong_FromLongLong(start), PyLong_FromLongLong(start + size),
                             Py_NewRef(PyTuple_GetItem(levels, key & 15))};
        PyObject *span = new_named((PyTypeObject *)type, items, 4);
        if (span) PyObject_GC_UnTrack(span); /* its values refer to no span, and the collector would read all spans */
        if (!span || PyList_SetItem(spans, i, span) < 0) Py_CLEAR(spans);
    }
    PyBuffer_Release(&keys);
    return spans;
}

static PyGetSetDef matches_attributes[] = {
    {"read", matches_read, NULL, NULL, NULL}, {"level", matches_level, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyMethodDef matches_methods[] = {
    {"spans", matches_spans, METH_VARARGS, NULL}, {"spans_in", matches_spans_in, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot matches_slots[] = {
    {Py_tp_dealloc, matches_dealloc}, {Py_tp_methods, matches_methods}, {Py_tp_getset, matches_attributes}, {0, NULL}};
PyType_Spec matches_spec = {
    "arsearch.kernel._native.Matches", sizeof(Matches), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    matches_slots};

/* ---- the collector of cycles ---- */

#define DEEPEST_TUPLE 16

/* Untrack nested tuples without objects of other kinds that may be in a cycle; tell whether there are none. */
static int untrack(PyObject *object, int depth) {
    if (!PyTuple_Check(object)) return !(PyType_GetFlags(Py_TYPE(object)) & Py_TPFLAGS_HAVE_GC);
    int whole = depth < DEEPEST_TUPLE;
    for (Py_ssize_t i = 0; i < PyTuple_Size(object) && depth < DEEPEST_TUPLE; i++) whole &= untrack(PyTuple_GetItem(object, i), depth + 1);
    if (whole && PyObject_GC_IsTracked(object)) PyObject_GC_UnTrack(object);
    return whole;
}

PyObject *untrack_values(PyObject *Py_UNUSED(module), PyObject *values) { return PyBool_FromLong(untrack(values, 0)); }

/* ---- occurrences of lists ---- */

typedef struct {
    Single single; /* with its place in the order of the targets; the level is not read */
    PyObject *word;
} Listed;

static PyObject *as_occurrences(const Listed *listed, size_t n, PyTypeObject *type) {
    PyObject *tuple = PyTuple_New((Py_ssize_t)n);
    for (size_t i = 0; tuple && i < n; i++) {
        PyObject *items[] = {PyLong_FromSsize_t(listed[i].single.number), PyTuple_Pack(1, listed[i].word)};
        PyObject *pair = new_named(type, items, 2);
        if (!pair || PyTuple_SetItem(tuple, (Py_ssize_t)i, pair) < 0) Py_CLEAR(tuple);
    }
    return tuple;
}

PyObject *occurrences(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *matches, *targets, *type, *result = NULL;
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyDict_Type, &matches, &PyList_Type, &targets, &PyType_Type, &type)) return NULL;
    if (!PyType_IsSubtype((PyTypeObject *)type, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "the type is no named tuple");
        return NULL;
    }
    Listed *listed = NULL;
    size_t n = 0;
    for (Py_ssize_t t = 0; t < PyList_Size(targets); t++) {
        Py_ssize_t number;
        PyObject *ordinal, *position, *word;
        if (!PyArg_ParseTuple(PyList_GetItem(targets, t), "nO", &number, &ordinal)) goto done;
        PyObject *list = PyDict_GetItemWithError(matches, ordinal);
        if (!list && PyErr_Occurred()) goto done;
        Py_ssize_t count = list ? PyList_Size(list) : 0;
        Listed *grown = count < 0 ? NULL : realloc(listed, (n + (size_t)count + 1) * sizeof(Listed));
        if (!grown) {
            if (!PyErr_Occurred()) PyErr_NoMemory();
            goto done;
        }
        listed = grown;
        for (Py_ssize_t i = 0; i < count; i++, n++) {
            if (!PyArg_ParseTuple(PyList_GetItem(list, i), "OO!", &position, &PyTuple_Type, &word)) goto done;
            PyObject *start = PyTuple_GetItem(word, 0), *end = PyTuple_GetItem(word, 1);
            if (!start || !end) goto done;
            listed[n] = (Listed){{PyLong_AsSsize_t(start), PyLong_AsSsize_t(end), number, n, 0}, word};
        }
    }
    if (!PyErr_Occurred()) {
        if (PyList_Size(targets) > 1) qsort(listed, n, sizeof(Listed), single_order); /* one target has its matches in order */
        result = as_occurrences(listed, n, (PyTypeObject *)type);
    }
done:
    free(listed);
    return result;
}

