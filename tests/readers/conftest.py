"""What the tests of the readers share: write a file, read it, keep what was said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from arsearch.readers import read_articles

if TYPE_CHECKING:
    from arsearch.model import Record


class Read(NamedTuple):
    """The records of one call, and the lines `on_guess` got."""

    records: list[Record]
    said: list[str]

    @property
    def data(self) -> list[dict[str, Any]]:
        return [dict(record.data) for record in self.records if record.data is not None]

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(record.where, record.problem) for record in self.records if record.problem is not None]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Read]:
    """Call with `name=bytes` pairs to write below an empty working folder and the paths to read (all by default)."""
    monkeypatch.chdir(tmp_path)

    def run(files: dict[str, bytes], *paths: str, **options: Any) -> Read:
        for name, data in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        said: list[str] = []
        records = list(read_articles(paths or list(files), on_guess=said.append, **options))
        for record in records:
            assert (record.data is None) != (record.problem is None)
            assert record.where.isprintable()
        return Read(records, said)

    return run
