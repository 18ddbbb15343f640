/* The regions of a text with words that may match a search: see arsearch.snippets.prefilter, which has the same in Python. */

#include "kernel.h"

enum { MARK = 1, SPACE = '\n', DELIMITER = ' ', OPAQUE = '?', HAMZA = 0xc1 };

#define HASH_START 2166136261u

static inline uint32_t hash_letter(uint32_t hash, uint8_t letter) { return (hash ^ letter) * 16777619u; }

static inline uint32_t hash_end(uint32_t hash) { return hash ^ hash >> 15; }

/* ---- a set of words ---- */

/* Return the 64 bits of a set that hold the bit of a hash. */
static inline uint64_t *bits_of(const WordSet *set, uint32_t hash) {
    return &set->bits[(hash >> 6) & (set->mask >> 2)];
}

int set_new(WordSet *set, const char *words, size_t size) {
    size_t count = 1;
    for (size_t i = 0; i < size; i++) count += (uint8_t)words[i] <= DELIMITER;
    for (set->mask = 15; set->mask < 2 * count;) set->mask = 2 * set->mask + 1;
    set->words = malloc(size + 1);
    set->slots = calloc((size_t)set->mask + 1, sizeof(Slot));
    set->bits = calloc(((size_t)set->mask + 1) / 4, sizeof(uint64_t));
    if (!set->words || !set->slots || !set->bits) return -1;
    memcpy(set->words, words, size);
    for (size_t low = 0, high; low < size; low = high + 1) {
        for (high = low; high < size && (uint8_t)words[high] > DELIMITER;) high++;
        if (high == low) continue;
        uint32_t at = HASH_START;
        for (size_t i = low; i < high; i++) at = hash_letter(at, set->words[i]);
        at = hash_end(at);
        *bits_of(set, at) |= (uint64_t)1 << (at & 63);
        while (set->slots[at & set->mask].size) at++;
        set->slots[at & set->mask] = (Slot){(uint32_t)low, (uint32_t)(high - low)};
    }
    return 0;
}

/* Encode words, a line each, in coarse letters and without marks; tell whether they have bytes below 0x80. */
PyObject *encoded_words(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *text, *table, *given, *result = NULL;
    if (!PyArg_ParseTuple(args, "USS", &text, &table, &given)) return NULL;
    if (PyBytes_Size(table) != 0x10000 || PyBytes_Size(given) != 256) {
        PyErr_SetString(PyExc_ValueError, "give one byte for each character up to U+FFFF, and 256 coarse letters");
        return NULL;
    }
    const uint8_t *byte_of = (const uint8_t *)PyBytes_AsString(table), *coarse = (const uint8_t *)PyBytes_AsString(given);
    size_t n = (size_t)PyUnicode_GetLength(text), size = 0;
    Py_UCS4 *characters = PyUnicode_AsUCS4Copy(text);
    uint8_t *bytes = characters ? malloc(n + 1) : NULL;
    int others = 0;
    for (size_t i = 0; bytes && i < n; i++) {
        uint8_t byte = characters[i] < 0x10000 ? byte_of[characters[i]] : OPAQUE;
        if (byte == MARK) continue;
        others |= byte < 0x80 && byte != SPACE;
        bytes[size++] = coarse[byte];
    }
    if (bytes) result = Py_BuildValue("y#O", (const char *)bytes, (Py_ssize_t)size, others ? Py_True : Py_False);
    else if (characters) PyErr_NoMemory();
    free(bytes);
    PyMem_Free(characters);
    return result;
}

void set_free(WordSet *set) {
    free(set->words);
    free(set->slots);
    free(set->bits);
}

static inline int set_has(const WordSet *set, uint32_t hash, const uint8_t *word, size_t n) {
    if (!(*bits_of(set, hash) >> (hash & 63) & 1)) return 0; /* nearly every word */
    for (uint32_t at = hash;; at++) {
        const Slot *slot = &set->slots[at & set->mask];
        if (!slot->size) return 0;
        if (slot->size == n && !memcmp(set->words + slot->at, word, n)) return 1;
    }
}

/* ---- the test of a word ---- */

static int has_needle(const Filter *filter, const uint8_t *word, size_t n) {
    for (size_t i = 0; i < n; i++)
        for (uint8_t k = filter->begins[word[i]]; k; k = filter->next[k - 1]) {
            const uint8_t *needle = (const uint8_t *)filter->needle[k - 1];
            size_t size = filter->needle_size[k - 1];
            if (size == 1 || (size <= n - i && needle[1] == word[i + 1] && !memcmp(needle, word + i, size))) return 1;
        }
    return 0;
}

static int has_word(const Filter *filter, uint32_t hash, const uint8_t *word, size_t n) {
    return set_has(&filter->words, hash, word, n) || set_has(&filter->base->words, hash, word, n);
}

/* Find the next word from `at` on that passes; return its offset, or the size of the text. */
static size_t next_word(const Filter *filter, const uint8_t *text, size_t size, size_t at) {
    const Filter *base = filter->base;
    uint8_t coarse[LONGEST_WORD + 2] = {0, 0}; /* the letters of the word follow two zeros */
    for (size_t high; at < size; at = high + 1) {
        uint32_t hash = HASH_START, before = hash; /* of the word without its last letter */
        int may_have_needle = 0, is_elongated = 0; /* a letter three times in a row */
        for (high = at; high < size && text[high] > DELIMITER; high++) {
            size_t i = high - at;
            if (i == LONGEST_WORD) return at; /* no harm: it is analysed */
            uint8_t letter = coarse[i + 2] = base->coarse[text[high]];
            before = hash;
            hash = hash_letter(hash, letter);
            may_have_needle |= (int)base->begins[text[high]];
            is_elongated |= letter == coarse[i + 1] && letter == coarse[i] && text[high - 2] > 0x7f;
        }
        size_t n = high - at;
        if (!n) continue;
        if (is_elongated || has_word(filter, hash_end(hash), coarse + 2, n) ||
            (coarse[n + 1] == base->coarse[HAMZA] && has_word(filter, hash_end(before), coarse + 2, n - 1)) ||
            (n >= base->prefix_size && !memcmp(base->prefix, text + at, base->prefix_size)) ||
            (may_have_needle && has_needle(base, text + at, n)))
            return at;
    }
    return size;
}

/* ---- regions ---- */

static int is_number_space(Py_UCS4 c) { return c == ' ' || c == 0xa0 || c == 0x2007 || c == 0x2009 || c == 0x202f; }

static int is_digit(Py_UCS4 c) {
    return (c >= '0' && c <= '9') || (c >= 0x660 && c <= 0x669) || (c >= 0x6f0 && c <= 0x6f9);
}

/* Tell whether a space may be inside a number: see arsearch.analyzers.numbers. */
static int is_inside_number(const Py_UCS4 *text, size_t n, size_t at) {
    return at > 0 && at + 1 < n && is_number_space(text[at]) && (is_digit(text[at - 1]) || text[at - 1] == ')') &&
           (is_digit(text[at + 1]) || text[at + 1] == '(');
}

static size_t count_words(const uint8_t *text, size_t low, size_t high) {
    size_t count = 0;
    for (int inside = 0; low < high; low++) {
        count += text[low] > DELIMITER && !inside;
        inside = text[low] > DELIMITER;
    }
    return count;
}

static int region_add(Regions *found, Region region) {
    if (found->n == found->room) {
        size_t room = found->room ? 2 * found->room : 64;
        Region *grown = realloc(found->region, room * sizeof(Region));
        if (!grown) return -1;
        found->region = grown;
        found->room = room;
    }
    found->region[found->n++] = region;
    return 0;
}

/* Find the regions among the encoded letters; `at[i]` is the character of letter `i`, and `at[size]` the end. */
static int regions_of(const Filter *filter, const Py_UCS4 *text, size_t n, const uint8_t *letters, const uint32_t *at,
                      size_t size, int counting, Regions *found) {
    size_t done = 0;
    for (size_t word; (word = next_word(filter, letters, size, done)) < size;) {
        size_t first = word;
        while (first > done && letters[first - 1] != SPACE) first--;
        Region region = {first ? at[first - 1] + 1 : 0, 0, counting ? count_words(letters, done, first) : 0};
        done = word - 1;
        do {
            for (done++; done < size && letters[done] != SPACE;) done++;
            region.end = at[done];
        } while (done < size && is_inside_number(text, n, region.end));
        if (region_add(found, region) < 0) return -1;
    }
    if (counting) return region_add(found, (Region){at[size], at[size], count_words(letters, done, size)});
    return 0;
}

/* Find the regions of the first `size` of `n` characters that must be analysed; -1 without memory. */
int find_regions(const Filter *filter, const Py_UCS4 *text, size_t n, size_t size, int counting, Regions *found) {
    uint8_t *letters = malloc(size + 1);
    uint32_t *at = malloc((size + 1) * sizeof(uint32_t));
    int failed = !letters || !at;
    if (!failed) {
        size_t kept = 0;
        for (size_t i = 0; i < size; i++) {
            uint8_t letter = text[i] < 0x10000 ? filter->byte_of[text[i]] : OPAQUE;
            letters[kept] = letter;
            at[kept] = (uint32_t)i;
            kept += letter != MARK;
        }
        at[kept] = (uint32_t)size;
        failed = regions_of(filter, text, n, letters, at, kept, counting, found);
    }
    free(letters);
    free(at);
    return failed ? -1 : 0;
}
