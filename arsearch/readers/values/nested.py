"""Values inside objects and lists, named by dotted paths: `content.rendered`, `paragraphs.text`, `authors.0.name`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["at_path", "long_texts"]

_DEEPEST = 4
_MISSING = object()


def at_path(data: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path, `None` if there is none. A name applies to each object of a list."""
    found = _at(data, path.split("."))
    return None if found is _MISSING else found


def _at(value: Any, names: list[str]) -> Any:
    if not names:
        return value
    name, *rest = names
    if isinstance(value, Mapping):
        for length in range(len(names), 0, -1):  # a name may have a dot in itself
            if (whole := ".".join(names[:length])) in value:
                return _at(value[whole], names[length:])
        return _MISSING
    if isinstance(value, list):
        if name.isdecimal():
            return _at(value[int(name)], rest) if int(name) < len(value) else _MISSING
        found = [item for element in value if (item := _at(element, names)) is not _MISSING]
        return found or _MISSING
    return _MISSING


def long_texts(data: Mapping[str, Any], least: int, path: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    """Yield the dotted path and the length of each text of at least `least` characters, lists of texts taken together."""
    for name, value in data.items():
        where = f"{path}{name}"
        if isinstance(value, list):
            objects = [item for item in value if isinstance(item, dict)]
            value = objects[0] if objects else "\n".join(item for item in value if isinstance(item, str))
        if isinstance(value, str) and len(value) >= least:
            yield where, len(value)
        elif isinstance(value, dict) and depth < _DEEPEST:
            yield from long_texts(value, least, f"{where}.", depth + 1)
