"""Items made ready for bulk requests: read, divided into documents, analysed and encoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from arsearch.errors import ArticleError
from arsearch.model.ingest import ArticleInput, ingested
from arsearch.opensearch.bulk.spool import Operation, encoded
from arsearch.opensearch.documents import DocumentMaker
from arsearch.search.backend import AddOptions
from arsearch.works.documents import documents_of
from arsearch.works.splitting import read_split

__all__ = ["Preparer", "Ready"]


class Ready(NamedTuple):
    """An item as the operations that put its documents, the article or the head of a work first.

    `error` is the reason why the item cannot be indexed; it has no operations then. `characters` counts the code points of title
    and text, and `remarks` are as in `AddReport.remark`.
    """

    operations: Sequence[Operation]
    characters: int = 0
    remarks: Sequence[tuple[str, str]] = ()
    error: str | None = None


class Preparer:
    """Makes items ready for one index."""

    def __init__(self, maker: DocumentMaker, options: AddOptions) -> None:
        self._maker = maker
        self._split = read_split(options.split)
        self._strict_dates = options.strict_dates
        self._strict_values = options.strict_values

    def prepare(self, item: ArticleInput, seq: int) -> Ready:
        """Return an item made ready; its first document has the number `seq` in order of adding."""
        schema = self._maker.schema
        try:
            article, remarks = ingested(
                item, schema, strict_dates=self._strict_dates, strict_values=self._strict_values
            )
            documents = documents_of(article, schema, self._split, remarks)
            operations = [
                Operation(encoded(one.id, self._maker.make(one, seq + at)), one.id) for at, one in enumerate(documents)
            ]
        except ArticleError as error:
            return Ready((), error=str(error))
        return Ready(operations, len(article.title) + len(article.text), remarks)
