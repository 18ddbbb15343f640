"""A document store of Haystack that is an index, and a retriever that searches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

try:
    from haystack import Document, component, default_from_dict, default_to_dict
    from haystack.document_stores.errors import DuplicateDocumentError
    from haystack.document_stores.types import DuplicatePolicy
    from haystack.errors import FilterError
    from haystack.utils.filters import document_matches_filter
except ImportError as error:
    raise ImportError('Haystack is used with the extra [haystack]: pip install "arsearch[haystack]"') from error

from arsearch.model import Article
from arsearch.model.locating import described
from arsearch.opening import open_index

__all__ = ["ArsearchDocumentStore", "ArsearchRetriever"]

_DOCUMENT = "haystack"
"""The field of an article with its whole document."""

_NO_TEXT = "-"
"""The body of a document without text: an article needs one."""

_PAGE = 100  # hits that are read at a time and tested by the filters of a search


class ArsearchDocumentStore:
    """Documents in the index at a location: a folder, which is created if it is missing, or ":memory:".

    An article of the index has the id and the content of a document, its `meta["title"]` as the title, and the whole
    document beside them. Filters are those of Haystack. They are tested on the documents one by one, without an index of
    their values. Writing a document whose id exists raises DuplicateDocumentError unless the policy is OVERWRITE or SKIP.
    """

    def __init__(self, location: str = ":memory:") -> None:
        self.location = location
        self.index = open_index(
            location if "://" in location or location == ":memory:" else Path(location), create=True
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the store as a dictionary, which has its location and none of its documents."""
        data: dict[str, Any] = default_to_dict(self, location=self.location)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ArsearchDocumentStore:
        """Open the store of a dictionary that `to_dict` made."""
        store: ArsearchDocumentStore = default_from_dict(cls, data)
        return store

    def count_documents(self) -> int:
        """Return the number of documents."""
        return len(self.index)

    def filter_documents(self, filters: dict[str, Any] | None = None) -> list[Document]:
        """Return the documents that match the filters, in order of adding; all documents without filters."""
        _check(filters)
        return list(_matching((_document(article) for article in self.index), filters))

    def write_documents(self, documents: list[Document], policy: DuplicatePolicy = DuplicatePolicy.NONE) -> int:
        """Write documents in one commit, and return their number; with SKIP the documents of known ids do not count.

        Raises ValueError for other objects, and DuplicateDocumentError as the class says; then nothing is written.
        """
        given: Any = documents
        if not isinstance(given, list) or not all(isinstance(document, Document) for document in given):
            raise ValueError(f"{documents!r} is not a list of documents of Haystack")
        chosen: dict[str, Document] = {}
        for document in documents:
            if policy != DuplicatePolicy.OVERWRITE and (document.id in chosen or document.id in self.index):
                if policy == DuplicatePolicy.SKIP:
                    continue
                raise DuplicateDocumentError(f"the document {document.id!r} exists; write it with another policy")
            chosen[document.id] = document
        report = self.index.add(map(_article, chosen.values()), strict=True)
        return report.added + report.updated

    def delete_documents(self, document_ids: list[str]) -> None:
        """Delete the documents with these ids; unknown ids are passed over."""
        if document_ids:
            self.index.delete(document_ids)

    def search(self, query: str, *, filters: dict[str, Any] | None = None, top_k: int = 10) -> list[Document]:
        """Return the `top_k` best documents for a query that match the filters, with their scores, the best first."""
        _check(filters)
        found: list[Document] = []
        with self.index.snapshot() as snapshot:
            page = top_k if filters is None else max(_PAGE, top_k)
            for offset in range(0, max(1, len(snapshot)), max(1, page)):
                results = snapshot.search(query, limit=page, offset=offset)
                scored = (replace(_document(hit.article), score=hit.score) for hit in results)
                found += _matching(scored, filters)
                if len(found) >= top_k or len(results) < page:
                    break
        return found[:top_k]


@component
class ArsearchRetriever:
    """Retrieves the best documents of an `ArsearchDocumentStore` for a query."""

    def __init__(
        self, document_store: ArsearchDocumentStore, filters: dict[str, Any] | None = None, top_k: int = 10
    ) -> None:
        if not isinstance(document_store, ArsearchDocumentStore):
            raise ValueError(f"{document_store!r} is not an ArsearchDocumentStore")
        self.document_store = document_store
        self.filters = filters
        self.top_k = top_k

    def to_dict(self) -> dict[str, Any]:
        """Return the component and its store as a dictionary."""
        store = self.document_store.to_dict()
        data: dict[str, Any] = default_to_dict(self, document_store=store, filters=self.filters, top_k=self.top_k)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ArsearchRetriever:
        """Make the component of a dictionary that `to_dict` made."""
        parameters = data["init_parameters"]
        store = ArsearchDocumentStore.from_dict(parameters["document_store"])
        made: ArsearchRetriever = default_from_dict(
            cls, {**data, "init_parameters": {**parameters, "document_store": store}}
        )
        return made

    @component.output_types(documents=list[Document])
    def run(self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None) -> dict[str, Any]:
        """Return `{"documents": [...]}`, the best first; `filters` and `top_k` replace those of the component."""
        filters = self.filters if filters is None else filters
        return {
            "documents": self.document_store.search(
                query, filters=filters, top_k=self.top_k if top_k is None else top_k
            )
        }


def _article(document: Document) -> Article:
    title = document.meta.get("title")
    return Article(
        id=document.id,
        title=title if isinstance(title, str) else "",
        body=document.content or _NO_TEXT,
        extra={_DOCUMENT: replace(document, score=None).to_dict(flatten=False)},
    )


def _document(article: Article) -> Document:
    data = article.extra.get(_DOCUMENT)
    if isinstance(data, dict):
        return Document.from_dict(data)
    meta = {name: value for name, value in described(article).items() if name not in ("id", "body") and value}
    return Document(id=article.id, content=article.body, meta=meta)  # the article of an index that has others too


def _check(filters: dict[str, Any] | None) -> None:
    if filters and "operator" not in filters and "conditions" not in filters:
        raise FilterError(f"the filters {filters!r} have neither an operator nor conditions")


def _matching(documents: Iterable[Document], filters: dict[str, Any] | None) -> Iterator[Document]:
    return (document for document in documents if not filters or document_matches_filter(filters, document))
