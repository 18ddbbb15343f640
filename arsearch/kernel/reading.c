/* Arrays of an index's files, and the terms and strings in them: see arsearch.index.codec.checked_array,
   term_dictionary and string_column, which have the same in Python.

   Blocks that nothing has read yet are verified by their Python object, so an error is the same in both forms. */

#include "kernel.h"

#define TERMS_IN_BLOCK 64

/* ---- arrays that are verified when they are first read ---- */

int checked_open(PyObject *array, Checked *out) {
    PyObject *values, *marks, *parts = PyObject_CallMethod(array, "buffers", NULL);
    Py_ssize_t skip;
    int failed = 1;
    if (!parts) return -1;
    if (PyArg_ParseTuple(parts, "OOni", &values, &marks, &skip, &out->shift) &&
        PyObject_GetBuffer(values, &out->values, PyBUF_CONTIG_RO | PyBUF_FORMAT) == 0 &&
        PyObject_GetBuffer(marks, &out->marks, PyBUF_SIMPLE) == 0) {
        const char *format = out->values.format ? out->values.format : "B";
        while (*format == '<' || *format == '=' || *format == '@') format++;
        out->array = Py_NewRef(array);
        out->skip = (size_t)skip;
        out->size = (int)out->values.itemsize;
        out->n = (size_t)(out->values.len / out->values.itemsize);
        failed = !strchr("BHILQ", *format);
        if (failed) PyErr_SetString(PyExc_TypeError, "not an array of whole numbers");
    }
    Py_DECREF(parts);
    return failed ? -1 : 0;
}

void checked_close(Checked *array) {
    PyBuffer_Release(&array->values);
    PyBuffer_Release(&array->marks);
    Py_CLEAR(array->array);
}

static int impossible(void) {
    PyErr_SetString(PyExc_ValueError, "the arrays of an index contradict themselves");
    return -1;
}

/* Verify the values [low, high), if that was not done before. */
int checked_verify(const Checked *array, size_t low, size_t high) {
    if (low > high || high > array->n) return impossible();
    if (low == high) return 0;
    size_t size = (size_t)array->size, first = (array->skip + low * size) >> array->shift;
    size_t last = (array->skip + high * size - 1) >> array->shift;
    if (!memchr((const uint8_t *)array->marks.buf + first, 0, last - first + 1)) return 0;
    PyObject *part = PyObject_CallMethod(array->array, "part", "nn", (Py_ssize_t)low, (Py_ssize_t)high);
    Py_XDECREF(part);
    return part ? 0 : -1;
}

static uint64_t checked_get(const Checked *array, size_t at) {
    switch (array->size) {
    case 1: return ((const uint8_t *)array->values.buf)[at];
    case 2: return ((const uint16_t *)array->values.buf)[at];
    case 4: return ((const uint32_t *)array->values.buf)[at];
    default: return ((const uint64_t *)array->values.buf)[at];
    }
}

/* Read the values at `at` and `at + 1`, the bounds of a range. */
int checked_bounds(const Checked *array, size_t at, size_t *low, size_t *high) {
    if (checked_verify(array, at, at + 2) < 0) return -1;
    *low = (size_t)checked_get(array, at);
    *high = (size_t)checked_get(array, at + 1);
    return *low <= *high ? 0 : impossible();
}

int checked_value(const Checked *array, size_t at, size_t *value) {
    if (checked_verify(array, at, at + 1) < 0) return -1;
    *value = (size_t)checked_get(array, at);
    return 0;
}

/* The verified values [low, high) as a column; the values have 32 bits at most. */
Column checked_column(const Checked *array, size_t low, size_t high) {
    return (Column){(const uint8_t *)array->values.buf + low * (size_t)array->size, high - low, array->size};
}

/* ---- Terms ---- */

static void terms_dealloc(PyObject *self) {
    Terms *terms = (Terms *)self;
    checked_close(&terms->blob);
    PyBuffer_Release(&terms->heads);
    free(terms->head);
    free(terms->start);
    free(terms->verified);
    free_object(self);
}

static int heads_open(Terms *terms, PyObject *starts) {
    Checked array = {0};
    const char *text = terms->heads.buf;
    size_t blocks = terms->blocks, at = 0, size = (size_t)terms->heads.len;
    terms->head = malloc((blocks + 1) * sizeof(size_t));
    terms->start = malloc((blocks + 1) * sizeof(size_t));
    terms->verified = calloc(blocks + 1, 1);
    if (!terms->head || !terms->start || !terms->verified) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t block = 0; block < blocks; block++) {
        const char *end = at < size ? memchr(text + at, '\n', size - at) : NULL;
        if (!end) return impossible();
        terms->head[block] = at;
        at = (size_t)(end - text) + 1;
    }
    terms->head[blocks] = at;
    int failed = at != size ? impossible() : checked_open(starts, &array);
    if (!failed) failed = array.n != blocks + 1 ? impossible() : checked_verify(&array, 0, array.n);
    for (size_t block = 0; !failed && block <= blocks; block++) {
        terms->start[block] = (size_t)checked_get(&array, block);
        if (terms->start[block] > terms->blob.n || (block && terms->start[block] < terms->start[block - 1]))
            failed = impossible();
    }
    checked_close(&array);
    return failed;
}

static PyObject *terms_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *blob, *heads, *starts;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "OOOn", &blob, &heads, &starts, &length)) return NULL;
    Terms *terms = (Terms *)new_object(type);
    if (!terms) return NULL;
    terms->length = length > 0 ? (size_t)length : 0;
    terms->blocks = (terms->length + TERMS_IN_BLOCK - 1) / TERMS_IN_BLOCK;
    if (checked_open(blob, &terms->blob) == 0 && PyObject_GetBuffer(heads, &terms->heads, PyBUF_CONTIG_RO) == 0 &&
        heads_open(terms, starts) == 0) {
        if (terms->blob.size == 1) return (PyObject *)terms;
        impossible();
    }
    Py_DECREF(terms);
    return NULL;
}

/* Find a block of terms; every term ends with a line feed. */
static int block_open(Terms *terms, size_t number, const char **low, const char **high) {
    size_t first = terms->start[number], last = terms->start[number + 1];
    *low = (const char *)terms->blob.values.buf + first;
    *high = (const char *)terms->blob.values.buf + last;
    if (terms->verified[number]) return 0;
    if (checked_verify(&terms->blob, first, last) < 0) return -1;
    size_t count = 0, expected = terms->length - number * TERMS_IN_BLOCK;
    for (const char *at = *low; at < *high; at++) count += *at == '\n';
    if (count != (expected < TERMS_IN_BLOCK ? expected : TERMS_IN_BLOCK) || (*high)[-1] != '\n') return impossible();
    terms->verified[number] = 1;
    return 0;
}

/* Tell whether the head of a block is below a key (negative), equal to it (0), or above it. */
static int compare_head(const Terms *terms, size_t block, const char *key, size_t n) {
    size_t size = terms->head[block + 1] - terms->head[block] - 1;
    int order = memcmp((const char *)terms->heads.buf + terms->head[block], key, size < n ? size : n);
    return order ? order : size < n ? -1 : size > n;
}

/* Return the ordinal of a term, NO_TERM for another text, or FAILED. */
Py_ssize_t terms_find(Terms *terms, const char *key, size_t n) {
    size_t low = 0, high = terms->blocks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_head(terms, middle, key, n) <= 0) low = middle + 1;
        else high = middle;
    }
    if (!low || memchr(key, '\n', n)) return NO_TERM;
    Py_ssize_t ordinal = (Py_ssize_t)((low - 1) * TERMS_IN_BLOCK);
    if (!compare_head(terms, low - 1, key, n)) return ordinal;
    const char *at, *last, *end;
    if (block_open(terms, low - 1, &at, &last) < 0) return FAILED;
    for (; at < last; at = end + 1, ordinal++) {
        end = memchr(at, '\n', (size_t)(last - at));
        if ((size_t)(end - at) == n && !memcmp(at, key, n)) return ordinal;
    }
    return NO_TERM;
}

/* Find the term with an ordinal. */
int terms_get(Terms *terms, size_t ordinal, const char **term, size_t *n) {
    const char *at, *last;
    if (ordinal >= terms->length) return impossible();
    if (block_open(terms, ordinal / TERMS_IN_BLOCK, &at, &last) < 0) return -1;
    for (size_t k = ordinal % TERMS_IN_BLOCK; k; k--) at = (const char *)memchr(at, '\n', (size_t)(last - at)) + 1;
    *term = at;
    *n = (size_t)((const char *)memchr(at, '\n', (size_t)(last - at)) - at);
    return 0;
}

/* Return the ordinal of a Python string; no term has a lone surrogate. */
Py_ssize_t terms_find_text(Terms *terms, PyObject *text) {
    Py_ssize_t size;
    const char *key = PyUnicode_AsUTF8AndSize(text, &size);
    if (key) return terms_find(terms, key, (size_t)size);
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return FAILED;
    PyErr_Clear();
    return NO_TERM;
}

/* ---- the terms of stems ---- */

/* Read the 32-bit numbers of an array. */
static int numbers_of(PyObject *array, Py_buffer *view) {
    if (PyObject_GetBuffer(array, view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) return -1;
    if (view->itemsize == 4) return 0;
    PyBuffer_Release(view);
    return impossible();
}

static PyObject *terms_of(Terms *terms, const uint32_t *ordinal, size_t n) {
    PyObject *listed = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; listed && i < n; i++) {
        const char *text;
        size_t size;
        PyObject *term = terms_get(terms, ordinal[i], &text, &size) < 0 ? NULL : PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, NULL);
        if (!term || PyList_SetItem(listed, (Py_ssize_t)i, term) < 0) Py_CLEAR(listed);
    }
    return listed;
}

/* List the terms that have each of some stems: those at `order[starts[stem]:starts[stem + 1]]`. */
PyObject *terms_by_stem(PyObject *module, PyObject *args) {
    PyObject *stems, *terms, *starts, *order, *given, *result = NULL;
    PyTypeObject *type = ((State *)PyModule_GetState(module))->terms;
    Py_buffer start, at;
    if (!PyArg_ParseTuple(args, "O!O!OOO!", type, &stems, type, &terms, &starts, &order, &PyList_Type, &given)) return NULL;
    if (numbers_of(starts, &start) < 0) return NULL;
    if (numbers_of(order, &at) == 0) {
        size_t count = (size_t)start.len / 4, total = (size_t)at.len / 4;
        const uint32_t *first = start.buf, *ordinal = at.buf;
        result = PyList_New(PyList_Size(given));
        for (Py_ssize_t i = 0; result && i < PyList_Size(given); i++) {
            Py_ssize_t stem = terms_find_text((Terms *)stems, PyList_GetItem(given, i));
            size_t low = 0, high = 0;
            if (stem >= 0 && (size_t)stem + 1 < count) {
                low = first[stem];
                high = first[stem + 1];
            }
            if (stem >= 0 && ((size_t)stem + 1 >= count || low > high || high > total)) impossible();
            PyObject *listed = PyErr_Occurred() ? NULL : terms_of((Terms *)terms, ordinal + low, high - low);
            if (!listed || PyList_SetItem(result, i, listed) < 0) Py_CLEAR(result);
        }
        PyBuffer_Release(&at);
    }
    PyBuffer_Release(&start);
    return result;
}

static PyObject *terms_find_one(PyObject *self, PyObject *text) {
    Py_ssize_t ordinal = terms_find_text((Terms *)self, text);
    return ordinal == FAILED ? NULL : PyLong_FromSsize_t(ordinal);
}

static PyMethodDef terms_methods[] = {{"find", terms_find_one, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot terms_slots[] = {
    {Py_tp_new, terms_new}, {Py_tp_dealloc, terms_dealloc}, {Py_tp_methods, terms_methods}, {0, NULL}};
PyType_Spec terms_spec = {"arsearch.kernel._native.Terms", sizeof(Terms), 0, Py_TPFLAGS_DEFAULT, terms_slots};

/* ---- Articles ---- */

typedef struct {
    size_t base;
    Checked id_blob, id_ends, title_blob, title_ends;
} Listing;

typedef struct {
    PyObject_HEAD
    Py_ssize_t segments;
    Listing *segment;
} Articles;

static void articles_dealloc(PyObject *self) {
    Articles *articles = (Articles *)self;
    for (Py_ssize_t s = 0; articles->segment && s < articles->segments; s++) {
        checked_close(&articles->segment[s].id_blob);
        checked_close(&articles->segment[s].id_ends);
        checked_close(&articles->segment[s].title_blob);
        checked_close(&articles->segment[s].title_ends);
    }
    free(articles->segment);
    free_object(self);
}

static PyObject *articles_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *segments, *ids, *id_ends, *titles, *title_ends;
    Py_ssize_t base;
    if (!PyArg_ParseTuple(args, "O!", &PyTuple_Type, &segments)) return NULL;
    Articles *articles = (Articles *)new_object(type);
    if (!articles) return NULL;
    articles->segments = PyTuple_Size(segments);
    if (!(articles->segment = calloc((size_t)articles->segments + 1, sizeof(Listing)))) {
        PyErr_NoMemory();
        goto failed;
    }
    for (Py_ssize_t s = 0; s < articles->segments; s++) {
        Listing *own = &articles->segment[s];
        if (!PyArg_ParseTuple(PyTuple_GetItem(segments, s), "nOOOO", &base, &ids, &id_ends, &titles, &title_ends) ||
            checked_open(ids, &own->id_blob) < 0 || checked_open(id_ends, &own->id_ends) < 0 ||
            checked_open(titles, &own->title_blob) < 0 || checked_open(title_ends, &own->title_ends) < 0)
            goto failed;
        own->base = (size_t)base;
    }
    return (PyObject *)articles;
failed:
    Py_DECREF(articles);
    return NULL;
}

/* Read a string of a column. */
static PyObject *string_at(const Checked *blob, const Checked *ends, size_t at) {
    size_t low = 0, high;
    if (at ? checked_bounds(ends, at - 1, &low, &high) < 0 : checked_value(ends, 0, &high) < 0) return NULL;
    if (checked_verify(blob, low, high) < 0) return NULL;
    return PyUnicode_DecodeUTF8((const char *)blob->values.buf + low, (Py_ssize_t)(high - low), NULL);
}

static PyObject *articles_list(PyObject *self, PyObject *docs) {
    Articles *articles = (Articles *)self;
    Py_ssize_t count = PySequence_Size(docs);
    PyObject *listed = count < 0 ? NULL : PyList_New(count);
    for (Py_ssize_t i = 0; listed && i < count; i++) {
        PyObject *number = PySequence_GetItem(docs, i), *row = NULL;
        size_t doc = number ? PyLong_AsSize_t(number) : 0;
        Py_XDECREF(number);
        Py_ssize_t s = articles->segments - 1;
        while (s > 0 && articles->segment[s].base > doc) s--;
        if (!PyErr_Occurred() && (s < 0 || doc < articles->segment[s].base)) impossible();
        if (!PyErr_Occurred()) {
            const Listing *own = &articles->segment[s];
            size_t local = doc - own->base;
            PyObject *id = string_at(&own->id_blob, &own->id_ends, local);
            PyObject *title = id ? string_at(&own->title_blob, &own->title_ends, local) : NULL;
            if (title) row = Py_BuildValue("(nnOO)", s, (Py_ssize_t)local, id, title);
            Py_XDECREF(id);
            Py_XDECREF(title);
        }
        if (!row || PyList_SetItem(listed, i, row) < 0) Py_CLEAR(listed);
    }
    return listed;
}

static PyMethodDef articles_methods[] = {{"listed", articles_list, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot articles_slots[] = {
    {Py_tp_new, articles_new}, {Py_tp_dealloc, articles_dealloc}, {Py_tp_methods, articles_methods}, {0, NULL}};
PyType_Spec articles_spec = {
    "arsearch.kernel._native.Articles", sizeof(Articles), 0, Py_TPFLAGS_DEFAULT, articles_slots};
