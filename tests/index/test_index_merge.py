"""A merged segment equals one built from its articles at once, and the merge policy keeps segments and copying few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from embedded import reader_of
from long_runs import LONG

import arsearch
from arsearch.index.codec import string_column
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.merging import postings_merger, surface_forms_merger
from arsearch.index.merging.policy import LogMergePolicy


def arrays_of(index: arsearch.Index) -> dict[str, Any]:
    """Return the arrays of the only segment, with the form of each occurrence instead of the arrays that encode forms.

    Compressed articles are left out.
    """
    (segment,) = reader_of(index).segments
    compressed = ("stored/frames", "stored/dictionary")
    names = [name for name in segment.file.names() if not name.startswith(compressed) and "/written." not in name]
    arrays: dict[str, Any] = {name: segment.file.array(name).whole().tolist() for name in names}
    for field in {name.partition("/")[0] for name in segment.file.names() if "/written." in name}:
        postings, forms = segment.postings(field, "normalised"), segment.surface_forms(field)
        assert postings is not None
        assert forms is not None
        arrays[f"{field}/written"] = [
            [forms.surface_forms(term)[form_id] for form_id in forms.form_ids(term).tolist()]
            for term in range(len(postings.terms))
        ]
    return arrays


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("every", [1, 7, 60])
@pytest.mark.parametrize("deleted_percent", [0, 3, 50])
def test_a_merged_segment_equals_one_built_at_once(
    samples: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, small: bool, every: int, deleted_percent: int
) -> None:
    if small:  # many runs of terms and chunks of strings
        monkeypatch.setattr(postings_merger, "_TERMS", 3)
        monkeypatch.setattr(postings_merger, "_POSTINGS", 40)
        monkeypatch.setattr(string_column, "_CHUNK", 2)
        monkeypatch.setattr(surface_forms_merger, "_TERMS", 3)
    articles = samples if LONG else samples[: max(30, every * 8)]
    deleted = {article["id"] for article in articles[:: 100 // deleted_percent]} if deleted_percent else set()
    with arsearch.open(":memory:", create=True) as merged, arsearch.open(":memory:", create=True) as whole:
        merged.add(articles, commit_every=every)
        merged.delete(deleted)
        merged.optimize()
        whole.add([article for article in articles if article["id"] not in deleted])
        whole.optimize()

        assert arrays_of(merged) == arrays_of(whole)
        assert [article.to_dict() for article in merged] == [article.to_dict() for article in whole]
        assert merged.check() == []


def test_articles_compressed_with_different_dictionaries_are_recompressed(index: arsearch.Index) -> None:
    articles = [{"id": str(n), "title": f"عنوان {n}", "body": f"نص المقال رقم {n} " * 30} for n in range(300)]
    index.add(articles[:5])  # too few for a dictionary
    index.add(articles[5:])
    assert len({segment.stored.dictionary for segment in reader_of(index).segments}) == 2

    index.optimize()

    assert [article.body for article in index] == [article["body"] for article in articles]


def commits(sizes: list[int]) -> tuple[list[int], int]:
    """Return the sizes of the segments after commits of those sizes, and the number of articles that merging copied."""
    segments: list[SegmentInfo] = []
    copied = 0
    for size in sizes:
        segments.append(SegmentInfo("s", size))
        while positions := LogMergePolicy().choose(segments):
            total = sum(segments[at].docs for at in positions)
            copied += total
            segments[positions[0] : positions[-1] + 1] = [replace(segments[0], docs=total)]
    return [info.docs for info in segments], copied


@pytest.mark.parametrize(
    ("sizes", "max_segments", "max_copies"),
    [
        ([1] * 1000, 25, 4),
        ([10] * 1000, 25, 4),
        ([31_000] * 33, 9, 2),
        ([1_000_000] + [10] * 1000, 26, 1),
        ([7, 5000, 3, 90_000, 1] * 100, 25, 4),
    ],
)
def test_many_commits_leave_few_segments_and_copy_each_article_a_few_times(
    sizes: list[int], max_segments: int, max_copies: int
) -> None:
    left, copied = commits(sizes)

    assert sum(left) == sum(sizes)
    assert len(left) <= max_segments
    assert copied <= max_copies * sum(sizes)


def test_a_largely_deleted_segment_is_rewritten_alone() -> None:
    infos = [SegmentInfo("a", 100), SegmentInfo("b", 100, deleted=40), SegmentInfo("c", 100)]

    assert LogMergePolicy().choose(infos) == [1]


def test_a_merged_segment_takes_the_place_of_the_first(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def two_in_the_middle(_: LogMergePolicy, segments: Sequence[SegmentInfo]) -> list[int]:
        return [1, 2] if len(segments) == 5 else []

    monkeypatch.setattr(LogMergePolicy, "choose", two_in_the_middle)
    for number in range(5):
        index.add([{"id": str(number), "body": "نص"}])

    assert [article.id for article in index] == ["0", "1", "2", "3", "4"]
    assert index.stats().segments == 4
