/* Neighbouring words: the bonus of a document, and the documents with both words of a pair. */

#include "columns.h"

/* ---- the bonus of a document ---- */

/* How often the second term follows the first: an occurrence `n` positions too far counts 1 / (n + 1). */
static double pair_frequency(const Pair *pair, const Group *group, Place *one, Place *other, int64_t slop) {
    const Term *first = group->first, *second = group->second;
    size_t i = first_position(&first->freqs, first->positions.n, one), last = i + get_number(&first->freqs, one->at);
    size_t j = first_position(&second->freqs, second->positions.n, other), end = j + get_number(&second->freqs, other->at);
    double frequency = 0;
    if (last > first->positions.n) last = first->positions.n;
    if (end > second->positions.n) end = second->positions.n;
    if (j >= end) return 0;
    uint32_t next = get_number(&second->positions, j);
    for (; i < last; i++) {
        uint32_t position = get_number(&first->positions, i);
        while (next <= position && ++j < end) next = get_number(&second->positions, j);
        if (j == end) break;
        int64_t excess = (int64_t)next - position - pair->distance;
        if (excess <= slop) frequency += 1.0 / (excess > 0 ? excess + 1 : 1);
    }
    return frequency;
}

/* Add the weighted frequencies of a pair in one field of some documents: skip from list to list, for few documents are in
   both. */
static void add_frequencies(const Query *query, const Pair *pair, const Group *group, const Docs *docs, float *tf) {
    const Term *first = group->first, *second = group->second;
    Column given = {docs->docs, docs->n, 4};
    Place one = first_place(&first->freqs), other = first_place(&second->freqs);
    size_t at = seek(&given, 0, first->base);
    while (at < docs->n && one.at < first->docs.n && other.at < second->docs.n) {
        uint32_t doc = docs->docs[at] - first->base;
        uint32_t in_first = get(&first->docs, one.at), in_second = get(&second->docs, other.at);
        uint32_t last = in_first > in_second ? in_first : in_second;
        if (doc == last && in_first == in_second) {
            tf[at] += first->norms[docs->docs[at]] * (float)pair_frequency(pair, group, &one, &other, query->slop);
            at++, one.at++, other.at++;
            continue;
        }
        if (last < doc) last = doc;
        if (in_first < last) one.at = seek(&first->docs, one.at, last);
        if (in_second < last) other.at = seek(&second->docs, other.at, last);
        if (doc < last) at = seek(&given, at, last + first->base);
    }
}

/* Set the bonus of each of some documents. */
void read_bonus(const Query *query, const Docs *docs, float *bonus, float *tf) {
    memset(bonus, 0, docs->n * sizeof(float));
    for (int p = 0; p < query->pairs; p++) {
        const Pair *pair = &query->pair[p];
        memset(tf, 0, docs->n * sizeof(float));
        for (int g = 0; g < pair->groups; g++) add_frequencies(query, pair, &pair->group[g], docs, tf);
        for (size_t i = 0; i < docs->n; i++) bonus[i] += pair->weight * tf[i] / (tf[i] + query->k1);
    }
}

/* ---- documents with pairs ---- */

static const Term *rarer_term(const Group *group) {
    return group->second->docs.n < group->first->docs.n ? group->second : group->first;
}

/* Find the postings of a term in the window of a tier: the first one, and the one after the last. */
static size_t find_window(const Term *term, const Tier *tier, size_t *end) {
    size_t low = tier->base, high = low + tier->size, base = term->base;
    if (high <= base) return *end = 0;
    size_t first = seek(&term->docs, 0, (uint32_t)(low > base ? low - base : 0));
    *end = seek(&term->docs, first, (uint32_t)(high - base));
    return first;
}

/* Append the documents of the tier that have both words of a pair in a field, and a score of `low` at least; `shared` gets
   the most that their pairs add. */
static void add_pair_docs(const Tier *tier, const Group *group, float low, float bonus, Docs *out) {
    const Term *rare = rarer_term(group), *other = rare == group->first ? group->second : group->first;
    size_t cursor = 0, end = 0;
    for (size_t i = find_window(rare, tier, &end); i < end; i++) {
        uint32_t local = get(&rare->docs, i), doc = local + rare->base;
        size_t at = doc - tier->base;
        if (at >= tier->size) continue; /* of a file that contradicts itself */
        if (tier->scores[at] < low || !tier->members[at] || tier->shared[at] > 0) continue;
        cursor = seek(&other->docs, cursor, local);
        if (cursor == other->docs.n) break;
        if (get(&other->docs, cursor) != local) continue;
        tier->shared[at] = bonus;
        out->docs[out->n++] = doc;
    }
}

/* Count the postings of the rarer words of the pairs in the window of a tier. */
size_t pair_postings(const Query *query, const Tier *tier) {
    size_t count = 0, end = 0;
    for (int p = 0; p < query->pairs; p++)
        for (int g = 0; g < query->pair[p].groups; g++) {
            const Group *group = &query->pair[p].group[g];
            size_t first = find_window(rarer_term(group), tier, &end);
            count += end - first;
        }
    return count;
}

static int heavier_first(const void *one, const void *other) {
    const Pair *a = *(const Pair *const *)one, *b = *(const Pair *const *)other;
    if (a->weight != b->weight) return a->weight < b->weight ? 1 : -1;
    return a < b ? -1 : a > b;
}

/* List the documents with both words of a pair that reach a score of `least` with all that may be added; levels add `rest` at
   most. `shared`, zeros before, gets the most that pairs add to each document: those of the first pair that lists it, and of
   all lighter ones. A document may be listed twice. */
int list_pair_docs(Arena *arena, const Query *query, const Tier *tier, float least, float rest, Docs *out) {
    const Pair **pair = arena_new(arena, (size_t)query->pairs * sizeof(Pair *), 0);
    if (!pair || !(out->docs = arena_new(arena, pair_postings(query, tier) * 4, 0))) return -1;
    for (int p = 0; p < query->pairs; p++) pair[p] = &query->pair[p];
    qsort(pair, (size_t)query->pairs, sizeof(Pair *), heavier_first);
    for (int p = 0; p < query->pairs; p++) {
        float most = 0;
        for (int q = p; q < query->pairs; q++) most += pair[q]->weight;
        most *= 1 + ROUNDING;
        for (int g = 0; g < pair[p]->groups; g++)
            add_pair_docs(tier, &pair[p]->group[g], least - rest - most, most, out);
    }
    return 0;
}
