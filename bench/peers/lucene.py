"""Lucene 8, through a small Java program that is compiled for the run (Debian: liblucene8-java and a JDK).

The JVM has its default settings, except for the heap. A heap of `HEAP` makes its memory independent of the machine.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from arsearch.errors import InputError

__all__ = ["HEAP", "JARS", "MODES", "THREADS", "compile_program", "describe", "missing"]

THREADS = (1, 2)
MODES = ("or", "and")
JARS = Path("/usr/share/java")
HEAP = "1g"
_SOURCE = Path(__file__).with_name("LuceneBench.java")
_NEEDED = ("core", "analyzers-common", "queryparser", "queries", "sandbox", "highlighter", "memory")


def missing(jars: Path) -> str | None:
    """Return the reason why Lucene cannot run here, or None."""
    for tool in ("java", "javac"):
        if shutil.which(tool) is None:
            return f"no {tool} (Debian: default-jdk-headless)"
    for name in _NEEDED:
        if _jar(jars, name) is None:
            return f"no lucene-{name}-8.*.jar in {jars} (Debian: liblucene8-java)"
    return None


def _jar(jars: Path, name: str) -> Path | None:
    return max(jars.glob(f"lucene-{name}-8.*.jar"), default=None)


def compile_program(jars: Path, folder: Path, source: Path = _SOURCE) -> tuple[str, ...]:
    """Compile `source` into `folder` and return the command that runs it.

    Raise `InputError` with the compiler's message if it fails.
    """
    path = ":".join(str(_jar(jars, name)) for name in _NEEDED)
    command = ["javac", "-encoding", "UTF-8", "-cp", path, "-d", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"javac could not compile {source.name}: {done.stderr.strip()}")
    return ("java", f"-Xmx{HEAP}", "-cp", f"{folder}:{path}", source.stem)


def describe(jars: Path) -> dict[str, str]:
    """Return the versions of Lucene and Java."""
    done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    core = _jar(jars, "core")
    return {
        "lucene": core.stem.rpartition("-")[2] if core else "",
        "java": (done.stderr.splitlines() or [""])[0] + f", heap {HEAP}",
    }
