"""The embedded index applies filters of plans that no query text makes."""

from __future__ import annotations

import itertools

from embedded import reader_of

import arsearch
from arsearch.index.execution.filters import filter_docs
from arsearch.model.schema import Schema
from arsearch.search.clauses import RangeFilter

COURTS = ["أ", "ب", "ت", "ث"]


def test_a_range_of_keywords_may_leave_out_its_ends() -> None:
    with arsearch.open(":memory:", create=True, fields={"court": "keyword"}) as index:
        index.add({"id": court, "body": "نص", "court": court} for court in COURTS)
        field = Schema({"court": "keyword"})["court"]
        for low, high in itertools.product([None, "أ", "ب", "ت", "خ"], repeat=2):
            for with_low, with_high in itertools.product([True, False], repeat=2):
                docs = filter_docs(RangeFilter(field, low, high, with_low, with_high), reader_of(index))
                assert [COURTS[doc] for doc in docs] == [
                    court
                    for court in COURTS
                    if (low is None or court > low or (with_low and court == low))
                    and (high is None or court < high or (with_high and court == high))
                ]
