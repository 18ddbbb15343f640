/* The best documents with any of the words of a query, window by window.

   The scores of a window stay in the cache of a core. The best documents of earlier windows tell the score that a document
   of a later one needs. */

#include "max_score.h"

#define FEW_POSTINGS 4096 /* fewer are all scored */

static int higher_first(const void *one, const void *other) {
    const Entry *a = one, *b = other;
    if (a->level->limit != b->level->limit) return a->level->limit < b->level->limit ? 1 : -1;
    return a->word < b->word ? -1 : a->word > b->word ? 1 : a->level < b->level ? -1 : a->level > b->level;
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
   the documents with a word without its root. */
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

/* Find the documents with any of the words. `complete` are the complete ones; NULL: the documents with one of the words
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
