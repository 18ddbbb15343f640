"""Which segments to merge after a commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arsearch.index.codec.segment_info import SegmentInfo

__all__ = ["LogMergePolicy"]


@dataclass(frozen=True, slots=True)
class LogMergePolicy:
    """A policy that merges neighbouring segments into a segment several times larger, like Lucene's policy of that name.

    - `min_merge_count`: a merge takes the newest segments, at least this many.
    - `growth`: the merged segment has at least this many times the live documents of the largest segment merged.
    - `deleted_share`: a segment with a larger share of deleted documents is rewritten alone, before any merge.

    Each merge moves an article into a segment at least `growth` times larger, so an article is copied few times. Small
    commits leave a large segment alone, and articles keep the order in which they were added.
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
