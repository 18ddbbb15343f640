/* The best documents with any of the words of a query.

   Levels that add much and have few documents come first. As soon as the levels that are left cannot bring a document
   without a score among the best, only the documents that may still be among them are looked up in these levels (MaxScore:
   Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995). The best documents are then scored anew, level
   by level in the order of the query, so that leaving documents out changes no bit of a score. */

#include "columns.h"

#define STRIDE 64
#define LANES 8
#define SAMPLE 16 /* documents for each hit whose bonuses are read first */
#define FEW_POSTINGS 4096 /* fewer are all scored */
#define SEEK_COST 5       /* postings that can be scored while one document is looked up in a list */

static const float NEVER = -1e30f; /* the score of a document that is not searched */

typedef struct {
    const Word *word;
    const Level *level;
    size_t size;
    float rest; /* the most that this level, the following ones and the optional words add */
} Entry;

typedef struct {
    Arena *arena;
    const Query *query;
    Entry *entry;
    int entries;
    float optional; /* the most that optional words add */
    const uint8_t *tier; /* by document: whether it is searched */
    float *scores, *shared;
    float *highest; /* of each run of documents */
    size_t need;
    int all; /* whether documents need all words: their scores are then added up word by word */
} Search;

/* ---- all documents of a level ---- */

/* Add the score of a level to each of its documents. `shared`, zeros for all documents, collects what the shorter lists add
   to documents of the longest. */
static void add_level(const Word *word, const Level *level, float *scores, float *shared) {
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

/* Set the marks of the documents of a level. */
void mark_level(const Level *level, uint8_t *marks) {
    uint32_t docs[BLOCK];
    for (int k = 0; k < level->lists; k++) {
        const Column *column = &level->list[k].docs;
        for (size_t at = 0; at < column->n; at += BLOCK) {
            size_t n = column->n - at < BLOCK ? column->n - at : BLOCK;
            read_numbers(column, at, n, docs);
            for (size_t i = 0; i < n; i++) marks[docs[i]] = 1;
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
    size_t total = search->query->total, blocks = (total + STRIDE - 1) / STRIDE;
    Heap heap = {search->highest + blocks, 0, search->need};
    for (size_t block = 0, low = 0; block < blocks; block++, low += STRIDE) {
        float highest = highest_of(search->scores + low, total - low < STRIDE ? total - low : STRIDE);
        search->highest[block] = highest;
        if (heap.n < heap.size || highest > heap.values[0]) heap_add(&heap, highest);
    }
    return heap_least(&heap);
}

/* Count the documents that have a score, of `low` at least, and list them if there is a list; `highest` is up to date. */
static size_t reaching(const Search *search, float low, uint32_t *docs) {
    size_t count = 0, total = search->query->total;
    for (size_t block = 0; block * STRIDE < total; block++) {
        if (search->highest[block] < low || search->highest[block] <= 0) continue;
        size_t high = (block + 1) * STRIDE < total ? (block + 1) * STRIDE : total;
        for (size_t doc = block * STRIDE; doc < high; doc++) {
            if (docs) docs[count] = (uint32_t)doc;
            count += search->scores[doc] > 0 && search->scores[doc] >= low;
        }
    }
    return count;
}

/* ---- pairs ---- */

/* Append the documents of the tier that have both words of a pair in a field, and a score of `low` at least; `shared` gets
   the most that their pairs add. */
static void add_pair_docs(const Search *search, const Group *group, float low, float bonus, Docs *out) {
    const Term *rare = group->first, *other = group->second;
    size_t cursor = 0;
    if (other->docs.n < rare->docs.n) rare = group->second, other = group->first;
    for (size_t i = 0; i < rare->docs.n; i++) {
        uint32_t local = get(&rare->docs, i), doc = local + rare->base;
        if (search->scores[doc] < low || !search->tier[doc] || search->shared[doc] > 0) continue;
        cursor = seek(&other->docs, cursor, local);
        if (cursor == other->docs.n) break;
        if (get(&other->docs, cursor) != local) continue;
        search->shared[doc] = bonus;
        out->docs[out->n++] = doc;
    }
}

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

/* Count the postings of the rarer words of the pairs. */
static size_t pair_postings(const Query *query) {
    size_t count = 0;
    for (int p = 0; p < query->pairs; p++)
        for (int g = 0; g < query->pair[p].groups; g++) {
            const Group *group = &query->pair[p].group[g];
            count += group->first->docs.n < group->second->docs.n ? group->first->docs.n : group->second->docs.n;
        }
    return count;
}

static int heavier_first(const void *one, const void *other) {
    const Pair *a = *(const Pair *const *)one, *b = *(const Pair *const *)other;
    if (a->weight != b->weight) return a->weight < b->weight ? 1 : -1;
    return a < b ? -1 : a > b;
}

/* List the documents with both words of a pair that reach a score of `least` with all that may be added; without pairs,
   levels add `rest` at most. `shared` gets the most that pairs add to each: a document with none of the heavier pairs has
   the weight of the others at most. */
static int list_pair_docs(const Search *search, float least, float rest, Docs *out) {
    const Query *query = search->query;
    const Pair **pair = arena_new(search->arena, (size_t)query->pairs * sizeof(Pair *), 0);
    size_t room = pair_postings(query);
    float left = 0;
    if (!pair) return -1;
    for (int p = 0; p < query->pairs; p++) {
        pair[p] = &query->pair[p];
        left += pair[p]->weight;
    }
    qsort(pair, (size_t)query->pairs, sizeof(Pair *), heavier_first);
    if (!(out->docs = arena_new(search->arena, (room < query->total ? room : query->total) * 4, 0))) return -1;
    for (int p = 0; p < query->pairs; p++) {
        for (int g = 0; g < pair[p]->groups; g++)
            add_pair_docs(search, &pair[p]->group[g], least - rest - left, left, out);
        left -= pair[p]->weight;
    }
    return 0;
}

/* ---- the best documents of a tier ---- */

/* Add the levels to all their documents, until the others can be looked up; return the number of levels added. */
static int add_levels(Search *search) {
    size_t left = 0, lists = 0; /* postings and lists of the levels that are left */
    for (int i = 0; i < search->entries; i++) {
        left += search->entry[i].size;
        lists += (size_t)search->entry[i].level->lists;
    }
    for (int i = 0; i < search->entries; i++) {
        Entry *entry = &search->entry[i];
        if (i && entry->size > search->query->total / 16) {
            float least = threshold(search) * (1 - ROUNDING);
            if (least > entry->rest && reaching(search, least - entry->rest, NULL) * lists * SEEK_COST < left)
                return i;
        }
        add_level(entry->word, entry->level, search->scores, search->shared);
        left -= entry->size;
        lists -= (size_t)entry->level->lists;
    }
    return search->entries;
}

/* Keep the documents that reach a score with all that their pairs may add. */
static void keep_reaching(const Search *search, Docs *docs, float *scores, float least) {
    size_t kept = 0;
    for (size_t i = 0; i < docs->n; i++)
        if (scores[i] + search->shared[docs->docs[i]] >= least) {
            docs->docs[kept] = docs->docs[i];
            scores[kept++] = scores[i];
        }
    docs->n = kept;
}

/* Return a score that the last hit has at least: that of the documents with the highest scores, with their bonuses. It is
   much more than `least` where many documents have a pair. */
static float with_bonuses(const Search *search, float least) {
    Search more = *search;
    size_t blocks = (search->query->total + STRIDE - 1) / STRIDE;
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
    for (size_t i = 0; i < docs.n; i++) heap_add(&heap, search->scores[docs.docs[i]] + bonus[i]);
    float raised = heap_least(&heap);
    return raised > least ? raised : least;
}

/* Keep the documents that may be among the best, whose score is `least` or more, when the levels from `added` on, optional
   words and pairs count too. */
static int narrow(const Search *search, int added, float least, Docs *docs, float *scores, float *tf) {
    const Query *query = search->query;
    for (size_t i = 0; i < docs->n; i++) {
        scores[i] = search->scores[docs->docs[i]];
        if (scores[i] < 0) scores[i] = 0;
    }
    for (int e = added; e < search->entries; e++)
        add_level_at(search->entry[e].word, search->entry[e].level, docs, scores, tf);
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

/* Append the best documents of a tier, of which `count` match, to the hits; return how many, or -1. */
static Py_ssize_t add_best_of_tier(Search *search, size_t count, Hit *hits) {
    const Query *query = search->query;
    if (search->need > count) search->need = count;
    if (!search->need) return 0;
    for (size_t doc = 0; doc < query->total; doc++) search->scores[doc] = search->tier[doc] ? 0 : NEVER;
    int added = add_levels(search);
    float least = threshold(search);
    if (pair_postings(query) > query->total / 16) least = with_bonuses(search, least);
    least *= 1 - ROUNDING;
    float rest = added < search->entries ? search->entry[added].rest : search->optional;
    Docs pairs = {NULL, 0}, docs;
    if (query->pairs && list_pair_docs(search, least, rest, &pairs) < 0) return -1;
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
    for (size_t i = 0; i < pairs.n; i++) search->shared[pairs.docs[i]] = 0;
    return add_best_docs(search, docs, scores, tf, hits);
}

/* Append the complete documents, which are few, to the hits; return how many, or -1. */
static Py_ssize_t add_complete(Search *search, Docs docs, Hit *hits) {
    float *scores = arena_new(search->arena, docs.n * sizeof(float), 0);
    float *tf = arena_new(search->arena, docs.n * sizeof(float), 0);
    return scores && tf ? add_best_docs(search, docs, scores, tf, hits) : -1;
}

static int higher_first(const void *one, const void *other) {
    const Entry *a = one, *b = other;
    if (a->level->limit != b->level->limit) return a->level->limit < b->level->limit ? 1 : -1;
    return a < b ? -1 : a > b;
}

static int search_open(Search *search, Arena *arena, const Query *query) {
    size_t blocks = (query->total + STRIDE - 1) / STRIDE;
    search->arena = arena;
    search->query = query;
    for (int i = 0; i < query->words; i++) search->entries += query->word[i]->levels;
    search->entry = arena_new(arena, (size_t)search->entries * sizeof(Entry), 0);
    search->scores = arena_new(arena, query->total * sizeof(float), 0);
    search->shared = arena_new(arena, query->total * sizeof(float), 1);
    search->highest = arena_new(arena, (blocks + query->need) * sizeof(float), 0);
    if (!search->entry || !search->scores || !search->shared || !search->highest) return -1;
    size_t postings = 0;
    int at = 0;
    for (int i = 0; i < query->words; i++)
        for (int l = 0; l < query->word[i]->levels; l++, at++) {
            const Level *level = &query->word[i]->level[l];
            search->entry[at] = (Entry){query->word[i], level, level_size(level), 0};
            postings += search->entry[at].size;
        }
    if (postings > FEW_POSTINGS) qsort(search->entry, (size_t)at, sizeof(Entry), higher_first);
    for (int i = 0; i < query->optionals; i++)
        for (int l = 0; l < query->optional[i]->levels; l++) search->optional += query->optional[i]->level[l].limit;
    float rest = search->optional;
    for (; at; at--) search->entry[at - 1].rest = rest += search->entry[at - 1].level->limit;
    return 0;
}

/* Count marks, which are 0 or 1: eight at a time, as the bytes of a sum. */
static size_t count_marks(const uint8_t *marks, size_t total) {
    size_t count = 0, i = 0;
    while (i + 8 <= total) {
        uint64_t sums = 0, eight;
        for (int k = 0; k < 255 && i + 8 <= total; k++, i += 8) {
            memcpy(&eight, marks + i, 8);
            sums += eight;
        }
        for (; sums; sums >>= 8) count += sums & 0xff;
    }
    for (; i < total; i++) count += marks[i];
    return count;
}

/* Find the documents with any of the words. `complete` are the complete ones; NULL: those that have one of the words
   without its root. */
int find_any(Arena *arena, const Query *query, const Docs *complete, Answer *answer) {
    Search search = {0};
    size_t total = query->total;
    uint8_t *first = arena_new(arena, total, 1), *matched = arena_new(arena, total, 1);
    if (!first || !matched || search_open(&search, arena, query) < 0) return -1;
    for (int i = 0; i < query->words; i++) {
        mark_level(level_of(query->word[i], 1), matched);
        if (!complete) mark_level(level_of(query->word[i], 0), first);
    }
    if (complete)
        for (size_t i = 0; i < complete->n; i++) first[complete->docs[i]] = 1;
    for (size_t doc = 0; query->mask && doc < total; doc++) {
        matched[doc] &= query->mask[doc] != 0;
        first[doc] &= matched[doc];
    }
    answer->total = count_marks(matched, total);
    answer->total_complete = count_marks(first, total);
    for (int pass = 0; pass < 2; pass++) {
        size_t count = pass ? answer->total - answer->total_complete : answer->total_complete;
        search.tier = first;
        search.need = query->need - answer->n;
        if (pass)
            for (size_t doc = 0; doc < total; doc++) first[doc] = matched[doc] & !first[doc];
        Py_ssize_t found = !pass && complete ? add_complete(&search, *complete, answer->hits)
                                             : add_best_of_tier(&search, count, answer->hits + answer->n);
        if (found < 0) return -1;
        answer->n += (size_t)found;
        if (!pass) answer->complete = answer->n;
    }
    return 0;
}

/* Append the best of the documents that have all words, which are many, to the answer. */
int find_all(Arena *arena, const Query *query, const Docs *complete, Answer *answer) {
    Search search = {0};
    uint8_t *tier = arena_new(arena, query->total, 1);
    if (!tier || search_open(&search, arena, query) < 0) return -1;
    for (size_t i = 0; i < complete->n; i++) tier[complete->docs[i]] = 1;
    search.tier = tier;
    search.need = query->need;
    search.all = 1;
    Py_ssize_t found = add_best_of_tier(&search, complete->n, answer->hits);
    if (found < 0) return -1;
    answer->n = answer->complete = (size_t)found;
    return 0;
}
