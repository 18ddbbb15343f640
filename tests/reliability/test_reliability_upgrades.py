"""An index of every released format opens unchanged, or the error names the next step; opening changes no file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import arsearch
from arsearch.errors import AnalyzerMismatchError, ArsearchError, IndexVersionError
from arsearch.index.codec.features import FORMAT_VERSION

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMATS = sorted(FIXTURES.glob("format-*"))


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


def refusal(folder: Path) -> ArsearchError | None:
    """Return the error of opening an index, or `None`."""
    try:
        arsearch.open(folder).close()
    except ArsearchError as error:
        return error
    return None


def test_the_current_format_has_its_fixture() -> None:
    assert FIXTURES / f"format-{FORMAT_VERSION}" in FORMATS, "make it with `python tools/build_fixture.py`"


@pytest.mark.parametrize("fixture", FORMATS, ids=lambda folder: folder.name)
def test_an_index_of_a_released_format(fixture: Path, tmp_path: Path) -> None:
    expected = json.loads((fixture / "expected.json").read_text(encoding="utf-8"))
    folder = tmp_path / "index"
    shutil.copytree(fixture / "index", folder)
    before = files(folder)

    refused = refusal(folder)
    assert files(folder) == before
    if isinstance(refused, IndexVersionError):
        assert fixture.name != f"format-{FORMAT_VERSION}"
        assert "`arsearch " in str(refused)
        return
    if refused is not None:
        assert isinstance(refused, AnalyzerMismatchError)
        assert f"arsearch reindex -i {folder}" in str(refused)
        arsearch.reindex(folder)
        before = files(folder)
    with arsearch.open(folder) as index:
        assert [article.to_dict() for article in index] == expected["articles"]
        for query, ids in expected["hits"].items():
            assert sorted(hit.id for hit in index.search(query, limit=100)) == ids, query
        assert index.check() == []
        index.stats()
        assert files(folder) == before
        index.add([{"id": "new", "body": "نص"}])
        assert len(index) == len(expected["articles"]) + 1
