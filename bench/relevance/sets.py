"""The test sets: those of a folder of corpora, and our own two over its news articles.

Sets that share their documents stand together, so that each contestant indexes them once.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from bench.bm25 import light10_terms
from bench.collection import Collection, load_collection

__all__ = ["OWN", "all_sets"]

OWN = Path(__file__).parents[1] / "data"
"""Our queries and judgements over the news corpus: ids only, no article's text."""

_QUESTIONS = ("arcd", "tydiqa")
_OVER_NEWS = ("archive", "known-items")


def all_sets(data: Path, *, distractors_limit: int, queries_limit: int) -> list[list[Collection]]:
    """ARCD and TyDi beside the first news articles, Abu Dawud, and our archive and known-item sets over all news.

    Raises `InputError` for what is missing or malformed.
    """
    news = data / "news"
    found = []
    for name in _QUESTIONS:
        one = load_collection(
            data / name, distractors=news, distractors_limit=distractors_limit, queries_limit=queries_limit
        )
        found.append([one, _self_contained(one)] if name == "arcd" else [one])
    found.append([load_collection(data / "abudawud", queries_limit=queries_limit)])
    found.append([load_collection(OWN / name, docs=news, queries_limit=queries_limit) for name in _OVER_NEWS])
    return found


def _self_contained(collection: Collection) -> Collection:
    """The questions that name what they are about: they share a stem with the title of their passage's article.

    About one ARCD question in nine cannot be answered by itself ("when was he born?"); the stems are light10's.
    """
    terms = light10_terms()
    titles = {doc["id"]: set(terms(doc["title"])) for doc in collection.docs}
    kept = tuple(
        query
        for query in collection.queries
        if any(titles[id] & set(terms(query.text)) for id, grade in collection.qrels[query.id].items() if grade > 0)
    )
    return dataclasses.replace(collection, name=f"{collection.name}, self-contained", queries=kept)
