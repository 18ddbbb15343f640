/* The words of a text that may match a search: see arsearch.snippets.prefilter, which encodes the text and has the same
   test in Python. */

#include "kernel.h"

static uint32_t hash_word(const uint8_t *word, size_t n) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++) hash = (hash ^ word[i]) * 16777619u;
    return hash ^ hash >> 15;
}

/* ---- a set of words ---- */

int set_new(WordSet *set, const char *words, size_t size) {
    size_t count = 1;
    for (size_t i = 0; i < size; i++) count += words[i] == '\n';
    for (set->mask = 15; set->mask < 2 * count;) set->mask = 2 * set->mask + 1;
    set->words = malloc(size + 1);
    set->slots = calloc((size_t)set->mask + 1, sizeof(Slot));
    if (!set->words || !set->slots) return -1;
    memcpy(set->words, words, size);
    for (size_t low = 0, high; low < size; low = high + 1) {
        for (high = low; high < size && words[high] != '\n';) high++;
        if (high == low) continue;
        uint32_t at = hash_word(set->words + low, high - low);
        while (set->slots[at & set->mask].size) at++;
        set->slots[at & set->mask] = (Slot){(uint32_t)low, (uint32_t)(high - low)};
    }
    return 0;
}

void set_free(WordSet *set) {
    free(set->words);
    free(set->slots);
}

static int set_has(const WordSet *set, uint32_t hash, const uint8_t *word, size_t n) {
    for (uint32_t at = hash;; at++) {
        const Slot *slot = &set->slots[at & set->mask];
        if (!slot->size) return 0;
        if (slot->size == n && !memcmp(set->words + slot->at, word, n)) return 1;
    }
}

/* ---- the test of a word ---- */

static int has_needle(const Filter *filter, const uint8_t *word, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!filter->begins[word[i]]) continue;
        for (int k = 0; k < filter->needles; k++) {
            size_t size = filter->needle_size[k];
            if (size <= n - i && !memcmp(filter->needle[k], word + i, size)) return 1;
        }
    }
    return 0;
}

/* Tell whether a letter stands three times in a row. */
static int is_elongated(const uint8_t *word, const uint8_t *coarse, size_t n) {
    for (size_t i = 2; i < n; i++)
        if (coarse[i] == coarse[i - 1] && coarse[i] == coarse[i - 2] && word[i - 2] > 0x7f) return 1;
    return 0;
}

static int passes(const Filter *filter, const uint8_t *word, size_t n) {
    const Filter *base = filter->base ? filter->base : filter;
    uint8_t coarse[LONGEST_WORD];
    if (n > LONGEST_WORD) return 1; /* no harm: it is analysed */
    for (size_t i = 0; i < n; i++) coarse[i] = base->coarse[word[i]];
    uint32_t hash = hash_word(coarse, n);
    return set_has(&filter->words, hash, coarse, n) || set_has(&base->words, hash, coarse, n) ||
           (n >= base->prefix_size && !memcmp(base->prefix, word, base->prefix_size)) || has_needle(base, word, n) ||
           is_elongated(word, coarse, n);
}

/* Find the next word from `at` on that passes; return its offset, or the size of the text. */
size_t next_word(const Filter *filter, const uint8_t *text, size_t size, size_t at, size_t *end) {
    while (at < size) {
        size_t high = at;
        while (high < size && text[high] > ' ') high++;
        *end = high;
        if (high > at && passes(filter, text + at, high - at)) return at;
        at = high + 1;
    }
    return size;
}
