"""The definition of a reader, which turns the content of one source into records.

The built-in readers are in `arsearch.readers.formats`; a distribution adds further ones through the entry-point group
`arsearch.readers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from arsearch.model import Record
from arsearch.readers.content import Content

__all__ = ["Reader"]

_SUFFIX = re.compile(r"\.[^./A-Z]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader of one format of files, or of the locations of some schemes.

    Raises `ValueError` for a malformed suffix or scheme.
    """

    name: str
    """The name that `format=` and `--format` take. A plug-in's entry point has the same name."""

    label: str
    """The name of the format in messages: `JSON lines`."""

    read: Callable[[Content], Iterable[Record]]
    """Yields the records lazily: a bad article is a record with a problem. It raises `InputError` if nothing further can
    be read. Any other exception is a bug of the reader and ends all reading."""

    suffixes: tuple[str, ...] = ()
    """The lower-case suffixes of its files, such as `.csv`. They apply to compressed files (`.csv.gz`) too."""

    schemes: tuple[str, ...] = ()
    """The lower-case schemes of its locations: `sqlite` for `sqlite:///news.db`."""

    binary: bool = False
    """Whether its files are not text, so that messages name no encoding."""

    sniff: Callable[[Content], float] | None = None
    """Returns the confidence, from 0.0 to 1.0, that content without a known suffix has this format, judged by
    `content.stream.head` or `content.head`. The built-in readers return 0.9 for JSON, 0.5 for a table, 0.1 for text. A
    built-in binary reader returns 1.0 if the first bytes prove its format: then they decide, whatever the suffix is. With 0.0
    it leaves a file with its suffix to the readers of other content."""

    refine: Callable[[Content], str] | None = None
    """Returns the name of the reader for content with one of `suffixes`: many `.json` files hold JSON lines."""

    describe: Callable[[Content], str] | None = None
    """Returns a label with details of the content: `CSV separated by commas`."""

    def __post_init__(self) -> None:
        for suffix in self.suffixes:
            if not _SUFFIX.fullmatch(suffix):
                raise ValueError(f"reader {self.name!r}: suffix {suffix!r}; write it in lower case, such as .csv")
        for scheme in self.schemes:
            if not _SCHEME.fullmatch(scheme):
                raise ValueError(f"reader {self.name!r}: scheme {scheme!r}; write it in lower case, such as sqlite")

    def describe_content(self, content: Content) -> str:
        """Return the description of the content for messages: the label, with details, and the encoding of text."""
        label = self.describe(content) if self.describe else self.label
        return label if self.binary or content.source.location is not None else f"{label}, {content.encoding.label}"
