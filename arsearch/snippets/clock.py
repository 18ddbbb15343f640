"""The clock of a call with a deadline, which remembers whether the call left something out."""

from __future__ import annotations

import time

__all__ = ["Clock"]


class Clock:
    """Tells whether a deadline, a reading of `time.perf_counter`, is still ahead; `None` always is."""

    __slots__ = ("deadline", "timed_out")

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self.timed_out = False
        """Whether something was left out because the deadline had passed."""

    def in_time(self) -> bool:
        """Return whether the deadline is still ahead. A caller that gets `False` must leave something out."""
        self.timed_out = self.timed_out or (self.deadline is not None and time.perf_counter() > self.deadline)
        return not self.timed_out
