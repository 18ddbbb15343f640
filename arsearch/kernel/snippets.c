/* The passages of most texts in one call: see `choose_passages` in arsearch.snippets.passages, which has the same in Python for
   all texts. */

#include "kernel.h"

/* Expand the only window of a text to a passage, in a tuple. */
static PyObject *expand_only(PyObject *text, PyObject *window, Py_ssize_t read, Py_ssize_t size, PyObject *is_abbreviation) {
    Py_ssize_t start, end, length = PyUnicode_GetLength(text), high = read < length ? read : length;
    if (!PyArg_ParseTuple(window, "nn", &start, &end)) return NULL;
    PyObject *passage = end - start >= size ? Py_NewRef(window)
                                            : expanded(text, 0, high, high == length, start, end, size, is_abbreviation);
    PyObject *result = passage ? PyTuple_Pack(1, passage) : NULL;
    Py_XDECREF(passage);
    return result;
}

PyObject *passages(PyObject *module, PyObject *args) {
    PyObject *text, *found, *weights, *begins_link_list, *begins_button, *find_separators, *is_abbreviation;
    Py_ssize_t length, count;
    State *state = PyModule_GetState(module);
    if (!PyArg_ParseTuple(args, "UO!O!nnOOOO", &text, state->matches, &found, &PyTuple_Type, &weights, &length, &count,
                          &begins_link_list, &begins_button, &find_separators, &is_abbreviation))
        return NULL;
    Py_ssize_t read = ((Matches *)found)->read;
    int prose = ((Matches *)found)->n ? is_prose_to_the_end(text) : 0;
    if (prose <= 0) return prose < 0 ? NULL : Py_NewRef(Py_None);
    PyObject *boilerplate = Py_BuildValue("(OnnOOOO)", text, read, PyUnicode_GetLength(text), begins_link_list, begins_button,
                                          find_separators, Py_None);
    PyObject *windows = boilerplate ? best_windows(state, found, weights, boilerplate, length, count) : NULL, *result = NULL;
    Py_XDECREF(boilerplate);
    if (!windows) return NULL;
    if (windows == Py_None || PyList_Size(windows) != 1) return windows;
    result = expand_only(text, PyList_GetItem(windows, 0), read, length, is_abbreviation);
    Py_DECREF(windows);
    return result;
}
