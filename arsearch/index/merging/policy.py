"""Which segments to merge after a commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arsearch.index.codec.segment_info import SegmentInfo

__all__ = ["LogMergePolicy"]


@dataclass(frozen=True, slots=True)
class LogMergePolicy:
    """A policy that merges the newest segments once they are many, none of which outweighs the others.

    The name and the idea are Lucene's: only neighbours are merged, so articles keep the order they came in, and the
    size of segments grows by a factor. A merge takes the newest `min_merge_count` segments or more. It takes them only
    if together they have at least `growth` times the live documents of the largest of them. Each merge thus puts an
    article into a segment `growth` times as large or larger, and many small commits leave a large segment alone.

    A segment of which more than `deleted_share` is deleted is rewritten on its own, before any merge.
    """

    min_merge_count: int = 8
    growth: int = 4
    deleted_share: float = 0.3

    def choose(self, segments: Sequence[SegmentInfo]) -> list[int]:
        """Return the positions of the segments to merge now, neighbours in rising order; an empty list for none."""
        for position, segment in enumerate(segments):
            if segment.deleted > self.deleted_share * segment.docs:
                return [position]
        total = largest = count = 0
        for newest, segment in enumerate(reversed(segments), 1):
            total += segment.live
            largest = max(largest, segment.live)
            if newest >= self.min_merge_count and self.growth * largest <= total:
                count = newest
        return list(range(len(segments) - count, len(segments)))
