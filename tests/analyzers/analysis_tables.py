"""The tables of docs/analysis.md, by the heading of their first column."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "analysis.md"


@cache
def tables() -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each table, without heading and rule, and with escapes like `\\u200c` decoded."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for block in re.findall(r"(?:^\|.*\|\n)+", DOCS.read_text(encoding="utf-8"), re.MULTILINE):
        heading, _, *rows = (tuple(map(_cell, line[1:-1].split("|"))) for line in block.splitlines())
        found[heading[0]] = rows
    return found


def _cell(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text.strip())
