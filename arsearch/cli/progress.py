"""The progress bar of commands that take long."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from arsearch.cli.output import print_message, safe

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from arsearch.model import AddReport

__all__ = ["ProgressBar"]

_INTERVAL = 0.1  # seconds between two updates of the bar
_LONGEST_NAME = 32


class _Source(Protocol):
    """The file that is being read."""

    name: str

    @property
    def size(self) -> int | None: ...


class _Reading(Protocol):
    """How far reading has come, in bytes, as `arsearch.readers.RecordIterator` tells it."""

    @property
    def source(self) -> _Source | None: ...
    @property
    def source_position(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def size(self) -> int | None: ...


class ProgressBar:
    """A progress bar on standard error for `Index.add` and `arsearch.reindex`; nothing in a pipe, or if `hidden`.

    Use it as a context manager, and pass its `update` as the progress callback. The bar shows the articles and their
    rate; after `follow` or `expect` also the percentage and the time left.
    """

    def __init__(self, description: str, *, hidden: bool = False) -> None:
        self._description = description
        self._visible = not hidden and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._reading: _Reading | None = None
        self._expected: int | None = None
        self._next_update = 0.0
        self._start = 0.0
        self._report: AddReport | None = None
        self.committed = 0
        """The number of articles committed so far."""

    def __enter__(self) -> ProgressBar:
        if self._visible:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[facts]}", markup=False),
                console=Console(stderr=True),
                refresh_per_second=5,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._description, total=None, facts="")
            self._start = time.monotonic()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            if self._report is not None:  # the last counts, which may have come within the interval
                self._draw(self._report, time.monotonic())
            self._bar.stop()

    def follow(self, articles: Any) -> None:
        """Measure the progress by the bytes read, if `articles` tells them and all sizes are known."""
        if self._bar is not None and hasattr(articles, "position") and articles.size:
            self._reading = articles

    def expect(self, articles: int) -> None:
        """Measure the progress by the number of articles."""
        self._expected = articles

    def begin(self, description: str) -> None:
        """Begin another phase of the work, which the bar shows from its beginning."""
        self._description, self._start, self._next_update = description, time.monotonic(), 0.0
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=description)

    def print_message(self, message: str) -> None:
        """Print a line on standard error, above the bar."""
        if self._bar is None:
            print_message(message)
        else:
            self._bar.console.print(safe(message), markup=False, highlight=False, soft_wrap=True)

    def update(self, report: AddReport) -> None:
        """Show the counts of a running report. Called after every article, so it redraws at most every 0.1 s."""
        self.committed = report.committed
        self._report = report
        if self._bar is not None and (now := time.monotonic()) >= self._next_update:
            self._next_update = now + _INTERVAL
            self._draw(report, now)

    def _draw(self, report: AddReport, now: float) -> None:
        if self._bar is None or self._task is None:
            return
        done = report.added + report.updated + report.failures
        position, size = self._measure(done)
        facts = _facts(position, size, done, report.failures, now - self._start)
        if self._reading is not None and (file := _file(self._reading, size)):
            facts.append(file)
        self._bar.update(self._task, completed=position, total=size, facts=", ".join(facts))

    def _measure(self, done: int) -> tuple[int, int | None]:
        """Return how much is done and how much there is to do, in bytes or articles; `None` if that is not known."""
        if self._reading is not None:
            return self._reading.position, self._reading.size
        return done, self._expected or None


def _facts(position: int, size: int | None, done: int, failures: int, seconds: float) -> list[str]:
    """Return the facts beside the bar: percentage, articles, rate, failures and time."""
    share = min(position / size, 1.0) if size else 0.0
    facts = [f"{share:.0%}"] if size else []
    facts.append(f"{done:,} articles")
    if seconds >= 1:
        facts.append(f"{done / seconds:,.0f} articles/s")
    if failures:
        facts.append(f"{failures:,} failed")
    if size and seconds >= 1 and 0 < share < 1:
        facts.append(f"{_duration(seconds / share - seconds)} left")
    else:
        facts.append(_duration(seconds))
    return facts


def _file(reading: _Reading, size: int | None) -> str:
    """Return the file being read and its percentage, if it is one of several."""
    source = reading.source
    if source is None or not source.size or source.size == size:
        return ""
    name = safe(source.name)
    if len(name) > _LONGEST_NAME:
        name = f"…{name[-_LONGEST_NAME:]}"
    return f"{name} {min(reading.source_position / source.size, 1.0):.0%}"


def _duration(seconds: float) -> str:
    """Format a time: `7 s`, `2:05 min`, `1:02 h`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60}:{whole % 60:02} min" if whole < 3600 else f"{whole // 3600}:{whole % 3600 // 60:02} h"
