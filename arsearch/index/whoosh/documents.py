"""The documents of a segment of the complete codec: lengths, stored values, columns, vectors; written and read.

One file of arrays. `length/<field>` has the exact length of a field by document. `stored.blob` holds the stored values
as JSON (`values`), document `d` up to `stored.ends[d]`. `column/<field>` is what the field's Whoosh column class wrote.
`vector/<field>` is a dictionary of terms, and lists (`lists`) of its ordinals by document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader, ColumnWriter
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage as WhooshStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.formats import Format

from arsearch.index.codec.array_file import Array, narrowest
from arsearch.index.codec.term_dictionary import TermDictionary, term_arrays
from arsearch.index.whoosh.files import open_arrays, read_bytes, save_arrays
from arsearch.index.whoosh.lists import EntryMatcher, ListsReader, ListsWriter
from arsearch.index.whoosh.terms import as_bytes, as_text
from arsearch.index.whoosh.values import dump, load

if TYPE_CHECKING:
    from arsearch.index.whoosh.codec import ArraySegment

__all__ = ["DocumentsReader", "DocumentsWriter", "column_filename"]

_FILE = ".documents"
Items = list[tuple[bytes, float, bytes]]


def column_filename(segment: ArraySegment, fieldname: str) -> str:
    """The file of a column that was added to a finished segment (`whoosh.sorting.add_sortable`)."""
    return str(segment.make_filename(f".{fieldname}.column"))


class DocumentsWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Collects documents, in order, and writes them when closed."""

    def __init__(self, storage: WhooshStorage, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._stored: list[dict[str, Any]] = []
        self._lengths: dict[str, dict[int, int]] = defaultdict(dict)
        self._columns: dict[str, tuple[BytesIO, ColumnWriter]] = {}
        self._vectors: dict[str, tuple[Format, dict[int, Items]]] = {}
        self._inside = False
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        if self._inside or docnum != len(self._stored):
            raise ValueError(f"document {docnum} is begun after {len(self._stored)}, or within one")
        self._stored.append({})
        self._inside = True

    def add_field(self, fieldname: str, fieldobj: FieldType, value: Any, length: int | None) -> None:  # noqa: ARG002
        if value is not None:
            self._stored[-1][fieldname] = value
        if length:
            self._lengths[fieldname][len(self._stored) - 1] = length

    def add_column_value(self, fieldname: str, columnobj: Column, value: Any) -> None:
        if fieldname not in self._columns:
            buffer = BytesIO()
            self._columns[fieldname] = (buffer, columnobj.writer(StructFile(buffer)))
        self._columns[fieldname][1].add(len(self._stored) - 1, value)

    def add_vector_items(self, fieldname: str, fieldobj: FieldType, items: Iterable[tuple[str, float, bytes]]) -> None:
        vectors = self._vectors.setdefault(fieldname, (fieldobj.vector, {}))[1]
        vectors[len(self._stored) - 1] = [(text.encode(), weight, value) for text, weight, value in items]

    def finish_doc(self) -> None:
        self._inside = False

    def cancel_doc(self) -> None:
        """Forget the document at hand: whoosh-reloaded asks for it after an error; what columns have of it stays."""
        doc = len(self._stored) - 1
        self._stored.pop()
        for lengths in self._lengths.values():
            lengths.pop(doc, None)
        for _, vectors in self._vectors.values():
            vectors.pop(doc, None)
        self._inside = False

    def close(self) -> None:
        name = self._segment.make_filename(_FILE)
        save_arrays(self._storage, name, self._arrays(), {"docs": len(self._stored)})
        self.is_closed = True

    def _arrays(self) -> Iterator[tuple[str, Array]]:
        stored = [dump(document) for document in self._stored]
        yield "stored.blob", np.frombuffer(b"".join(stored), np.uint8)
        yield "stored.ends", narrowest(np.cumsum([0, *map(len, stored)]))
        for field, known in self._lengths.items():
            lengths = np.zeros(len(stored), np.int64)
            lengths[list(known)] = list(known.values())
            yield f"length/{field}", narrowest(lengths)
        for field, (buffer, writer) in self._columns.items():
            writer.finish(len(stored))
            yield f"column/{field}", np.frombuffer(buffer.getvalue(), np.uint8)
        for field, (format_, vectors) in self._vectors.items():
            yield from _vector_arrays(f"vector/{field}", format_, [vectors.get(n, []) for n in range(len(stored))])


def _vector_arrays(key: str, format_: Format, documents: list[Items]) -> Iterator[tuple[str, Array]]:
    terms = sorted({text for items in documents for text, _, _ in items})
    ordinal = {text: n for n, text in enumerate(terms)}
    lists = ListsWriter(format_)
    for items in documents:
        for text, weight, value in items:
            lists.add(ordinal[text], weight, value)
        lists.finish()
    yield from term_arrays(key, list(map(as_text, terms))).items()
    yield from lists.arrays(key)


class DocumentsReader(base.PerDocumentReader):  # type: ignore[misc]
    """Reads what `DocumentsWriter` wrote; deletions are the segment's."""

    def __init__(self, storage: WhooshStorage, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._file = open_arrays(storage, segment.make_filename(_FILE))
        self._docs: int = self._file.meta["docs"]
        self._lengths: dict[str, Array] = {}

    def doc_count(self) -> int:
        return self._docs - self._segment.deleted_count()

    def doc_count_all(self) -> int:
        return self._docs

    def has_deletions(self) -> bool:
        return self._segment.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return f"column/{fieldname}" in self._file or self._has_added(fieldname)

    def _has_added(self, fieldname: str) -> bool:
        return bool(self._storage.file_exists(column_filename(self._segment, fieldname)))

    def list_columns(self) -> list[str]:
        return [name.removeprefix("column/") for name in self._file.names() if name.startswith("column/")]

    def column_reader(self, fieldname: str, column: Column) -> ColumnReader:
        if self._has_added(fieldname):
            data = read_bytes(self._storage, column_filename(self._segment, fieldname))
        else:
            data = self._file.array(f"column/{fieldname}").whole().tobytes()
        return column.reader(BufferFile(memoryview(data)), 0, len(data), self._docs)

    def _length(self, fieldname: str) -> Array:
        """The lengths of a field by document; all 0 if no document has it."""
        if fieldname not in self._lengths:
            key = f"length/{fieldname}"
            known = key in self._file
            self._lengths[fieldname] = self._file.array(key).whole() if known else np.zeros(self._docs, np.uint8)
        return self._lengths[fieldname]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._length(fieldname)[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        return int(self._length(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self._length(fieldname).min()) if self._docs else 0

    def max_field_length(self, fieldname: str) -> int:
        return int(self._length(fieldname).max(initial=0))

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        key = f"vector/{fieldname}"
        return f"{key}.blob" in self._file and ListsReader(self._file, key).size(docnum) > 0

    def vector(self, docnum: int, fieldname: str, format_: Format) -> EntryMatcher:
        if not self.has_vector(docnum, fieldname):
            raise KeyError(f"document {docnum} has no vector of {fieldname!r}")
        key = f"vector/{fieldname}"
        blob = self._file.array(f"{key}.blob").whole()
        lists, terms = ListsReader(self._file, key), TermDictionary(self._file, key, int(np.count_nonzero(blob == 10)))
        ordinals, _ = lists.entries(docnum)
        return EntryMatcher(lists, docnum, [as_bytes(terms[n]).decode() for n in ordinals.tolist()], format_)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        low, high = self._file.array("stored.ends")[docnum : docnum + 2].tolist()
        fields: dict[str, Any] = load(self._file.array("stored.blob").bytes(low, high))
        return fields
