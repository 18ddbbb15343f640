"""How long `arsearch query` takes as a process, beside a Python that does nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["measure_start"]

_TIMES = 15


def measure_start(index: Path, query: str) -> tuple[float, float]:
    """Medians in seconds: a query's process, and `python -c pass`, in turns, files in the page cache."""
    script = Path(sys.executable).with_name("arsearch")
    asked = [str(script), "query", "-i", str(index), query]
    nothing = [sys.executable, "-c", "pass"]
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(_TIMES + 1):
        for is_query, command in ((True, asked), (False, nothing)):
            seconds = _seconds(command)
            if number:  # the first reads the files
                times[is_query].append(seconds)
    return statistics.median(times[True]), statistics.median(times[False])


def _seconds(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin
