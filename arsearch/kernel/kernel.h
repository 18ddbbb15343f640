/* What the files of the extension share. */

#ifndef ARSEARCH_KERNEL_H
#define ARSEARCH_KERNEL_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define API 13 /* the number of the interface, as in `__init__.py` */
#define MOST_LISTS 64
#define ARENA_SLOTS 64

#define PACKED 0

typedef struct {
    const void *data;
    size_t n;
    int size; /* bytes of a whole number; of a float, negative; PACKED */
    int low_bytes, least, exception_size;
    size_t stride, low_at, skip; /* packed: the bytes of a block, those before its low bytes, and the numbers in the first block before the first */
    const void *exceptions;
    size_t exception_count;
} Column;

typedef struct {
    Py_buffer *views;
    void **owned; /* copies of arrays of 64 bits */
    int count;
} Buffers;

typedef struct {
    PyObject *array;          /* the VerifiedArray; NULL: no array */
    Py_buffer values, marks;  /* a mark is 0 for a block that nothing has read yet */
    size_t n, skip;           /* values; bytes between the beginning of the first block and the first value */
    int size, shift;          /* bytes of a value; a block has `1 << shift` bytes */
} Checked;

typedef struct {
    Checked values, exceptions; /* exceptions without an array: the numbers are not packed */
    size_t n;
    int head, low_bytes, least; /* bytes of a block after its codes and before its low bytes */
} Numbers;

typedef struct {
    PyObject_HEAD
    Checked blob;
    Py_buffer heads;
    size_t *head, *start, blocks, length; /* where the head of each block begins in `heads`, and the block in `blob` */
    uint8_t *verified;                    /* whether a block has the terms that it must have */
} Terms;

#define NO_TERM (-1)
#define FAILED (-4)

typedef struct {
    PyTypeObject *word, *term, *filter, *matches, *terms, *articles, *postings, *commit;
} State;

typedef struct {
    Column docs;
    int fields;
    Column *freqs;
    const float **norms; /* by document: the worth of one occurrence */
} List;

typedef struct {
    float limit; /* of a score as its frequency grows */
    size_t count; /* of its documents */
    int lists;
    List *list; /* the longest first */
} Level;

typedef struct {
    PyObject_HEAD
    int levels, related;
    float k1;
    Level *level; /* from strict to loose; each has the documents of those before it */
    size_t total, copied; /* bytes of copies of postings */
    Buffers buffers;
    PyObject *owner; /* NULL, or the Commit whose postings these are */
} Word;

typedef struct {
    PyObject_HEAD
    Column docs, freqs, positions;
    const float *norms;
    uint32_t base; /* of the segment's documents */
    size_t total;
    Buffers buffers;
    PyObject *owner; /* NULL, or the Commit whose postings these are */
} Term;

typedef struct {
    const Term *first, *second;
} Group;

typedef struct {
    float weight;
    int64_t distance; /* of the words in the query; below 0 between parts of a compound and its neighbour */
    int groups;
    Group *group; /* for each field and segment */
} Pair;

enum { ALL, AUTO, ANY };

typedef struct {
    int words, optionals, pairs;
    const Word **word, **optional;
    Pair *pair;
    int mode;
    size_t total, need, enough, window;
    int64_t slop;
    float bound, k1;
    const uint8_t *mask; /* by document: whether it may be found; NULL: all may */
} Query;

typedef struct {
    uint32_t doc;
    float score;
} Hit;

typedef struct {
    Hit *hits; /* room for all that are needed */
    size_t n, complete, total_complete, total;
} Answer;

typedef struct {
    uint32_t *docs;
    size_t n;
} Docs; /* in rising order */

typedef struct {
    void *blocks[ARENA_SLOTS];
    int count;
} Arena;

typedef struct {
    size_t base, size; /* of a window: its first document, and how many it has */
    const uint8_t *members; /* by document of the window: whether it is searched */
    float *scores, *shared; /* the scores so far, and zeros for sums that are needed for a while */
} Tier;

PyObject *new_object(PyTypeObject *type);
void free_object(PyObject *self);
int buffers_new(Buffers *buffers, Py_ssize_t most);
void buffers_free(Buffers *buffers);
int list_open(Word *word, PyObject *object, List *list);
Py_ssize_t count_arrays(PyObject *lists);
int norms_open(Buffers *buffers, PyObject *object, size_t total, const float **norms);
int column_open(Buffers *buffers, PyObject *object, Column *column, int floats);
size_t column_sum(const Column *column);
int column_is_below(const Column *column, size_t total);
uint32_t column_get(const Column *column, size_t at);
void level_sort(Level *level);
int level_finish(Level *level, double weight, double k1, double live);
void *arena_new(Arena *arena, size_t bytes, int zero);
void arena_cut(Arena *arena, int kept);
void arena_free(Arena *arena);

void add_weighted_at(const List *list, const Docs *docs, float *tf);
size_t merge_hits(Hit *hits, size_t count, const Hit *more, size_t added, size_t need);
Py_ssize_t add_hits(Arena *arena, const Query *query, Docs docs, float *scores, size_t need, Hit *hits);
size_t pair_postings(const Query *query, const Tier *tier);
int list_pair_docs(Arena *arena, const Query *query, const Tier *tier, float least, float rest, Docs *out);
void read_bonus(const Query *query, const Docs *docs, float *bonus, float *tf);
void add_all_scores_at(const Query *query, const Docs *docs, float *scores, float *tf, float *own);
void mark_level(const Level *level, uint8_t *marks, size_t base);
int find_all(Arena *arena, const Query *query, const Docs *complete, Answer *answer);
int find_any(Arena *arena, const Query *query, const Docs *complete, Answer *answer);
int answer_query(Arena *arena, const Query *query, Answer *answer);

/* ---- arrays of files ---- */

extern PyType_Spec terms_spec, articles_spec, postings_spec, commit_spec;

int checked_open(PyObject *array, Checked *out);
void checked_close(Checked *array);
int checked_verify(const Checked *array, size_t low, size_t high);
int checked_bounds(const Checked *array, size_t at, size_t *low, size_t *high);
int checked_value(const Checked *array, size_t at, size_t *value);
Column checked_column(const Checked *array, size_t low, size_t high);
int numbers_open(PyObject *object, Numbers *out);
void numbers_close(Numbers *numbers);
int numbers_verify(const Numbers *numbers, size_t low, size_t high);
Column numbers_column(const Numbers *numbers, size_t low, size_t high);
PyObject *packed_gather(PyObject *module, PyObject *args);
Py_ssize_t terms_find(Terms *terms, const char *key, size_t n);
Py_ssize_t terms_find_text(Terms *terms, PyObject *text);
int terms_get(Terms *terms, size_t ordinal, const char **term, size_t *n);

/* ---- words of a text ---- */

#define LONGEST_WORD 256
#define MOST_NEEDLES 32

typedef struct {
    uint32_t at, size;
} Slot;

typedef struct {
    uint8_t *words;
    Slot *slots;
    uint64_t *bits; /* for each hash whether a word may have it; 16 bits for each slot */
    uint32_t mask;
} WordSet;

typedef struct {
    uint64_t *set; /* the letters of a word that may match; none holds another one */
    size_t n;
} LetterSets;

typedef struct Filter {
    PyObject_HEAD
    WordSet words; /* that may match, in coarse letters */
    struct Filter *base; /* NULL, or the filter with all that follows */
    uint8_t coarse[256]; /* the letter that stands for each letter in `words` */
    uint8_t begins[256]; /* the number of the first needle that begins with a letter, from 1; 0 if none does */
    uint8_t next[MOST_NEEDLES]; /* the number of the next needle with the same first letter, or 0 */
    int needles;
    size_t needle_size[MOST_NEEDLES], prefix_size;
    const char *needle[MOST_NEEDLES], *prefix; /* what a word that passes may have inside, or begin with */
    PyObject *texts; /* that own the needles and the prefix, or the bytes of characters */
    const uint8_t *byte_of; /* each character up to U+FFFF; NULL in a base */
    LetterSets needs; /* without sets: any region may match */
} Filter;

typedef struct {
    size_t start, end, skipped; /* characters of the text, and the words between the last region and this one */
} Region;

typedef struct {
    Region *region;
    size_t n, room;
} Regions;

extern PyType_Spec filter_spec;

int set_new(WordSet *set, const char *words, size_t size);
void set_free(WordSet *set);
int needs_open(LetterSets *needs, PyObject *text);
int has_letters(const LetterSets *needs, const Py_UCS4 *text, size_t n);
int find_regions(const Filter *filter, const Py_UCS4 *text, size_t n, size_t size, int counting, Regions *found);

/* ---- matches of single words ---- */

typedef struct {
    Py_ssize_t start, end, number; /* of the target */
    size_t at;                     /* in the order of the text */
    int level;
} Single;

typedef struct {
    PyObject_HEAD
    Single *single; /* by start, then target */
    size_t n, room;
    Py_ssize_t read; /* characters */
    PyObject *levels; /* a tuple: the level of each number */
    PyTypeObject *span;
} Matches;

typedef struct {
    Py_ssize_t *number, *next, *first, ordinals; /* by target: its number, and the next with its matcher; by matcher: the first */
    size_t n;
} Targets;

extern PyType_Spec matches_spec;

int targets_open(Targets *targets, PyObject *list);
void targets_close(Targets *targets);
Matches *matches_new(PyTypeObject *type, PyObject *levels, PyObject *span);
int match_add(Matches *matches, const Targets *targets, PyObject *ordinal, Py_ssize_t start, Py_ssize_t end, PyObject *level);
void matches_finish(Matches *matches, Py_ssize_t read, int several);

/* ---- analyses of regions ---- */

typedef struct {
    PyObject *matches; /* a dictionary that gets lists of matches; NULL: `found` gets them */
    Matches *found;
    const Targets *targets;
    PyObject *known, *readings, *tables, *analyse, *words, *forms, *matchers, *keys, *counts;
    /* for words of plain letters: the word and stem of a form, the words that Python analyses, stop words, and types */
    PyObject *looser, *reserved, *joined, *stops, *levels;
    PyTypeObject *term, *form;
} Reader;

int matches_nothing(PyObject *region, PyObject *readings, PyObject *tables, Py_ssize_t *width);
int find_matchers(PyObject *term, PyObject *tables, PyObject **ordinals);
PyObject *match_region(const Reader *reader, PyObject *region, const Py_UCS4 *text, size_t size, Py_ssize_t *left);
PyObject *plain_form(const Reader *reader, PyObject *word);
PyObject *new_named(PyTypeObject *type, PyObject *const *items, Py_ssize_t n);

/* ---- characters ---- */

static inline int is_letter(Py_UCS4 c) { return (c >= 0x621 && c <= 0x63a) || (c >= 0x641 && c <= 0x64a); }

static inline int is_vowel(Py_UCS4 c) { return c >= 0x64b && c <= 0x652; }

static inline int is_space(Py_UCS4 c) {
    if (c > 0xa0 && c < 0x1680) return 0;
    if (c < 0x1680) return (c >= 9 && c <= 13) || (c >= 0x1c && c <= ' ') || c == 0x85 || c == 0xa0;
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static inline int is_closer(Py_UCS4 c) {
    return c == '"' || c == '\'' || c == 0x201d || c == 0x2019 || c == 0xbb || c == 0x203a || c == ')' || c == ']' || c == '}';
}

static inline int is_sentence_end(Py_UCS4 c) {
    if ((c > '?' && c < 0x61b) || (c > 0x61f && c < 0x6d4)) return 0; /* nearly every letter */
    return c == '.' || c == '!' || c == '?' || c == 0x61f || c == 0x61b || c == 0x6d4 || c == 0x2026;
}

/* ---- lines of a text ---- */

typedef struct {
    PyObject *string, *begins_link_list, *begins_button, *find_separators, *glued_start;
    Py_UCS4 *text; /* the beginning of the string that may be read */
    Py_ssize_t size, end; /* of that beginning; of the text without its trailing boilerplate */
    int has_lists; /* whether a link list may follow a sentence; -1: not known yet. If `glued_start` is None, there must be none */
    Py_ssize_t line, start; /* where the last line begins, and from where on it is boilerplate */
} Lines;

int lines_open(Lines *lines, PyObject *tuple);
int is_prose_to_the_end(PyObject *string);
int has_list(const Lines *lines);
PyObject *expanded(PyObject *string, Py_ssize_t low, Py_ssize_t high, int ends_sentence, Py_ssize_t start, Py_ssize_t end,
                   Py_ssize_t size, PyObject *is_abbreviation);
void lines_close(Lines *lines);
int is_hidden(Lines *lines, Py_ssize_t offset);

PyObject *best_windows(State *state, PyObject *occurrences, PyObject *weights, PyObject *boilerplate, Py_ssize_t length,
                       Py_ssize_t passages);

/* ---- objects ---- */

PyObject *expand(PyObject *module, PyObject *args);
PyObject *list_places(PyObject *module, PyObject *args);
PyObject *ends_in_prose(PyObject *module, PyObject *args);
PyObject *render(PyObject *module, PyObject *args);
PyObject *passages(PyObject *module, PyObject *args);
PyObject *occurrences(PyObject *module, PyObject *args);
PyObject *windows(PyObject *module, PyObject *args);
PyObject *words_with(PyObject *module, PyObject *args);
PyObject *encoded_words(PyObject *module, PyObject *args);
PyObject *terms_by_stem(PyObject *module, PyObject *args);
PyObject *spans_by_key(PyObject *module, PyObject *args);
PyObject *untrack_values(PyObject *module, PyObject *values);

#endif
