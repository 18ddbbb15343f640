"""The list of words that say little about an article, and how to read such lists.

What: `default_stopwords()`, read from `data/stopwords.txt`; `read_stopwords` for a user's own file. Why: a query's stop
words are weighed down (never dropped), so that two words of substance outweigh five of grammar.
Source: written for this library; the file's header says how. Limits: forms are listed, not derived; a word is compared
as it is written but for marks and the like, because folding first would make the name علي a stop word.
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
    """The list shipped with the library, in surface forms."""
    text = shipped("stopwords.txt")
    return frozenset(parse_stopwords(text))


def read_stopwords(path: str | Path) -> frozenset[str]:
    """The words of a UTF-8 file: separated by white space, `#` begins a comment. Raises `AnalyzerError`."""
    try:
        return frozenset(parse_stopwords(Path(path).read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise AnalyzerError(f"stop word file {str(path)!r} cannot be read: {error}; it must be UTF-8 text") from error


def parse_stopwords(text: str) -> Iterator[str]:
    """The words of a stop word file's text, in order, as they are written there."""
    for line in text.splitlines():
        yield from line.partition("#")[0].split()
