/* The best documents of a window with any of the words of a query.

   Levels that add much and have few documents come first. As soon as the levels that are left cannot bring a document
   without a score among the best, only the documents that may still be among them are looked up in these levels (MaxScore:
   Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995). The best documents are then scored anew, level
   by level in the order of the query, so that leaving documents out changes no bit of a score. */

#include "max_score.h"

#define LANES 8
#define SEEK_COST 5 /* postings that can be scored while one document is looked up in a list */

static const float NEVER = -1e30f; /* the score of a document that is not searched */

/* ---- all documents of a level ---- */

/* Add the score of a level to each of its documents. `shared`, zeros for all documents, collects what the shorter lists add
   to documents of the longest. */
static void add_level(const Word *word, const Level *level, const Tier *tier) {
    float *scores = tier->scores - tier->base, *shared = tier->shared - tier->base; /* by document of the index */
    uint32_t docs[BLOCK];
    float tf[BLOCK];
    for (int k = 1; k <= level->lists; k++) { /* the longest list, which is the first, comes last */
        const List *list = &level->list[k % level->lists];
        for (size_t at = 0; at < list->docs.n; at += BLOCK) {
            size_t n = list->docs.n - at < BLOCK ? list->docs.n - at : BLOCK;
            read_numbers(&list->docs, at, n, docs);
            read_weighted(list, at, n, docs, tf);
            if (k < level->lists) {
                for (size_t i = 0; i < n; i++) shared[docs[i]] += tf[i];
                continue;
            }
            if (level->lists > 1)
                for (size_t i = 0; i < n; i++) {
                    tf[i] += shared[docs[i]];
                    shared[docs[i]] = 0;
                }
            for (size_t i = 0; i < n; i++) tf[i] = saturated(tf[i], word->k1, level->limit);
            for (size_t i = 0; i < n; i++) scores[docs[i]] += tf[i];
        }
    }
    for (int k = 1; k < level->lists; k++) {
        const Column *column = &level->list[k].docs;
        for (size_t i = 0; i < column->n; i++) {
            uint32_t doc = get(column, i);
            scores[doc] += saturated(shared[doc], word->k1, level->limit);
            shared[doc] = 0;
        }
    }
}

/* Set the marks of the documents of a level; the first mark is that of the document `base`. */
void mark_level(const Level *level, uint8_t *marks, size_t base) {
    uint32_t docs[BLOCK];
    for (int k = 0; k < level->lists; k++) {
        const Column *column = &level->list[k].docs;
        for (size_t at = 0; at < column->n; at += BLOCK) {
            size_t n = column->n - at < BLOCK ? column->n - at : BLOCK;
            read_numbers(column, at, n, docs);
            for (size_t i = 0; i < n; i++) marks[docs[i] - base] = 1;
        }
    }
}

/* ---- some documents ---- */

/* Add the score of a level to some documents, in the order of additions of `add_level`. */
static void add_level_at(const Word *word, const Level *level, const Docs *docs, float *scores, float *tf) {
    memset(tf, 0, docs->n * sizeof(float));
    for (int k = 1; k <= level->lists; k++) add_weighted_at(&level->list[k % level->lists], docs, tf);
    for (size_t i = 0; i < docs->n; i++) scores[i] += saturated(tf[i], word->k1, level->limit);
}

static void add_words_at(const Word **words, int count, const Docs *docs, float *scores, float *tf) {
    for (int i = 0; i < count; i++)
        for (int l = 0; l < words[i]->levels; l++) add_level_at(words[i], &words[i]->level[l], docs, scores, tf);
}

/* ---- thresholds ---- */

/* Return the highest of some scores; LANES columns of comparisons need no order, so the compiler makes them vectors. */
static float highest_of(const float *scores, size_t n) {
    float lanes[LANES] = {0}, most = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++) lanes[k] = scores[i + k] > lanes[k] ? scores[i + k] : lanes[k];
    for (; i < n; i++) most = scores[i] > most ? scores[i] : most;
    for (int k = 0; k < LANES; k++) most = lanes[k] > most ? lanes[k] : most;
    return most;
}

/* Return a score that at least `need` documents reach, and nearly the highest such one; 0 if fewer have a score. */
static float threshold(Search *search) {
    size_t total = search->tier.size, blocks = (total + STRIDE - 1) / STRIDE;
    Heap heap = {search->highest + blocks, 0, search->need};
    for (size_t block = 0, low = 0; block < blocks; block++, low += STRIDE) {
        float highest = highest_of(search->tier.scores + low, total - low < STRIDE ? total - low : STRIDE);
        search->highest[block] = highest;
        if (heap.n < heap.size || highest > heap.values[0]) heap_add(&heap, highest);
    }
    return heap_least(&heap);
}

/* Count the documents that have a score, of `low` at least, and list them if there is a list; `highest` is up to date. */
static size_t reaching(const Search *search, float low, uint32_t *docs) {
    size_t count = 0, total = search->tier.size;
    for (size_t block = 0; block * STRIDE < total; block++) {
        if (search->highest[block] < low || search->highest[block] <= 0) continue;
        size_t high = (block + 1) * STRIDE < total ? (block + 1) * STRIDE : total;
        for (size_t doc = block * STRIDE; doc < high; doc++) {
            if (docs) docs[count] = (uint32_t)(search->tier.base + doc);
            count += search->tier.scores[doc] > 0 && search->tier.scores[doc] >= low;
        }
    }
    return count;
}

/* ---- the best documents of a tier ---- */

static int by_doc(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

static void make_distinct(Docs *docs) {
    size_t kept = 0;
    qsort(docs->docs, docs->n, 4, by_doc);
    for (size_t i = 0; i < docs->n; i++)
        if (!kept || docs->docs[kept - 1] != docs->docs[i]) docs->docs[kept++] = docs->docs[i];
    docs->n = kept;
}

/* Add the levels to all their documents, until the others can be looked up; return the number of levels added. */
static int add_levels(Search *search) {
    size_t left = 0, lists = 0; /* postings and lists of the levels that are left */
    for (int i = 0; i < search->entries; i++) {
        left += search->entry[i].size;
        lists += (size_t)search->entry[i].part.lists;
    }
    for (int i = 0; i < search->entries; i++) {
        Entry *entry = &search->entry[i];
        if (i && entry->size > search->tier.size / 16) {
            float least = threshold(search) * (1 - ROUNDING);
            if (least < search->least) least = search->least;
            if (least > entry->rest && reaching(search, least - entry->rest, NULL) * lists * SEEK_COST < left)
                return i;
        }
        if (entry->size) add_level(entry->word, &entry->part, &search->tier);
        left -= entry->size;
        lists -= (size_t)entry->part.lists;
    }
    return search->entries;
}

/* Keep the documents that reach a score with all that their pairs may add. */
static void keep_reaching(const Search *search, Docs *docs, float *scores, float least) {
    size_t kept = 0;
    for (size_t i = 0; i < docs->n; i++)
        if (scores[i] + search->tier.shared[docs->docs[i] - search->tier.base] >= least) {
            docs->docs[kept] = docs->docs[i];
            scores[kept++] = scores[i];
        }
    docs->n = kept;
}

/* Return a score that the last hit has at least: that of the documents with the highest scores, with their bonuses. It is
   much more than `least` where many documents have a pair. */
static float with_bonuses(const Search *search, float least) {
    Search more = *search;
    size_t blocks = (search->tier.size + STRIDE - 1) / STRIDE;
    more.need = search->need * SAMPLE < blocks ? search->need * SAMPLE : blocks;
    if (more.need < search->need || !(more.highest = arena_new(search->arena, (blocks + more.need) * sizeof(float), 0)))
        return least;
    float low = threshold(&more);
    Docs docs = {NULL, reaching(&more, low, NULL)};
    Heap heap = {arena_new(search->arena, search->need * sizeof(float), 0), 0, search->need};
    float *bonus = arena_new(search->arena, docs.n * sizeof(float), 0);
    float *tf = arena_new(search->arena, docs.n * sizeof(float), 0);
    docs.docs = arena_new(search->arena, (docs.n + 1) * 4, 0);
    if (!heap.values || !bonus || !tf || !docs.docs) return least;
    reaching(&more, low, docs.docs);
    read_bonus(search->query, &docs, bonus, tf);
    for (size_t i = 0; i < docs.n; i++) heap_add(&heap, search->tier.scores[docs.docs[i] - search->tier.base] + bonus[i]);
    float raised = heap_least(&heap);
    return raised > least ? raised : least;
}

/* Keep the documents that may be among the best, whose score is `least` or more, when the levels from `added` on, optional
   words and pairs count too. */
static int narrow(const Search *search, int added, float least, Docs *docs, float *scores, float *tf) {
    const Query *query = search->query;
    for (size_t i = 0; i < docs->n; i++) {
        scores[i] = search->tier.scores[docs->docs[i] - search->tier.base];
        if (scores[i] < 0) scores[i] = 0;
    }
    for (int e = added; e < search->entries; e++)
        add_level_at(search->entry[e].word, &search->entry[e].part, docs, scores, tf);
    add_words_at(query->optional, query->optionals, docs, scores, tf);
    Heap heap = {arena_new(search->arena, search->need * sizeof(float), 0), 0, search->need};
    if (!heap.values) return -1;
    for (size_t i = 0; i < docs->n; i++) heap_add(&heap, scores[i]);
    float lowest = heap_least(&heap);
    keep_reaching(search, docs, scores, (lowest > least ? lowest : least) * (1 - ROUNDING));
    return 0;
}

/* Append the best of some documents to the hits; return how many, or -1. `scores` and `tf` have room for all of them. */
static Py_ssize_t add_best_docs(const Search *search, Docs docs, float *scores, float *tf, Hit *hits) {
    const Query *query = search->query;
    if (!docs.n || !search->need) return 0;
    memset(scores, 0, docs.n * sizeof(float));
    if (search->all) {
        float *own = arena_new(search->arena, docs.n * sizeof(float), 0);
        if (!own) return -1;
        add_all_scores_at(query, &docs, scores, tf, own);
    } else {
        add_words_at(query->word, query->words, &docs, scores, tf);
        add_words_at(query->optional, query->optionals, &docs, scores, tf);
    }
    return add_hits(search->arena, query, docs, scores, search->need < docs.n ? search->need : docs.n, hits);
}

/* Find the best documents of a tier in a window, of which `count` match; return how many, or -1. */
Py_ssize_t find_best_of_window(Search *search, size_t count, Hit *hits) {
    const Query *query = search->query;
    Tier *tier = &search->tier;
    if (search->need > count) search->need = count;
    if (!search->need || search->least > search->entry[0].rest + query->bound * (1 + ROUNDING)) return 0;
    for (size_t i = 0; i < tier->size; i++) tier->scores[i] = tier->members[i] ? 0 : NEVER;
    int added = add_levels(search);
    float least = threshold(search);
    if (pair_postings(query, tier) > tier->size / 16) least = with_bonuses(search, least);
    least *= 1 - ROUNDING;
    if (least < search->least) least = search->least;
    float rest = added < search->entries ? search->entry[added].rest : search->optional;
    Docs pairs = {NULL, 0}, docs;
    if (query->pairs && list_pair_docs(search->arena, query, tier, least, rest, &pairs) < 0) return -1;
    size_t most = reaching(search, least - rest, NULL) + pairs.n;
    if (!(docs.docs = arena_new(search->arena, (most + 1) * 4, 0))) return -1;
    docs.n = reaching(search, least - rest, docs.docs);
    if (pairs.n) {
        memcpy(docs.docs + docs.n, pairs.docs, pairs.n * 4);
        docs.n += pairs.n;
        make_distinct(&docs);
    }
    float *scores = arena_new(search->arena, docs.n * sizeof(float), 0);
    float *tf = arena_new(search->arena, docs.n * sizeof(float), 0);
    if (!scores || !tf || narrow(search, added, least, &docs, scores, tf) < 0) return -1;
    for (size_t i = 0; i < pairs.n; i++) tier->shared[pairs.docs[i] - tier->base] = 0;
    return add_best_docs(search, docs, scores, tf, hits);
}

/* Append the best complete documents, which are few, to the hits; return how many, or -1. */
Py_ssize_t add_complete(Search *search, const Docs *complete, Hit *hits) {
    if (!complete->n) return 0;
    float *scores = arena_new(search->arena, complete->n * sizeof(float), 0);
    float *tf = arena_new(search->arena, complete->n * sizeof(float), 0);
    Docs docs = {arena_new(search->arena, complete->n * 4, 0), complete->n}; /* of which the best are kept */
    if (!scores || !tf || !docs.docs) return -1;
    memcpy(docs.docs, complete->docs, docs.n * 4);
    return add_best_docs(search, docs, scores, tf, hits);
}
