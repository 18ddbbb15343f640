"""An index of every released format opens unchanged, or the error names the next step; opening changes no file."""

from __future__ import annotations

import json
import shutil
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

import arsearch
from arsearch.cli import main
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
            assert sorted(hit.id for hit in index.search(query, limit=100, match="stem")) == ids, query
        assert index.check() == []
        index.stats().to_dict()
        assert files(folder) == before
        index.add([{"id": "new", "body": "نص"}])
        assert len(index) == len(expected["articles"]) + 1


def test_an_index_of_another_analyzer_is_exported_copied_and_rebuilt(tmp_path: Path) -> None:
    old, copy, exported = (str(tmp_path / name) for name in ("old", "copy", "articles.jsonl"))
    articles = [{"id": f"{number}", "title": "خبر", "body": f"زار الوزير المدينة {number}"} for number in range(5)]
    with arsearch.open(old, create=True) as index:
        index.add(articles)
        before = list(index)
    manifest = max(Path(old).glob("manifest-*.json"))
    data = json.loads(manifest.read_bytes().rpartition(b"\n#")[0]) | {"fingerprint": "0" * 32}
    content = json.dumps(data).encode()
    manifest.write_bytes(content + b"\n#%08x" % zlib.crc32(content))

    with pytest.raises(AnalyzerMismatchError):
        arsearch.open(old)
    assert list(arsearch.read_index(old)) == before
    assert CliRunner().invoke(main, ["export", "-i", old, "-o", exported]).exit_code == 0
    assert [record.data["id"] for record in arsearch.read_articles([exported]) if record.data] == list("01234")
    assert CliRunner().invoke(main, ["backup", copy, "-i", old]).exit_code == 0
    for place in (old, copy):
        assert isinstance(refusal(Path(place)), AnalyzerMismatchError)
        arsearch.reindex(place)
        with arsearch.open(place) as index:
            assert list(index) == before
            assert index.search("وزير").total == 5
