"""A fixture that writes files, reads them and keeps the messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from arsearch.readers import read_articles

if TYPE_CHECKING:
    from arsearch.model import Record


class Read(NamedTuple):
    """The records of one call, and the messages that `on_guess` received."""

    records: list[Record]
    messages: list[str]

    @property
    def data(self) -> list[dict[str, Any]]:
        return [dict(record.data) for record in self.records if record.data is not None]

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(record.where, record.problem) for record in self.records if record.problem is not None]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Read]:
    """Return a function that writes files by name into an empty working folder and reads the paths, by default all."""
    monkeypatch.chdir(tmp_path)

    def run(files: dict[str, bytes], *paths: str, **options: Any) -> Read:
        for name, data in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        messages: list[str] = []
        records = list(read_articles(paths or list(files), on_guess=messages.append, **options))
        for record in records:
            assert (record.data is None) != (record.problem is None)
            assert record.where.isprintable()
        return Read(records, messages)

    return run
