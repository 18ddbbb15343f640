/* The best documents with any of the words of a query.

   Levels that add much and have few documents come first. As soon as the levels that are left cannot bring a document
   without a score among the best, only the documents that may still be among them are looked up in these levels (MaxScore:
   Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995). The best documents are then scored anew, level
   by level in the order of the query, so that leaving documents out changes no bit of a score.

   Documents are searched in windows, whose scores stay in the cache of a core. The best documents of earlier windows tell
   which score a document of a later one needs. */

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
    Level part;   /* of the level: its postings in the window */
    size_t *next; /* of each list: the first posting after the window */
    size_t size;  /* postings in the window */
    float rest; /* the most that this level, the following ones and the optional words add */
} Entry;

typedef struct {
    Arena *arena;
    const Query *query;
    Entry *entry;
    int entries;
    float optional; /* the most that optional words add */
    Tier tier;
    uint8_t *first, *matched; /* by document of the window: whether it is complete, and whether it has any of the words */
    float *highest; /* of each run of documents */
    size_t need;
    float least; /* the score that the last hit of earlier windows has at least */
    int all; /* whether documents need all words: their scores are then added up word by word */
} Search;

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
static Py_ssize_t find_best_of_window(Search *search, size_t count, Hit *hits) {
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
static Py_ssize_t add_complete(Search *search, const Docs *complete, Hit *hits) {
    if (!complete->n) return 0;
    float *scores = arena_new(search->arena, complete->n * sizeof(float), 0);
    float *tf = arena_new(search->arena, complete->n * sizeof(float), 0);
    Docs docs = {arena_new(search->arena, complete->n * 4, 0), complete->n}; /* of which the best are kept */
    if (!scores || !tf || !docs.docs) return -1;
    memcpy(docs.docs, complete->docs, docs.n * 4);
    return add_best_docs(search, docs, scores, tf, hits);
}

static int higher_first(const void *one, const void *other) {
    const Entry *a = one, *b = other;
    if (a->level->limit != b->level->limit) return a->level->limit < b->level->limit ? 1 : -1;
    return a < b ? -1 : a > b;
}

/* ---- windows ---- */

/* Make room for the parts of all levels. */
static int parts_open(Search *search) {
    size_t lists = 0, columns = 0;
    for (int e = 0; e < search->entries; e++) {
        const Level *level = search->entry[e].level;
        lists += (size_t)level->lists;
        for (int k = 0; k < level->lists; k++) columns += (size_t)level->list[k].fields;
    }
    List *list = arena_new(search->arena, lists * sizeof(List), 0);
    Column *column = arena_new(search->arena, columns * sizeof(Column), 0);
    size_t *next = arena_new(search->arena, lists * sizeof(size_t), 0);
    if (!list || !column || !next) return -1;
    for (int e = 0; e < search->entries; e++) {
        Entry *entry = &search->entry[e];
        entry->part = *entry->level;
        entry->part.list = list;
        entry->next = next;
        for (int k = 0; k < entry->level->lists; k++, list++, next++) {
            *list = entry->level->list[k];
            list->freqs = column;
            column += list->fields;
        }
    }
    return 0;
}

/* Move the parts of all levels to the documents [low, high), which follow those of the window before. */
static void window_open(Search *search, size_t low, size_t high) {
    search->tier.base = low;
    search->tier.size = high - low;
    for (int e = 0; e < search->entries; e++) {
        Entry *entry = &search->entry[e];
        for (int k = 0; k < entry->level->lists; k++) {
            const List *whole = &entry->level->list[k];
            List *part = &entry->part.list[k];
            size_t first = low ? entry->next[k] : 0;
            size_t end = high < search->query->total ? seek(&whole->docs, first, (uint32_t)high) : whole->docs.n;
            part->docs = column_part(&whole->docs, first, end);
            for (int f = 0; f < whole->fields; f++) part->freqs[f] = column_part(&whole->freqs[f], first, end);
            entry->next[k] = end;
        }
        entry->size = level_size(&entry->part);
    }
}

static int search_open(Search *search, Arena *arena, const Query *query) {
    size_t window = query->window, least = query->need * SAMPLE;
    if (window < least) window = least;
    if (window > query->total) window = query->total;
    size_t blocks = (window + STRIDE - 1) / STRIDE;
    search->arena = arena;
    search->query = query;
    search->tier.size = window;
    for (int i = 0; i < query->words; i++) search->entries += query->word[i]->levels;
    search->entry = arena_new(arena, (size_t)search->entries * sizeof(Entry), 0);
    search->tier.scores = arena_new(arena, window * sizeof(float), 0);
    search->tier.shared = arena_new(arena, window * sizeof(float), 1);
    search->first = arena_new(arena, window, 0);
    search->matched = arena_new(arena, window, 0);
    search->highest = arena_new(arena, (blocks + query->need) * sizeof(float), 0);
    if (!search->entry || !search->tier.scores || !search->tier.shared || !search->first || !search->matched ||
        !search->highest)
        return -1;
    size_t postings = 0;
    int at = 0;
    for (int i = 0; i < query->words; i++)
        for (int l = 0; l < query->word[i]->levels; l++, at++) {
            const Level *level = &query->word[i]->level[l];
            search->entry[at] = (Entry){.word = query->word[i], .level = level};
            postings += level_size(level);
        }
    if (postings > FEW_POSTINGS) qsort(search->entry, (size_t)at, sizeof(Entry), higher_first);
    for (int i = 0; i < query->optionals; i++)
        for (int l = 0; l < query->optional[i]->levels; l++) search->optional += query->optional[i]->level[l].limit;
    float rest = search->optional;
    for (; at; at--) search->entry[at - 1].rest = rest += search->entry[at - 1].level->limit;
    return parts_open(search);
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

/* Mark the documents of a window that match, and the complete ones: those in a list from `*next` on, or, if it is NULL,
   those that have a word without its root. */
static void mark_window(Search *search, const Docs *complete, size_t *next) {
    size_t base = search->tier.base, size = search->tier.size;
    const uint8_t *mask = search->query->mask;
    memset(search->first, 0, size);
    for (; complete && *next < complete->n && complete->docs[*next] < base + size; ++*next)
        search->first[complete->docs[*next] - base] = 1;
    if (search->all) return; /* the complete ones alone match */
    memset(search->matched, 0, size);
    for (int e = 0; e < search->entries; e++) {
        const Entry *entry = &search->entry[e];
        if (entry->level == level_of(entry->word, 1)) mark_level(&entry->part, search->matched, base);
        if (!complete && entry->level == level_of(entry->word, 0)) mark_level(&entry->part, search->first, base);
    }
    for (size_t i = 0; mask && i < size; i++) {
        search->matched[i] &= mask[base + i] != 0;
        search->first[i] &= search->matched[i];
    }
}

/* Append the best documents of a tier to the hits of the answer: of the complete documents, or of the `others`; count the
   documents of both. */
static int add_tier(Search *search, const Docs *complete, int others, Answer *answer) {
    Arena *arena = search->arena;
    size_t total = search->query->total, window = search->tier.size, next = 0, found = 0;
    size_t need = search->query->need - answer->n;
    Hit *hits = answer->hits + answer->n, *more = arena_new(arena, need * sizeof(Hit), 0);
    search->least = 0;
    if (!more) return -1;
    answer->total = answer->total_complete = 0;
    for (size_t low = 0; low < total; low += window) {
        int kept = arena->count;
        window_open(search, low, low + window < total ? low + window : total);
        mark_window(search, complete, &next);
        size_t size = search->tier.size, count = count_marks(search->first, size);
        answer->total_complete += count;
        answer->total += search->all ? count : count_marks(search->matched, size);
        if (others) {
            for (size_t i = 0; i < size; i++) search->first[i] = search->matched[i] & !search->first[i];
            count = count_marks(search->first, size);
        }
        search->need = need;
        search->tier.members = search->first;
        Py_ssize_t best = find_best_of_window(search, count, more);
        if (best < 0) return -1;
        found = merge_hits(hits, found, more, (size_t)best, need);
        if (need && found == need) search->least = hits[need - 1].score * (1 - ROUNDING);
        arena_cut(arena, kept);
    }
    search->tier.size = window;
    answer->n += found;
    return 0;
}

/* Find the documents with any of the words. `complete` are the complete ones; NULL: those that have one of the words
   without its root. */
int find_any(Arena *arena, const Query *query, const Docs *complete, Answer *answer) {
    Search search = {0};
    if (search_open(&search, arena, query) < 0) return -1;
    if (complete) {
        search.need = query->need;
        Py_ssize_t found = add_complete(&search, complete, answer->hits);
        if (found < 0) return -1;
        answer->n = (size_t)found;
    } else if (add_tier(&search, NULL, 0, answer) < 0) return -1;
    answer->complete = answer->n;
    if (!complete && (answer->n == query->need || answer->total == answer->total_complete)) return 0;
    return add_tier(&search, complete, 1, answer);
}

/* Append the best of the documents that have all words, which are many, to the answer. */
int find_all(Arena *arena, const Query *query, const Docs *complete, Answer *answer) {
    Search search = {0};
    size_t total = answer->total, total_complete = answer->total_complete;
    if (search_open(&search, arena, query) < 0) return -1;
    search.all = 1;
    if (add_tier(&search, complete, 0, answer) < 0) return -1;
    answer->total = total;
    answer->total_complete = total_complete;
    answer->complete = answer->n;
    return 0;
}
