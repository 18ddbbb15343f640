"""Digests of outputs in rows of named items, and the differences between two versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["Answers"]

_MAX_TEXT = 300  # characters of a value that is stored with its digest
_WORDING = ("name", "why", "kind", "role", "notes")  # keys of an explanation whose values are text for readers


class Answers:
    """Rows of named items. An item is the digest of a value, with the value itself if it is short."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, tuple[str, str | None]]] = {}

    @classmethod
    def load(cls, path: Path) -> Answers:
        """Return the answers in a file that `save` wrote."""
        answers = cls()
        for row, items in json.loads(path.read_text(encoding="utf-8"))["rows"].items():
            answers.rows[row] = {item: (digest, text) for item, (digest, text) in items.items()}
        return answers

    def save(self, path: Path) -> None:
        """Write the digests of all rows and items as JSON."""
        data = {"digests": {row: self.digest(row) for row in self.rows}, "rows": self.rows}
        path.write_text(json.dumps(data, ensure_ascii=True, indent=0), encoding="utf-8")

    def add(self, row: str, item: str, value: object) -> None:
        """Add a JSON value. Raise ValueError if the row already has an item of that name."""
        text = json.dumps(value, ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        items = self.rows.setdefault(row, {})
        if item in items:
            raise ValueError(f"row {row!r} has two items called {item!r}")
        items[item] = (digest, text if len(text) <= _MAX_TEXT else None)

    def add_explanation(self, row: str, item: str, data: dict[str, Any]) -> None:
        """Add an explanation to the row, and its wording to the row's "wording"."""
        self.add(row, item, _without_wording(data))
        self.add(f"{row}, wording", item, list(_wording(data)))

    def digest(self, row: str) -> str:
        """Return the digest of the names and digests of all items in a row."""
        lines = (f"{item}\0{digest}\n" for item, (digest, _) in self.rows.get(row, {}).items())
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def differences(self, row: str, other: Answers) -> Iterator[tuple[str, str, str]]:
        """Yield the name, the value in `other` and the value here of each item of a row that differs."""
        ours, theirs = self.rows.get(row, {}), other.rows.get(row, {})
        for item in {**theirs, **ours}:
            before, after = (items.get(item, ("absent", None)) for items in (theirs, ours))
            if before[0] != after[0]:
                yield item, before[1] or before[0], after[1] or after[0]


def _without_wording(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_wording(part) for name, part in value.items() if name not in _WORDING}
    return [_without_wording(part) for part in value] if isinstance(value, list) else value


def _wording(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((name, part) for name, part in value.items() if name in _WORDING)
        value = [part for name, part in value.items() if name not in _WORDING]
    if isinstance(value, list):
        for part in value:
            yield from _wording(part)
