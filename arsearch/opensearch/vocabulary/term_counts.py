"""The number of distinct terms of fields on a cluster: counted, or estimated from the first documents of each shard.

A count reads every term of every document, for minutes in a large index. The vocabulary of texts grows as a power of their length
(Heaps, Information Retrieval, 1978), so two samples give the power, and the number for all documents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from arsearch.opensearch.statistics import Search

__all__ = ["SAMPLED", "count_terms"]

SAMPLED = 20_000
"""The documents of a shard whose terms are counted; a larger shard is sampled."""

_PRECISION = 40_000
"""The greatest number up to which OpenSearch counts distinct values nearly exactly."""


def count_terms(search: Search, fields: Sequence[str], documents: int) -> Mapping[str, int]:
    """Return the number of distinct normalised terms of each field; `documents` is the number of documents of the commit."""
    counts = {
        name: {"cardinality": {"field": f"vocabulary.{name}", "precision_threshold": _PRECISION}} for name in fields
    }
    aggregations = {str(size): {"sampler": {"shard_size": size}, "aggs": counts} for size in (SAMPLED // 2, SAMPLED)}
    found = search({"size": 0, "aggs": aggregations})["aggregations"]
    half, sample = found[str(SAMPLED // 2)], found[str(SAMPLED)]
    return {name: _estimate(_point(half, name), _point(sample, name), documents) for name in fields}


def _point(bucket: Mapping[str, Any], field: str) -> tuple[int, int]:
    return bucket["doc_count"], bucket[field]["value"]


def _estimate(half: tuple[int, int], sample: tuple[int, int], documents: int) -> int:
    """Return the number of terms in all documents, given the documents and terms of two samples."""
    seen, terms = sample
    if seen >= documents or not half[1] or half[0] == seen:
        return terms
    power = min(max(math.log(terms / half[1]) / math.log(seen / half[0]), 0.0), 1.0)
    growth: float = (documents / seen) ** power
    return round(terms * growth)
