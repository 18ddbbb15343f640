"""Java development kits of this machine: $JAVA_HOME, the one on the PATH, and those in /usr/lib/jvm."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

__all__ = ["find_jdk", "java_version"]

_JVM = Path("/usr/lib/jvm")
_read_major = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE).search
_read_version = re.compile(r'^JAVA_VERSION="([^"]+)"', re.MULTILINE).search


def find_jdk(minimum: int) -> Path | None:
    """Return the folder of the first kit of at least a version, such as 21; `None` if there is none."""
    for home in _homes():
        release = _release(home)
        major = _read_major(release)
        if major and int(major[1]) >= minimum and all((home / "bin" / tool).exists() for tool in ("java", "javac")):
            return home
    return None


def java_version(home: Path) -> str:
    """Return the version of a kit, such as `25.0.3`."""
    version = _read_version(_release(home))
    return version[1] if version else "unknown"


def _homes() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if javac := shutil.which("javac"):
        yield Path(javac).resolve().parents[1]
    yield from sorted(_JVM.glob("*"))


def _release(home: Path) -> str:
    file = home / "release"
    return file.read_text("utf-8", "replace") if file.is_file() else ""
