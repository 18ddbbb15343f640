/* The words of long texts that contain some letters: see arsearch.index.matching.prepared_text, which has the same in NumPy. */

#include "kernel.h"

#define CLASS_BITS 6 /* of the class of a letter; class 0 is no letter, and class 63 is removed */
#define MARK 63
#define COMPARED 3 /* the letters that are compared everywhere; the others only where these are found */
#define CODES (1 << COMPARED * CLASS_BITS)
#define HASH_START 2166136261u

typedef struct {
    const uint8_t *classes; /* 64 for each first byte of a letter */
    Py_buffer *part;        /* the classes of the letters of each part */
    uint32_t *code;         /* of the first letters of each part */
    int parts;
    uint8_t *bits;          /* for each code of three letters whether a part may begin with the last of them */
} Parts;

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

static int parts_open(Parts *parts) {
    parts->bits = calloc(CODES / 8, 1);
    parts->code = malloc(((size_t)parts->parts + 1) * sizeof *parts->code);
    if (!parts->bits || !parts->code) return -1;
    for (int p = 0; p < parts->parts; p++) {
        uint32_t mask, code = parts->code[p] = code_of(&parts->part[p], &mask);
        for (uint32_t other = code; other < CODES; other += mask + 1) parts->bits[other >> 3] |= (uint8_t)(1 << (other & 7));
    }
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

/* Add the words of a text with any part, whose first character has the offset `first`; return its characters, or -1. */
static int64_t read_words(const Parts *parts, const uint8_t *text, size_t size, int64_t first, Found *found) {
    const uint8_t *end = text + size, *word = text;
    int64_t characters = 0, begin = 0; /* of the word */
    uint32_t code = 0;
    for (int has = 0; word < end;) {
        if (is_arabic(text, end)) {
            uint32_t class = class_at(parts, text);
            text += 2;
            characters++;
            if (class == MARK) continue;
            code = (code << CLASS_BITS | class) & (CODES - 1);
            if (parts->bits[code >> 3] >> (code & 7) & 1) has |= has_part(parts, code, text, end);
        } else if (text < end && *text > ' ') {
            characters += (*text++ & 0xc0) != 0x80;
            code = code << CLASS_BITS & (CODES - 1);
        } else {
            if (has && found_add(found, word, text, first + begin) < 0) return -1;
            characters += text < end;
            word = ++text;
            begin = characters;
            code = 0;
            has = 0;
        }
    }
    return characters;
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
    Py_buffer *text = calloc((size_t)count + 1, sizeof *text), *part = calloc((size_t)most + 1, sizeof *part);
    int opened = text ? buffers_open(texts, text) : 0, parted = part ? buffers_open(tuple, part) : 0;
    Parts parts = {classes.buf, part, NULL, parted, NULL};
    Found found = {0};
    int64_t length = 0, size = 0;
    int failed = !text || !part;
    for (int t = 0; t < opened; t++) size = size > text[t].len ? size : text[t].len;
    if (opened < count || parted < most) goto done;
    if (classes.len != 2 << CLASS_BITS || gap < 0 || size > UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the classes are not those of 128 letters, or a number is out of range");
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    failed = failed || parts_open(&parts) < 0;
    for (int t = 0; t < opened && !failed; t++) {
        int64_t start = length + (length && text[t].len ? gap : 0);
        size = read_words(&parts, text[t].buf, (size_t)text[t].len, start, &found);
        if (size) length = start + size;
        failed = size < 0;
    }
    Py_END_ALLOW_THREADS
    if (failed) PyErr_NoMemory();
    else result = as_tuple(&found, length);
done:
    free(parts.bits);
    free(parts.code);
    found_free(&found);
    if (text) buffers_close(text, opened);
    if (part) buffers_close(part, parted);
    PyBuffer_Release(&classes);
    return result;
}
