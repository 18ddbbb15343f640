/* The rendering of passages as text or HTML: see `Snippet.render` in arsearch.model.snippets, which has the same in Python. */

#include "kernel.h"

#define CONTEXT 64 /* characters beside a passage that are read to tell whether a sentence is cut */
#define ELLIPSIS 0x2026
#define LONGEST_ESCAPE 6

typedef struct {
    Py_UCS4 *text;
    size_t n;
} Output;

typedef struct {
    Py_UCS4 *text; /* a part of the source */
    Py_ssize_t first, start, end, after; /* where that part begins, the passage in it, and where it ends */
} Part;

/* Tell whether a character is shown as it is; others are Python's to judge. */
static int is_shown(Py_UCS4 c) {
    if (c < 0x7f) return c >= ' ';
    if (c < 0x600) return c > 0xa0 && c <= 0xff && c != 0xad;
    if (c < 0x700) return (c >= 0x621 && c <= 0x6d3) || c == 0x60c || c == 0x61b || c == 0x61f || (c >= 0x6f0 && c <= 0x6f9);
    return (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205e) || (c >= 0xfe80 && c <= 0xfefc);
}

static int is_passage_shown(const Part *part) {
    for (Py_ssize_t i = part->start; i < part->end; i++) {
        Py_UCS4 c = part->text[i - part->first];
        if (!is_shown(c) || (c == ' ' && i > part->start && part->text[i - 1 - part->first] == ' ')) return 0;
    }
    return 1;
}

static void put(Output *out, const char *text) {
    while (*text) out->text[out->n++] = (Py_UCS4)*text++;
}

static void put_source(Output *out, const Part *part, Py_ssize_t start, Py_ssize_t end, int escaped) {
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 c = part->text[i - part->first];
        if (escaped && c == '&') put(out, "&amp;");
        else if (escaped && c == '<') put(out, "&lt;");
        else if (escaped && c == '>') put(out, "&gt;");
        else if (escaped && c == '"') put(out, "&quot;");
        else if (escaped && c == '\'') put(out, "&#x27;");
        else out->text[out->n++] = c;
    }
}

/* Tell whether a passage leaves out the beginning of its sentence. */
static int is_cut_before(const Part *part) {
    Py_ssize_t at = part->start, low = at > CONTEXT ? at - CONTEXT : 0;
    for (; at > low && is_space(part->text[at - 1 - part->first]); at--)
        if (part->text[at - 1 - part->first] == '\n') return 0;
    if (at == low) return 0;
    while (at > low && is_closer(part->text[at - 1 - part->first])) at--;
    return at == low || !is_sentence_end(part->text[at - 1 - part->first]);
}

/* Tell whether a passage leaves out the end of its sentence. */
static int is_cut_after(const Part *part) {
    Py_ssize_t at = part->end, high = at + CONTEXT < part->after ? at + CONTEXT : part->after;
    for (; at < high && is_space(part->text[at - part->first]); at++)
        if (part->text[at - part->first] == '\n') return 0;
    if (at == high) return 0;
    Py_ssize_t low = part->end > CONTEXT ? part->end - CONTEXT : 0;
    for (at = part->end; at > low && is_space(part->text[at - 1 - part->first]);) at--;
    while (at > low && is_closer(part->text[at - 1 - part->first])) at--;
    return at == low || !is_sentence_end(part->text[at - 1 - part->first]);
}

/* Copy the part of the source around a passage; 1 if the passage is not in the text. */
static int part_open(Part *part, PyObject *source, PyObject *passage) {
    Py_ssize_t length = PyUnicode_GetLength(source);
    if (!PyArg_ParseTuple(passage, "nn", &part->start, &part->end)) return -1;
    if (part->start < 0 || part->end < part->start || part->end > length) return 1;
    part->first = part->start > CONTEXT ? part->start - CONTEXT : 0;
    part->after = length - part->end > CONTEXT ? part->end + CONTEXT : length;
    PyObject *text = PyUnicode_Substring(source, part->first, part->after);
    part->text = text ? PyUnicode_AsUCS4Copy(text) : NULL;
    Py_XDECREF(text);
    return part->text ? 0 : -1;
}

/* Render a passage, without the white space at its ends; -1 with an error. */
static int render_passage(Output *out, const Part *part, PyObject *spans, int escaped, const char *before, const char *after) {
    PyObject *field, *level;
    Py_ssize_t at = part->start, start, end;
    size_t first = out->n;
    for (Py_ssize_t i = 0; i < PyTuple_Size(spans); i++) {
        if (!PyArg_ParseTuple(PyTuple_GetItem(spans, i), "OnnO", &field, &start, &end, &level)) return -1;
        if (start < at || end > part->end || end < start) continue;
        put_source(out, part, at, start, escaped);
        put(out, before);
        put_source(out, part, start, end, escaped);
        put(out, after);
        at = end;
    }
    put_source(out, part, at, part->end, escaped);
    while (out->n > first && is_space(out->text[out->n - 1])) out->n--;
    size_t skipped = first;
    while (skipped < out->n && is_space(out->text[skipped])) skipped++;
    memmove(out->text + first, out->text + skipped, (out->n - skipped) * sizeof *out->text);
    out->n -= skipped - first;
    return 0;
}

/* Render all passages; 1 if one of them is Python's to render; -1 with an error. */
static int render_all(Output *out, PyObject *source, PyObject *passages, PyObject *spans, int escaped, const char *before,
                      const char *after) {
    Py_ssize_t count = PyTuple_Size(passages);
    size_t marks = (size_t)PyTuple_Size(spans) * (strlen(before) + strlen(after)), room = marks + 8, shown = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        Part part = {0};
        int failed = part_open(&part, source, PyTuple_GetItem(passages, i));
        if (failed) return failed;
        room += (size_t)(part.end - part.start) * LONGEST_ESCAPE + marks + 8;
        Py_UCS4 *grown = realloc(out->text, room * sizeof *out->text);
        failed = grown ? !is_passage_shown(&part) : -1;
        if (grown) out->text = grown;
        else PyErr_NoMemory();
        if (!failed) {
            size_t begin = out->n;
            int cut = !i && is_cut_before(&part);
            if (shown) out->text[out->n++] = ' ';
            if (shown || cut) {
                out->text[out->n++] = ELLIPSIS;
                out->text[out->n++] = ' ';
            }
            size_t before_text = out->n;
            failed = render_passage(out, &part, spans, escaped, before, after);
            if (!failed && out->n == before_text) failed = 1; /* a blank passage */
            if (!failed && i == count - 1 && is_cut_after(&part)) {
                out->text[out->n++] = ' ';
                out->text[out->n++] = ELLIPSIS;
            }
            shown += out->n > begin;
        }
        PyMem_Free(part.text);
        if (failed) return failed;
    }
    return 0;
}

PyObject *render(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *source, *passages, *spans, *result = NULL;
    int escaped;
    const char *before, *after;
    if (!PyArg_ParseTuple(args, "UOOpss", &source, &passages, &spans, &escaped, &before, &after)) return NULL;
    if (!PyTuple_Check(passages) || !PyTuple_Check(spans)) return Py_NewRef(Py_None); /* a caller made the snippet of lists */
    Output out = {NULL, 0};
    int order = 0; /* that of the machine */
    int failed = render_all(&out, source, passages, spans, escaped, before, after);
    if (failed > 0) result = Py_NewRef(Py_None);
    else if (!failed) result = PyUnicode_DecodeUTF32((const char *)out.text, (Py_ssize_t)(out.n * sizeof *out.text), NULL, &order);
    free(out.text);
    return result;
}
