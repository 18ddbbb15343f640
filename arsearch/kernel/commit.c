/* The types Postings and Commit: the terms of a query, looked up in all segments. `levels.c` makes words of them. */

#include "commit.h"

/* ---- Postings ---- */

static void postings_dealloc(PyObject *self) {
    Postings *postings = (Postings *)self;
    Py_XDECREF((PyObject *)postings->terms);
    checked_close(&postings->offsets);
    checked_close(&postings->docs);
    numbers_close(&postings->freqs);
    checked_close(&postings->position_offsets);
    numbers_close(&postings->positions);
    free_object(self);
}

static PyObject *postings_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *terms, *offsets, *docs, *freqs, *position_offsets, *positions;
    State *state = PyType_GetModuleState(type);
    if (!PyArg_ParseTuple(args, "O!OOOOO", state->terms, &terms, &offsets, &docs, &freqs, &position_offsets, &positions))
        return NULL;
    Postings *postings = (Postings *)new_object(type);
    if (!postings) return NULL;
    postings->terms = (Terms *)Py_NewRef(terms);
    if (checked_open(offsets, &postings->offsets) < 0 || checked_open(docs, &postings->docs) < 0 ||
        numbers_open(freqs, &postings->freqs) < 0 || checked_open(position_offsets, &postings->position_offsets) < 0 ||
        numbers_open(positions, &postings->positions) < 0) {
        Py_DECREF(postings);
        return NULL;
    }
    return (PyObject *)postings;
}

static PyType_Slot postings_slots[] = {{Py_tp_new, postings_new}, {Py_tp_dealloc, postings_dealloc}, {0, NULL}};
PyType_Spec postings_spec = {
    "arsearch.kernel._native.Postings", sizeof(Postings), 0, Py_TPFLAGS_DEFAULT, postings_slots};

/* ---- Commit ---- */

static void commit_dealloc(PyObject *self) {
    Commit *commit = (Commit *)self;
    for (int s = 0; commit->segment && s < commit->segments; s++) {
        Segment *segment = &commit->segment[s];
        for (int f = 0; segment->field && f < commit->fields; f++) {
            Py_XDECREF((PyObject *)segment->field[f].normalised);
            Py_XDECREF((PyObject *)segment->field[f].stems);
            checked_close(&segment->field[f].root_of);
            numbers_close(&segment->field[f].root_freqs);
        }
        free(segment->field);
        PyBuffer_Release(&segment->live);
        Py_XDECREF((PyObject *)segment->roots);
        checked_close(&segment->root_offsets);
        checked_close(&segment->root_docs);
    }
    free(commit->segment);
    free(commit->norms);
    buffers_free(&commit->buffers);
    free_object(self);
}

static int optional_array(PyObject *array, Checked *out) { return array == Py_None ? 0 : checked_open(array, out); }

static int optional_postings(PyObject *object, State *state, Postings **out) {
    if (object == Py_None) return 0;
    if (!PyObject_TypeCheck(object, state->postings)) {
        PyErr_SetString(PyExc_TypeError, "not Postings");
        return -1;
    }
    *out = (Postings *)Py_NewRef(object);
    return 0;
}

/* Read a segment: (base, live, (roots, offsets, documents) or None, ((normalised, stems, roots of stems, frequencies), ...)). */
static int segment_open(Commit *commit, State *state, PyObject *object, Segment *segment) {
    PyObject *live, *roots, *fields, *terms, *offsets, *docs;
    Py_ssize_t base;
    if (!PyArg_ParseTuple(object, "nOOO!", &base, &live, &roots, &PyTuple_Type, &fields)) return -1;
    segment->base = (size_t)base;
    segment->field = calloc((size_t)commit->fields + 1, sizeof(Field));
    if (!segment->field) {
        PyErr_NoMemory();
        return -1;
    }
    if (live != Py_None && PyObject_GetBuffer(live, &segment->live, PyBUF_CONTIG_RO) < 0) return -1;
    if (roots != Py_None) {
        if (!PyArg_ParseTuple(roots, "O!OO", state->terms, &terms, &offsets, &docs)) return -1;
        segment->roots = (Terms *)Py_NewRef(terms);
        if (checked_open(offsets, &segment->root_offsets) < 0 || checked_open(docs, &segment->root_docs) < 0) return -1;
    }
    if (PyTuple_Size(fields) != commit->fields) {
        PyErr_SetString(PyExc_ValueError, "a segment has other fields");
        return -1;
    }
    for (int f = 0; f < commit->fields; f++) {
        PyObject *normalised, *stems, *root_of, *freqs;
        Field *field = &segment->field[f];
        if (!PyArg_ParseTuple(PyTuple_GetItem(fields, f), "OOOO", &normalised, &stems, &root_of, &freqs)) return -1;
        if (optional_postings(normalised, state, &field->normalised) < 0 ||
            optional_postings(stems, state, &field->stems) < 0 || optional_array(root_of, &field->root_of) < 0 ||
            (freqs != Py_None && numbers_open(freqs, &field->root_freqs) < 0))
            return -1;
    }
    return 0;
}

static PyObject *commit_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *segments, *norms;
    Py_ssize_t live, total;
    double k1;
    if (!PyArg_ParseTuple(args, "O!O!dnn", &PyTuple_Type, &segments, &PyTuple_Type, &norms, &k1, &live, &total))
        return NULL;
    if (!(k1 > 0) || PyTuple_Size(norms) > MOST_LISTS) {
        PyErr_SetString(PyExc_ValueError, "k1 is not above 0, or there are too many fields");
        return NULL;
    }
    Commit *commit = (Commit *)new_object(type);
    if (!commit) return NULL;
    commit->k1 = k1;
    commit->live = (size_t)live;
    commit->total = (size_t)total;
    commit->segments = (int)PyTuple_Size(segments);
    commit->fields = (int)PyTuple_Size(norms);
    commit->segment = calloc((size_t)commit->segments + 1, sizeof(Segment));
    commit->norms = calloc((size_t)commit->fields + 1, sizeof(float *));
    if (buffers_new(&commit->buffers, commit->fields) < 0) goto failed;
    if (!commit->segment || !commit->norms) {
        PyErr_NoMemory();
        goto failed;
    }
    for (int f = 0; f < commit->fields; f++)
        if (norms_open(&commit->buffers, PyTuple_GetItem(norms, f), commit->total, &commit->norms[f]) < 0) goto failed;
    for (int s = 0; s < commit->segments; s++)
        if (segment_open(commit, PyType_GetModuleState(type), PyTuple_GetItem(segments, s), &commit->segment[s]) < 0)
            goto failed;
    return (PyObject *)commit;
failed:
    Py_DECREF(commit);
    return NULL;
}

/* ---- postings of a term ---- */

/* Find the postings of a term in a segment; return 1, 0 if it has none, or -1. */
int find_postings(const Postings *postings, PyObject *term, size_t *ordinal, size_t *low, size_t *high) {
    if (!postings) return 0;
    Py_ssize_t found = terms_find_text(postings->terms, term);
    if (found < 0) return found == FAILED ? -1 : 0;
    *ordinal = (size_t)found;
    if (checked_bounds(&postings->offsets, *ordinal, low, high) < 0 || checked_verify(&postings->docs, *low, *high) < 0 ||
        numbers_verify(&postings->freqs, *low, *high) < 0)
        return -1;
    return *low < *high;
}

/* Open the documents of a term, whose postings are [low, high), with its frequencies and positions. */
int occurrences_open(const Postings *postings, size_t ordinal, size_t low, size_t high, Occurrences *out) {
    size_t first, last;
    if (checked_bounds(&postings->position_offsets, ordinal, &first, &last) < 0 ||
        numbers_verify(&postings->positions, first, last) < 0)
        return -1;
    out->docs = checked_column(&postings->docs, low, high);
    out->freqs = numbers_column(&postings->freqs, low, high);
    out->positions = numbers_column(&postings->positions, first, last);
    if (column_sum(&out->freqs) == out->positions.n) return 0;
    PyErr_SetString(PyExc_ValueError, "the frequencies do not add up to the positions");
    return -1;
}

static size_t count_live(const Segment *segment, Column docs) {
    if (!segment->live.buf) return docs.n;
    size_t count = 0;
    for (size_t i = 0; i < docs.n; i++) count += ((const uint8_t *)segment->live.buf)[column_get(&docs, i)] != 0;
    return count;
}

/* ---- pairs ---- */

static Term *term_of(const Commit *commit, State *state, int field, const Segment *segment, const Postings *postings,
                     size_t ordinal, size_t low, size_t high) {
    Occurrences own;
    if (occurrences_open(postings, ordinal, low, high, &own) < 0) return NULL;
    Term *term = (Term *)new_object(state->term);
    if (!term) return NULL;
    term->owner = Py_NewRef((PyObject *)commit);
    term->docs = own.docs;
    term->freqs = own.freqs;
    term->positions = own.positions;
    term->norms = commit->norms[field];
    term->base = (uint32_t)segment->base;
    term->total = commit->total;
    return term;
}

/* Append the two terms of a pair in a field of a segment to a list, and count the documents of each. */
static int add_group(const Commit *commit, State *state, PyObject *const *words, int field, const Segment *segment,
                     size_t *counts, PyObject *groups) {
    const Postings *postings = segment->field[field].stems;
    size_t ordinal[2], low[2], high[2];
    int found[2];
    for (int k = 0; k < 2; k++) {
        if ((found[k] = find_postings(postings, words[k], &ordinal[k], &low[k], &high[k])) < 0) return -1;
        if (found[k]) counts[k] += count_live(segment, checked_column(&postings->docs, low[k], high[k]));
    }
    if (!found[0] || !found[1]) return 0;
    Term *first = term_of(commit, state, field, segment, postings, ordinal[0], low[0], high[0]);
    Term *second = first ? term_of(commit, state, field, segment, postings, ordinal[1], low[1], high[1]) : NULL;
    PyObject *group = second ? PyTuple_Pack(2, (PyObject *)first, (PyObject *)second) : NULL;
    int failed = !group || PyList_Append(groups, group) < 0;
    Py_XDECREF((PyObject *)first);
    Py_XDECREF((PyObject *)second);
    Py_XDECREF(group);
    return failed ? -1 : 0;
}

static PyObject *commit_pair(PyObject *self, PyObject *args) {
    Commit *commit = (Commit *)self;
    PyObject *words[2], *groups, *result = NULL;
    size_t most[2] = {0, 0};
    if (!PyArg_ParseTuple(args, "UU", &words[0], &words[1]) || !(groups = PyList_New(0))) return NULL;
    for (int f = 0; f < commit->fields; f++) {
        size_t counts[2] = {0, 0};
        for (int s = 0; s < commit->segments; s++)
            if (add_group(commit, PyType_GetModuleState(Py_TYPE(self)), words, f, &commit->segment[s], counts, groups) < 0)
                goto done;
        for (int k = 0; k < 2; k++) most[k] = counts[k] > most[k] ? counts[k] : most[k];
    }
    PyObject *terms = PyList_AsTuple(groups);
    if (terms) result = Py_BuildValue("(nN)", (Py_ssize_t)(most[0] < most[1] ? most[0] : most[1]), terms);
done:
    Py_DECREF(groups);
    return result;
}

/* ---- counts ---- */

static PyObject *commit_frequencies(PyObject *self, PyObject *args) {
    Commit *commit = (Commit *)self;
    PyObject *stems;
    int f;
    if (!PyArg_ParseTuple(args, "iO!", &f, &PyList_Type, &stems)) return NULL;
    if (f < 0 || f >= commit->fields) {
        PyErr_SetString(PyExc_ValueError, "there is no such field");
        return NULL;
    }
    Py_ssize_t size = PyList_Size(stems);
    PyObject *counts = PyList_New(size);
    for (Py_ssize_t i = 0; counts && i < size; i++) {
        size_t count = 0, low, high;
        for (int s = 0; s < commit->segments; s++) {
            const Postings *postings = commit->segment[s].field[f].stems;
            Py_ssize_t ordinal = postings ? terms_find_text(postings->terms, PyList_GetItem(stems, i)) : NO_TERM;
            if (ordinal == NO_TERM) continue;
            if (ordinal == FAILED || checked_bounds(&postings->offsets, (size_t)ordinal, &low, &high) < 0) break;
            count += high - low;
        }
        PyObject *number = PyErr_Occurred() ? NULL : PyLong_FromSize_t(count);
        if (!number || PyList_SetItem(counts, i, number) < 0) Py_CLEAR(counts);
    }
    return counts;
}

static PyMethodDef commit_methods[] = {
    {"word", commit_word, METH_VARARGS, NULL},
    {"pair", commit_pair, METH_VARARGS, NULL},
    {"doc_frequencies", commit_frequencies, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot commit_slots[] = {
    {Py_tp_new, commit_new}, {Py_tp_dealloc, commit_dealloc}, {Py_tp_methods, commit_methods}, {0, NULL}};
PyType_Spec commit_spec = {"arsearch.kernel._native.Commit", sizeof(Commit), 0, Py_TPFLAGS_DEFAULT, commit_slots};
