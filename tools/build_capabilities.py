"""Write the table of the abilities of each kind of index into docs/cluster.md, from the code of the back-ends.

python tools/build_capabilities.py
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import arsearch
from arsearch.opensearch.backend import OpenSearchBackend
from arsearch.search.backend import Capability

__all__ = ["PAGE", "capability_table", "with_table"]

PAGE = Path(__file__).parent.parent / "docs" / "cluster.md"
_BLOCK = re.compile(r"(?<=<!-- capabilities -->\n).*?(?=<!-- /capabilities -->)", re.DOTALL)


def capability_table() -> str:
    """Return the table in Markdown: a row for each capability, a column for each kind of index."""
    with (
        tempfile.TemporaryDirectory() as folder,
        arsearch.open(Path(folder) / "index", create=True) as on_disk,
        arsearch.open(":memory:", create=True) as in_memory,
    ):
        kinds = {
            "folder": on_disk.capabilities,
            "memory": in_memory.capabilities,
            "cluster": OpenSearchBackend.capabilities,
        }
    lines = [f"| | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for capability in Capability:
        marks = ["yes" if capability in having else "no" for having in kinds.values()]
        lines.append(f"| {capability.value} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """Return the text of the page with the table of today. Raises ValueError if it has no place for it."""
    if not _BLOCK.search(page):
        raise ValueError("the page has no lines <!-- capabilities --> and <!-- /capabilities -->")
    return _BLOCK.sub(lambda _: capability_table(), page)


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
