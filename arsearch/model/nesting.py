"""The bounds of further fields: their depth, their values and their size.

A list of empty lists needs twenty times the memory of its JSON text, in every process that reads the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arsearch.errors import ArticleError

__all__ = ["MAX_DEPTH", "MAX_SIZE", "MAX_TEXT_VALUES", "MAX_VALUES", "check_values", "has_too_many_values"]

MAX_DEPTH = 100
"""The levels of lists and objects within one further field."""

MAX_VALUES = 1_000_000
"""The values of all further fields of an article, lists and objects included: a book of 300,000 pages has as many."""

MAX_SIZE = 64 << 20
"""The bytes of all further fields of an article as JSON; the parts of a work do not count."""

MAX_TEXT_VALUES = 2_000_000
"""The values of one JSON text, which may hold many articles."""

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def check_values(fields: Mapping[str, Any]) -> None:
    """Raise `ArticleError`, which names the field, if the values of `fields` are nested too deeply or too many."""
    left = MAX_VALUES
    for name, value in fields.items():
        level = [value] if isinstance(value, (list, tuple, dict)) else []
        left -= 1
        for depth in range(MAX_DEPTH + 1):
            if not level:
                break
            if depth == MAX_DEPTH:
                raise ArticleError(
                    f"the further field {name!r} is nested more than {MAX_DEPTH} levels deep; flatten it or leave it out"
                )
            inner: list[Any] = []
            for container in level:
                left -= len(container)
                if left < 0:
                    raise ArticleError(
                        f"the further fields have more than {MAX_VALUES:,} values, the last of them in {name!r}; "
                        "leave that field out or make its values one text"
                    )
                values = container.values() if isinstance(container, dict) else container
                inner += [one for one in values if isinstance(one, (list, tuple, dict))]
            level = inner


def has_too_many_values(text: str) -> bool:
    """Tell whether a JSON text has more than `MAX_TEXT_VALUES` values, before they are made."""
    if text.count(",") + text.count("[") + text.count("{") <= MAX_TEXT_VALUES:
        return False
    signs = _STRING.sub("", text)
    return signs.count(",") + signs.count("[") + signs.count("{") > MAX_TEXT_VALUES
