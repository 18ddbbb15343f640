"""Merged segments are what one segment of their articles would be; merging is neither too rare nor too frequent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from embedded import reader_of

import arsearch
from arsearch.index.codec import string_column as texts
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.merging import postings_merger as joining
from arsearch.index.merging import surface_forms_merger as ways
from arsearch.index.merging.policy import LogMergePolicy


def arrays_of(index: arsearch.Index) -> dict[str, Any]:
    """The arrays of the only segment, but for compressed articles; how words are written by what is said, not by how."""
    (segment,) = reader_of(index).segments
    apart = ("stored/frames", "stored/dictionary")
    names = [name for name in segment.file.names() if not name.startswith(apart) and "/written." not in name]
    arrays: dict[str, Any] = {name: segment.file.array(name).whole().tolist() for name in names}
    for field in {name.partition("/")[0] for name in segment.file.names() if "/written." in name}:
        lists, written = segment.postings(field, "normalised"), segment.surface_forms(field)
        assert lists is not None
        assert written is not None
        arrays[f"{field}/written"] = [
            [written.surface_forms(term)[way] for way in written.form_ids(term).tolist()]
            for term in range(len(lists.terms))
        ]
    return arrays


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("every", [1, 7, 60])
@pytest.mark.parametrize("gone", [0, 3, 50])
def test_a_merged_segment_is_as_if_built_at_once(
    samples: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, small: bool, every: int, gone: int
) -> None:
    if small:  # many runs of terms, many pieces
        monkeypatch.setattr(joining, "_TERMS", 3)
        monkeypatch.setattr(joining, "_POSTINGS", 40)
        monkeypatch.setattr(texts, "_CHUNK", 2)
        monkeypatch.setattr(ways, "_TERMS", 3)
    deleted = {article["id"] for article in samples[:: 100 // gone]} if gone else set()
    with arsearch.open(":memory:", create=True) as merged, arsearch.open(":memory:", create=True) as whole:
        merged.add(samples, commit_every=every)
        merged.delete(deleted)
        merged.optimize()
        whole.add([article for article in samples if article["id"] not in deleted])
        whole.optimize()

        assert arrays_of(merged) == arrays_of(whole)
        assert [article.to_dict() for article in merged] == [article.to_dict() for article in whole]
        assert merged.check() == []


def test_articles_compressed_with_other_dictionaries_are_compressed_anew(index: arsearch.Index) -> None:
    articles = [{"id": str(n), "title": f"عنوان {n}", "body": f"نص المقال رقم {n} " * 30} for n in range(300)]
    index.add(articles[:5])  # too few for a dictionary
    index.add(articles[5:])
    assert len({segment.stored.dictionary for segment in reader_of(index).segments}) == 2

    index.optimize()

    assert [article.body for article in index] == [article["body"] for article in articles]


def commits(sizes: list[int]) -> tuple[list[int], int]:
    """The sizes of the segments after commits of so many articles each, and how many articles merging copied."""
    segments: list[SegmentInfo] = []
    copied = 0
    for size in sizes:
        segments.append(SegmentInfo("s", size))
        while chosen := LogMergePolicy().choose(segments):
            total = sum(segments[at].docs for at in chosen)
            copied += total
            segments[chosen[0] : chosen[-1] + 1] = [replace(segments[0], docs=total)]
    return [info.docs for info in segments], copied


@pytest.mark.parametrize(
    ("sizes", "most", "times"),
    [
        ([1] * 1000, 25, 4),
        ([10] * 1000, 25, 4),
        ([31_000] * 33, 9, 2),
        ([1_000_000] + [10] * 1000, 26, 1),
        ([7, 5000, 3, 90_000, 1] * 100, 25, 4),
    ],
)
def test_many_commits_leave_few_segments_and_copy_each_article_a_few_times(
    sizes: list[int], most: int, times: int
) -> None:
    left, copied = commits(sizes)

    assert sum(left) == sum(sizes)
    assert len(left) <= most
    assert copied <= times * sum(sizes)


def test_a_largely_deleted_segment_is_rewritten_alone() -> None:
    infos = [SegmentInfo("a", 100), SegmentInfo("b", 100, deleted=40), SegmentInfo("c", 100)]

    assert LogMergePolicy().choose(infos) == [1]
