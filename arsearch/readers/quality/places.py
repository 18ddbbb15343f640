"""The places of headings, pages and cues in a text whose lines were repaired.

Repairs change letters and their order inside of lines, and keep the lines. So a place at the beginning of a line is at the
beginning of the same line afterwards, and one inside a line at the beginning of a word near the same share of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

__all__ = ["with_places"]

_LISTS = ("headings", "pages", "cues")


def with_places(data: Mapping[str, Any], into: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    """Return `into` with the lists of places of `data` for the body `after`, which the repair of `before` made.

    A heading that is its whole line has the words of the repaired line. Nothing changes where the numbers of lines differ.
    """
    lists = {name: found for name in _LISTS if isinstance(found := data.get(name), list) and found}
    if not lists or before == after or before.count("\n") != after.count("\n"):
        return into
    old, new = before.split("\n"), after.split("\n")
    starts, new_starts = ([0, *accumulate(len(line) + 1 for line in lines)] for lines in (old, new))

    def moved(entry: Any) -> Any:
        start = entry.get("start") if isinstance(entry, Mapping) else None
        if type(start) is not int or not 0 <= start <= len(before):
            return entry
        at = min(bisect_right(starts, start), len(old)) - 1
        changed = {**entry, "start": new_starts[at] + _inside(old[at], new[at], start - starts[at])}
        if isinstance(heading := entry.get("heading"), str) and heading.split() == old[at].split():
            changed["heading"] = " ".join(new[at].split())
        return changed

    return into | {name: [moved(entry) for entry in entries] for name, entries in lists.items()}


def _inside(old: str, new: str, at: int) -> int:
    """Return the offset in a repaired line for one in the line before: a beginning of a word, unless it was none."""
    if old == new or not old[:at].strip():
        return min(at, len(new))
    if old[at:] and new.endswith(old[at:]):
        return len(new) - len(old) + at
    near = round(at * len(new) / len(old))
    begins = [place for place in range(1, len(new)) if new[place - 1].isspace() and not new[place].isspace()]
    return min(begins, key=lambda place: abs(place - near), default=near)
