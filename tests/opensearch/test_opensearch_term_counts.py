"""The number of distinct terms of a large index is estimated from samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from arsearch.opensearch.vocabulary.term_counts import SAMPLED, count_terms


def count(documents: int, half: tuple[int, int], sample: tuple[int, int]) -> int:
    """Return the estimate for the documents and the distinct terms of the two samples."""

    def search(body: Mapping[str, Any]) -> Any:
        sizes = [one["sampler"]["shard_size"] for one in body["aggs"].values()]
        assert sizes == [SAMPLED // 2, SAMPLED]
        buckets = zip(body["aggs"], (half, sample), strict=True)
        return {
            "aggregations": {name: {"doc_count": docs, "body": {"value": terms}} for name, (docs, terms) in buckets}
        }

    return count_terms(search, ["body"], documents)["body"]


@pytest.mark.parametrize(
    ("documents", "half", "sample", "expected"),
    [
        pytest.param(0, (0, 0), (0, 0), 0, id="an empty index"),
        pytest.param(7, (7, 30), (7, 30), 30, id="all documents"),
        pytest.param(15_000, (10_000, 900), (15_000, 1_000), 1_000, id="all documents, more than half a sample"),
        pytest.param(80_000, (10_000, 1_000), (20_000, 2_000), 8_000, id="each document has new terms"),
        pytest.param(80_000, (10_000, 10_000), (20_000, 14_142), 28_284, id="twice the terms in four times the text"),
        pytest.param(80_000, (10_000, 50), (20_000, 50), 50, id="no new terms"),
        pytest.param(80_000, (10_000, 51), (20_000, 50), 50, id="counts that contradict each other"),
        pytest.param(80_000, (10_000, 0), (20_000, 0), 0, id="no terms"),
        pytest.param(80_000, (10_000, 0), (20_000, 9), 9, id="no terms in the smaller sample"),
    ],
)
def test_the_terms_are_counted_or_estimated(
    documents: int, half: tuple[int, int], sample: tuple[int, int], expected: int
) -> None:
    assert count(documents, half, sample) == pytest.approx(expected, abs=1)
