"""The Whoosh distributions installed beside arsearch: two of them break each other."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata

from arsearch.cli.output import print_message

__all__ = ["warn_of_whoosh_conflict", "whoosh_conflict", "whoosh_distributions"]


def whoosh_distributions(path: Iterable[str] | None = None) -> list[str]:
    """Return the installed distributions that contain a `whoosh` package, as "name version", sorted.

    `path` lists the folders to look in; the default is sys.path. Whoosh and its forks install into the same package
    folder, so the files of one overwrite those of the other.
    """
    installed = metadata.distributions() if path is None else metadata.distributions(path=list(path))
    names: dict[str, str] = {}
    for distribution in installed:
        name = distribution.metadata["Name"] or ""
        if "whoosh" in name.lower() and _contains_whoosh(distribution):
            names.setdefault(name.lower(), f"{name} {distribution.version}")
    return sorted(names.values(), key=str.lower)


def whoosh_conflict() -> str | None:
    """Return a warning that says how to repair the environment when it has more than one Whoosh, else `None`."""
    distributions = whoosh_distributions()
    if len(distributions) < 2:
        return None
    names = " ".join(distribution.split()[0] for distribution in distributions)
    return (
        f"{' and '.join(distributions)} are installed in one environment and overwrite each other's files; "
        f"run `pip uninstall {names}`, then `pip install whoosh`"
    )


def warn_of_whoosh_conflict() -> str | None:
    """Print the warning of `whoosh_conflict` on standard error, if any, and return it."""
    if warning := whoosh_conflict():
        print_message(f"arsearch: warning: {warning}")
    return warning


def _contains_whoosh(distribution: metadata.Distribution) -> bool:
    top = distribution.read_text("top_level.txt")
    if top is not None:
        return "whoosh" in top.split()
    return any(file.parts[:1] == ("whoosh",) for file in distribution.files or ())
