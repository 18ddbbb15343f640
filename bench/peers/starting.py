"""The time of `arsearch query` as a process, compared with a Python process that does nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["measure_start"]


def measure_start(index: Path, query: str, times: int) -> tuple[float, float]:
    """Return the median seconds of `arsearch query` and of `python -c pass`, run alternately with files in the page cache."""
    script = Path(sys.executable).with_name("arsearch")
    commands = ([str(script), "query", "-i", str(index), query], [sys.executable, "-c", "pass"])
    rounds = [[_seconds(command) for command in commands] for _ in range(times + 1)]
    with_query, without = zip(*rounds[1:], strict=True)  # the first round reads the files from disk
    return statistics.median(with_query), statistics.median(without)


def _seconds(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin
