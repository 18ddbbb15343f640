/* The letters of a region, which rule out most regions that the test of words could not judge.

   Analysis changes only few letters: it folds case, the scripts of digits and the forms of alef, hamza, yeh and heh, and adds
   alef, lam and heh. A region with a term that has certain other letters therefore has these letters itself. */

#include "kernel.h"

enum { OTHER = -1, UNKNOWN = -2 };

#define DIGITS 0 /* the bits of a set: ten digits, 26 letters of ASCII, the 23 Arabic letters that stay */
#define LATIN 10
#define ARABIC 36

/* The Arabic letters that stay, by code point from U+0628 on: 1 and the number of the letter; 0: other letters and marks. */
static const uint8_t STAYING[] = {
    1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, /* beh to ghain; 0 is teh marbuta */
};
static const uint8_t STAYING_AFTER[] = {19, 20, 21, 0, 22, 23, 0, 0, 0, 0}; /* feh to yeh, from U+0641 on */

/* The letters of the presentation forms from U+FE80 on: how many forms follow one another, and the letter in the same way. */
static const uint8_t FORMS[][2] = {
    {15, 0}, {4, 1},  {2, 0},  {4, 2},  {4, 3},  {4, 4},  {4, 5},  {4, 6},  {2, 7},  {2, 8},  {2, 9},  {2, 10}, {4, 11},
    {4, 12}, {4, 13}, {4, 14}, {4, 15}, {4, 16}, {4, 17}, {4, 18}, {4, 19}, {4, 20}, {4, 21}, {4, 0},  {4, 22}, {4, 23},
    {20, 0},
};

static int arabic(uint8_t number) { return number ? ARABIC + number - 1 : OTHER; }

static int presented(Py_UCS4 c) {
    Py_UCS4 first = 0xfe80;
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; first += FORMS[i++][0])
        if (c < first + FORMS[i][0]) return arabic(FORMS[i][1]);
    return UNKNOWN;
}

/* Return the bit of a character, OTHER for one that brings no letter of a set, and UNKNOWN for one that may bring any. */
static int bit_of(Py_UCS4 c) {
    if (c >= 0x628 && c <= 0x63a) return arabic(STAYING[c - 0x628]);
    if (c >= 0x641 && c <= 0x64a) return arabic(STAYING_AFTER[c - 0x641]);
    if (c < 0x80) {
        if (c - '0' < 10u) return DIGITS + (int)(c - '0');
        return (c | 32) - 'a' < 26u ? LATIN + (int)((c | 32) - 'a') : OTHER;
    }
    if (c >= 0x660 && c <= 0x669) return DIGITS + (int)(c - 0x660);
    if (c >= 0x6f0 && c <= 0x6f9) return DIGITS + (int)(c - 0x6f0);
    if ((c >= 0x621 && c <= 0x627) || (c >= 0x640 && c <= 0x655) || c == 0x670) return OTHER;
    if ((c >= 0x66a && c <= 0x66d) || c == 0x60c || c == 0x61b || c == 0x61c || c == 0x61f) return OTHER;
    if (c == 0xa0 || c == 0xab || c == 0xad || c == 0xb7 || c == 0xbb || c == 0xfeff) return OTHER;
    if (c >= 0x2000 && c <= 0x206f) return OTHER;
    return c >= 0xfe80 && c <= 0xfefc ? presented(c) : UNKNOWN;
}

static int bit_count(uint64_t set) {
    int count = 0;
    for (; set; set &= set - 1) count++;
    return count;
}

static int set_order(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    int difference = bit_count(a) - bit_count(b);
    return difference ? difference : a < b ? -1 : a > b;
}

/* Leave out the sets that hold another one. */
static size_t without_larger(uint64_t *set, size_t n) {
    qsort(set, n, sizeof *set, set_order);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < kept && (set[i] & set[k]) != set[k]) k++;
        if (k == kept) set[kept++] = set[i];
    }
    return kept;
}

/* Read the letters of each line of a text; -1 with an error. */
int needs_open(LetterSets *needs, PyObject *text) {
    Py_ssize_t size = PyUnicode_GetLength(text);
    Py_UCS4 *characters = PyUnicode_AsUCS4Copy(text);
    size_t lines = 1, at = 0;
    if (!characters) return -1;
    for (Py_ssize_t i = 0; i < size; i++) lines += characters[i] == '\n';
    if (!(needs->set = calloc(lines, sizeof(uint64_t)))) {
        PyMem_Free(characters);
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        int bit = bit_of(characters[i]);
        at += characters[i] == '\n';
        if (bit >= 0) needs->set[at] |= (uint64_t)1 << bit;
    }
    PyMem_Free(characters);
    needs->n = without_larger(needs->set, lines);
    return 0;
}

/* Tell whether a region has all the letters of one of the sets, or a character that may bring any. */
int has_letters(const LetterSets *needs, const Py_UCS4 *text, size_t n) {
    uint64_t own = 0;
    for (size_t i = 0; i < n; i++) {
        int bit = bit_of(text[i]);
        if (bit == UNKNOWN) return 1;
        if (bit >= 0) own |= (uint64_t)1 << bit;
    }
    for (size_t k = 0; k < needs->n; k++)
        if ((own & needs->set[k]) == needs->set[k]) return 1;
    return 0;
}
