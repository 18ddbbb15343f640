"""The progress bar of commands that take long."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from arsearch.cli.output import print_message, safe

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from arsearch.model import AddReport

__all__ = ["ProgressBar"]

_INTERVAL = 0.1  # seconds between two updates of the bar


class ProgressBar:
    """A progress bar on standard error for `Index.add` and `arsearch.reindex`; nothing in a pipe, or if `hidden`.

    Use it as a context manager, and pass its `update` as the progress callback.
    """

    def __init__(self, description: str, *, hidden: bool = False) -> None:
        self._description = description
        self._visible = not hidden and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._next_update = 0.0
        self.committed = 0
        """The number of articles committed so far."""

    def __enter__(self) -> ProgressBar:
        if self._visible:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[counts]}"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                refresh_per_second=5,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._description, total=None, counts="")
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def print_message(self, message: str) -> None:
        """Print a line on standard error, above the bar."""
        if self._bar is None:
            print_message(message)
        else:
            self._bar.console.print(safe(message), markup=False, highlight=False, soft_wrap=True)

    def update(self, report: AddReport) -> None:
        """Show the counts of a running report. Called after every article, so it redraws at most every 0.1 s."""
        self.committed = report.committed
        if self._bar is not None and self._task is not None and (now := time.monotonic()) >= self._next_update:
            self._next_update = now + _INTERVAL
            done = report.added + report.updated + report.failures
            failed = f", {report.failures:,} failed" if report.failures else ""
            counts = f"{done:,} articles, {report.characters / 1e6:,.1f} M characters{failed}"
            self._bar.update(self._task, completed=done, counts=counts)
