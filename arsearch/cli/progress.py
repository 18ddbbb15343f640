"""The progress of long work: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from arsearch.cli.output import number, safe, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from arsearch.model import AddReport

__all__ = ["Meter"]

_PAUSE = 0.1  # seconds between two looks at the figures


class Meter:
    """Shows the running figures of `Index.add` and `reindex`, and counts what is surely committed.

    A context manager; its `update` is the progress callback, `tell` prints a line above the bar. Both use standard
    error. `total` is the number of articles, if known.
    """

    def __init__(self, verb: str, *, hidden: bool = False, total: int | None = None) -> None:
        self._verb = verb
        self._total = total
        self._shown = not hidden and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._next = 0.0
        self.committed = 0
        """How many articles the commits so far hold."""

    def __enter__(self) -> Meter:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[figures]}"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                refresh_per_second=5,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._verb, total=self._total, figures="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tell(self, message: str) -> None:
        """Print a line."""
        if self._bar is None:
            say(message)
        else:
            self._bar.console.print(safe(message), markup=False, highlight=False, soft_wrap=True)

    def update(self, report: AddReport) -> None:
        """Take the running figures; called after every article."""
        self.committed = report.committed
        if self._bar is not None and self._task is not None and (now := time.monotonic()) >= self._next:
            self._next = now + _PAUSE
            done = report.added + report.updated + report.failures
            failed = f", {number(report.failures)} failed" if report.failures else ""
            figures = f"{number(done)} articles, {report.characters / 1e6:,.1f} M characters{failed}"
            self._bar.update(self._task, completed=done, figures=figures)
