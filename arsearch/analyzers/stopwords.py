"""Stop words: the default list, and the reader of stop word files.

A query gives its stop words less weight and never drops them, so two content words outweigh five function words.

Source: the list `data/stopwords.txt` was written for this library; its header tells how.
Limits: the list contains forms and derives none. Words are compared by their surface form, because the normalised form
of على would make the name علي a stop word.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from arsearch.analyzers.shipped import shipped
from arsearch.errors import AnalyzerError

__all__ = ["default_stopwords", "parse_stopwords", "read_stopwords"]


@cache
def default_stopwords() -> frozenset[str]:
    """Return the surface forms of the default list."""
    return frozenset(parse_stopwords(shipped("stopwords.txt")))


def read_stopwords(path: str | Path) -> frozenset[str]:
    """Return the words of a UTF-8 file, separated by white space; `#` begins a comment.

    Raises `AnalyzerError` if the file cannot be read or is not UTF-8.
    """
    try:
        return frozenset(parse_stopwords(Path(path).read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise AnalyzerError(
            f"cannot read the stop word file {str(path)!r}: {error}; give a file of UTF-8 text"
        ) from error


def parse_stopwords(text: str) -> Iterator[str]:
    """Yield the words in the text of a stop word file, as written and in order."""
    for line in text.splitlines():
        yield from line.partition("#")[0].split()
