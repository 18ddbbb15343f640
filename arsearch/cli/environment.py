"""What is installed beside arsearch, as far as it can break it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata

__all__ = ["two_whooshes", "warn_of_two_whooshes", "whoosh_distributions"]


def whoosh_distributions(path: Iterable[str] | None = None) -> list[str]:
    """The installed distributions that bring a `whoosh` package, as "name version", sorted; from `path` or sys.path.

    Whoosh and its forks share that package's folder: of two, the files of one lie over those of the other.
    """
    found = metadata.distributions() if path is None else metadata.distributions(path=list(path))
    names: dict[str, str] = {}
    for distribution in found:
        name = distribution.metadata["Name"] or ""
        if "whoosh" in name.lower() and _brings_whoosh(distribution):
            names.setdefault(name.lower(), f"{name} {distribution.version}")
    return sorted(names.values(), key=str.lower)


def two_whooshes() -> str | None:
    """What is wrong and what to do, if more than one Whoosh is installed; else `None`."""
    found = whoosh_distributions()
    if len(found) < 2:
        return None
    names = " ".join(text.split()[0] for text in found)
    return (
        f"{' and '.join(found)} are installed in one environment and overwrite each other's files; "
        f"run `pip uninstall {names}`, then `pip install whoosh`"
    )


def warn_of_two_whooshes() -> str | None:
    """Print the warning of `two_whooshes` on standard error, if there is one; return it."""
    from arsearch.cli.output import say

    if warning := two_whooshes():
        say(f"arsearch: warning: {warning}")
    return warning


def _brings_whoosh(distribution: metadata.Distribution) -> bool:
    top = distribution.read_text("top_level.txt")
    if top is not None:
        return "whoosh" in top.split()
    return any(file.parts[:1] == ("whoosh",) for file in distribution.files or ())
