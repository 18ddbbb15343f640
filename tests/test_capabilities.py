"""The table of the abilities of back-ends in the documentation is that of the code."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parent.parent / "tools"


def test_the_table_of_abilities_is_made_from_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    if not TOOLS.exists():
        pytest.skip("the tools are not beside the tests")
    monkeypatch.syspath_prepend(TOOLS)
    monkeypatch.delitem(sys.modules, "build_capabilities", raising=False)
    from build_capabilities import PAGE, with_table

    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "run `python tools/build_capabilities.py`"
    assert page.count("| yes | ") > 10
