/* The extension module: the types Word and Term, and the functions. `reading.c`, `commit.c` and `filters.c` have the other
   types. `_native.pyi` describes them all. */

#include "kernel.h"

/* ---- buffers ---- */

int buffers_new(Buffers *buffers, Py_ssize_t most) {
    buffers->count = 0;
    buffers->views = calloc((size_t)most + 1, sizeof(Py_buffer));
    buffers->owned = calloc((size_t)most + 1, sizeof(void *));
    if (buffers->views && buffers->owned) return 0;
    PyErr_NoMemory();
    return -1;
}

void buffers_free(Buffers *buffers) {
    while (buffers->count) {
        free(buffers->owned[--buffers->count]);
        PyBuffer_Release(&buffers->views[buffers->count]);
    }
    free(buffers->views);
    free(buffers->owned);
}

/* Read the norms of all `total` documents: 32-bit floats. */
int norms_open(Buffers *buffers, PyObject *object, size_t total, const float **norms) {
    Column column;
    if (column_open(buffers, object, &column, 1) < 0) return -1;
    if (column.size != -4 || column.n != total) {
        PyErr_SetString(PyExc_ValueError, "norms are 32-bit floats, one for each document");
        return -1;
    }
    *norms = column.data;
    return 0;
}

static int docs_open(Buffers *buffers, PyObject *object, size_t total, Column *docs) {
    if (column_open(buffers, object, docs, 0) < 0) return -1;
    if (column_is_below(docs, total)) return 0;
    PyErr_SetString(PyExc_ValueError, "a document is not one of the index");
    return -1;
}

PyObject *new_object(PyTypeObject *type) {
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    return allocate(type, 0);
}

void free_object(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* ---- Word ---- */

static void word_dealloc(PyObject *self) {
    Word *word = (Word *)self;
    for (int l = 0; word->level && l < word->levels; l++) {
        for (int k = 0; word->level[l].list && k < word->level[l].lists; k++) {
            free(word->level[l].list[k].freqs);
            free(word->level[l].list[k].norms);
        }
        free(word->level[l].list);
    }
    free(word->level);
    buffers_free(&word->buffers);
    Py_XDECREF(word->owner);
    free_object(self);
}

/* Read a list: (documents, ((frequencies, norms), ...)). */
int list_open(Word *word, PyObject *object, List *list) {
    PyObject *docs, *fields;
    if (!PyArg_ParseTuple(object, "OO!", &docs, &PyTuple_Type, &fields)) return -1;
    if (docs_open(&word->buffers, docs, word->total, &list->docs) < 0) return -1;
    Py_ssize_t count = PyTuple_Size(fields);
    list->freqs = calloc((size_t)count + 1, sizeof(Column));
    list->norms = calloc((size_t)count + 1, sizeof(float *));
    if (!list->freqs || !list->norms) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *freqs, *norms;
        if (!PyArg_ParseTuple(PyTuple_GetItem(fields, k), "OO", &freqs, &norms)) return -1;
        if (column_open(&word->buffers, freqs, &list->freqs[k], 1) < 0) return -1;
        if (norms_open(&word->buffers, norms, word->total, &list->norms[k]) < 0) return -1;
        if (list->freqs[k].n != list->docs.n) {
            PyErr_SetString(PyExc_ValueError, "there is not one frequency for each document");
            return -1;
        }
    }
    list->fields = (int)count;
    word->copied += list->docs.n * 8 * (size_t)(count + 1);
    return 0;
}

/* Count the arrays of lists; -1 for anything else. */
Py_ssize_t count_arrays(PyObject *lists) {
    Py_ssize_t count = 0, size = PySequence_Size(lists);
    if (size > MOST_LISTS) {
        PyErr_SetString(PyExc_ValueError, "too many fields");
        return -1;
    }
    for (Py_ssize_t k = 0; k < size; k++) {
        PyObject *docs, *fields, *list = PySequence_GetItem(lists, k);
        int failed = !list || !PyArg_ParseTuple(list, "OO!", &docs, &PyTuple_Type, &fields);
        if (!failed) count += 1 + 2 * PyTuple_Size(fields);
        Py_XDECREF(list);
        if (failed) return -1;
    }
    return count;
}

static PyObject *word_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *levels;
    int related;
    double k1;
    Py_ssize_t live, total;
    if (!PyArg_ParseTuple(args, "O!pdnn", &PyTuple_Type, &levels, &related, &k1, &live, &total)) return NULL;
    Py_ssize_t arrays = 0, more;
    for (Py_ssize_t l = 0; l < PyTuple_Size(levels); l++) {
        double weight;
        PyObject *lists;
        if (!PyArg_ParseTuple(PyTuple_GetItem(levels, l), "dO!", &weight, &PyTuple_Type, &lists)) return NULL;
        if ((more = count_arrays(lists)) < 0) return NULL;
        arrays += more;
    }
    if (PyTuple_Size(levels) < 1 + related || !(k1 > 0)) {
        PyErr_SetString(PyExc_ValueError, "too few levels, or k1 is not above 0");
        return NULL;
    }
    Word *word = (Word *)new_object(type);
    if (!word) return NULL;
    word->related = related;
    word->k1 = (float)k1;
    word->total = (size_t)total;
    word->levels = (int)PyTuple_Size(levels);
    word->level = calloc((size_t)word->levels, sizeof(Level));
    if (buffers_new(&word->buffers, arrays) < 0) goto failed;
    if (!word->level) {
        PyErr_NoMemory();
        goto failed;
    }
    for (int l = 0; l < word->levels; l++) {
        Level *level = &word->level[l];
        double weight;
        PyObject *lists;
        if (!PyArg_ParseTuple(PyTuple_GetItem(levels, l), "dO", &weight, &lists)) goto failed;
        level->lists = (int)PyTuple_Size(lists);
        if (!(level->list = calloc((size_t)level->lists + 1, sizeof(List)))) {
            PyErr_NoMemory();
            goto failed;
        }
        for (int k = 0; k < level->lists; k++)
            if (list_open(word, PyTuple_GetItem(lists, k), &level->list[k]) < 0) goto failed;
        level_sort(level);
        if (level_finish(level, weight, k1, (double)live) < 0) {
            PyErr_NoMemory();
            goto failed;
        }
    }
    return (PyObject *)word;
failed:
    Py_DECREF(word);
    return NULL;
}

static PyObject *word_count(PyObject *self, void *Py_UNUSED(closure)) {
    Word *word = (Word *)self;
    return PyLong_FromSize_t(word->level[word->levels - (word->related ? 2 : 1)].count);
}

static PyObject *word_copied(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromSize_t(((Word *)self)->copied);
}

/* ---- Term ---- */

static void term_dealloc(PyObject *self) {
    buffers_free(&((Term *)self)->buffers);
    Py_XDECREF(((Term *)self)->owner);
    free_object(self);
}

static PyObject *term_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *docs, *freqs, *positions, *norms;
    Py_ssize_t base, total;
    if (!PyArg_ParseTuple(args, "OOOOnn", &docs, &freqs, &positions, &norms, &base, &total)) return NULL;
    if (base < 0 || base > total) {
        PyErr_SetString(PyExc_ValueError, "the base is not a document of the index");
        return NULL;
    }
    Term *term = (Term *)new_object(type);
    if (!term) return NULL;
    term->base = (uint32_t)base;
    term->total = (size_t)total;
    if (buffers_new(&term->buffers, 4) < 0 || docs_open(&term->buffers, docs, (size_t)(total - base), &term->docs) < 0 ||
        column_open(&term->buffers, freqs, &term->freqs, 0) < 0 ||
        column_open(&term->buffers, positions, &term->positions, 0) < 0 ||
        norms_open(&term->buffers, norms, (size_t)total, &term->norms) < 0) {
        Py_DECREF(term);
        return NULL;
    }
    if (term->freqs.n != term->docs.n || column_sum(&term->freqs) != term->positions.n) {
        PyErr_SetString(PyExc_ValueError, "the frequencies do not add up to the positions");
        Py_DECREF(term);
        return NULL;
    }
    return (PyObject *)term;
}

/* ---- search ---- */

static int words_open(Arena *arena, PyObject *tuple, PyTypeObject *type, size_t total, const Word ***words, int *count) {
    *count = (int)PyTuple_Size(tuple);
    if (!(*words = arena_new(arena, (size_t)*count * sizeof(Word *), 0))) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0; i < *count; i++) {
        PyObject *word = PyTuple_GetItem(tuple, i);
        if (!PyObject_TypeCheck(word, type) || ((Word *)word)->total != total) {
            PyErr_SetString(PyExc_TypeError, "not a Word of this index");
            return -1;
        }
        (*words)[i] = (const Word *)word;
    }
    return 0;
}

/* Read the pairs: (weight, distance, ((Term, Term), ...)). */
static int pairs_open(Arena *arena, PyObject *tuple, PyTypeObject *type, Query *query) {
    Py_ssize_t count = PyTuple_Size(tuple), groups = 0;
    double weight;
    Py_ssize_t distance;
    PyObject *terms, *first, *second;
    for (Py_ssize_t p = 0; p < count; p++) {
        if (!PyArg_ParseTuple(PyTuple_GetItem(tuple, p), "dnO!", &weight, &distance, &PyTuple_Type, &terms)) return -1;
        groups += PyTuple_Size(terms);
    }
    query->pairs = (int)count;
    query->pair = arena_new(arena, (size_t)count * sizeof(Pair), 0);
    Group *group = arena_new(arena, (size_t)groups * sizeof(Group), 0);
    if (!query->pair || !group) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t p = 0; p < count; p++) {
        if (!PyArg_ParseTuple(PyTuple_GetItem(tuple, p), "dnO", &weight, &distance, &terms)) return -1;
        query->pair[p] = (Pair){(float)weight, distance, (int)PyTuple_Size(terms), group};
        for (int g = 0; g < query->pair[p].groups; g++, group++) {
            if (!PyArg_ParseTuple(PyTuple_GetItem(terms, g), "O!O!", type, &first, type, &second)) return -1;
            *group = (Group){(const Term *)first, (const Term *)second};
            if (group->first->total != query->total || group->second->total != query->total ||
                group->first->base != group->second->base) {
                PyErr_SetString(PyExc_ValueError, "the terms are not of this index");
                return -1;
            }
        }
    }
    return 0;
}

static PyObject *as_lists(const Answer *answer) {
    PyObject *docs = PyList_New((Py_ssize_t)answer->n), *scores = PyList_New((Py_ssize_t)answer->n);
    for (size_t i = 0; docs && scores && i < answer->n; i++) {
        PyObject *doc = PyLong_FromUnsignedLong(answer->hits[i].doc);
        PyObject *score = PyFloat_FromDouble((double)answer->hits[i].score);
        if (!doc || !score || PyList_SetItem(docs, (Py_ssize_t)i, doc) < 0 ||
            PyList_SetItem(scores, (Py_ssize_t)i, score) < 0) {
            Py_CLEAR(docs);
        }
    }
    PyObject *result = NULL;
    if (docs && scores)
        result = Py_BuildValue("(OOnnn)", docs, scores, (Py_ssize_t)answer->complete,
                               (Py_ssize_t)answer->total_complete, (Py_ssize_t)answer->total);
    Py_XDECREF(docs);
    Py_XDECREF(scores);
    return result;
}

static PyObject *search(PyObject *module, PyObject *args) {
    State *state = PyModule_GetState(module);
    Arena arena = {0};
    Query query = {0};
    Answer answer = {0};
    PyObject *words, *optional, *pairs, *mask, *result = NULL;
    Py_buffer view = {0};
    Py_ssize_t total, need, enough, slop, window;
    double bound, k1;
    int failed;
    if (!PyArg_ParseTuple(args, "O!O!O!innnnddOn", &PyTuple_Type, &words, &PyTuple_Type, &optional, &PyTuple_Type, &pairs,
                          &query.mode, &total, &need, &enough, &slop, &bound, &k1, &mask, &window))
        return NULL;
    if (total < 0 || need < 1 || enough < 0 || slop < 0 || window < 1 || !PyTuple_Size(words)) {
        PyErr_SetString(PyExc_ValueError, "a number is out of range, or there is no word");
        return NULL;
    }
    query.total = (size_t)total;
    query.need = (size_t)(need < total ? need : total);
    query.enough = (size_t)enough;
    query.window = (size_t)window;
    query.slop = slop;
    query.bound = (float)bound;
    query.k1 = (float)k1;
    if (mask != Py_None) {
        if (PyObject_GetBuffer(mask, &view, PyBUF_CONTIG_RO) < 0) return NULL;
        query.mask = view.buf;
        if (view.len != total) {
            PyErr_SetString(PyExc_ValueError, "the mask has no byte for each document");
            goto done;
        }
    }
    if (words_open(&arena, words, state->word, query.total, &query.word, &query.words) < 0 ||
        words_open(&arena, optional, state->word, query.total, &query.optional, &query.optionals) < 0 ||
        pairs_open(&arena, pairs, state->term, &query) < 0)
        goto done;
    if (!(answer.hits = arena_new(&arena, query.need * sizeof(Hit), 0))) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    failed = answer_query(&arena, &query, &answer);
    Py_END_ALLOW_THREADS
    if (failed) PyErr_NoMemory();
    else result = as_lists(&answer);
done:
    arena_free(&arena);
    if (query.mask) PyBuffer_Release(&view);
    return result;
}

/* ---- the module ---- */

static PyGetSetDef word_attributes[] = {
    {"count", word_count, NULL, NULL, NULL}, {"copied", word_copied, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot word_slots[] = {
    {Py_tp_new, word_new}, {Py_tp_dealloc, word_dealloc}, {Py_tp_getset, word_attributes}, {0, NULL}};
static PyType_Slot term_slots[] = {{Py_tp_new, term_new}, {Py_tp_dealloc, term_dealloc}, {0, NULL}};
static PyType_Spec word_spec = {"arsearch.kernel._native.Word", sizeof(Word), 0, Py_TPFLAGS_DEFAULT, word_slots};
static PyType_Spec term_spec = {"arsearch.kernel._native.Term", sizeof(Term), 0, Py_TPFLAGS_DEFAULT, term_slots};

/* Call a function for each type of the module. */
#define EACH_TYPE(DO) \
    DO(word) DO(term) DO(filter) DO(matches) DO(terms) DO(articles) DO(postings) DO(commit)

static int module_exec(PyObject *module) {
    State *state = PyModule_GetState(module);
#define ADD(NAME)                                                                                          \
    if (!(state->NAME = (PyTypeObject *)PyType_FromModuleAndSpec(module, &NAME##_spec, NULL))) return -1; \
    if (PyModule_AddType(module, state->NAME) < 0) return -1;
    EACH_TYPE(ADD)
    return PyModule_AddIntConstant(module, "API", API);
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
    State *state = PyModule_GetState(module);
#define VISIT(NAME) Py_VISIT(state->NAME);
    EACH_TYPE(VISIT)
    return 0;
}

static int module_clear(PyObject *module) {
    State *state = PyModule_GetState(module);
#define CLEAR(NAME) Py_CLEAR(state->NAME);
    EACH_TYPE(CLEAR)
    return 0;
}

static PyMethodDef methods[] = {
    {"search", search, METH_VARARGS, NULL},
    {"occurrences", occurrences, METH_VARARGS, NULL},
    {"windows", windows, METH_VARARGS, NULL},
    {"expand", expand, METH_VARARGS, NULL},
    {"encoded_words", encoded_words, METH_VARARGS, NULL},
    {"terms_by_stem", terms_by_stem, METH_VARARGS, NULL},
    {"list_places", list_places, METH_VARARGS, NULL},
    {"passages", passages, METH_VARARGS, NULL},
    {"render", render, METH_VARARGS, NULL},
    {"gather", packed_gather, METH_VARARGS, NULL},
    {"words_with", words_with, METH_VARARGS, NULL},
    {"untrack", untrack_values, METH_O, NULL},
    {"spans_by_key", spans_by_key, METH_VARARGS, NULL},
    {"ends_in_prose", ends_in_prose, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "The compiled form of searches; see _native.pyi.", sizeof(State), methods, slots, module_traverse, module_clear, NULL,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
