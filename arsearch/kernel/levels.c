/* The words of a query with the postings of a commit, of all segments together.

   `arsearch.index.compiled.words` has the same in Python, for the clauses that this module leaves to it. */

#include "commit.h"

/* ---- the lists of a level ---- */

typedef struct {
    const Segment *segment;
    Column docs, freqs[MOST_LISTS]; /* frequencies of each field of the list; without data: zeros */
} Part; /* the postings of one segment */

/* Make room for numbers that a word owns; one of its buffers is used up. */
uint32_t *new_copy(Word *word, size_t count) {
    uint32_t *copy = malloc(count * 4 + 4);
    if (copy) {
        word->buffers.owned[word->buffers.count++] = copy;
        word->copied += count * 4;
    } else PyErr_NoMemory();
    return copy;
}

/* Make a list of parts, for some fields from `first` on; the parts of one segment stay where they are. */
static int list_of_parts(Word *word, const Commit *commit, const Part *parts, int count, int first, int fields, List *list) {
    list->fields = fields;
    list->freqs = calloc((size_t)fields + 1, sizeof(Column));
    list->norms = calloc((size_t)fields + 1, sizeof(float *));
    if (!list->freqs || !list->norms) {
        PyErr_NoMemory();
        return -1;
    }
    size_t total = 0;
    int apart = count > 1, zeros = 0;
    for (int k = 0; k < count; k++) {
        total += parts[k].docs.n;
        apart |= parts[k].segment->base || parts[k].segment->live.buf;
        for (int f = 0; f < fields; f++) zeros |= !parts[k].freqs[f].data;
    }
    for (int f = 0; f < fields; f++) list->norms[f] = commit->norms[first + f];
    if (!apart && !zeros) {
        list->docs = parts->docs;
        memcpy(list->freqs, parts->freqs, (size_t)fields * sizeof(Column));
        return 0;
    }
    uint32_t *docs = new_copy(word, total), *freqs[MOST_LISTS];
    if (!docs) return -1;
    for (int f = 0; f < fields; f++)
        if (!(freqs[f] = new_copy(word, total))) return -1;
    size_t kept = 0;
    for (int k = 0; k < count; k++) {
        const Part *part = &parts[k];
        const uint8_t *live = part->segment->live.buf;
        for (size_t i = 0; i < part->docs.n; i++) {
            uint32_t doc = column_get(&part->docs, i);
            if (live && !live[doc]) continue;
            docs[kept] = doc + (uint32_t)part->segment->base;
            for (int f = 0; f < fields; f++) freqs[f][kept] = part->freqs[f].data ? column_get(&part->freqs[f], i) : 0;
            kept++;
        }
    }
    list->docs = (Column){docs, kept, 4};
    for (int f = 0; f < fields; f++) list->freqs[f] = (Column){freqs[f], kept, 4};
    return 0;
}

#define DENSE_SHARE 64 /* if more than one in 64 documents is found, going through all sorts them faster */

static int by_doc(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

/* Unite the postings of several terms, and add up their frequencies. */
static int unite(Word *word, Part *part, const Column *docs, const Column *freqs, size_t count) {
    size_t total = 0, end = 0, n = 0;
    for (size_t k = 0; k < count; k++) {
        size_t last = column_get(&docs[k], docs[k].n - 1);
        total += docs[k].n;
        end = last >= end ? last + 1 : end;
    }
    uint32_t *found = new_copy(word, total), *sums = found ? new_copy(word, total) : NULL, *by = calloc(end, 4);
    if (!found || !sums || !by) {
        free(by);
        PyErr_NoMemory();
        return -1;
    }
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < docs[k].n; i++) {
            uint32_t doc = column_get(&docs[k], i), freq = column_get(&freqs[k], i);
            if (doc >= end) continue; /* of a file that contradicts itself */
            if (!by[doc] && freq) found[n++] = doc;
            by[doc] += freq;
        }
    if (n > end / DENSE_SHARE) {
        n = 0;
        for (size_t doc = 0; doc < end; doc++)
            if (by[doc]) found[n++] = (uint32_t)doc;
    } else qsort(found, n, 4, by_doc);
    for (size_t i = 0; i < n; i++) sums[i] = by[found[i]];
    free(by);
    part->docs = (Column){found, n, 4};
    part->freqs[0] = (Column){sums, n, 4};
    return 0;
}

/* ---- levels ---- */

#define MOST_LEVELS 8
#define MOST_CLAUSES 16

typedef struct {
    enum { NORMALISED, STEM, ROOT, PHRASE } kind;
    PyObject *terms; /* any of them; the stem of a root; the words of a phrase */
} Clause;

typedef struct {
    double weight;
    PyObject *lists; /* NULL, or the lists that Python has looked up */
    int clauses;
    Clause clause[MOST_CLAUSES]; /* any of them */
} Source; /* of a level */

static int is_root(const Source *source) { return source->clauses == 1 && source->clause[0].kind == ROOT; }

/* Append a list to a level, unless it has no documents. */
static int add_list(Word *word, const Commit *commit, const Part *parts, int count, int first, int fields, Level *level) {
    List *list = &level->list[level->lists++];
    if (list_of_parts(word, commit, parts, count, first, fields, list) < 0) return -1;
    if (list->docs.n) return 0;
    free(list->freqs); /* all documents are deleted */
    free(list->norms);
    memset(list, 0, sizeof(List));
    level->lists--;
    return 0;
}

/* Read the level of a root: one list for all fields together. */
static int root_level(Word *word, const Commit *commit, Part *parts, const Py_ssize_t *roots, Level *level) {
    int count = 0;
    for (int s = 0; s < commit->segments; s++) {
        const Segment *segment = &commit->segment[s];
        size_t low, high;
        int found = find_root_postings(segment, roots[s], &low, &high);
        if (found < 0) return -1;
        if (!found) continue;
        Part *part = &parts[count++];
        *part = (Part){segment, checked_column(&segment->root_docs, low, high), {{0}}};
        for (int f = 0; f < commit->fields; f++) {
            const Numbers *freqs = &segment->field[f].root_freqs;
            if (!freqs->values.array) continue;
            if (numbers_verify(freqs, low, high) < 0) return -1;
            part->freqs[f] = numbers_column(freqs, low, high);
        }
    }
    return count ? add_list(word, commit, parts, count, 0, commit->fields, level) : 0;
}

typedef struct {
    Column docs[MOST_TERMS], freqs[MOST_TERMS];
    size_t count;
    int rooted; /* whether a frequency may be 0 */
} Columns;

/* Add the postings of a clause in a field of a segment. */
static int add_columns(Word *word, const Segment *segment, int f, const Clause *clause, Py_ssize_t root, Columns *columns) {
    const Field *field = &segment->field[f];
    size_t low, high, ordinal, ordinals[MOST_TERMS], first = columns->count;
    int found;
    if (clause->kind == ROOT) {
        if ((found = find_root_postings(segment, root, &low, &high)) < 0) return -1;
        if (!found || !field->root_freqs.values.array) return 0;
        if (numbers_verify(&field->root_freqs, low, high) < 0) return -1;
        columns->docs[columns->count] = checked_column(&segment->root_docs, low, high);
        columns->freqs[columns->count++] = numbers_column(&field->root_freqs, low, high);
        columns->rooted = 1;
        return 0;
    }
    if (clause->kind == PHRASE) {
        found = phrase_postings(word, field, clause->terms, &columns->docs[columns->count], &columns->freqs[columns->count]);
        columns->count += found > 0;
        return found < 0 ? -1 : 0;
    }
    const Postings *postings = clause->kind == STEM ? field->stems : field->normalised;
    for (Py_ssize_t t = 0; t < PyTuple_Size(clause->terms); t++) {
        if ((found = find_postings(postings, PyTuple_GetItem(clause->terms, t), &ordinal, &low, &high)) < 0) return -1;
        for (size_t k = first; found && k < columns->count; k++) found = ordinals[k - first] != ordinal;
        if (!found) continue;
        ordinals[columns->count - first] = ordinal;
        columns->docs[columns->count] = checked_column(&postings->docs, low, high);
        columns->freqs[columns->count++] = numbers_column(&postings->freqs, low, high);
    }
    return 0;
}

/* Read a level: a list for each field that has one of the terms. */
static int term_level(Word *word, const Commit *commit, Part *parts, const Source *source, const Py_ssize_t *roots, Level *level) {
    Columns columns;
    for (int f = 0; f < commit->fields; f++) {
        int count = 0;
        for (int s = 0; s < commit->segments; s++) {
            const Segment *segment = &commit->segment[s];
            columns.count = 0;
            columns.rooted = 0;
            for (int k = 0; k < source->clauses; k++)
                if (add_columns(word, segment, f, &source->clause[k], roots[s], &columns) < 0) return -1;
            if (!columns.count) continue;
            parts[count] = (Part){segment, columns.docs[0], {columns.freqs[0]}};
            if (columns.count > 1 || columns.rooted) {
                if (unite(word, &parts[count], columns.docs, columns.freqs, columns.count) < 0) return -1;
                if (!parts[count].docs.n) continue;
            }
            count++;
        }
        if (count && add_list(word, commit, parts, count, f, 1, level) < 0) return -1;
    }
    return 0;
}

/* Read the lists of a level that Python has looked up. */
static int given_level(Word *word, PyObject *lists, Level *level) {
    level->lists = (int)PyList_Size(lists);
    for (int k = 0; k < level->lists; k++)
        if (list_open(word, PyList_GetItem(lists, k), &level->list[k]) < 0) return -1;
    return 0;
}

/* ---- words ---- */

int is_stem(PyObject *level) { return !PyUnicode_CompareWithASCIIString(level, "stem"); }

/* Count the terms of all words of a phrase; 0 if one has none, or -1. */
static Py_ssize_t count_terms(PyObject *parts) {
    PyObject *level, *terms;
    Py_ssize_t place, count = 0;
    for (Py_ssize_t p = 0; p < PyTuple_Size(parts); p++) {
        if (!PyArg_ParseTuple(PyTuple_GetItem(parts, p), "n(UO!)", &place, &level, &PyTuple_Type, &terms)) return -1;
        if (!PyTuple_Size(terms)) return 0;
        count += PyTuple_Size(terms);
    }
    return count;
}

/* Read a TermsClause, a RootClause or a phrase; return the number of its terms, 0 for a clause that is left to Python, or
   -1. */
static Py_ssize_t clause_open(PyObject *object, Clause *clause) {
    PyObject *name;
    if (!PyTuple_Check(object)) return 0;
    if (PyTuple_Size(object) == 1) {
        *clause = (Clause){ROOT, object};
        return 1;
    }
    if (!PyArg_ParseTuple(object, "UO!", &name, &PyTuple_Type, &clause->terms)) return -1;
    if (!PyUnicode_CompareWithASCIIString(name, "phrase")) {
        clause->kind = PHRASE;
        return count_terms(clause->terms);
    }
    clause->kind = is_stem(name) ? STEM : NORMALISED;
    return PyTuple_Size(clause->terms);
}

/* Read the levels of a clause; return how many, 0 if one is left to Python, or -1. */
static int sources_open(PyObject *levels, Source *sources) {
    Py_ssize_t count = PyTuple_Size(levels);
    if (count > MOST_LEVELS) return 0;
    for (Py_ssize_t l = 0; l < count; l++) {
        PyObject *object;
        Source *source = &sources[l];
        Py_ssize_t size, terms = 0;
        source->lists = NULL;
        source->clauses = 0;
        if (!PyArg_ParseTuple(PyTuple_GetItem(levels, l), "dO", &source->weight, &object)) return -1;
        if (!(source->weight > 0)) return 0;
        if (PyList_Check(object)) {
            source->lists = object;
            continue;
        }
        int united = PyTuple_Check(object) && PyTuple_Size(object) == 3; /* (kind, "", clauses) of a UnionClause */
        PyObject *clauses = united ? PyTuple_GetItem(object, 2) : NULL;
        source->clauses = united ? (int)PyTuple_Size(clauses) : 1;
        if (source->clauses < 1 || source->clauses > MOST_CLAUSES) return PyErr_Occurred() ? -1 : 0;
        for (int k = 0; k < source->clauses; k++) {
            size = clause_open(united ? PyTuple_GetItem(clauses, k) : object, &source->clause[k]);
            if (size <= 0 || (terms += size) > MOST_TERMS) return size < 0 ? -1 : 0;
        }
    }
    return (int)count;
}

/* Tell whether two clauses have the same terms. */
static int is_same(const Clause *one, const Clause *other) {
    int same = one->kind == other->kind ? PyObject_RichCompareBool(one->terms, other->terms, Py_EQ) : 0;
    PyErr_Clear();
    return same == 1;
}

/* Make one level of the stem level and the root level of a word whose stem has no relatives; the last level is the root's.
   Its RootClause, a tuple of the stem, stands for the terms of the stem. */
static int join_root(Source *sources, int count) {
    Source *root = &sources[count - 1], *before = count > 1 ? root - 1 : NULL;
    root->clause[0].kind = STEM;
    if (!before || before->clauses != root->clauses) return count;
    for (int k = 0; k < root->clauses; k++)
        if (!is_same(&root->clause[k], &before->clause[k])) return count;
    before->weight += root->weight;
    return count - 1;
}

static Word *word_of(const Commit *commit, State *state, const Source *sources, int count, int related,
                     const Py_ssize_t *roots, Part *parts) {
    Py_ssize_t arrays = (Py_ssize_t)count * commit->fields * (3 + 2 * commit->segments), given;
    for (int l = 0; l < count; l++) {
        if (sources[l].lists) {
            if ((given = count_arrays(sources[l].lists)) < 0) return NULL;
            arrays += given;
        }
        for (int k = 0; k < sources[l].clauses; k++)
            if (sources[l].clause[k].kind == PHRASE) arrays += (Py_ssize_t)commit->fields * 2 * commit->segments;
    }
    Word *word = (Word *)new_object(state->word);
    if (!word) return NULL;
    word->related = related;
    word->k1 = (float)commit->k1;
    word->total = commit->total;
    word->owner = Py_NewRef((PyObject *)commit);
    word->levels = count;
    word->level = calloc((size_t)count + 1, sizeof(Level));
    if (buffers_new(&word->buffers, arrays) < 0) goto failed;
    if (!word->level) goto no_memory;
    for (int l = 0; l < count; l++) {
        Level *level = &word->level[l];
        const Source *source = &sources[l];
        size_t most = (size_t)(source->lists ? PyList_Size(source->lists) : commit->fields) + 1;
        if (!(level->list = calloc(most, sizeof(List)))) goto no_memory;
        if ((source->lists      ? given_level(word, source->lists, level)
             : is_root(source) ? root_level(word, commit, parts, roots, level)
                               : term_level(word, commit, parts, source, roots, level)) < 0)
            goto failed;
        level_sort(level);
        if (level_finish(level, source->weight, commit->k1, (double)commit->live) < 0) goto no_memory;
    }
    return word;
no_memory:
    PyErr_NoMemory();
failed:
    Py_DECREF(word);
    return NULL;
}

PyObject *commit_word(PyObject *self, PyObject *args) {
    Commit *commit = (Commit *)self;
    PyObject *levels;
    Source sources[MOST_LEVELS];
    int related, roots_at = -1, family = 0;
    if (!PyArg_ParseTuple(args, "O!p", &PyTuple_Type, &levels, &related)) return NULL;
    int count = sources_open(levels, sources);
    if (count < 0) return NULL;
    for (int l = 0; l < count; l++)
        for (int k = 0; k < sources[l].clauses; k++)
            if (sources[l].clause[k].kind == ROOT) roots_at = k || roots_at >= 0 ? count : l;
    if (!count || roots_at != (related ? count - 1 : -1)) Py_RETURN_NONE;
    Py_ssize_t *roots = calloc((size_t)commit->segments + 1, sizeof(Py_ssize_t));
    Part *parts = malloc(((size_t)commit->segments + 1) * sizeof(Part));
    Word *word = NULL;
    if (!roots || !parts) PyErr_NoMemory();
    else {
        if (related) family = find_roots(commit, PyTuple_GetItem(sources[count - 1].clause[0].terms, 0), roots);
        if (family == ALONE) {
            count = join_root(sources, count);
            related = 0;
        }
        if (family == 0 || family == ALONE)
            word = word_of(commit, PyType_GetModuleState(Py_TYPE(self)), sources, count, related, roots, parts);
    }
    free(roots);
    free(parts);
    if (family == UNKNOWN) Py_RETURN_NONE;
    return (PyObject *)word;
}
