/* The words of long texts that contain some letters: see arsearch.index.matching.prepared_text, which has the same in NumPy.

   Each part has an anchor, a letter of the part that is rare in the text. The text is searched for anchors, two bytes at
   a time; only a word with an anchor between letters that its part may have there is read letter by letter. */

#include "kernel.h"

#define CLASS_BITS 6 /* of the class of a letter; class 0 is no letter, and class 63 is removed */
#define CLASSES (1 << CLASS_BITS)
#define MARK (CLASSES - 1)
#define COMPARED 3 /* the letters that are compared everywhere; the others only where these are found */
#define CODES (1 << COMPARED * CLASS_BITS)
#define HASH_START 2166136261u
#define PAIRS (1 << 16) /* of bytes */
#define SAMPLE (1 << 16) /* the bytes of the texts whose letters are counted */

typedef struct {
    const uint8_t *classes; /* 64 for each first byte of a letter */
    Py_buffer *part;        /* the classes of the letters of each part */
    uint32_t *code;         /* of the first letters of each part */
    int parts;
    uint8_t *bits;          /* for each code of three letters whether a part may begin with the last of them */
    uint8_t *anchored;      /* the parts that have an anchor */
    uint8_t *pair;          /* for each two bytes whether any of them may be the second byte of an anchor */
    uint64_t before[CLASSES]; /* for the class of each anchor a bit for each class that may stand before it */
    uint64_t after[CLASSES];
} Parts;

typedef struct {
    const uint8_t *at;
    size_t size;
} Body;

typedef struct {
    const uint8_t *at;
    uint32_t size, hash;
} Text;

typedef struct {
    Text *word; /* the distinct words */
    size_t words, words_room;
    uint32_t *slots; /* the number of a distinct word from 1, by its hash */
    size_t mask;
    uint32_t *number; /* of the distinct word, for each word that was found, and its offset in characters */
    int64_t *offset;
    size_t n, room;
} Found;

static int is_arabic(const uint8_t *text, const uint8_t *end) { return text + 1 < end && (*text & 0xfe) == 0xd8; }

static uint32_t class_at(const Parts *parts, const uint8_t *text) {
    return parts->classes[(text[0] & 1u) << CLASS_BITS | (text[1] & 0x3fu)];
}

/* Return the code of the first letters of a part, and the bits that tell which of the letters count. */
static uint32_t code_of(const Py_buffer *part, uint32_t *mask) {
    const uint8_t *letters = part->buf;
    uint32_t code = 0;
    *mask = 0;
    for (Py_ssize_t i = 0; i < part->len && i < COMPARED; i++) {
        code = code << CLASS_BITS | (letters[i] & MARK);
        *mask = *mask << CLASS_BITS | MARK;
    }
    return code;
}

/* Count the letters of each class in a text. */
static void count_letters(const Parts *parts, const uint8_t *text, const uint8_t *end, size_t *count) {
    for (; text < end; text++)
        if (is_arabic(text, end)) count[class_at(parts, text)]++;
}

/* The bits of a class and of marks, which may stand between letters. */
static uint64_t neighbours(uint32_t class) { return (uint64_t)1 << (class & MARK) | (uint64_t)1 << MARK; }

/* Return the place of a class in a part, or -1. */
static Py_ssize_t place_of(const Py_buffer *part, uint32_t class) {
    const uint8_t *letters = part->buf;
    for (Py_ssize_t i = 0; i < part->len; i++)
        if ((letters[i] & MARK) == class) return i;
    return -1;
}

/* Make a class the anchor of a part at a place. */
static void add_anchor(Parts *parts, const Py_buffer *part, Py_ssize_t place) {
    const uint8_t *letters = part->buf;
    uint32_t class = letters[place] & MARK;
    parts->before[class] |= place ? neighbours(letters[place - 1]) : ~(uint64_t)0;
    parts->after[class] |= place + 1 < part->len ? neighbours(letters[place + 1]) : ~(uint64_t)0;
}

/* Choose the anchors by the counts of letters: the next one is always the class with the fewest letters for each part. */
static void choose_anchors(Parts *parts, const size_t *count) {
    for (int chosen = 0; chosen < parts->parts;) {
        uint32_t best = 0;
        size_t most = 0; /* of the parts without an anchor, those with the best class */
        for (uint32_t class = 0; class < CLASSES; class++) {
            size_t having = 0;
            for (int p = 0; p < parts->parts; p++) having += !parts->anchored[p] && place_of(&parts->part[p], class) >= 0;
            if (having && (!most || (count[class] + 1) * most < (count[best] + 1) * having)) {
                best = class;
                most = having;
            }
        }
        for (int p = 0; p < parts->parts; p++) {
            Py_ssize_t place = place_of(&parts->part[p], best);
            if (place < 0 || parts->anchored[p]) continue;
            add_anchor(parts, &parts->part[p], place);
            parts->anchored[p] = 1;
            chosen++;
        }
    }
    for (size_t letter = 0; letter < 2 << CLASS_BITS; letter++) {
        if (!parts->before[parts->classes[letter] & MARK]) continue;
        size_t byte = 0x80 | (letter & 0x3f);
        for (size_t other = 0; other < 256; other++) parts->pair[byte << 8 | other] = parts->pair[other << 8 | byte] = 1;
    }
}

static int parts_open(Parts *parts, const Body *text, int texts) {
    parts->bits = calloc(CODES / 8, 1);
    parts->pair = calloc(PAIRS, 1);
    parts->code = malloc(((size_t)parts->parts + 1) * sizeof *parts->code);
    parts->anchored = calloc((size_t)parts->parts + 1, 1);
    if (!parts->bits || !parts->pair || !parts->code || !parts->anchored) return -1;
    for (int p = 0; p < parts->parts; p++) {
        uint32_t mask, code = parts->code[p] = code_of(&parts->part[p], &mask);
        for (uint32_t other = code; other < CODES; other += mask + 1) parts->bits[other >> 3] |= (uint8_t)(1 << (other & 7));
    }
    size_t count[CLASSES] = {0}, left = SAMPLE;
    for (int t = 0; t < texts && left; t++) {
        size_t size = text[t].size < left ? text[t].size : left;
        count_letters(parts, text[t].at, text[t].at + size, count);
        left -= size;
    }
    choose_anchors(parts, count);
    return 0;
}

/* Tell whether the letters from `text` on are those of a part after its first ones. */
static int continues(const Parts *parts, const Py_buffer *part, const uint8_t *text, const uint8_t *end) {
    const uint8_t *letters = part->buf;
    for (Py_ssize_t i = COMPARED; i < part->len; text += 2) {
        if (!is_arabic(text, end)) return 0;
        uint32_t class = class_at(parts, text);
        if (class == MARK) continue;
        if (class != letters[i++]) return 0;
    }
    return 1;
}

/* Tell whether a part is at the letters with a code; the text goes on at `text`. */
static int has_part(const Parts *parts, uint32_t code, const uint8_t *text, const uint8_t *end) {
    for (int p = 0; p < parts->parts; p++) {
        uint32_t mask;
        code_of(&parts->part[p], &mask);
        if ((code & mask) == parts->code[p] && continues(parts, &parts->part[p], text, end)) return 1;
    }
    return 0;
}

static int found_grow(Found *found) {
    size_t room = found->room ? 2 * found->room : 1024;
    uint32_t *number = realloc(found->number, room * sizeof *number);
    if (number) found->number = number;
    int64_t *offset = number ? realloc(found->offset, room * sizeof *offset) : NULL;
    if (!offset) return -1;
    found->offset = offset;
    found->room = room;
    return 0;
}

/* Make room for twice as many distinct words. */
static int words_grow(Found *found) {
    size_t room = found->words_room ? 2 * found->words_room : 256, mask = 2 * room - 1;
    Text *word = realloc(found->word, room * sizeof *word);
    if (word) found->word = word;
    uint32_t *slots = word ? calloc(mask + 1, sizeof *slots) : NULL;
    if (!slots) return -1;
    for (size_t w = 0; w < found->words; w++) {
        size_t slot = word[w].hash & mask;
        while (slots[slot]) slot = (slot + 1) & mask;
        slots[slot] = (uint32_t)w + 1;
    }
    free(found->slots);
    found->slots = slots;
    found->mask = mask;
    found->words_room = room;
    return 0;
}

static int found_add(Found *found, const uint8_t *at, const uint8_t *end, int64_t offset) {
    if (found->n == found->room && found_grow(found) < 0) return -1;
    if (found->words == found->words_room && words_grow(found) < 0) return -1;
    Text word = {at, (uint32_t)(end - at), HASH_START};
    for (const uint8_t *c = at; c < end; c++) word.hash = (word.hash ^ *c) * 16777619u;
    word.hash ^= word.hash >> 15;
    size_t slot = word.hash & found->mask;
    for (const Text *known; found->slots[slot]; slot = (slot + 1) & found->mask) {
        known = &found->word[found->slots[slot] - 1];
        if (known->hash == word.hash && known->size == word.size && !memcmp(known->at, at, word.size)) break;
    }
    if (!found->slots[slot]) {
        found->word[found->words++] = word;
        found->slots[slot] = (uint32_t)found->words;
    }
    found->number[found->n] = found->slots[slot] - 1;
    found->offset[found->n++] = offset;
    return 0;
}

/* Tell whether a word has any part. */
static int has_any(const Parts *parts, const uint8_t *word, const uint8_t *end) {
    uint32_t code = 0;
    while (word < end) {
        uint32_t class = 0;
        if (is_arabic(word, end)) {
            class = class_at(parts, word);
            word += 2;
            if (class == MARK) continue;
        } else word++;
        code = (code << CLASS_BITS | class) & (CODES - 1);
        if (parts->bits[code >> 3] >> (code & 7) & 1 && has_part(parts, code, word, end)) return 1;
    }
    return 0;
}

/* Return the second byte of the next anchor at or after a byte, or the end; the text begins at `text`. */
static const uint8_t *next_anchor(const Parts *parts, const uint8_t *text, const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        for (uint16_t pair; at + 1 < end; at += 2) {
            memcpy(&pair, at, 2);
            if (parts->pair[pair]) break;
        }
        for (int i = 0; i < 2 && at < end; i++, at++) {
            if (at == text || !is_arabic(at - 1, end)) continue;
            uint32_t class = class_at(parts, at - 1);
            uint32_t before = at - text > 2 && is_arabic(at - 3, end) ? class_at(parts, at - 3) : 0;
            uint32_t after = is_arabic(at + 1, end) ? class_at(parts, at + 1) : 0;
            if (parts->before[class] >> before & parts->after[class] >> after & 1) return at;
        }
    }
    return end;
}

/* Count the characters that begin in some bytes, eight bytes at a time. */
static int64_t count_characters(const uint8_t *text, const uint8_t *end) {
    const uint64_t ones = 0x0101010101010101u, evens = 0x00ff00ff00ff00ffu;
    int64_t count = 0;
    while (end - text >= 8) {
        size_t words = (size_t)(end - text) / 8;
        uint64_t sums = 0, word;
        if (words > 255) words = 255;
        for (size_t w = 0; w < words; w++, text += 8) {
            memcpy(&word, text, 8);
            sums += (~word >> 7 | word >> 6) & ones; /* a byte 10xxxxxx continues a character */
        }
        count += (int64_t)(((sums & evens) + (sums >> 8 & evens)) * 0x0001000100010001u >> 48);
    }
    for (; text < end; text++) count += (*text & 0xc0) != 0x80;
    return count;
}

/* Add the words of a text with any part, whose first character has the offset `first`; return its characters, or -1. */
static int64_t read_words(const Parts *parts, const uint8_t *text, size_t size, int64_t first, Found *found) {
    const uint8_t *end = text + size, *counted = text;
    int64_t characters = 0; /* up to `counted` */
    for (const uint8_t *at = text; (at = next_anchor(parts, text, at, end)) < end;) {
        const uint8_t *word = at;
        while (word > text && word[-1] > ' ') word--;
        while (at < end && *at > ' ') at++;
        if (!has_any(parts, word, at)) continue;
        characters += count_characters(counted, word);
        counted = word;
        if (found_add(found, word, at, first + characters) < 0) return -1;
    }
    return characters + count_characters(counted, end);
}

static void found_free(Found *found) {
    free(found->word);
    free(found->slots);
    free(found->number);
    free(found->offset);
}

static PyObject *as_tuple(const Found *found, int64_t length) {
    PyObject *words = PyList_New((Py_ssize_t)found->words);
    for (size_t w = 0; words && w < found->words; w++) {
        PyObject *word = PyUnicode_DecodeUTF8((const char *)found->word[w].at, (Py_ssize_t)found->word[w].size, "replace");
        if (!word || PyList_SetItem(words, (Py_ssize_t)w, word) < 0) Py_CLEAR(words);
    }
    if (!words) return NULL;
    return Py_BuildValue("(Ny#y#L)", words, found->n ? (const char *)found->number : "",
                         (Py_ssize_t)(found->n * sizeof *found->number), found->n ? (const char *)found->offset : "",
                         (Py_ssize_t)(found->n * sizeof *found->offset), (long long)length);
}

/* Return the body of an encoded article: all after its first line feed. */
static Body body_of(const Py_buffer *article) {
    const uint8_t *start = article->buf, *feed = article->len ? memchr(start, '\n', (size_t)article->len) : NULL;
    size_t head = feed ? (size_t)(feed + 1 - start) : 0;
    return (Body){start + head, (size_t)article->len - head};
}

/* Get the buffers of a tuple of bytes; return how many were got. */
static int buffers_open(PyObject *tuple, Py_buffer *views) {
    int n = 0;
    for (int count = (int)PyTuple_Size(tuple); n < count; n++)
        if (PyObject_GetBuffer(PyTuple_GetItem(tuple, n), &views[n], PyBUF_SIMPLE) < 0) break;
    return n;
}

static void buffers_close(Py_buffer *views, int n) {
    while (n--) PyBuffer_Release(&views[n]);
    free(views);
}

PyObject *words_with(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *texts, *tuple, *result = NULL;
    Py_buffer classes;
    Py_ssize_t gap;
    if (!PyArg_ParseTuple(args, "O!nO!y*", &PyTuple_Type, &texts, &gap, &PyTuple_Type, &tuple, &classes)) return NULL;
    Py_ssize_t count = PyTuple_Size(texts), most = PyTuple_Size(tuple);
    Py_buffer *view = calloc((size_t)count + 1, sizeof *view), *part = calloc((size_t)most + 1, sizeof *part);
    Body *text = calloc((size_t)count + 1, sizeof *text);
    int opened = view && text ? buffers_open(texts, view) : 0, parted = part ? buffers_open(tuple, part) : 0;
    Parts parts = {.classes = classes.buf, .part = part, .parts = parted};
    Found found = {0};
    int64_t length = 0, size = 0;
    int failed = !view || !text || !part, empty = 0;
    for (int t = 0; t < opened; t++) size = size > view[t].len ? size : view[t].len;
    for (int p = 0; p < parted; p++) empty |= !part[p].len;
    if (opened < count || parted < most) goto done;
    if (classes.len != 2 << CLASS_BITS || gap < 0 || size > UINT32_MAX || empty) {
        PyErr_SetString(PyExc_ValueError, "the classes are not those of 128 letters, a part is empty, or a number is out of range");
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    for (int t = 0; t < opened && !failed; t++) text[t] = body_of(&view[t]);
    failed = failed || parts_open(&parts, text, opened) < 0;
    for (int t = 0; t < opened && !failed; t++) {
        int64_t start = length + (length && text[t].size ? gap : 0);
        size = read_words(&parts, text[t].at, text[t].size, start, &found);
        if (size) length = start + size;
        failed = size < 0;
    }
    Py_END_ALLOW_THREADS
    if (failed) PyErr_NoMemory();
    else result = as_tuple(&found, length);
done:
    free(parts.bits);
    free(parts.pair);
    free(parts.anchored);
    free(parts.code);
    found_free(&found);
    free(text);
    if (view) buffers_close(view, opened);
    if (part) buffers_close(part, parted);
    PyBuffer_Release(&classes);
    return result;
}
