"""A complete Whoosh codec on our arrays: any schema, written by Whoosh's own writers and read by its readers.

    whoosh.index.create_in(folder, schema).writer(codec=ArrayCodec())

Segments of articles are not written with it: they hold two levels a field and their writer works in vectors; see
`articles`. What both share is the container of arrays, the dictionaries of terms, and how Whoosh walks them. Nothing in
its files is pickled; Whoosh's own table of contents beside them is.
"""

from __future__ import annotations

from whoosh.codec import base
from whoosh.filedb.filestore import Storage

from arsearch.index.whoosh.documents import DocumentsReader, DocumentsWriter, column_filename
from arsearch.index.whoosh.terms import FieldsWriter, TermsReader

__all__ = ["ArrayCodec", "ArraySegment"]


class ArraySegment(base.Segment):  # type: ignore[misc]
    """A segment as a Whoosh TOC lists it: its documents, and which are deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._docs = 0
        self._deleted: frozenset[int] = frozenset()

    def codec(self) -> ArrayCodec:
        return ArrayCodec()

    def should_assemble(self) -> bool:
        """Whether Whoosh packs the files into one; left apart they can be mapped."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        self._docs = doccount

    def doc_count_all(self) -> int:
        return self._docs

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> frozenset[int]:
        return self._deleted

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        self._deleted = self._deleted | {docnum} if delete else self._deleted - {docnum}


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Writes and reads segments of any schema."""

    def new_segment(self, storage: Storage, indexname: str) -> ArraySegment:  # noqa: ARG002
        return ArraySegment(indexname)

    def per_document_writer(self, storage: Storage, segment: ArraySegment) -> DocumentsWriter:
        return DocumentsWriter(storage, segment)

    def field_writer(self, storage: Storage, segment: ArraySegment) -> FieldsWriter:
        return FieldsWriter(storage, segment)

    def per_document_reader(self, storage: Storage, segment: ArraySegment) -> DocumentsReader:
        return DocumentsReader(storage, segment)

    def terms_reader(self, storage: Storage, segment: ArraySegment) -> TermsReader:
        return TermsReader(storage, segment)

    def supports_columns(self) -> bool:
        return True

    @staticmethod
    def column_filename(segment: ArraySegment, fieldname: str) -> str:
        """The file of a column added to a finished segment."""
        return column_filename(segment, fieldname)
