/* The best documents of a query of words, in one call that holds no lock.

   The module computes what the array operations of arsearch.index.execution compute, in 32-bit floats too: BM25F over
   fields and levels, the bonus of neighbouring words, and the order of a page. Documents rise in every list. The arrays
   come from Python through the buffer protocol, verified, and stay as long as the objects that hold them. */

#include "columns.h"

#include <math.h>

#define SEEK_COST 16  /* documents that can be marked while one is looked up */
#define MANY_SHARE 32 /* if more than one in 32 documents has all words, levels are added to all their documents */

/* ---- columns: arrays of whole numbers or of floats ---- */

int column_open(Buffers *buffers, PyObject *object, Column *column, int floats) {
    Py_buffer *view = &buffers->views[buffers->count];
    if (PyObject_GetBuffer(object, view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) return -1;
    void **owned = &buffers->owned[buffers->count++];
    *owned = NULL;
    const char *format = view->format ? view->format : "B";
    while (*format == '<' || *format == '=' || *format == '@') format++;
    size_t count = (size_t)(view->len / view->itemsize);
    int real = *format == 'f' || *format == 'd';
    column->n = count;
    column->data = view->buf;
    column->size = real ? -(int)view->itemsize : (int)view->itemsize;
    if (view->ndim != 1 || !strchr("?BHILQbhilqfd", *format) || (real && !floats)) {
        PyErr_Format(PyExc_TypeError, "an array of type %s is no column", view->format ? view->format : "B");
        return -1;
    }
    if (view->itemsize == 8) { /* few searches have such arrays: copies of numbers that fit into 32 bits */
        if (!(*owned = malloc(count * 4 + 1))) {
            PyErr_NoMemory();
            return -1;
        }
        for (size_t i = 0; i < count; i++) {
            if (real) ((float *)*owned)[i] = (float)((const double *)view->buf)[i];
            else ((uint32_t *)*owned)[i] = (uint32_t)((const uint64_t *)view->buf)[i];
        }
        column->data = *owned;
        column->size = real ? -4 : 4;
    }
    return 0;
}

/* ---- memory of one call ---- */

void *arena_new(Arena *arena, size_t bytes, int zero) {
    if (arena->count == ARENA_SLOTS) return NULL;
    void *block = zero ? calloc(bytes + 1, 1) : malloc(bytes + 1);
    if (block) arena->blocks[arena->count++] = block;
    return block;
}

/* Free all blocks but the first ones. */
void arena_cut(Arena *arena, int kept) {
    while (arena->count > kept) free(arena->blocks[--arena->count]);
}

void arena_free(Arena *arena) { arena_cut(arena, 0); }

/* ---- documents of a level ---- */

/* Read the documents of any list of a level. */
static int level_docs(Arena *arena, const Level *level, Docs *out) {
    size_t total = 0;
    for (int i = 0; i < level->lists; i++) total += level->list[i].docs.n;
    out->n = 0;
    if (!(out->docs = arena_new(arena, total * 4, 0))) return -1;
    for (int i = 0; i < level->lists; i++) {
        const Column *column = &level->list[i].docs;
        if (!out->n) {
            read_numbers(column, 0, column->n, out->docs);
            out->n = column->n;
            continue;
        }
        /* Merge from the end: what is left of the own documents stays where it is. */
        size_t own = out->n, other = column->n, at = own + other, common = 0;
        while (other) {
            uint32_t doc = get(column, other - 1);
            while (own && out->docs[own - 1] > doc) out->docs[--at] = out->docs[--own];
            if (own && out->docs[own - 1] == doc) own--, common++;
            out->docs[--at] = doc;
            other--;
        }
        memmove(out->docs + own, out->docs + at, (out->n + column->n - at) * 4);
        out->n += column->n - common;
    }
    return 0;
}

/* Keep the documents that a level has: by `marks`, a byte for each document, if it has not many more. */
static void keep_common(const Query *query, Docs *docs, const Level *level, uint8_t *marks) {
    size_t cursor[MOST_LISTS] = {0}, kept = 0;
    if (level_size(level) < SEEK_COST * docs->n) {
        memset(marks, 0, query->total);
        mark_level(level, marks, 0);
        for (size_t i = 0; i < docs->n; i++)
            if (marks[docs->docs[i]]) docs->docs[kept++] = docs->docs[i];
        docs->n = kept;
        return;
    }
    for (size_t i = 0; i < docs->n; i++) {
        uint32_t doc = docs->docs[i];
        for (int k = 0; k < level->lists; k++) {
            const Column *column = &level->list[k].docs;
            cursor[k] = seek(column, cursor[k], doc);
            if (cursor[k] < column->n && get(column, cursor[k]) == doc) {
                docs->docs[kept++] = doc;
                break;
            }
        }
    }
    docs->n = kept;
}

/* Read the documents that all words have, and that the mask lets through. */
static int docs_with_all(Arena *arena, const Query *query, int loose, Docs *out) {
    const Level *first = level_of(query->word[0], loose);
    out->docs = NULL;
    out->n = 0;
    for (int i = 0; i < query->words; i++) {
        const Level *level = level_of(query->word[i], loose);
        if (level_size(level) < level_size(first)) first = level;
    }
    if (!level_size(first)) return 0;
    uint8_t *marks = query->words > 1 ? arena_new(arena, query->total, 0) : NULL;
    if ((query->words > 1 && !marks) || level_docs(arena, first, out) < 0) return -1;
    for (int i = 0; i < query->words && out->n; i++) {
        const Level *level = level_of(query->word[i], loose);
        if (level != first) keep_common(query, out, level, marks);
    }
    if (query->mask) {
        size_t kept = 0;
        for (size_t i = 0; i < out->n; i++)
            if (query->mask[out->docs[i]]) out->docs[kept++] = out->docs[i];
        out->n = kept;
    }
    return 0;
}

/* ---- scores ---- */

/* Add the weighted frequencies of a list in some documents: skip through the longer of the two. */
void add_weighted_at(const List *list, const Docs *docs, float *tf) {
    size_t cursor = 0;
    if (list->docs.n < docs->n) {
        Column given = {docs->docs, docs->n, 4};
        for (size_t i = 0; i < list->docs.n; i++) {
            uint32_t doc = get(&list->docs, i);
            cursor = seek(&given, cursor, doc);
            if (cursor == docs->n) break;
            if (docs->docs[cursor] == doc) tf[cursor] += weighted(list, i, doc);
        }
        return;
    }
    for (size_t i = 0; i < docs->n; i++) {
        cursor = seek(&list->docs, cursor, docs->docs[i]);
        if (cursor == list->docs.n) break;
        if (get(&list->docs, cursor) == docs->docs[i]) tf[i] += weighted(list, cursor, docs->docs[i]);
    }
}

/* Add the scores of words in some documents. `tf` and `own` have room for all of them. */
static void add_scores_at(const Word *word, const Docs *docs, float *scores, float *tf, float *own) {
    memset(own, 0, docs->n * sizeof(float));
    for (int l = 0; l < word->levels; l++) {
        const Level *level = &word->level[l];
        memset(tf, 0, docs->n * sizeof(float));
        for (int k = 0; k < level->lists; k++) add_weighted_at(&level->list[k], docs, tf);
        for (size_t i = 0; i < docs->n; i++) own[i] += saturated(tf[i], word->k1, level->limit);
    }
    for (size_t i = 0; i < docs->n; i++) scores[i] += own[i];
}

/* ---- the best documents ---- */

static int by_score(const void *one, const void *other) {
    const Hit *a = one, *b = other;
    if (a->score != b->score) return a->score < b->score ? 1 : -1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

/* Put further hits among the best so far, of which `need` are kept; both are in order. Return how many there are. */
size_t merge_hits(Hit *hits, size_t count, const Hit *more, size_t added, size_t need) {
    for (size_t i = 0; i < added; i++) {
        if (count == need && by_score(&more[i], &hits[count - 1]) > 0) break;
        size_t at = count < need ? count++ : count - 1;
        for (; at && by_score(&hits[at - 1], &more[i]) > 0; at--) hits[at] = hits[at - 1];
        hits[at] = more[i];
    }
    return count;
}

/* Keep the documents with a score of `least` at least, in place. */
static void keep_reaching(Docs *docs, float *scores, float least) {
    size_t kept = 0;
    for (size_t i = 0; i < docs->n; i++)
        if (scores[i] >= least) {
            docs->docs[kept] = docs->docs[i];
            scores[kept++] = scores[i];
        }
    docs->n = kept;
}

/* Append the `need` best of documents, which are at least as many, to the hits, after adding their bonuses; return how
   many, or -1. */
Py_ssize_t add_hits(Arena *arena, const Query *query, Docs docs, float *scores, size_t need, Hit *hits) {
    Heap heap = {arena_new(arena, need * sizeof(float), 0), 0, need};
    float *bonus = arena_new(arena, docs.n * sizeof(float), 0), *tf = arena_new(arena, docs.n * sizeof(float), 0);
    if (!heap.values || !bonus || !tf) return -1;
    if (query->pairs) read_bonus(query, &docs, bonus, tf);
    else memset(bonus, 0, docs.n * sizeof(float));
    for (size_t i = 0; i < docs.n; i++) heap_add(&heap, scores[i] += bonus[i]);
    keep_reaching(&docs, scores, heap_least(&heap));
    Hit *found = arena_new(arena, docs.n * sizeof(Hit), 0);
    if (!found) return -1;
    for (size_t i = 0; i < docs.n; i++) found[i] = (Hit){docs.docs[i], scores[i]};
    qsort(found, docs.n, sizeof(Hit), by_score);
    memcpy(hits, found, need * sizeof(Hit));
    return (Py_ssize_t)need;
}

/* Append the `need` best of some documents, with their bonuses, to the hits; return how many, or -1. */
static Py_ssize_t add_best(Arena *arena, const Query *query, Docs docs, float *scores, size_t need, Hit *hits) {
    if (!docs.n || !need) return 0;
    if (need > docs.n) need = docs.n;
    Heap heap = {arena_new(arena, need * sizeof(float), 0), 0, need};
    float *bonus = arena_new(arena, docs.n * sizeof(float), 0), *tf = arena_new(arena, docs.n * sizeof(float), 0);
    if (!heap.values || !bonus || !tf) return -1;
    for (size_t i = 0; i < docs.n; i++) heap_add(&heap, scores[i]);
    float least = heap_least(&heap);
    keep_reaching(&docs, scores, query->bound > 0 ? least * (1 - ROUNDING) - query->bound : least);
    if (query->bound > 0 && docs.n > 4 * need) {
        /* The bonuses of the best raise the score that the last hit has at least. */
        Docs best = {arena_new(arena, docs.n * 4, 0), 0};
        if (!best.docs) return -1;
        float *own = arena_new(arena, docs.n * sizeof(float), 0);
        if (!own) return -1;
        for (size_t i = 0; i < docs.n; i++)
            if (scores[i] >= least) {
                own[best.n] = scores[i];
                best.docs[best.n++] = docs.docs[i];
            }
        read_bonus(query, &best, bonus, tf);
        heap.n = 0;
        for (size_t i = 0; i < best.n; i++) heap_add(&heap, own[i] + bonus[i]);
        keep_reaching(&docs, scores, heap_least(&heap) * (1 - ROUNDING) - query->bound);
    }
    return add_hits(arena, query, docs, scores, need, hits);
}

/* Add the scores of all words of a query in some documents that have the needed ones. */
void add_all_scores_at(const Query *query, const Docs *docs, float *scores, float *tf, float *own) {
    for (int i = 0; i < query->words; i++) add_scores_at(query->word[i], docs, scores, tf, own);
    for (int i = 0; i < query->optionals; i++) add_scores_at(query->optional[i], docs, scores, tf, own);
}

static int add_best_of(Arena *arena, const Query *query, Docs docs, int loose, Answer *answer) {
    float *scores = arena_new(arena, docs.n * sizeof(float), 1);
    float *tf = arena_new(arena, docs.n * sizeof(float), 0), *own = arena_new(arena, docs.n * sizeof(float), 0);
    if (!scores || !tf || !own) return -1;
    add_all_scores_at(query, &docs, scores, tf, own);
    Py_ssize_t added = add_best(arena, query, docs, scores, query->need - answer->n, answer->hits + answer->n);
    if (added < 0) return -1;
    answer->n += (size_t)added;
    if (!loose) answer->complete = (size_t)added;
    return 0;
}

/* Answer a query. */
int answer_query(Arena *arena, const Query *query, Answer *answer) {
    if (query->mode == ANY) return find_any(arena, query, NULL, answer);
    Docs complete, all;
    if (docs_with_all(arena, query, 0, &complete) < 0) return -1;
    if (query->mode == AUTO && complete.n < query->enough) return find_any(arena, query, &complete, answer);
    answer->total = answer->total_complete = complete.n;
    int related = 0;
    for (int i = 0; i < query->words; i++) related |= query->word[i]->related;
    all.n = 0;
    int enough = complete.n >= query->need;
    if (related && enough && query->words == 1 && !query->mask) answer->total = level_of(query->word[0], 1)->count;
    else if (related) {
        if (docs_with_all(arena, query, 1, &all) < 0) return -1;
        answer->total = all.n;
    }
    if (enough && complete.n > query->total / MANY_SHARE) return find_all(arena, query, &complete, answer);
    if (related && !enough && all.n > complete.n) {
        size_t kept = 0, at = 0;
        for (size_t i = 0; i < all.n; i++) {
            while (at < complete.n && complete.docs[at] < all.docs[i]) at++;
            if (at == complete.n || complete.docs[at] != all.docs[i]) all.docs[kept++] = all.docs[i];
        }
        all.n = kept;
    } else all.n = 0;
    if (add_best_of(arena, query, complete, 0, answer) < 0) return -1;
    return all.n ? add_best_of(arena, query, all, 1, answer) : 0;
}

/* ---- what Python calls when it makes a word or a term ---- */

static size_t count_common(const Column *one, const Column *other) {
    size_t count = 0, at = 0;
    for (size_t i = 0; i < other->n; i++) {
        uint32_t doc = get(other, i);
        at = seek(one, at, doc);
        if (at == one->n) break;
        count += get(one, at) == doc;
    }
    return count;
}

static int longer_first(const void *one, const void *other) {
    size_t a = ((const List *)one)->docs.n, b = ((const List *)other)->docs.n;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* Bring the lists of a level into their order. */
void level_sort(Level *level) { qsort(level->list, (size_t)level->lists, sizeof(List), longer_first); }

/* Count the documents of a level, and compute the limit of their scores. */
int level_finish(Level *level, double weight, double k1, double live) {
    Docs docs = {NULL, level_size(level)};
    if (level->lists == 2) docs.n -= count_common(&level->list[0].docs, &level->list[1].docs);
    else if (level->lists > 2) {
        Arena arena = {0};
        int failed = level_docs(&arena, level, &docs);
        arena_free(&arena);
        if (failed) return -1;
    }
    level->count = docs.n;
    double count = (double)docs.n;
    double idf = log1p(((live > count ? live : count) - count + 0.5) / (count + 0.5));
    level->limit = (float)(weight * (k1 + 1) * idf);
    return 0;
}

uint32_t column_get(const Column *column, size_t at) { return get_number(column, at); }

size_t column_sum(const Column *column) {
    return column->size == PACKED ? packed_sum(column) : sum(column, 0, column->n);
}

int column_is_below(const Column *column, size_t total) {
    return !column->n || get(column, column->n - 1) < total;
}
