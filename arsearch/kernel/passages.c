/* The expansion of a window to a passage: see arsearch.snippets.passages and arsearch.snippets.sentences, which have the same in
   Python and say what the numbers mean. */

#include "kernel.h"

#define MARGIN 32 /* characters before a passage that the rules look at */
#define BEFORE 16 /* characters before the furthest beginning at which a sentence may end */
#define CONTEXT 8

typedef struct {
    PyObject *string, *is_abbreviation;
    Py_UCS4 *text; /* a part of the string */
    Py_ssize_t first, after, length; /* where that part begins and ends; the length of the string */
    Py_ssize_t low, high;
    int ends_sentence;
    Py_ssize_t *ends, *begins, *stops; /* where sentences end, and where a passage may begin and end */
    size_t n_ends, n_begins, n_stops;
} Bounds;

static Py_UCS4 at(const Bounds *b, Py_ssize_t i) { return i >= b->first && i < b->after ? b->text[i - b->first] : 0; }

static int space_at(const Bounds *b, Py_ssize_t i) { return is_space(at(b, i)); }

static Py_ssize_t skip_space(const Bounds *b, Py_ssize_t start, Py_ssize_t end) {
    while (start < end && space_at(b, start)) start++;
    return start < end ? start : end;
}

static Py_ssize_t word_start(const Bounds *b, Py_ssize_t start, Py_ssize_t end) {
    if (start > 0 && !space_at(b, start - 1))
        while (start < end && !space_at(b, start)) start++;
    return skip_space(b, start, end);
}

static Py_ssize_t word_end(const Bounds *b, Py_ssize_t start, Py_ssize_t end) {
    if (end < b->length && !space_at(b, end))
        while (end > start && !space_at(b, end - 1)) end--;
    while (end > start && space_at(b, end - 1)) end--;
    return end;
}

/* Tell whether the text before an offset ends a sentence. */
static int ends_before(const Bounds *b, Py_ssize_t end) {
    Py_ssize_t low = end > CONTEXT ? end - CONTEXT : 0;
    while (end > low && space_at(b, end - 1)) end--;
    while (end > low && is_closer(at(b, end - 1))) end--;
    return end > low && is_sentence_end(at(b, end - 1));
}

static int is_arabic(Py_UCS4 c) { return (c >= 0x621 && c <= 0x63a) || (c >= 0x641 && c <= 0x64a); }

/* Tell whether a full stop belongs to an abbreviation; -1 with an error. Abbreviations are single letters or not Arabic. */
static int is_abbreviation(const Bounds *b, Py_ssize_t dot) {
    if (is_arabic(at(b, dot - 1)) && is_arabic(at(b, dot - 2))) return 0;
    PyObject *answer = PyObject_CallFunction(b->is_abbreviation, "On", b->string, dot);
    int truth = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return truth;
}

static int is_blank(const Bounds *b, Py_ssize_t start, Py_ssize_t end) { return skip_space(b, start, end) >= end; }

/* Find the offsets in `(start, end]` at which a sentence ends; -1 with an error. */
static int find_ends(Bounds *b, Py_ssize_t start, Py_ssize_t end) {
    for (Py_ssize_t i = start, after; i < end; i = after) {
        after = i + 1;
        if (at(b, i) == '\n') {
            Py_ssize_t stop = i > start ? i : after;
            if (!b->n_ends || !is_blank(b, b->ends[b->n_ends - 1], stop)) b->ends[b->n_ends++] = stop;
            continue;
        }
        if (!is_sentence_end(at(b, i))) continue;
        int needs_space = 1, abbreviation = 0;
        for (after = i; after < end && is_sentence_end(at(b, after)); after++)
            needs_space &= at(b, after) == '.' || at(b, after) == '!' || at(b, after) == '?';
        while (after < end && is_closer(at(b, after))) after++;
        if (needs_space) {
            if (after < b->length && !space_at(b, after)) continue;
            if (after == i + 1 && at(b, i) == '.') abbreviation = is_abbreviation(b, i);
        }
        if (abbreviation < 0) return -1;
        if (!abbreviation) b->ends[b->n_ends++] = after;
    }
    return 0;
}

static void find_edges(Bounds *b, Py_ssize_t start, Py_ssize_t end, Py_ssize_t left, Py_ssize_t right) {
    if (left == 0 || (left == b->low && left == start)) b->begins[b->n_begins++] = skip_space(b, left, start);
    for (size_t i = 0; i < b->n_ends && b->ends[i] <= start; i++) {
        Py_ssize_t begin = skip_space(b, b->ends[i], start);
        if (begin >= left) b->begins[b->n_begins++] = begin;
    }
    for (size_t i = 0; i < b->n_ends; i++)
        if (b->ends[i] >= end && b->ends[i] > start) b->stops[b->n_stops++] = b->ends[i];
    if (right == b->high && b->ends_sentence) b->stops[b->n_stops++] = word_end(b, end, b->high);
}

static Py_ssize_t least(Py_ssize_t a, Py_ssize_t b) { return a < b ? a : b; }

static Py_ssize_t most(Py_ssize_t a, Py_ssize_t b) { return a > b ? a : b; }

/* Find the passage that begins with a sentence, and holds as many whole sentences as fit. */
static void from_sentence(const Bounds *b, Py_ssize_t *start, Py_ssize_t *end, Py_ssize_t size) {
    Py_ssize_t begin = b->begins[b->n_begins - 1], stop = -1, previous = -1, stops = 0;
    for (size_t i = 0; i < b->n_stops; i++) {
        if (b->stops[i] - begin > size) continue;
        previous = stop;
        stop = b->stops[i];
        stops++;
    }
    *start = begin;
    if (!stops) {
        *end = word_end(b, *end, least(b->high, begin + size));
        return;
    }
    if (stops > 1 && stop < b->high && ends_before(b, previous) && !ends_before(b, stop)) stop = previous;
    for (size_t i = b->n_begins; i--;)
        if (stop - b->begins[i] <= size) begin = least(begin, b->begins[i]);
    if (stop - begin < size / 2) stop = word_end(b, stop, least(b->high, begin + size));
    if (stop - begin < size / 2) begin = word_start(b, most(b->low, stop - size), begin);
    *start = begin;
    *end = stop;
}

/* Return the best passage around a window, which is shorter. */
PyObject *expanded(PyObject *string, Py_ssize_t low, Py_ssize_t high, int ends_sentence, Py_ssize_t start, Py_ssize_t end,
                   Py_ssize_t size, PyObject *is_abbreviation) {
    Bounds b = {.string = string, .low = low, .high = high, .ends_sentence = ends_sentence, .is_abbreviation = is_abbreviation};
    PyObject *part = NULL, *result = NULL;
    b.length = PyUnicode_GetLength(string);
    if (b.low < 0 || start < b.low || end < start || b.high < end || b.length < b.high || size <= end - start) {
        PyErr_SetString(PyExc_ValueError, "the offsets are not in order, or the window is no shorter than the passage");
        return NULL;
    }
    Py_ssize_t left = most(b.low, end - size), right = size < b.high - start ? start + size : b.high;
    b.first = most(0, left - MARGIN);
    b.after = least(b.length, right + 1);
    size_t room = (size_t)(right - left) + BEFORE + 2;
    if ((part = PyUnicode_Substring(b.string, b.first, b.after))) b.text = PyUnicode_AsUCS4Copy(part);
    if (!b.text) goto done;
    if (!(b.ends = malloc(3 * room * sizeof(Py_ssize_t)))) {
        PyErr_NoMemory();
        goto done;
    }
    b.begins = b.ends + room;
    b.stops = b.begins + room;
    if (find_ends(&b, most(0, left - BEFORE), right) < 0) goto done;
    find_edges(&b, start, end, left, right);
    if (b.n_begins) from_sentence(&b, &start, &end, size);
    else if (b.n_stops) {
        end = b.stops[0];
        start = word_start(&b, most(b.low, end - size), start);
    } else {
        start = word_start(&b, most(b.low, start - (size - (end - start)) / 3), start);
        end = word_end(&b, end, least(b.high, start + size));
    }
    result = Py_BuildValue("nn", start, end);
done:
    free(b.ends);
    PyMem_Free(b.text);
    Py_XDECREF(part);
    return result;
}

PyObject *expand(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *string, *is_abbreviation;
    Py_ssize_t low, high, start, end, size;
    int ends_sentence;
    if (!PyArg_ParseTuple(args, "UnnpnnnO", &string, &low, &high, &ends_sentence, &start, &end, &size, &is_abbreviation)) return NULL;
    return expanded(string, low, high, ends_sentence, start, end, size, is_abbreviation);
}
