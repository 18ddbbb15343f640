"""Articles to JSON lines, so that `read_articles` gives them back equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from arsearch.model import Article
from arsearch.model.safety import json_text
from arsearch.readers.columns import shadowing

__all__ = ["write_jsonl"]


def write_jsonl(articles: Iterable[Article | Mapping[str, Any]], stream: IO[bytes]) -> int:
    """Write each article as one line of UTF-8 JSON to a binary stream; return how many there were.

    Arabic stays readable; lone surrogates, which UTF-8 cannot hold, and controls are escaped. A field
    that is absent while a further field has a name usually read as it (`link` without `url`) is written as null, so
    that reading back does not move it.
    """
    count = 0
    for article in articles:
        data = article.to_dict() if isinstance(article, Article) else dict(article)
        data.update(dict.fromkeys(shadowing(data)))
        stream.write(json_text(data).encode() + b"\n")
        count += 1
    return count
