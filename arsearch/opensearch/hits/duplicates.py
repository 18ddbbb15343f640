"""Pages on which the best of near-duplicates stands for the others.

Documents are compared by their MinHash signatures, of which each byte is a term: near-duplicates have `MIN_EQUAL_BYTES` terms in
common. The documents of a page are found by walking down the ranking; how many others each stands for is counted by the cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from arsearch.minhash import MIN_EQUAL_BYTES
from arsearch.model import Article
from arsearch.opensearch.filters import Query, any_of
from arsearch.opensearch.hits.tiers import Member, Tier, raw_hit
from arsearch.opensearch.paging import scan, scored
from arsearch.opensearch.prepared import Clock
from arsearch.search.backend import RawHit
from arsearch.search.request import PageRequest

__all__ = ["collapse_duplicates", "near"]

_LEAST_READ = 50
_MOST_COUNTED = 50
"""Documents of a tier up to which the cluster counts those left out: a query takes 1,024 terms, 16 for each of them."""


def near(signature: Collection[str]) -> Query:
    """Return the documents whose signature, as terms, is near another one."""
    return any_of(({"term": {"minhash": one}} for one in signature), MIN_EQUAL_BYTES)


def collapse_duplicates(
    clock: Clock,
    scores: Sequence[Query],
    tiers: Sequence[Tier],
    sort: list[dict[str, Any]],
    page: PageRequest,
    load: Callable[[Collection[Member]], Mapping[str, Article]],
) -> list[RawHit]:
    """Return the hits of a page; `load` reads articles. A complete document stands for complete ones only."""
    kept: list[tuple[Member, int]] = []
    for tier in tiers:
        missing = page.end - len(kept)
        if missing > 0:
            kept += _collapsed(clock, scores, tier, sort, missing)
    shown = kept[page.offset : page.end]
    articles = load([member for member, _ in shown])
    return [raw_hit(member, articles[member.id])._replace(similar=similar) for member, similar in shown]


def _collapsed(
    clock: Clock, scores: Sequence[Query], tier: Tier, sort: list[dict[str, Any]], count: int
) -> list[tuple[Member, int]]:
    """Return at most `count` documents of a tier, each with the number of later near-duplicates left out."""
    kept: list[tuple[Member, frozenset[str]]] = []
    left_out: list[int] = []
    whole = count > _MOST_COUNTED
    step = min(max(2 * count, _LEAST_READ), 5000)
    fields = ["id", "minhash"]
    for found in scan(clock.search, scored(tier.query, scores), sort, source=(), fields=fields, step=step):
        signature = frozenset(found.fields.get("minhash", ()))
        first = next((at for at, (_, other) in enumerate(kept) if len(signature & other) >= MIN_EQUAL_BYTES), None)
        if first is not None:
            left_out[first] += 1
        elif len(kept) < count:
            kept.append((Member(found.fields["id"][0], found.score, tier.complete), signature))
            left_out.append(0)
        if len(kept) == count and not whole:
            left_out = _count_left_out(clock, tier, [signature for _, signature in kept])
            break
    return [(member, similar) for (member, _), similar in zip(kept, left_out, strict=True)]


def _count_left_out(clock: Clock, tier: Tier, signatures: Sequence[frozenset[str]]) -> list[int]:
    """Return how many documents of a tier each signature is the first to be near to, without its own document."""
    queries = {at: near(signature) for at, signature in enumerate(signatures) if signature}
    firsts = {
        str(at): {
            "filter": {"bool": {"filter": [query], "must_not": [queries[before] for before in queries if before < at]}}
        }
        for at, query in queries.items()
    }
    if not firsts:
        return [0] * len(signatures)
    answer = clock.search({"size": 0, "query": {"bool": {"filter": [tier.query]}}, "aggs": firsts})
    counts = answer["aggregations"]
    return [counts[str(at)]["doc_count"] - 1 if at in queries else 0 for at in range(len(signatures))]
