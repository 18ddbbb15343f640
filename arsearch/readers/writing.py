"""Articles written as JSON lines that `read_articles` reads back as equal articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from arsearch.model import Article
from arsearch.model.safety import json_text
from arsearch.readers.columns import shadowing

__all__ = ["write_jsonl"]


def write_jsonl(articles: Iterable[Article | Mapping[str, Any]], stream: IO[bytes]) -> int:
    """Write each article as one line of UTF-8 JSON to a binary stream and return their number.

    Arabic stays readable. Controls and lone surrogates, which UTF-8 cannot encode, are escaped. If a further field has a
    synonym of an absent field as its name (`link` without `url`), the field is written as null, so that reading does not
    rename the further field.
    """
    count = 0
    for article in articles:
        data = article.to_dict() if isinstance(article, Article) else dict(article)
        data.update(dict.fromkeys(shadowing(data)))
        stream.write(json_text(data).encode() + b"\n")
        count += 1
    return count
