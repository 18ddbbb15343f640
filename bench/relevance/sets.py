"""The test sets in a folder of corpora, and our own two over its news articles.

Sets with the same documents are in one list, so that each contestant indexes the documents once.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from bench.collection import Collection, load_collection
from bench.relevance.bm25 import light10_terms

__all__ = ["OWN", "all_sets"]

OWN = Path(__file__).parents[1] / "data"
"""The folder of our queries and judgements over the news corpus. It has ids only, no text of articles."""

_QUESTIONS = ("arcd", "tydiqa")
_OVER_NEWS = ("archive", "known-items")


def all_sets(data: Path, *, distractors_limit: int, queries_limit: int) -> list[list[Collection]]:
    """Return the lists of test sets.

    They are ARCD and TyDi QA with the first news articles as distractors, Abu Dawud, and our archive and known-item
    sets over all news articles. Raise `InputError` for a missing or malformed file.
    """
    news = data / "news"
    lists = []
    for name in _QUESTIONS:
        one = load_collection(
            data / name, distractors=news, distractors_limit=distractors_limit, queries_limit=queries_limit
        )
        lists.append([one, _self_contained(one)] if name == "arcd" else [one])
    lists.append([load_collection(data / "abudawud", queries_limit=queries_limit)])
    lists.append([load_collection(OWN / name, docs=news, queries_limit=queries_limit) for name in _OVER_NEWS])
    return lists


def _self_contained(collection: Collection) -> Collection:
    """Return the collection with only the questions that share a light10 stem with the title of a relevant passage.

    About one ARCD question in nine does not name its subject ("when was he born?") and cannot be answered alone.
    """
    terms = light10_terms()
    titles = {doc["id"]: set(terms(doc["title"])) for doc in collection.docs}
    kept = tuple(
        query
        for query in collection.queries
        if any(titles[id] & set(terms(query.text)) for id, grade in collection.qrels[query.id].items() if grade > 0)
    )
    return dataclasses.replace(collection, name=f"{collection.name}, self-contained", queries=kept)
