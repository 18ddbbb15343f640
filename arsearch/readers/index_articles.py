"""The stored articles of an arsearch index, whatever analyzer wrote it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from arsearch.index.reader.opening import open_directory, open_latest
from arsearch.model import Article

__all__ = ["read_index"]


def read_index(location: str | os.PathLike[str]) -> Iterator[Article]:
    """Read the articles of the newest commit of an index lazily, in order of adding.

    The analyzer plays no part: an index that `arsearch.open` refuses until `arsearch reindex` can be read.

    Raises IndexNotFoundError, NotAnIndexError, IndexVersionError or CorruptIndexError at once if there is no such index,
    and CorruptIndexError at an article that is damaged.
    """
    reader = open_latest(open_directory(location))
    if not reader.has_works:
        return reader.articles()
    from arsearch.works.assembly import whole_articles

    def get(id: str) -> Article | None:
        doc = reader.find(id)
        return reader.article(doc) if doc >= 0 else None

    return whole_articles(reader.articles(), get)
