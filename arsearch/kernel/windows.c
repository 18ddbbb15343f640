/* The windows of a text around which passages are built: see arsearch.snippets.windows, which has the same in Python and
   says what the numbers mean. Sums are taken in the same order there, so that both forms choose the same windows. */

#include "kernel.h"

#define CONSIDERED 2000
#define LEAST_SHARE 50
#define WORD_LIMIT 1000
#define WINDOW_LIMIT 512
#define SHORTEST 60
#define STRICTEST 8
#define STRICT_STEP 0.05
#define ANOTHER 0.1
#define REPEAT 0.04
#define CLOSE 0.25
#define EARLY 0.1
#define HALFWAY 2000

typedef struct {
    Py_ssize_t start, end, number, index; /* `index` is the word of a phrase too long to be shown whole, else -1 */
    double weight;
    int key; /* the number of the pair (number, index) */
} Match;

typedef struct {
    size_t first, after; /* the matches that begin in the window; those that end outside are not in it */
    Py_ssize_t start, end;
    double score;
} Window;

typedef struct {
    Match *match;
    size_t n;
    double *weight; /* of each key: that of its best match */
    int keys;
    Window *window, *chosen, *best; /* room for one for each match */
    uint8_t *is_shown; /* by key, by the windows chosen */
    /* of one window, by key: whether it is there, the weight of its best match, and its repetitions */
    unsigned *seen, now;
    double *heaviest;
    int *repeats, *order, *repeated;
} Choice;

static int match_order(const void *one, const void *other) {
    const Match *a = one, *b = other;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    if (a->index != b->index) return a->index < b->index ? -1 : 1;
    return a->weight < b->weight ? -1 : a->weight > b->weight;
}

static int key_order(const void *one, const void *other) {
    const Match *a = *(const Match *const *)one, *b = *(const Match *const *)other;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    if (a->index != b->index) return a->index < b->index ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* Number the keys of the matches in order of appearance, and find the weight of each. */
static int number_keys(Choice *c) {
    const Match **sorted = malloc((c->n + 1) * sizeof(Match *));
    if (!sorted) return -1;
    for (size_t i = 0; i < c->n; i++) sorted[i] = &c->match[i];
    qsort(sorted, c->n, sizeof(Match *), key_order);
    for (size_t i = 0; i < c->n; i++) { /* first each match has the number of the first match of its key */
        const Match *before = i ? sorted[i - 1] : NULL;
        int same = before && before->number == sorted[i]->number && before->index == sorted[i]->index;
        c->match[sorted[i] - c->match].key = same ? before->key : (int)(sorted[i] - c->match);
    }
    free(sorted);
    c->keys = 0;
    for (size_t i = 0; i < c->n; i++) {
        Match *match = &c->match[i];
        match->key = match->key == (int)i ? c->keys : c->match[match->key].key;
        if (match->key == c->keys) c->weight[c->keys++] = 0;
        if (match->weight > c->weight[match->key]) c->weight[match->key] = match->weight;
    }
    return 0;
}

static void score_window(Choice *c, Window *window, Py_ssize_t size) {
    const Match *first = &c->match[window->first];
    int count = 0, repeated = 0;
    window->start = first->start;
    window->end = first->end;
    c->now++;
    for (size_t i = window->first; i < window->after; i++) {
        const Match *match = &c->match[i];
        int key = match->key;
        if (match != first && match->end - first->start > size) continue;
        if (match->end > window->end) window->end = match->end;
        if (c->seen[key] != c->now) {
            c->seen[key] = c->now;
            c->heaviest[key] = match->weight;
            c->repeats[key] = 0;
            c->order[count++] = key;
            continue;
        }
        if (!c->repeats[key]++) c->repeated[repeated++] = key;
        if (match->weight > c->heaviest[key]) c->heaviest[key] = match->weight;
    }
    double heaviest = 0, score = 0, again = 0;
    for (int i = 0; i < count; i++) {
        double weight = c->heaviest[c->order[i]];
        if (!i || weight > heaviest) heaviest = weight;
        score += weight;
    }
    for (int i = 0; i < repeated; i++) {
        int times = c->repeats[c->repeated[i]];
        again += REPEAT * (times < 3 ? times : 3) * c->heaviest[c->repeated[i]];
    }
    score += again;
    if (count > 1) {
        double extent = (double)(window->end - window->start) / (double)(size + 1);
        score += CLOSE * heaviest * (1 - (extent < 1 ? extent : 1));
    }
    window->score = score + EARLY * heaviest * HALFWAY / (double)(HALFWAY + window->start);
}

/* Find the window of at most `size` characters that begins with each match. */
static size_t find_windows(Choice *c, Py_ssize_t size, int alone) {
    size_t n = 0, beyond = 0;
    for (size_t i = 0; i < c->n; i++) {
        Py_ssize_t start = c->match[i].start, limit = start + size;
        if ((c->match[i].end > limit && !alone) || (i && start == c->match[i - 1].start)) continue;
        while (beyond < c->n && c->match[beyond].start <= limit) beyond++;
        c->window[n].first = i;
        c->window[n].after = beyond < i + WINDOW_LIMIT ? beyond : i + WINDOW_LIMIT;
        score_window(c, &c->window[n++], size);
    }
    return n;
}

/* Return the weight of the keys of a window that are shown already, and tell whether it has others. */
static double shown_weight(Choice *c, const Window *window, Py_ssize_t size, int *others) {
    double weight = 0;
    c->now++;
    *others = 0;
    for (size_t i = window->first; i < window->after; i++) {
        int key = c->match[i].key;
        if ((i > window->first && c->match[i].end - window->start > size) || c->seen[key] == c->now) continue;
        c->seen[key] = c->now;
        if (c->is_shown[key]) weight += c->weight[key];
        else *others = 1;
    }
    return weight;
}

static void show(Choice *c, const Window *window, Py_ssize_t size) {
    for (size_t i = window->first; i < window->after; i++)
        if (i == window->first || c->match[i].end - window->start <= size) c->is_shown[c->match[i].key] = 1;
}

/* Choose up to `count` windows greedily: each is the best given those before it, and shows a new key. */
static size_t cover(Choice *c, Py_ssize_t size, Py_ssize_t count) {
    size_t windows = find_windows(c, size, count == 1), chosen = 0;
    memset(c->is_shown, 0, (size_t)c->keys);
    for (; windows && chosen < (size_t)count; chosen++) {
        size_t kept = 0;
        const Window *best = NULL;
        double most = 0;
        for (size_t i = 0; i < windows; i++) {
            int others = 1;
            double value = c->window[i].score;
            if (chosen) value -= shown_weight(c, &c->window[i], size, &others);
            if (!others) continue;
            Window *window = &c->window[kept++];
            *window = c->window[i];
            if (best && value <= most) continue;
            best = window;
            most = value;
        }
        windows = kept;
        if (!best) break;
        c->chosen[chosen] = *best;
        show(c, best, size);
    }
    return chosen;
}

/* Choose the fewest windows that together show the most; return their number, with the windows in `best`. */
static size_t choose(Choice *c, Py_ssize_t length, Py_ssize_t passages) {
    double total = 0, best_shown = 0;
    size_t best = 0;
    for (int key = 0; key < c->keys; key++) total += c->weight[key];
    for (Py_ssize_t count = 1; count <= passages; count++) {
        Py_ssize_t size = length / count;
        if (count > 1 && (size < SHORTEST || best_shown > (1 - ANOTHER / 2) * total)) break;
        size_t chosen = cover(c, size, count);
        double shown = 0;
        for (int key = 0; key < c->keys; key++)
            if (c->is_shown[key]) shown += c->weight[key];
        if (best && shown <= best_shown + ANOTHER * total) continue;
        memcpy(c->best, c->chosen, chosen * sizeof(Window));
        best = chosen;
        best_shown = shown;
    }
    return best;
}

/* ---- from Python and back ---- */

/* Read the start, end and level of a written word. */
static int word_open(PyObject *word, Py_ssize_t *start, Py_ssize_t *end, Py_ssize_t *level) {
    PyObject *items[3];
    for (int i = 0; i < 3; i++)
        if (!(items[i] = PyTuple_GetItem(word, i))) return -1;
    *start = PyLong_AsSsize_t(items[0]);
    *end = PyLong_AsSsize_t(items[1]);
    *level = PyLong_AsSsize_t(items[2]);
    if (!PyErr_Occurred() && *start >= 0 && *end >= *start && *level >= 0 && *level <= STRICTEST) return 0;
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a word has impossible offsets or no level");
    return -1;
}

static double strictness(Py_ssize_t level) { return 1 - STRICT_STEP * (double)(STRICTEST - level); }

/* Weigh an occurrence, (number, words): add at most `most` matches, and count them; -1 with an error. */
static Py_ssize_t weigh(Choice *c, Py_ssize_t number, PyObject *words, double weight, Py_ssize_t length, Py_ssize_t most) {
    Py_ssize_t size = PyTuple_Size(words), start, end, level, last, strictest = STRICTEST;
    if (size < 1) return -1;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (word_open(PyTuple_GetItem(words, i), &last, &end, &level) < 0) return -1;
        if (!i) start = last;
        if (level < strictest) strictest = level;
    }
    if (end - start <= length) {
        c->match[c->n++] = (Match){start, end, number, -1, weight * strictness(strictest), 0};
        return 1;
    }
    if (size > most) size = most;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (word_open(PyTuple_GetItem(words, i), &start, &end, &level) < 0) return -1;
        if (end - start > WORD_LIMIT) continue;
        c->match[c->n++] = (Match){start, end, number, i, weight * strictness(level) / (double)PyTuple_Size(words), 0};
    }
    return size;
}

/* Weigh the occurrences to consider; -1 with an error. */
static int weigh_all(Choice *c, PyObject *occurrences, PyObject *weights, Py_ssize_t length, Py_ssize_t *counts, Py_ssize_t share) {
    for (Py_ssize_t i = 0; i < PyTuple_Size(occurrences); i++) {
        PyObject *occurrence = PyTuple_GetItem(occurrences, i), *number, *words;
        if (!(number = PyTuple_GetItem(occurrence, 0)) || !(words = PyTuple_GetItem(occurrence, 1))) return -1;
        Py_ssize_t target = PyLong_AsSsize_t(number);
        PyObject *weight = target < 0 ? NULL : PyTuple_GetItem(weights, target);
        if (!weight) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a target has no weight");
            return -1;
        }
        if (counts[target] >= share) continue;
        Py_ssize_t added = weigh(c, target, words, PyFloat_AsDouble(weight), length, share - counts[target]);
        if (added < 0 || PyErr_Occurred()) return -1;
        counts[target] += added;
    }
    qsort(c->match, c->n, sizeof(Match), match_order);
    return 0;
}

/* Weigh the matches of single words to consider; -1 with an error. */
static int weigh_singles(Choice *c, const Matches *matches, PyObject *weights, Py_ssize_t length, Py_ssize_t *counts, Py_ssize_t share) {
    for (size_t i = 0; i < matches->n; i++) {
        const Single *single = &matches->single[i];
        Py_ssize_t size = single->end - single->start;
        PyObject *weight = PyTuple_GetItem(weights, single->number);
        if (!weight) return -1;
        if (counts[single->number]++ >= share || (size > length && size > WORD_LIMIT)) continue;
        c->match[c->n++] = (Match){single->start, single->end, single->number, size > length ? 0 : -1,
                                   PyFloat_AsDouble(weight) * strictness(single->level), 0};
    }
    if (PyErr_Occurred()) return -1;
    qsort(c->match, c->n, sizeof(Match), match_order);
    return 0;
}

/* Leave out the matches that are hidden, unless all are; -1 with an error, and 1 if Python must tell which are. */
static int leave_out(Choice *c, PyObject *boilerplate) {
    Lines lines = {0};
    if (!c->n) return 0;
    if (lines_open(&lines, boilerplate) < 0) return -1;
    if (lines.glued_start == Py_None && (lines.has_lists = has_list(&lines))) {
        lines_close(&lines);
        return 1;
    }
    size_t kept = 0, hidden = 0;
    for (size_t i = 0; i < c->n; i++) {
        int answer = is_hidden(&lines, c->match[i].start);
        if (answer < 0) break;
        c->match[i].key = answer;
        hidden += (size_t)answer;
    }
    lines_close(&lines);
    if (PyErr_Occurred()) return -1;
    if (hidden == c->n) return 0;
    for (size_t i = 0; i < c->n; i++)
        if (!c->match[i].key) c->match[kept++] = c->match[i];
    c->n = kept;
    return 0;
}

static PyObject *as_extents(const Window *window, size_t n) {
    PyObject *extents = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; extents && i < n; i++) {
        PyObject *extent = Py_BuildValue("nn", window[i].start, window[i].end);
        if (!extent || PyList_SetItem(extents, (Py_ssize_t)i, extent) < 0) Py_CLEAR(extents);
    }
    return extents;
}

/* Choose the windows; return their extents, or `None` if Python must tell where link lists begin. */
PyObject *best_windows(State *state, PyObject *occurrences, PyObject *weights, PyObject *boilerplate, Py_ssize_t length,
                       Py_ssize_t passages) {
    PyObject *result = NULL;
    Arena arena = {0};
    Choice c = {0};
    if (length < 1 || passages < 1) {
        PyErr_SetString(PyExc_ValueError, "length and passages are at least 1");
        return NULL;
    }
    const Matches *matches = PyObject_TypeCheck(occurrences, state->matches) ? (Matches *)occurrences : NULL;
    if (!matches && !PyTuple_Check(occurrences)) {
        PyErr_SetString(PyExc_TypeError, "the occurrences are neither a tuple nor Matches");
        return NULL;
    }
    Py_ssize_t targets = PyTuple_Size(weights), share = CONSIDERED / (targets ? targets : 1);
    Py_ssize_t words = matches ? (Py_ssize_t)matches->n : 0;
    if (share < LEAST_SHARE) share = LEAST_SHARE;
    for (Py_ssize_t i = 0; !matches && i < PyTuple_Size(occurrences); i++) {
        PyObject *listed = PyTuple_GetItem(PyTuple_GetItem(occurrences, i), 1);
        if (!listed || PyTuple_Size(listed) < 1) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "an occurrence has no words");
            return NULL;
        }
        words += PyTuple_Size(listed);
    }
    size_t room = (size_t)(words < share * targets ? words : share * targets) + 1;
    Py_ssize_t *counts = arena_new(&arena, (size_t)(targets + 1) * sizeof(Py_ssize_t), 1);
    c.match = arena_new(&arena, room * sizeof(Match), 0);
    c.weight = arena_new(&arena, room * sizeof(double), 0);
    c.heaviest = arena_new(&arena, room * sizeof(double), 0);
    c.window = arena_new(&arena, 3 * room * sizeof(Window), 0);
    c.seen = arena_new(&arena, room * sizeof(unsigned), 1);
    c.repeats = arena_new(&arena, 3 * room * sizeof(int), 0);
    c.is_shown = arena_new(&arena, room, 0);
    if (!counts || !c.match || !c.weight || !c.heaviest || !c.window || !c.seen || !c.repeats || !c.is_shown) {
        PyErr_NoMemory();
        goto done;
    }
    c.chosen = c.window + room;
    c.best = c.chosen + room;
    c.order = c.repeats + room;
    c.repeated = c.order + room;
    int failed = matches ? weigh_singles(&c, matches, weights, length, counts, share)
                         : weigh_all(&c, occurrences, weights, length, counts, share);
    int answer = failed ? -1 : leave_out(&c, boilerplate);
    if (answer) {
        result = answer > 0 ? Py_NewRef(Py_None) : NULL;
        goto done;
    }
    if (number_keys(&c) < 0) PyErr_NoMemory();
    else result = as_extents(c.best, choose(&c, length, passages));
done:
    arena_free(&arena);
    return result;
}

PyObject *windows(PyObject *module, PyObject *args) {
    PyObject *occurrences, *weights, *boilerplate;
    Py_ssize_t length, passages;
    if (!PyArg_ParseTuple(args, "OO!O!nn", &occurrences, &PyTuple_Type, &weights, &PyTuple_Type, &boilerplate, &length,
                          &passages))
        return NULL;
    return best_windows(PyModule_GetState(module), occurrences, weights, boilerplate, length, passages);
}
