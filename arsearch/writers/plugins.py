"""Writers that other distributions provide through the entry-point group `arsearch.writers`.

The registry looks for them only where no built-in writer fits: finding entry points reads the metadata of every installed
distribution, which takes about 0.1 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from arsearch.errors import InputError
from arsearch.writers.writer import Writer

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "plugin_names", "plugin_of_suffix", "plugin_writer"]

GROUP = "arsearch.writers"
"""The entry-point group. An entry point has the name of the `Writer` that it refers to."""


def plugin_names() -> list[str]:
    """Return the sorted names of all plug-ins without loading them."""
    return list(_entry_points())


def plugin_writer(name: str) -> Writer | None:
    """Return the writer of the plug-in `name`, or `None` if there is none. Raises `InputError` if it fails to load."""
    entry_point = _entry_points().get(name)
    return None if entry_point is None else _load(entry_point)


def plugin_of_suffix(suffix: str) -> Writer | None:
    """Return the first plug-in, by name, that writes files with this ending. A plug-in that fails to load is passed over."""
    return next((writer for writer in _writers() if suffix in writer.suffixes), None)


def _writers() -> Iterator[Writer]:
    for entry_point in _entry_points().values():
        try:
            yield _load(entry_point)
        except InputError:
            continue


@cache
def _entry_points() -> Mapping[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def _load(entry_point: EntryPoint) -> Writer:
    try:
        writer = entry_point.load()
        if not isinstance(writer, Writer):
            raise TypeError(f"{entry_point.value} is a {type(writer).__name__}, not an arsearch.writers.Writer")
        if writer.name != entry_point.name:
            raise ValueError(f"its writer has another name, {writer.name!r}")
    except Exception as error:
        distribution = entry_point.dist.name if entry_point.dist else "an unknown distribution"
        raise InputError(
            f"the writer plug-in {entry_point.name!r} of {distribution} cannot be loaded "
            f"({type(error).__name__}: {error}); update or uninstall {distribution}"
        ) from error
    return writer
