"""The matches of a search in the texts that readers turn the pages of, found once for all parts of a text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from arsearch.model import Answers, Span
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.states import SearchState

__all__ = ["Marks"]

_MOST = 200_000
"""The matches that are kept: about 40 MB. A book that has more keeps none."""


class Marks:
    """The matches of the last searches in articles. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Answers[Span]] = OrderedDict()
        self._total = 0

    def find(self, served: ServedIndex, commit: Commit, state: SearchState, id: str, deadline: float) -> Answers[Span]:
        """Return the matches of the search in all texts of an article, by field and offset; those of a work in its whole text.

        After `deadline` seconds they are partial, and not kept.
        """
        if not state.q.strip():
            return Answers()
        key = served.name, commit.etag, id, state.q, state.match
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        found = commit.searchable.spans(id, state.q, match=state.match or None, timeout=deadline)
        if not found.partial:
            self._keep(key, found)
        return found

    def _keep(self, key: Hashable, found: Answers[Span]) -> None:
        with self._lock:
            if key in self._kept or len(found) > _MOST:
                return
            self._kept[key] = found
            self._total += len(found) + 1  # an entry without matches takes memory too
            while self._total > _MOST:
                _, oldest = self._kept.popitem(last=False)
                self._total -= len(oldest) + 1
