"""The tables and examples of docs/input-files.md agree with the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from arsearch.model import KNOWN_FIELDS, Record
from arsearch.readers import FORMATS, Content
from arsearch.readers.columns import field_of
from arsearch.readers.sources import Source

PAGE = Path(__file__).parents[2] / "docs" / "input-files.md"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the docs are not beside the tests")


def block_with(text: str) -> str:
    """Return the only Python block that has a text."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = [block for block in blocks if text in block]
    return str(block)


def test_the_table_of_names_is_true() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^`|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [field for field, _ in rows] == list(KNOWN_FIELDS)
    for field, names in rows:
        assert {name: field_of(name) for name in names.split(", ")} == dict.fromkeys(names.split(", "), field)


def test_every_format_has_a_row() -> None:
    assert re.findall(r"^\| `(\w+)` \| `\.", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == list(FORMATS)


def test_the_plugin_of_the_example_reads_its_files(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(block_with("READER = "), names)
    path = tmp_path / "a.sgml"
    path.write_text("<DOC>\n<DOCNO> 1 </DOCNO>\n<TEXT>\nنص\n</TEXT>\n</DOC>\n", encoding="utf-8")
    records = names["READER"].read(Content(Source("a.sgml", path, "a.sgml")))
    assert list(records) == [Record("a.sgml (1)", {"id": "1", "body": "نص"})]


def test_the_example_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", block_with("table.csv")],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines() == [
        "table.csv: CSV separated by semicolons, UTF-8",
        "table.csv: 'المعرف' is read as id",
        "table.csv: 'العنوان' is read as title",
        "table.csv: 'المحتوى' is read as body",
        "table.csv:2 نص الخبر",
        "table.csv:3 the row has 4 cells, the header 3; is a cell with ';' not in quotes?",
    ]
    assert (tmp_path / "copy.jsonl").read_text(encoding="utf-8") == '{"id": "1", "title": "خبر", "body": "نص الخبر"}\n'


def test_the_example_of_pdf_prints_what_the_page_shows() -> None:
    pytest.importorskip("pypdfium2")
    command = [sys.executable, "-X", "utf8", "-c", block_with("report.pdf")]
    done = subprocess.run(command, cwd=PAGE.parents[1], capture_output=True, encoding="utf-8", check=True)
    assert f"```\n{done.stdout}```" in PAGE.read_text(encoding="utf-8")
