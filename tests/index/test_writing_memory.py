"""A writer knows about how much memory it holds; it flushes and forgets words when that is too much, and commits in time."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

import arsearch
from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.store.memory import RAMDirectory
from arsearch.index.writing.bulk_add import BulkAdd
from arsearch.index.writing.documents_writer import DocumentsWriter
from arsearch.index.writing.segment_writer import SegmentWriter
from arsearch.index.writing.token_groups import TokenGroups
from arsearch.index.writing.vocabulary import Vocabulary
from arsearch.model import AddReport, Article
from arsearch.model.schema import Schema

ANALYZER = ArabicAnalyzer()
SCHEMA = Schema({})
TABLES = 4096 * (8 + 4) + 4096 * (24 + 4)
"""The bytes of the two hash tables of a vocabulary without words."""


def writer(memory_limit: int) -> DocumentsWriter:
    return DocumentsWriter(RAMDirectory(), ANALYZER, SCHEMA, dictionary=b"", memory_limit=memory_limit, durable=False)


def held_by_groups(groups: TokenGroups) -> int:
    arrays = (groups._widths, groups._bounds[1:], groups._terms, groups._offsets)
    return sum(array.itemsize * len(array) for array in arrays)


def test_groups_count_the_bytes_of_their_arrays() -> None:
    groups = TokenGroups()
    assert groups.memory == held_by_groups(groups)
    groups.add([(1, 0), (2, 1), (3, 1)], 2)
    groups.add([], 1)
    assert groups.memory == held_by_groups(groups) == 3 * 8 + 3 * 8


def test_a_vocabulary_counts_its_strings_its_terms_and_its_tables() -> None:
    vocabulary = Vocabulary(ANALYZER)
    assert vocabulary.memory == TABLES + vocabulary.groups.memory

    vocabulary.tokens(["كتاب كتابٌ كِتَابٌ الكتاب عبدالله COVID-19 ال«قدس» abc 12"])

    forms = zip(vocabulary.surface_forms, vocabulary.normalised_of, strict=True)
    unlike = sum(surface != vocabulary.normalised[number] for surface, number in forms)
    assert unlike == sum(~vocabulary.is_normalised) > 1
    strings = unlike + len(set(vocabulary.normalised)) + len(set(vocabulary.stems)) + len(vocabulary._word_tokens)
    assert vocabulary.memory == 230 * strings + 17 * len(vocabulary) + vocabulary.groups.memory + TABLES


def test_a_segment_counts_its_articles_and_the_larger_of_what_it_holds_and_needs() -> None:
    segment = SegmentWriter(SCHEMA, Vocabulary(ANALYZER))
    assert segment.memory == 0
    for number in range(3):
        segment.add(Article(str(number), title="كتاب", body="قال " * 100))
    stored = segment._stored.memory
    assert stored > 3 * 100
    assert segment.memory == 3 * 600 + stored + 2 * 3 * 404

    segment._tokenize()
    assert segment.memory == 3 * 600 + max(stored + 4 * 303, (12 + 50) * 303)

    segment._token_count = 1_000_000  # sorting takes fewer tokens at a time
    assert segment.memory == 3 * 600 + 12 * 1_000_000 + (30 << 20)
    segment._token_count = 0
    assert segment.memory == 3 * 600 + stored


def test_texts_are_tokenized_before_they_are_large() -> None:
    segment = SegmentWriter(SCHEMA, Vocabulary(ANALYZER))
    body = "قال " * 100_000
    for number in range(4):
        segment.add(Article(str(number), body=body))
        assert segment.memory < (2 << 20) + 62 * 600_000
    assert segment._characters == len(body)
    assert segment._token_count == 300_000


@pytest.mark.parametrize(
    ("segment", "vocabulary", "due"),
    [
        (1000, 0, False),
        (1001, 0, True),
        (700, 300, False),
        (701, 300, True),
        (650, 900, False),
        (651, 900, True),
        (0, 1000, False),
        (0, 1001, True),
    ],
)
def test_a_flush_is_due_when_articles_and_words_fill_the_memory(segment: int, vocabulary: int, due: bool) -> None:
    documents: Any = writer(1000)
    documents._segment, documents._vocabulary = SimpleNamespace(memory=segment), SimpleNamespace(memory=vocabulary)

    assert documents.should_flush is due


def test_any_memory_limit_is_taken() -> None:
    documents = writer(10**400)
    documents.add(Article("1", body="نص"))

    assert not documents.should_flush
    assert documents.flush() is not None


@pytest.mark.parametrize("share", [0.59, 0.61, 0.9, 3.0])
def test_a_flush_forgets_rare_words_of_a_large_vocabulary(share: float) -> None:
    documents = writer(sys.maxsize)
    documents.add(Article("1", body="شائع " * 9 + " ".join(f"كلمة{n}" for n in range(3000))))
    documents._segment._tokenize()
    before = documents._vocabulary
    size, memory = len(before), before.memory
    documents._memory_limit = int(memory / share)

    documents.flush()

    after = documents._vocabulary
    if share < 0.6:
        assert after is before
        return
    assert len(after) == int(size * documents._memory_limit * 0.4 / memory)
    assert "شائع" in after.surface_forms


@pytest.mark.parametrize(
    ("every", "seconds", "pending", "elapsed", "due"),
    [
        (None, None, 1000, 1000.0, False),
        (10, None, 9, 1000.0, False),
        (10, None, 10, 0.0, True),
        (10, None, 11, 0.0, True),
        (None, 5.0, 1, 4.9, False),
        (None, 5.0, 1, 5.0, True),
        (None, 5.0, 0, 9.0, False),
        (10, 5.0, 9, 5.0, True),
        (10, 5.0, 10, 0.0, True),
        (None, 0.0, 1, 0.0, True),
    ],
)
def test_a_commit_is_due_after_articles_or_seconds(
    every: int | None, seconds: float | None, pending: int, elapsed: float, due: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: Any = SimpleNamespace(commit_every=every, commit_seconds=seconds)
    adding = BulkAdd(None, AddReport(), options)  # type: ignore[arg-type]
    monkeypatch.setattr(time, "monotonic", lambda: 7000 + elapsed)

    assert adding._commit_is_due(pending, 7000) is due


def test_rejected_articles_do_not_bring_a_commit_nearer() -> None:
    good = [{"id": str(n), "body": "نص"} for n in range(9)]
    bad = {"id": "bad"}
    items = [good[0], bad, *good[1:4], bad, bad, *good[4:8], bad, good[8]]
    commits: list[tuple[int, int]] = []

    def note(report: AddReport) -> None:
        if not commits or commits[-1][0] != report.commits:
            commits.append((report.commits, report.added))

    with arsearch.open(":memory:", create=True) as index:
        index.add(items, commit_every=3, progress=note)

    assert commits == [(0, 1), (1, 3), (2, 6), (3, 9), (4, 9)]
