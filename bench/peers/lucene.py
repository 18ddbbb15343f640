"""Lucene, through small Java programs that are compiled for the run.

Version 8 comes from Debian's liblucene8-java, version 10 from Maven Central by `bench/peers/pom.xml`. The JVM has its
default settings, except for the heap. A heap of `HEAP` makes its memory independent of the machine.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from arsearch.errors import InputError
from bench.peers.jdk import find_jdk, java_version

__all__ = [
    "HEAP",
    "JARS",
    "MODES",
    "THREADS",
    "Lucene",
    "compile_program",
    "describe",
    "lucene_8",
    "lucene_10",
    "missing",
]

THREADS = (1, 2)
MODES = ("or", "and")
JARS = Path("/usr/share/java")
HEAP = "1g"
_SOURCE = Path(__file__).with_name("LuceneBench.java")
_POM = Path(__file__).with_name("pom.xml")
_REPOSITORY = Path.home() / ".m2" / "repository" / "org" / "apache" / "lucene"
_find_version = re.compile("<version>(10[0-9.]+)</version>").search


class Lucene(NamedTuple):
    """A version of Lucene: the names of its jars, the Java that it needs, and where to find it."""

    names: tuple[str, ...]
    java: int
    jar: Callable[[str], Path | None]
    """Returns the jar of a name, or None."""
    package: str
    """The way to install the jars."""
    own: Path
    """The folder with the classes that the programs need for this version alone."""


def lucene_8(jars: Path = JARS) -> Lucene:
    """Return Lucene 8, with its jars in a folder."""
    names = ("core", "analyzers-common", "queryparser", "queries", "sandbox", "highlighter", "memory")
    return Lucene(
        names,
        11,
        lambda name: max(jars.glob(f"lucene-{name}-8.*.jar"), default=None),
        "Debian: liblucene8-java",
        _SOURCE.with_name("lucene8"),
    )


def lucene_10() -> Lucene:
    """Return Lucene 10 in the version of `pom.xml`, with its jars in the local repository of Maven."""
    found = _find_version(_POM.read_text("utf-8"))
    assert found is not None
    version = found[1]

    def jar(name: str) -> Path | None:
        file = _REPOSITORY / f"lucene-{name}" / version / f"lucene-{name}-{version}.jar"
        return file if file.is_file() else None

    names = ("core", "analysis-common", "queryparser", "queries", "sandbox", "highlighter", "memory")
    install = "mvn -f bench/peers/pom.xml dependency:resolve"
    return Lucene(names, 21, jar, install, _SOURCE.with_name("lucene10"))


def missing(lucene: Lucene) -> str | None:
    """Return the reason why a version of Lucene cannot run here, or None."""
    if find_jdk(lucene.java) is None:
        return f"no JDK of version {lucene.java} or later (Debian: default-jdk-headless; or set JAVA_HOME)"
    absent = [name for name in lucene.names if lucene.jar(name) is None]
    return f"no jar of lucene-{absent[0]} ({lucene.package})" if absent else None


def compile_program(lucene: Lucene, folder: Path, source: Path = _SOURCE) -> tuple[str, ...]:
    """Compile `source` into `folder` and return the command that runs it.

    Raise `InputError` with the compiler's message if it fails. Call it only if nothing is `missing`.
    """
    path = ":".join(str(lucene.jar(name)) for name in lucene.names)
    tools = _tools(lucene)
    paths = ["-cp", path, "-sourcepath", str(lucene.own)]
    command = [str(tools / "javac"), "-encoding", "UTF-8", *paths, "-d", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"javac could not compile {source.name}: {done.stderr.strip()}")
    return (str(tools / "java"), f"-Xmx{HEAP}", "-cp", f"{folder}:{path}", source.stem)


def describe(lucene: Lucene) -> dict[str, str]:
    """Return the versions of Lucene and of its Java. Call it only if nothing is `missing`."""
    core = lucene.jar("core")
    assert core is not None
    return {"lucene": core.stem.rpartition("-")[2], "java": f"{java_version(_tools(lucene).parent)}, heap {HEAP}"}


def _tools(lucene: Lucene) -> Path:
    home = find_jdk(lucene.java)
    assert home is not None
    return home / "bin"
