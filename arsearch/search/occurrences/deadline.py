"""The time after which a concordance or a table of frequencies ends early."""

from __future__ import annotations

from time import perf_counter

from arsearch.search.request import read_deadline

__all__ = ["Deadline"]


class Deadline:
    """Tells when a call must end, and remembers whether the call left something out. It counts from its creation.

    Raises QueryError for a `timeout` that is not a number of seconds.
    """

    __slots__ = ("_timeout", "at", "passed")

    def __init__(self, timeout: float | None) -> None:
        self._timeout = timeout
        self.at = read_deadline(timeout, perf_counter())
        """A reading of `time.perf_counter`, `None` for no limit."""
        self.passed = False
        """Whether something was left out because the time had passed."""

    def is_over(self) -> bool:
        """Return whether the time has passed. A caller that gets `True` must leave something out."""
        self.passed = self.passed or (self.at is not None and perf_counter() > self.at)
        return self.passed

    def notes(self, consequence: str) -> tuple[str, ...]:
        """Return the note on a deadline that has passed, else nothing."""
        return (f"time ran out after {self._timeout:g} s: {consequence}",) if self.passed else ()
