/* The postings of a commit. */

#ifndef ARSEARCH_COMMIT_H
#define ARSEARCH_COMMIT_H

#include "kernel.h"

typedef struct {
    PyObject_HEAD
    Terms *terms;
    Checked offsets, docs, position_offsets;
    Numbers freqs, positions;
} Postings;

typedef struct {
    Postings *normalised, *stems; /* NULL: the segment lacks the field */
    Checked root_of; /* the root of each stem, and the frequencies of roots; without an array: none */
    Numbers root_freqs;
} Field;

typedef struct {
    size_t base;
    Py_buffer live; /* a byte for each document; none: no document is deleted */
    Terms *roots;   /* NULL: roots are left to Python */
    Checked root_offsets, root_docs;
    Field *field;
} Segment;

typedef struct {
    PyObject_HEAD
    int segments, fields;
    Segment *segment;
    const float **norms; /* of each field, by document of the commit */
    Buffers buffers;
    double k1;
    size_t live, total;
} Commit;

#define MOST_TERMS 128 /* of a level */

typedef struct {
    Column docs, freqs, positions;
} Occurrences; /* of a term in a segment */

int find_postings(const Postings *postings, PyObject *term, size_t *ordinal, size_t *low, size_t *high);
int occurrences_open(const Postings *postings, size_t ordinal, size_t low, size_t high, Occurrences *out);
enum { ALONE = -1, ABSENT = -2, UNKNOWN = -3 }; /* in the place of the ordinal of a root */

int find_roots(const Commit *commit, PyObject *stem, Py_ssize_t *roots);
int find_root_postings(const Segment *segment, Py_ssize_t root, size_t *low, size_t *high);
int is_stem(PyObject *level);
uint32_t *new_copy(Word *word, size_t count);
int phrase_postings(Word *word, const Field *field, PyObject *parts, Column *docs, Column *freqs);
PyObject *commit_word(PyObject *self, PyObject *args);

#endif
