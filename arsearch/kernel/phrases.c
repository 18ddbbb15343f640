/* The postings of a phrase whose words stand at fixed places; `arsearch.index.matching.phrases` has the same in Python. */

#include "columns.h"
#include "commit.h"

#define MOST_STARTS (1 << 22) /* about a tenth of a second; Python looks at the time between the words of a phrase */

typedef struct {
    int64_t place; /* positions after the first word */
    Occurrences *terms; /* any of them stands there */
    int count;
    size_t size; /* positions of all terms */
} PhraseWord;

/* Read the occurrences of the terms of a word; return 1, 0 if a segment has none, or -1. */
static int word_open(const Postings *postings, PyObject *terms, PhraseWord *word) {
    size_t ordinals[MOST_TERMS], ordinal, low, high;
    for (Py_ssize_t t = 0; t < PyTuple_Size(terms); t++) {
        int found = find_postings(postings, PyTuple_GetItem(terms, t), &ordinal, &low, &high);
        if (found < 0) return -1;
        for (int k = 0; found && k < word->count; k++) found = ordinals[k] != ordinal;
        if (!found) continue;
        Occurrences *own = &word->terms[word->count];
        if (occurrences_open(postings, ordinal, low, high, own) < 0) return -1;
        ordinals[word->count++] = ordinal;
        word->size += own->positions.n;
    }
    return word->size > 0;
}

static int by_key(const void *one, const void *other) {
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return a < b ? -1 : a > b;
}

/* Read where a phrase starts if a word is at its place: `document << 32 | position`, rising and distinct; return how many. */
static size_t read_starts(const PhraseWord *word, int64_t *keys) {
    size_t count = 0, kept = 0;
    for (int t = 0; t < word->count; t++) {
        const Occurrences *own = &word->terms[t];
        size_t at = 0;
        for (size_t i = 0; i < own->docs.n; i++) {
            int64_t doc = (int64_t)get(&own->docs, i) << 32;
            for (uint32_t left = get_number(&own->freqs, i); left && at < own->positions.n; left--, at++) {
                int64_t start = (int64_t)get_number(&own->positions, at) - word->place;
                if (start >= 0) keys[count++] = doc | start;
            }
        }
    }
    if (word->count > 1) qsort(keys, count, sizeof(int64_t), by_key);
    for (size_t i = 0; i < count; i++)
        if (!kept || keys[kept - 1] != keys[i]) keys[kept++] = keys[i];
    return kept;
}

/* Mark the starts where a term is at its place. */
static void mark_starts(const Occurrences *own, int64_t place, const int64_t *keys, size_t count, uint8_t *marks) {
    Place cursor = first_place(&own->freqs);
    for (size_t i = 0; i < count;) {
        int64_t doc = keys[i] >> 32;
        cursor.at = seek(&own->docs, cursor.at, (uint32_t)doc);
        if (cursor.at == own->docs.n) return;
        int64_t found = get(&own->docs, cursor.at);
        if (found > doc) {
            while (i < count && keys[i] >> 32 < found) i++;
            continue;
        }
        size_t at = first_position(&own->freqs, own->positions.n, &cursor);
        size_t end = at + get_number(&own->freqs, cursor.at);
        if (end > own->positions.n) end = own->positions.n;
        for (; i < count && keys[i] >> 32 == doc; i++) {
            int64_t position = (keys[i] & UINT32_MAX) + place;
            while (at < end && get_number(&own->positions, at) < position) at++;
            marks[i] |= at < end && get_number(&own->positions, at) == position;
        }
    }
}

/* Keep the starts where a word is at its place; return how many. */
static size_t keep_starts(const PhraseWord *word, int64_t *keys, size_t count, uint8_t *marks) {
    size_t kept = 0;
    memset(marks, 0, count);
    for (int t = 0; t < word->count; t++) mark_starts(&word->terms[t], word->place, keys, count, marks);
    for (size_t i = 0; i < count; i++)
        if (marks[i]) keys[kept++] = keys[i];
    return kept;
}

/* Find the documents of starts, and how many each has. */
static int count_starts(Word *word, const int64_t *keys, size_t count, Column *docs, Column *freqs) {
    uint32_t *found = new_copy(word, count), *sums = found ? new_copy(word, count) : NULL;
    size_t n = 0;
    if (!sums) return -1;
    for (size_t i = 0; i < count; i++) {
        uint32_t doc = (uint32_t)(keys[i] >> 32);
        if (!n || found[n - 1] != doc) {
            found[n] = doc;
            sums[n++] = 0;
        }
        sums[n - 1]++;
    }
    *docs = (Column){found, n, 4};
    *freqs = (Column){sums, n, 4};
    return 0;
}

/* Find the postings of a phrase in a field of a segment: ((place, (level, terms)), ...); return 1, 0 without any, or -1. */
int phrase_postings(Word *word, const Field *field, PyObject *parts, Column *docs, Column *freqs) {
    Occurrences terms[MOST_TERMS];
    PhraseWord words[MOST_TERMS], *rarest = words;
    Py_ssize_t count = PyTuple_Size(parts), first = 0, place;
    int at = 0;
    for (Py_ssize_t p = 0; p < count; p++) {
        PyObject *level, *own;
        if (!PyArg_ParseTuple(PyTuple_GetItem(parts, p), "n(UO!)", &place, &level, &PyTuple_Type, &own)) return -1;
        if (!p) first = place;
        if (place < first || place - first > INT32_MAX) {
            PyErr_SetString(PyExc_ValueError, "the places of a phrase do not rise");
            return -1;
        }
        words[p] = (PhraseWord){place - first, terms + at, 0, 0};
        int found = word_open(is_stem(level) ? field->stems : field->normalised, own, &words[p]);
        if (found <= 0) return found;
        at += words[p].count;
        if (words[p].size < rarest->size) rarest = &words[p];
    }
    if (rarest->size > MOST_STARTS) {
        PyErr_SetString(PyExc_ValueError, "a phrase has too many occurrences for a call without a deadline");
        return -1;
    }
    int64_t *keys = malloc(rarest->size * sizeof(int64_t));
    uint8_t *marks = malloc(rarest->size);
    int failed = !keys || !marks;
    if (failed) PyErr_NoMemory();
    else {
        size_t starts = read_starts(rarest, keys);
        for (Py_ssize_t p = 0; p < count && starts; p++)
            if (&words[p] != rarest) starts = keep_starts(&words[p], keys, starts, marks);
        failed = count_starts(word, keys, starts, docs, freqs) < 0;
    }
    free(keys);
    free(marks);
    return failed ? -1 : docs->n > 0;
}
