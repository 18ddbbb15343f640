/* The roots of the stems of a query: `arsearch.index.reader.root_families` has the same in Python. */

#include "commit.h"

/* Find the root that a segment gives a stem: its ordinal, ALONE, ABSENT or UNKNOWN, which Python finds out. */
static int own_root(const Commit *commit, const Segment *segment, PyObject *stem, Py_ssize_t *root) {
    *root = segment->roots ? ABSENT : UNKNOWN;
    for (int f = 0; segment->roots && f < commit->fields; f++) {
        const Field *field = &segment->field[f];
        if (!field->stems) continue;
        Py_ssize_t found = terms_find_text(field->stems->terms, stem);
        if (found == FAILED) return -1;
        if (found < 0) continue;
        size_t value;
        if (checked_value(&field->root_of, (size_t)found, &value) < 0) return -1;
        *root = value < segment->roots->length ? (Py_ssize_t)value : ALONE;
        return 0;
    }
    return 0;
}

/* Find the root of a stem in each segment; return ALONE, UNKNOWN, 0, or FAILED after an error. */
int find_roots(const Commit *commit, PyObject *stem, Py_ssize_t *roots) {
    int deciding = -1;
    for (int s = 0; s < commit->segments; s++) {
        if (own_root(commit, &commit->segment[s], stem, &roots[s]) < 0) return FAILED;
        if (roots[s] == UNKNOWN) return UNKNOWN;
        if (roots[s] != ABSENT && deciding < 0) deciding = s;
    }
    if (deciding < 0) return UNKNOWN;
    if (roots[deciding] == ALONE) return ALONE;
    for (int s = 0; s < commit->segments; s++) {
        const char *root;
        size_t n;
        if (roots[s] == ALONE) return UNKNOWN;
        if (roots[s] != ABSENT) continue;
        if (terms_get(commit->segment[deciding].roots, (size_t)roots[deciding], &root, &n) < 0) return FAILED;
        if ((roots[s] = terms_find(commit->segment[s].roots, root, n)) == FAILED) return FAILED;
        if (roots[s] < 0) roots[s] = ABSENT;
    }
    return 0;
}

/* Find the postings of a root in a segment; return 1, 0 if it has none, or -1. */
int find_root_postings(const Segment *segment, Py_ssize_t root, size_t *low, size_t *high) {
    if (root < 0) return 0;
    if (checked_bounds(&segment->root_offsets, (size_t)root, low, high) < 0 ||
        checked_verify(&segment->root_docs, *low, *high) < 0)
        return -1;
    return *low < *high;
}
