/* What the files that score share: columns, which are arrays of whole numbers or of floats, lists, levels and heaps. */

#ifndef ARSEARCH_COLUMNS_H
#define ARSEARCH_COLUMNS_H

#include "kernel.h"

#define BLOCK 256
#define ROUNDING 1e-5f /* of a sum whose parts are added in another order */

void packed_floats(const Column *c, size_t at, size_t n, float *out);
uint32_t packed_sum_before(const Column *c, size_t i);
size_t packed_sum(const Column *c);

/* A block of a packed array has `PACKED_VALUES` numbers, two bits each, and then the count of exceptions before it. */
#define PACKED_VALUES 128
#define PACKED_CODES (PACKED_VALUES / 4)
#define PACKED_EXCEPTION 3

uint32_t packed_exception(const Column *c, const uint8_t *block, size_t at);

static inline const uint8_t *packed_block(const Column *c, size_t index) {
    return (const uint8_t *)c->data + index / PACKED_VALUES * c->stride;
}

static inline uint32_t packed_get(const Column *c, size_t i) {
    size_t index = c->skip + i, at = index % PACKED_VALUES;
    const uint8_t *block = packed_block(c, index);
    uint32_t number = (uint32_t)(block[at / 4] >> (2 * (at % 4)) & 3);
    number = number == PACKED_EXCEPTION ? packed_exception(c, block, at) : number + (uint32_t)c->least;
    return c->low_bytes ? number << 8 | block[c->low_at + at] : number;
}

/* A value of a column of documents, which is never packed. */
static inline uint32_t get(const Column *c, size_t i) {
    switch (c->size) {
    case 1: return ((const uint8_t *)c->data)[i];
    case 2: return ((const uint16_t *)c->data)[i];
    default: return ((const uint32_t *)c->data)[i];
    }
}

static inline uint32_t get_number(const Column *c, size_t i) { return c->size == PACKED ? packed_get(c, i) : get(c, i); }

static inline float get_float(const Column *c, size_t i) {
    return c->size < 0 ? ((const float *)c->data)[i] : (float)get_number(c, i);
}

static inline void read_numbers(const Column *c, size_t at, size_t n, uint32_t *out) {
    switch (c->size) {
    case 1: for (size_t i = 0; i < n; i++) out[i] = ((const uint8_t *)c->data)[at + i]; break;
    case 2: for (size_t i = 0; i < n; i++) out[i] = ((const uint16_t *)c->data)[at + i]; break;
    default: memcpy(out, (const uint32_t *)c->data + at, n * 4);
    }
}

static inline void read_floats(const Column *c, size_t at, size_t n, float *out) {
    switch (c->size) {
    case 1: for (size_t i = 0; i < n; i++) out[i] = ((const uint8_t *)c->data)[at + i]; break;
    case 2: for (size_t i = 0; i < n; i++) out[i] = ((const uint16_t *)c->data)[at + i]; break;
    case 4: for (size_t i = 0; i < n; i++) out[i] = (float)((const uint32_t *)c->data)[at + i]; break;
    case PACKED: packed_floats(c, at, n, out); break;
    default: memcpy(out, (const float *)c->data + at, n * 4);
    }
}

static inline size_t sum(const Column *c, size_t low, size_t high) {
    size_t total = 0;
    switch (c->size) {
    case 1: for (size_t i = low; i < high; i++) total += ((const uint8_t *)c->data)[i]; break;
    case 2: for (size_t i = low; i < high; i++) total += ((const uint16_t *)c->data)[i]; break;
    default: for (size_t i = low; i < high; i++) total += get(c, i);
    }
    return total;
}

/* The values [low, high) of a column. */
static inline Column column_part(const Column *c, size_t low, size_t high) {
    Column part = *c;
    part.n = high - low;
    if (c->size == PACKED) {
        part.data = packed_block(c, c->skip + low);
        part.skip = (c->skip + low) % PACKED_VALUES;
    } else part.data = (const uint8_t *)c->data + low * (size_t)(c->size < 0 ? -c->size : c->size);
    return part;
}

/* The first index from `at` on whose value is at least `value`: steps that double, then a bisection. */
#define SEEK(NAME, TYPE)                                                     \
    static inline size_t NAME(const TYPE *data, size_t n, size_t at, uint32_t value) { \
        size_t step = 1, low = at, high;                                     \
        if (at >= n || data[at] >= value) return at;                         \
        while (low + step < n && data[low + step] < value) {                 \
            low += step;                                                     \
            step <<= 1;                                                      \
        }                                                                    \
        high = low + step < n ? low + step : n;                              \
        low++;                                                               \
        while (low < high) {                                                 \
            size_t middle = low + (high - low) / 2;                          \
            if (data[middle] < value) low = middle + 1;                      \
            else high = middle;                                              \
        }                                                                    \
        return low;                                                          \
    }
SEEK(seek1, uint8_t)
SEEK(seek2, uint16_t)
SEEK(seek4, uint32_t)

static inline size_t seek(const Column *c, size_t at, uint32_t value) {
    switch (c->size) {
    case 1: return seek1(c->data, c->n, at, value);
    case 2: return seek2(c->data, c->n, at, value);
    default: return seek4(c->data, c->n, at, value);
    }
}

/* ---- positions of a term ---- */

typedef struct {
    size_t at, summed, position;
} Place; /* among the postings of a term: the next one; of packed ones the sum before the first, else one before it with the
            place of its first position */

static inline Place first_place(const Column *freqs) {
    return (Place){0, freqs->size == PACKED && freqs->n ? packed_sum_before(freqs, 0) : 0, 0};
}

/* Find the first of `positions` positions in the posting that a place has reached. */
static inline size_t first_position(const Column *freqs, size_t positions, Place *place) {
    if (freqs->size == PACKED)
        place->position = (uint32_t)(packed_sum_before(freqs, place->at) - (uint32_t)place->summed);
    else {
        place->position += sum(freqs, place->summed, place->at);
        place->summed = place->at;
    }
    return place->position < positions ? place->position : positions; /* of a file that contradicts itself */
}

/* ---- levels and lists ---- */

static inline size_t level_size(const Level *level) {
    size_t total = 0;
    for (int i = 0; i < level->lists; i++) total += level->list[i].docs.n;
    return total;
}

/* The level with the complete documents of a word, or with all of them. */
static inline const Level *level_of(const Word *word, int loose) {
    return &word->level[word->levels - (word->related && !loose ? 2 : 1)];
}

static inline float saturated(float tf, float k1, float limit) { return tf / (tf + k1) * limit; }

static inline float weighted(const List *list, size_t at, uint32_t doc) {
    float tf = 0;
    for (int k = 0; k < list->fields; k++) tf += list->norms[k][doc] * get_float(&list->freqs[k], at);
    return tf;
}

static inline void read_weighted(const List *list, size_t at, size_t n, const uint32_t *docs, float *tf) {
    float freqs[BLOCK];
    for (int k = 0; k < list->fields; k++) {
        const float *norms = list->norms[k];
        read_floats(&list->freqs[k], at, n, freqs);
        if (k) for (size_t i = 0; i < n; i++) tf[i] += norms[docs[i]] * freqs[i];
        else for (size_t i = 0; i < n; i++) tf[i] = norms[docs[i]] * freqs[i];
    }
}

/* ---- the highest values ---- */

typedef struct {
    float *values;
    size_t n, size;
} Heap; /* the `size` highest values, the lowest first */

static inline float heap_least(const Heap *heap) { return heap->n < heap->size ? 0 : heap->values[0]; }

static inline void heap_add(Heap *heap, float value) {
    float *values = heap->values;
    size_t at;
    if (heap->n < heap->size) {
        for (at = heap->n++; at && values[(at - 1) / 2] > value; at = (at - 1) / 2) values[at] = values[(at - 1) / 2];
        values[at] = value;
        return;
    }
    if (value <= values[0]) return;
    for (at = 0;;) {
        size_t child = 2 * at + 1;
        if (child >= heap->n) break;
        if (child + 1 < heap->n && values[child + 1] < values[child]) child++;
        if (values[child] >= value) break;
        values[at] = values[child];
        at = child;
    }
    values[at] = value;
}

#endif
