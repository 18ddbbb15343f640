/* What the files share that find the documents with any of the words of a query. */

#ifndef ARSEARCH_MAX_SCORE_H
#define ARSEARCH_MAX_SCORE_H

#include "columns.h"

#define STRIDE 64 /* documents of a run whose highest score is kept */
#define SAMPLE 16 /* documents for each hit whose bonuses are read first */

typedef struct {
    const Word *word;
    const Level *level;
    Level part;   /* of the level: its postings in the window */
    size_t *next; /* of each list: the first posting after the window */
    size_t size;  /* postings in the window */
    float rest; /* the most that this level, the following ones and the optional words add */
} Entry;

typedef struct {
    Arena *arena;
    const Query *query;
    Entry *entry;
    int entries;
    float optional; /* the most that optional words add */
    Tier tier;
    uint8_t *first, *matched; /* by document of the window: whether it is complete, and whether it has any of the words */
    float *highest; /* of each run of documents */
    size_t need;
    float least; /* the score that the last hit of earlier windows has at least */
    int all; /* whether documents need all words: their scores are then added up word by word */
} Search;

Py_ssize_t find_best_of_window(Search *search, size_t count, Hit *hits);
Py_ssize_t add_complete(Search *search, const Docs *complete, Hit *hits);

#endif
