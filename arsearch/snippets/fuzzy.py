"""A matcher of words within an edit distance, for highlighting the matches of `كتاب~1`.

The distance is Damerau's, restricted ("optimal string alignment"): insertions, deletions, substitutions and swaps of two
neighbouring letters, no letter edited twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from arsearch.analyzers.tokens import Term
from arsearch.model import Level

__all__ = ["FuzzyMatcher", "is_within"]


@dataclass(frozen=True, slots=True)
class FuzzyMatcher:
    """Matches terms whose normalised form is at most `distance` edits from `word`."""

    word: str
    distance: int

    @property
    def letters(self) -> str:
        """The letters that matching forms have, apart from one for each edit."""
        return self.word

    @property
    def lacking(self) -> int:
        """The number of `letters` that a matching form may lack."""
        return self.distance

    @property
    def others(self) -> int:
        """The number of other letters that a matching form may have."""
        return self.distance

    def level(self, term: Term, text: str) -> Level | None:  # noqa: ARG002
        """Return `Level.NORMALISED` if the term matches, else `None`."""
        return Level.NORMALISED if is_within(self.word, term.normalised, self.distance) else None


def is_within(a: str, b: str, max_edits: int) -> bool:
    """Tell whether at most `max_edits` edits lead from `a` to `b`; a quick check refuses most strings."""
    if abs(len(a) - len(b)) > max_edits:
        return False
    ours, theirs = set(a), set(b)
    return len(ours - theirs) <= max_edits and len(theirs - ours) <= max_edits and _within_band(a, b, max_edits)


def _within_band(a: str, b: str, max_edits: int) -> bool:
    """Tell whether the distance is at most `max_edits`, from the cells of the table within `max_edits` of the diagonal."""
    far = max_edits + 1
    before: dict[int, int] = {}
    previous = {j: j for j in range(far)}
    for i, letter in enumerate(b, 1):
        current: dict[int, int] = {}
        for j in range(max(0, i - max_edits), min(len(a), i + max_edits) + 1):
            best = min(previous.get(j, far), current.get(j - 1, far)) + 1
            if j:
                best = min(best, previous.get(j - 1, far) + (a[j - 1] != letter))
            if i > 1 and j > 1 and a[j - 1] == b[i - 2] and a[j - 2] == letter:
                best = min(best, before.get(j - 2, far) + 1)
            current[j] = best
        if min(current.values(), default=far) > max_edits:
            return False
        before, previous = previous, current
    return previous.get(len(a), far) <= max_edits
