"""A retriever of LangChain over an index: passages of articles as documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

try:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from pydantic import ConfigDict
except ImportError as error:
    raise ImportError('LangChain is used with the extra [langchain]: pip install "arsearch[langchain]"') from error

from arsearch.model import Hit, Passage
from arsearch.search import Index, Snapshot

__all__ = ["ArsearchRetriever"]


class ArsearchRetriever(BaseRetriever):
    """Retrieves the best `k` passages of an index for a query, or the best `k` articles whole.

    `index` is an `Index` or a `Snapshot`. The metadata of a document are `article_id`, `title` and `score`, and those of a
    passage also its `start`, `end`, `heading` and `page`. `size`, `overlap` and `filters` are those of `Index.passages`; an
    article ignores the first two. `retriever.invoke(query, k=3)` changes `k` for one call.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index | Snapshot
    k: int = 4
    kind: Literal["passages", "articles"] = "passages"
    size: int = 600
    overlap: int = 0
    filters: Mapping[str, Any] | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        limit = self.k if k is None else k
        if self.kind == "articles":
            return _documents(self.index.search(query, limit=limit, filters=self.filters))
        return _documents(
            self.index.passages(query, limit=limit, size=self.size, overlap=self.overlap, filters=self.filters)
        )

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        limit = self.k if k is None else k
        if self.kind == "articles":
            return _documents(await self.index.asearch(query, limit=limit, filters=self.filters))
        return _documents(
            await self.index.apassages(query, limit=limit, size=self.size, overlap=self.overlap, filters=self.filters)
        )


def _documents(found: Iterable[Hit | Passage]) -> list[Document]:
    return [_of_hit(one) if isinstance(one, Hit) else _of_passage(one) for one in found]


def _of_hit(hit: Hit) -> Document:
    metadata = {"article_id": hit.id, "title": hit.title, "score": hit.score}
    return Document(id=hit.id, page_content=hit.article.body or hit.title, metadata=metadata)


def _of_passage(passage: Passage) -> Document:
    metadata = passage.to_dict()
    text = metadata.pop("text")
    return Document(id=f"{passage.article_id}:{passage.start}-{passage.end}", page_content=text, metadata=metadata)
