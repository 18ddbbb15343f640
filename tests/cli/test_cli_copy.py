"""`arsearch copy`."""

from __future__ import annotations

import json
import re

import pytest
from cli_articles import Run

import arsearch


def test_an_index_is_copied_and_the_copy_is_compared(run: Run, news: str) -> None:
    first = run("copy", news, "copied").stdout
    again = run("copy", news, "copied").stdout

    counts = (
        r"5 copied, 0 there already \(\d+\.\d s(, [\d,]+ articles/s)?\); all 5 articles compared, digest [0-9a-f]{32}\n"
    )
    assert re.fullmatch(counts, first)
    assert again.startswith("0 copied, 5 there already (")
    assert first.split()[-1] == again.split()[-1]
    assert json.loads(run("query", "الحرس", "-i", "copied", "--json").stdout)["total"] == 3


def test_a_changed_copy_is_replaced_only_on_demand(run: Run, news: str) -> None:
    run("copy", news, "copied")
    run("index", "-", "-i", "copied", input='{"id": "own", "title": "زائد"}\n')

    assert "--replace" in run("copy", news, "copied", code=1).stderr
    assert json.loads(run("copy", news, "copied", "--replace", "--json").stdout)["removed"] == 1


def test_an_interrupted_copy_says_how_to_go_on(run: Run, news: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(arsearch, "copy", interrupted)

    assert "the same command goes on from there" in run("copy", news, "copied", code=130).stderr
