"""Readers that other distributions provide through the entry-point group `arsearch.readers`.

Finding entry points imports `importlib.metadata` and reads the metadata of every installed distribution, which takes
about 0.1 s. The registry therefore asks only where no built-in reader fits. Each answer is kept for the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from arsearch.errors import InputError
from arsearch.readers.reader import Reader

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "Plugins", "load_plugin", "load_plugins", "plugin_names"]

GROUP = "arsearch.readers"
"""The entry-point group. An entry point has the name of the `Reader` it refers to."""


class Plugins(NamedTuple):
    """The plug-ins that could be loaded, sorted by name, and a message for each that could not."""

    readers: tuple[Reader, ...]
    failures: tuple[str, ...]


def plugin_names() -> list[str]:
    """Return the sorted names of all plug-ins without loading them."""
    return list(_entry_points())


def load_plugin(name: str) -> Reader | None:
    """Return the reader of the plug-in `name`, or `None` if there is none. Raises `InputError` if it fails to load."""
    entry_point = _entry_points().get(name)
    return None if entry_point is None else _load(entry_point)


@cache
def load_plugins() -> Plugins:
    """Load every plug-in. A plug-in that fails to load does not affect the others."""
    readers: list[Reader] = []
    failures: list[str] = []
    for entry_point in _entry_points().values():
        try:
            readers.append(_load(entry_point))
        except InputError as failure:
            failures.append(str(failure))
    return Plugins(tuple(readers), tuple(failures))


@cache
def _entry_points() -> Mapping[str, EntryPoint]:
    """Return the entry points by name. Of two with one name, the distribution that sorts first wins."""
    from importlib.metadata import entry_points

    by_name: dict[str, EntryPoint] = {}
    for entry_point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, _distribution(point))):
        by_name.setdefault(entry_point.name, entry_point)
    return by_name


def _load(entry_point: EntryPoint) -> Reader:
    try:
        reader = entry_point.load()
        if not isinstance(reader, Reader):
            raise TypeError(f"{entry_point.value} is a {type(reader).__name__}, not an arsearch.readers.Reader")
        if reader.name != entry_point.name:
            raise ValueError(f"its reader has another name, {reader.name!r}")
    except Exception as error:
        distribution = _distribution(entry_point)
        raise InputError(
            f"the reader plug-in {entry_point.name!r} of {distribution} cannot be loaded "
            f"({type(error).__name__}: {error}); update or uninstall {distribution.split()[0]}"
        ) from error
    return reader


def _distribution(entry_point: EntryPoint) -> str:
    distribution = entry_point.dist
    return f"{distribution.name} {distribution.version}" if distribution else "an unknown distribution"
