"""Where and with what a benchmark ran, and how its results are printed."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from arsearch.errors import ArsearchError

__all__ = ["describe_machine", "peak_memory", "print_report", "run", "table"]

_PACKAGES = ("arsearch", "whoosh", "whoosh-reloaded", "numpy", "tashaphyne", "pyarabic", "ir-measures")
_MEGA = 1_000_000


def run(main: Callable[[], None]) -> None:
    """Run a benchmark; an `ArsearchError` becomes one line on standard error and exit code 1."""
    try:
        main()
    except ArsearchError as error:
        raise SystemExit(f"error: {error}") from error


def describe_machine() -> dict[str, str]:
    """Date, processor, memory, system, Python and the versions of the packages measured."""
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
    """The most memory this process has held so far, in bytes.

    Linux's `ru_maxrss` begins with the parent's memory, as it was before `exec`; `VmHWM` does not.
    """
    kilobytes = _status("VmHWM")
    if kilobytes is not None:
        return kilobytes * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _status(name: str) -> int | None:
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    except OSError:
        pass
    return None


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """The rows as a Markdown table that also reads well in a terminal; floats get 4 digits at most."""
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
    """Print `report` as JSON, or its machine and corpus, the `sections` (heading and table) and the notes."""
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for part in ("machine", "corpus"):
        print(f"{part}: " + "; ".join(f"{name} {value}" for name, value in report.get(part, {}).items()))
    for heading, body in sections:
        print(f"\n{heading}\n\n{body}")
    for note in notes:
        print(f"\n{note}")
