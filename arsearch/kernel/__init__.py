"""The compiled extension: loops over arrays that NumPy cannot express in one pass. It is optional.

    module.c    the Python types and functions, which `_native.pyi` describes
    reading.c   arrays of files, the types Terms and Articles
    commit.c    the types Postings and Commit, which look up the terms of a query in all segments
    packed.c    packed arrays
    levels.c    the words of a query, with their postings
    scoring.c   the best documents of a query of words
    any.c       the best documents of many, without scoring all of them
    pairs.c     the bonus of neighbouring words
    filters.c   the type Filter, which reads a text
    matching.c  the regions of a text with words that may match
    letters.c   the letters that a region with such a word has
    words.c     the analyses of regions of one word
    marks.c     the type Matches, the matches of single words in a text; tuples that the collector of cycles need not read
    lines.c     the lines of a text that are boilerplate
    bodies.c    the words of long texts that contain some letters
    windows.c   the windows of a text around which passages are built
    passages.c  the expansion of a window to a passage
    snippets.c  the passages of most texts, in one call
    rendering.c the passages as text or HTML
    kernel.h    what the C files share; columns.h is for scores, and commit.h for postings

Where no compiler was found at installation, and with `ARSEARCH_KERNEL=numpy` in the environment, `native` returns `None`. The
callers then use array operations, which give the same results and are the reference of the tests.
"""

from __future__ import annotations

import os
from functools import cache
from types import ModuleType
from typing import TypeVar

__all__ = ["API", "native", "untracked"]

_T = TypeVar("_T")

API = 13
"""The number of the interface, as in `kernel.h`; a change of `_native.pyi` raises both."""


def native() -> ModuleType | None:
    """Return the extension module, or `None` where it was not built or is switched off."""
    if os.environ.get("ARSEARCH_KERNEL") == "numpy":
        return None
    return _extension()


def untracked(values: _T) -> _T:
    """Return nested tuples that the collector reads no more, if they have strings, numbers and `None` alone.

    The collector leaves plain tuples out by itself, but it reads named tuples as long as they live. Other values stay as they
    are, and so do all without the extension.
    """
    extension = native()
    if extension is not None:
        extension.untrack(values)
    return values


@cache
def _extension() -> ModuleType | None:
    """Import the extension once: each failed import searches the disk, and a fork meanwhile would leave the child waiting.

    An extension with another interface is left out, with a warning: a checkout has it after an update without a new build.
    """
    try:
        from arsearch.kernel import _native
    except ImportError:
        return None
    if getattr(_native, "API", 0) == API:
        return _native
    import warnings

    warnings.warn(
        f"{_native.__file__} was built from another version of arsearch, so NumPy is used; run `pip install` again",
        RuntimeWarning,
        stacklevel=3,
    )
    return None
