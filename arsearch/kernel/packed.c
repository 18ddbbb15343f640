/* Packed positions: see arsearch.index.codec.packed_positions, which has the same in Python. */

#include "columns.h"

#define EXCEPTIONS 0x5555555555555555u /* the lower bits of 32 codes */

/* Count the exceptions before a position of a block, those of earlier blocks included. */
static size_t rank_of(const uint8_t *block, size_t at) {
    uint32_t rank;
    memcpy(&rank, block + PACKED_CODES, 4);
    for (size_t k = 0; 32 * k < at; k++) {
        uint64_t word, count;
        memcpy(&word, block + 8 * k, 8);
        word &= (word >> 1) & EXCEPTIONS;
        if (at < 32 * (k + 1)) word &= ((uint64_t)1 << (2 * (at - 32 * k))) - 1;
        count = (word & 0x3333333333333333u) + ((word >> 2) & 0x3333333333333333u);
        count = (count & 0x0f0f0f0f0f0f0f0fu) + ((count >> 4) & 0x0f0f0f0f0f0f0f0fu);
        rank += (uint32_t)(count * 0x0101010101010101u >> 56);
    }
    return rank;
}

/* A position without its lowest byte that its code does not tell; 0 if the file contradicts itself. */
uint32_t packed_exception(const Column *c, const uint8_t *block, size_t at) {
    size_t rank = rank_of(block, at);
    if (rank >= c->exception_count) return 0;
    switch (c->exception_size) {
    case 1: return ((const uint8_t *)c->exceptions)[rank];
    case 2: return ((const uint16_t *)c->exceptions)[rank];
    default: return ((const uint32_t *)c->exceptions)[rank];
    }
}

/* Open the positions: a VerifiedArray, or (blocks, exceptions, number of positions). */
int positions_open(PyObject *object, Positions *out) {
    PyObject *packed, *exceptions;
    Py_ssize_t length;
    if (!PyTuple_Check(object)) {
        if (checked_open(object, &out->values) < 0) return -1;
        out->n = out->values.n;
        return 0;
    }
    if (!PyArg_ParseTuple(object, "OOn", &packed, &exceptions, &length)) return -1;
    if (checked_open(packed, &out->values) < 0 || checked_open(exceptions, &out->exceptions) < 0) return -1;
    out->n = (size_t)length;
    size_t blocks = (out->n + PACKED_VALUES - 1) / PACKED_VALUES;
    if (length >= 0 && out->values.size == 1 && out->values.n == blocks * PACKED_LOW + out->n) return 0;
    PyErr_SetString(PyExc_ValueError, "not packed positions");
    return -1;
}

void positions_close(Positions *positions) {
    checked_close(&positions->values);
    checked_close(&positions->exceptions);
}

/* Verify the positions [low, high), if that was not done before. */
int positions_verify(const Positions *positions, size_t low, size_t high) {
    if (!positions->exceptions.array) return checked_verify(&positions->values, low, high);
    if (low > high || high > positions->n) return checked_verify(&positions->values, 1, 0); /* which is impossible */
    if (low == high) return 0;
    size_t first = low / PACKED_VALUES, last = (high - 1) / PACKED_VALUES, end = (last + 1) * PACKED_STRIDE;
    size_t most = positions->exceptions.n;
    if (end > positions->values.n) end = positions->values.n;
    if (checked_verify(&positions->values, first * PACKED_STRIDE, end) < 0) return -1;
    size_t rank = rank_of((const uint8_t *)positions->values.values.buf + first * PACKED_STRIDE, 0);
    end = rank + (last - first + 1) * PACKED_VALUES; /* as many as there may be */
    return checked_verify(&positions->exceptions, rank, end < most ? end : most);
}

/* The verified positions [low, high) as a column; they have 32 bits at most. */
Column positions_column(const Positions *positions, size_t low, size_t high) {
    Column column = {0};
    if (!positions->exceptions.array) return checked_column(&positions->values, low, high);
    column.data = (const uint8_t *)positions->values.values.buf + low / PACKED_VALUES * PACKED_STRIDE;
    column.n = high - low;
    column.size = PACKED;
    column.skip = low % PACKED_VALUES;
    column.exceptions = positions->exceptions.values.buf;
    column.exception_count = positions->exceptions.n;
    column.exception_size = positions->exceptions.size;
    return column;
}
