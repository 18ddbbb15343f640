"""The terms of a segment of the complete codec and their postings, written and read.

One file of arrays. `term/<field>` is the dictionary of a field's terms, the lists (`lists`) of their documents, and
`shortest` and `longest`, the bounds of the field's lengths in the documents of each term.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage as WhooshStorage
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound

from arsearch.index.codec.array_file import Array, ArrayFile, narrowest
from arsearch.index.codec.term_dictionary import TermDictionary, term_arrays
from arsearch.index.whoosh.files import open_arrays, save_arrays
from arsearch.index.whoosh.lists import EntryMatcher, ListsReader, ListsWriter
from arsearch.index.whoosh.matchers import TermCursor

if TYPE_CHECKING:
    from arsearch.index.whoosh.codec import ArraySegment

__all__ = ["FieldsWriter", "TermsReader", "as_bytes", "as_text"]

_FILE = ".terms"
_SHIFT = 0x100


def as_text(term: bytes) -> str:
    """Any bytes as a string of the same order without line feeds, for our dictionaries: a letter a byte."""
    return "".join(chr(byte + _SHIFT) for byte in term)


def as_bytes(text: str) -> bytes:
    """What `as_text` was given."""
    return bytes(ord(letter) - _SHIFT for letter in text)


class _Field:
    """The terms of one field on their way to a file."""

    def __init__(self, format_: Format) -> None:
        self.terms: list[bytes] = []
        self.lists = ListsWriter(format_)
        self.lengths: list[list[int]] = []

    def arrays(self, key: str) -> Iterator[tuple[str, Array]]:
        yield from term_arrays(key, list(map(as_text, self.terms))).items()
        yield from self.lists.arrays(key)
        yield (
            f"{key}.shortest",
            narrowest(np.array([min(lengths, default=0) for lengths in self.lengths], np.int64)),
        )
        yield f"{key}.longest", narrowest(np.array([max(lengths, default=0) for lengths in self.lengths], np.int64))


class FieldsWriter(base.FieldWriter):  # type: ignore[misc]
    """Collects terms and postings, in order, and writes them when closed."""

    def __init__(self, storage: WhooshStorage, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._fields: dict[str, _Field] = {}
        self._field: _Field | None = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        self._field = self._fields[fieldname] = _Field(fieldobj.format)

    @property
    def _open(self) -> _Field:
        if self._field is None:
            raise ValueError("no field was begun")
        return self._field

    def start_term(self, text: bytes) -> None:
        field = self._open
        if field.terms and text <= field.terms[-1]:
            raise base.OutOfOrderError(f"term {text!r} after {field.terms[-1]!r}")
        field.terms.append(text)
        field.lengths.append([])

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        field = self._open
        field.lists.add(docnum, weight, vbytes)
        if length is not None:
            field.lengths[-1].append(length)

    def finish_term(self) -> None:
        self._open.lists.finish()

    def finish_field(self) -> None:
        if self._field is None:
            raise ValueError("no field was begun")
        self._field = None

    def close(self) -> None:
        arrays = (pair for name, field in self._fields.items() for pair in field.arrays(f"term/{name}"))
        name = self._segment.make_filename(_FILE)
        save_arrays(self._storage, name, arrays, {"fields": sorted(self._fields)})
        self.is_closed = True


class _Terms:
    """The terms of one field, opened."""

    def __init__(self, file: ArrayFile, key: str) -> None:
        self.lists = ListsReader(file, key)
        self.dictionary = TermDictionary(file, key, len(self.lists))
        self._shortest = file.array(f"{key}.shortest")
        self._longest = file.array(f"{key}.longest")

    def lengths(self, ordinal: int) -> tuple[int, int]:
        return int(self._shortest[ordinal]), int(self._longest[ordinal])

    def all(self) -> list[bytes]:
        return list(map(as_bytes, self.dictionary))


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """Reads what `FieldsWriter` wrote; terms come by field and then by bytes."""

    def __init__(self, storage: WhooshStorage, segment: ArraySegment) -> None:
        file = open_arrays(storage, segment.make_filename(_FILE))
        self._fields = {name: _Terms(file, f"term/{name}") for name in file.meta["fields"]}

    def _find(self, fieldname: str, text: bytes) -> tuple[_Terms, int]:
        field = self._fields.get(fieldname)
        ordinal = field.dictionary.find(as_text(text)) if field else -1
        if field is None or ordinal < 0:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return field, ordinal

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        try:
            self._find(*term)
        except TermNotFound:
            return False
        return True

    def indexed_field_names(self) -> list[str]:
        return list(self._fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name, field in self._fields.items():
            if name >= fieldname:
                terms = field.all()
                start = bisect_left(terms, prefix) if name == fieldname else 0
                yield from ((name, text) for text in terms[start:])

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        field, ordinal = self._find(fieldname, text)
        ids, weights = field.lists.entries(ordinal)
        shortest, longest = field.lengths(ordinal)
        return TermInfo(
            float(weights.sum()), len(ids), shortest, longest, float(weights.max()), int(ids[0]), int(ids[-1])
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        try:
            field, ordinal = self._find(fieldname, text)
        except TermNotFound:
            return 0
        return field.lists.size(ordinal)

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> EntryMatcher:
        field, ordinal = self._find(fieldname, text)
        ids, _ = field.lists.entries(ordinal)
        return EntryMatcher(
            field.lists,
            ordinal,
            ids.tolist(),
            format_,
            term=(fieldname, text),
            scorer=scorer,
            lengths=field.lengths(ordinal),
        )

    def cursor(self, fieldname: str, fieldobj: FieldType) -> TermCursor:
        field = self._fields.get(fieldname)
        return TermCursor(field.all() if field else [], fieldobj, lambda text: self.term_info(fieldname, text))
