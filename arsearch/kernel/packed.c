/* Packed arrays of numbers: see arsearch.index.codec.packed_array, which has the same in Python. */

#include "columns.h"

#define VALUES PACKED_VALUES
#define CODES PACKED_CODES
#define EXCEPTION PACKED_EXCEPTION
#define LOW_BITS 0x5555555555555555u

/* ---- the codes of a block ---- */

static inline uint64_t word_at(const uint8_t *block, size_t number) {
    uint64_t word;
    memcpy(&word, block + 8 * number, 8);
    return word;
}

static inline uint32_t start_of(const uint8_t *block) {
    uint32_t start;
    memcpy(&start, block + CODES, 4);
    return start;
}

/* A bit for each exception among 32 codes. */
static inline uint64_t exceptions_of(uint64_t word) { return word & (word >> 1) & LOW_BITS; }

/* Clear all codes of a word but the first `count`. */
static inline uint64_t first_codes(uint64_t word, size_t count) {
    return count >= 32 ? word : word & (((uint64_t)1 << (2 * count)) - 1);
}

/* Add up 32 codes, or the bits of exceptions. */
static inline size_t add_codes(uint64_t word) {
    word = (word & 0x3333333333333333u) + ((word >> 2) & 0x3333333333333333u);
    word = (word & 0x0f0f0f0f0f0f0f0fu) + ((word >> 4) & 0x0f0f0f0f0f0f0f0fu);
    return (size_t)(word * 0x0101010101010101u >> 56);
}

/* Count the exceptions before a number of a block, those of earlier blocks included. */
static size_t rank_of(const uint8_t *block, size_t at) {
    size_t rank = start_of(block);
    for (size_t k = 0; 32 * k < at; k++) rank += add_codes(exceptions_of(first_codes(word_at(block, k), at - 32 * k)));
    return rank;
}

/* A rank from a file that contradicts itself has no exception. */
static inline uint32_t exception_at(const Column *c, size_t rank) {
    if (rank >= c->exception_count) return 0;
    switch (c->exception_size) {
    case 1: return ((const uint8_t *)c->exceptions)[rank];
    case 2: return ((const uint16_t *)c->exceptions)[rank];
    default: return ((const uint32_t *)c->exceptions)[rank];
    }
}

/* ---- numbers ---- */

/* A number above its low byte that two bits do not tell. */
uint32_t packed_exception(const Column *c, const uint8_t *block, size_t at) {
    return exception_at(c, rank_of(block, at));
}

/* Read up to `n` numbers without low bytes, those of one block; return how many. */
static size_t block_floats(const Column *c, size_t index, size_t n, float *out) {
    const uint8_t *block = packed_block(c, index);
    size_t at = index % VALUES, rank = 0;
    uint8_t codes[VALUES];
    int ranked = 0;
    if (n > VALUES - at) n = VALUES - at;
    for (size_t k = at / 4; k < CODES && 4 * k < at + n; k++) {
        uint32_t four = block[k];
        four = (four | four << 6 | four << 12 | four << 18) & 0x03030303u;
        memcpy(codes + 4 * k, &four, 4);
    }
    for (size_t i = 0; i < n; i++) out[i] = (float)(codes[at + i] + c->least);
    for (size_t k = at / 32; 32 * k < at + n; k++) {
        uint64_t found = first_codes(exceptions_of(word_at(block, k)), at + n - 32 * k);
        if (32 * k < at) found &= ~first_codes(~(uint64_t)0, at - 32 * k);
        if (found && !ranked) {
            rank = rank_of(block, at);
            ranked = 1;
        }
        for (; found; found &= found - 1) { /* the first one has only codes below it */
            size_t i = 32 * k + add_codes(((found & (~found + 1)) - 1) & 0x5555555555555555u);
            out[i - at] = (float)exception_at(c, rank++);
        }
    }
    return n;
}

void packed_floats(const Column *c, size_t at, size_t n, float *out) {
    for (size_t done = 0; done < n;) done += block_floats(c, c->skip + at + done, n - done, out + done);
}

/* Add up the numbers before one of a block, those of earlier blocks included; the sum may wrap at 32 bits. */
static uint32_t sum_before(const Column *c, const uint8_t *block, size_t at) {
    size_t rank = start_of(block), end = rank, codes = 0;
    uint32_t total;
    memcpy(&total, block + CODES + 4, 4);
    for (size_t k = 0; 32 * k < at; k++) {
        uint64_t word = first_codes(word_at(block, k), at - 32 * k);
        codes += add_codes(word);
        end += add_codes(exceptions_of(word));
    }
    total += (uint32_t)(codes + (at - (end - rank)) * (size_t)c->least - (end - rank) * EXCEPTION);
    for (; rank < end; rank++) total += exception_at(c, rank);
    return total;
}

/* Add up the numbers before one, those before the first of the column included; the blocks have sums. */
uint32_t packed_sum_before(const Column *c, size_t i) {
    size_t index = c->skip + i;
    return sum_before(c, packed_block(c, index), index % VALUES);
}

size_t packed_sum(const Column *c) {
    if (!c->n) return 0;
    size_t last = c->skip + c->n - 1;
    return (uint32_t)(sum_before(c, packed_block(c, last), last % VALUES + 1) - packed_sum_before(c, 0));
}

/* ---- arrays of files ---- */

/* Open a VerifiedArray, or a packed array: (blocks, exceptions, length, bytes after the codes, low bytes, least number). */
int numbers_open(PyObject *object, Numbers *out) {
    PyObject *packed, *exceptions;
    Py_ssize_t length;
    if (!PyTuple_Check(object)) {
        if (checked_open(object, &out->values) < 0) return -1;
        out->n = out->values.n;
        return 0;
    }
    if (!PyArg_ParseTuple(object, "OOniii", &packed, &exceptions, &length, &out->head, &out->low_bytes, &out->least))
        return -1;
    if (checked_open(packed, &out->values) < 0 || checked_open(exceptions, &out->exceptions) < 0) return -1;
    out->n = (size_t)length;
    size_t blocks = (out->n + VALUES - 1) / VALUES;
    if (length >= 0 && (out->low_bytes == 0 || out->low_bytes == 1) && (out->head == 4 || out->head == 8) &&
        out->values.size == 1 &&
        out->values.n == blocks * (CODES + (size_t)out->head) + (size_t)out->low_bytes * out->n)
        return 0;
    PyErr_SetString(PyExc_ValueError, "not a packed array");
    return -1;
}

void numbers_close(Numbers *numbers) {
    checked_close(&numbers->values);
    checked_close(&numbers->exceptions);
}

static size_t stride_of(const Numbers *numbers) {
    return CODES + (size_t)numbers->head + (size_t)numbers->low_bytes * VALUES;
}

/* Verify the numbers [low, high), if that was not done before. */
int numbers_verify(const Numbers *numbers, size_t low, size_t high) {
    if (!numbers->exceptions.array) return checked_verify(&numbers->values, low, high);
    if (low > high || high > numbers->n) return checked_verify(&numbers->values, 1, 0);
    if (low == high) return 0;
    size_t stride = stride_of(numbers), first = low / VALUES, last = (high - 1) / VALUES;
    size_t end = (last + 1) * stride;
    if (end > numbers->values.n) end = numbers->values.n;
    if (checked_verify(&numbers->values, first * stride, end) < 0) return -1;
    size_t rank = start_of((const uint8_t *)numbers->values.values.buf + first * stride), most = numbers->exceptions.n;
    end = rank + (last - first + 1) * VALUES; /* as many as there may be */
    return checked_verify(&numbers->exceptions, rank, end < most ? end : most);
}

/* The verified numbers [low, high) as a column; they have 32 bits at most. */
Column numbers_column(const Numbers *numbers, size_t low, size_t high) {
    Column column = {0};
    if (!numbers->exceptions.array) return checked_column(&numbers->values, low, high);
    column.n = high - low;
    column.stride = stride_of(numbers);
    column.low_at = CODES + (size_t)numbers->head;
    column.skip = low % VALUES;
    column.low_bytes = numbers->low_bytes;
    column.least = numbers->least;
    column.exceptions = numbers->exceptions.values.buf;
    column.exception_count = numbers->exceptions.n;
    column.exception_size = numbers->exceptions.size;
    column.data = numbers->values.values.buf; /* of all blocks, to find the one with the first number */
    column.data = packed_block(&column, low);
    return column;
}

/* ---- numbers at some indices ---- */

/* Find a number of a verified block; return 0 if the file has no such exception. */
static int number_at(const Column *c, const uint8_t *block, size_t at, uint32_t *number) {
    uint32_t high = (uint32_t)(block[at / 4] >> (2 * (at % 4)) & 3);
    if (high == EXCEPTION) {
        size_t rank = rank_of(block, at);
        if (rank >= c->exception_count) return 0;
        high = exception_at(c, rank);
    } else high += (uint32_t)c->least;
    *number = c->low_bytes ? high << 8 | block[c->low_at + at] : high;
    return 1;
}

/* Write the numbers at `n` indices; return 0 if the file contradicts itself, and -1 with an exception set. */
static int gather_numbers(const Numbers *numbers, const int64_t *index, size_t n, int size, void *out) {
    Column all = numbers_column(numbers, 0, numbers->n);
    size_t verified = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)index[i], number = at / VALUES;
        uint32_t value = 0;
        if (index[i] < 0 || at >= numbers->n) {
            PyErr_Format(PyExc_IndexError, "index out of [0, %zu)", numbers->n);
            return -1;
        }
        if (number != verified && numbers_verify(numbers, at, at + 1) < 0) return -1;
        verified = number;
        if (!number_at(&all, packed_block(&all, at), at % VALUES, &value)) return 0;
        switch (size) {
        case 1: ((uint8_t *)out)[i] = (uint8_t)value; break;
        case 2: ((uint16_t *)out)[i] = (uint16_t)value; break;
        default: ((uint32_t *)out)[i] = value;
        }
    }
    return 1;
}

PyObject *packed_gather(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *arrays, *index, *values, *result = NULL;
    Py_buffer indices = {0}, out = {0};
    Numbers numbers = {0};
    if (!PyArg_ParseTuple(args, "O!OO", &PyTuple_Type, &arrays, &index, &values)) return NULL;
    if (numbers_open(arrays, &numbers) == 0 && PyObject_GetBuffer(index, &indices, PyBUF_CONTIG_RO) == 0 &&
        PyObject_GetBuffer(values, &out, PyBUF_CONTIG) == 0) {
        size_t n = (size_t)indices.len / 8;
        int size = n ? (int)((size_t)out.len / n) : 1, done = -1;
        if (indices.len % 8 || (size_t)out.len != n * (size_t)size || (size != 1 && size != 2 && size != 4))
            PyErr_SetString(PyExc_ValueError, "not a place for each index");
        else done = gather_numbers(&numbers, indices.buf, n, size, out.buf);
        if (done >= 0) result = PyBool_FromLong(done);
    }
    PyBuffer_Release(&indices);
    PyBuffer_Release(&out);
    numbers_close(&numbers);
    return result;
}
