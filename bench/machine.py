"""The machine and the package versions of a run, the memory of processes, and the printed report."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arsearch.errors import ArsearchError

if TYPE_CHECKING:
    import subprocess

__all__ = ["describe_machine", "log_progress", "peak_memory", "print_report", "run", "table", "watch_memory"]

_PACKAGES = ("arsearch", "whoosh", "whoosh-reloaded", "numpy", "tashaphyne", "pyarabic", "ir-measures")
_MEGA = 1_000_000


def run(main: Callable[[], None]) -> None:
    """Run the `main` of a script. An `ArsearchError` becomes one line on standard error and exit code 1."""
    try:
        main()
    except ArsearchError as error:
        raise SystemExit(f"error: {error}") from error


def describe_machine() -> dict[str, str]:
    """Return the date, the processor, the memory, the system, and the versions of Python and the measured packages."""
    facts = {
        "date": dt.date.today().isoformat(),
        "processor": f"{_processor()}, {_cores()} cores to use",
        "memory": f"{_memory() / _MEGA / 1000:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }
    for name in _PACKAGES:
        try:
            facts[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return facts


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def peak_memory() -> int:
    """Return the peak memory of this process in bytes.

    On Linux `ru_maxrss` starts at the memory of the parent before `exec`; `VmHWM` does not.
    """
    kilobytes = _status("VmHWM")
    if kilobytes is not None:
        return kilobytes * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def watch_memory(process: subprocess.Popen[str], interval: float) -> int:
    """Wait for `process` and return the peak memory of it and its descendants in bytes, sampled every `interval` seconds.

    Without psutil return 0 at once.
    """
    try:
        import psutil
    except ImportError:
        return 0
    peak = 0
    root = psutil.Process(process.pid)
    while process.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            peak = max(peak, sum(one.memory_info().rss for one in (root, *root.children(recursive=True))))
        time.sleep(interval)
    return peak


def _status(name: str) -> int | None:
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    except OSError:
        pass
    return None


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return the rows as an aligned Markdown table. Floats have at most four decimals; a missing value is "-"."""
    cells = [list(columns), *([_cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 1 else f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def print_report(
    report: Mapping[str, Any], sections: Iterable[tuple[str, str]], *, as_json: bool, notes: Iterable[str] = ()
) -> None:
    """Print `report` as JSON, or else its machine, its corpus, the `sections` (heading and table) and the notes."""
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for part in ("machine", "corpus"):
        print(f"{part}: " + "; ".join(f"{name} {value}" for name, value in report.get(part, {}).items()))
    for heading, body in sections:
        print(f"\n{heading}\n\n{body}")
    for note in notes:
        print(f"\n{note}")


def log_progress(message: str) -> None:
    """Print `message` on standard error."""
    print(message, file=sys.stderr, flush=True)
