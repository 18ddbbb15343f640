"""docs/input-files.md says what the code does: its table of names, its places, its example."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from arsearch.model import KNOWN_FIELDS
from arsearch.readers import FORMATS
from arsearch.readers.columns import field_of

PAGE = Path(__file__).parents[2] / "docs" / "input-files.md"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the docs are not beside the tests")


def test_the_table_of_names_is_true() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^`|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [field for field, _ in rows] == list(KNOWN_FIELDS)
    for field, names in rows:
        assert {name: field_of(name) for name in names.split(", ")} == dict.fromkeys(names.split(", "), field)


def test_every_format_has_its_row() -> None:
    assert re.findall(r"^\| `(\w+)` \| `\.", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == list(FORMATS)


def test_the_example_runs(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
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
