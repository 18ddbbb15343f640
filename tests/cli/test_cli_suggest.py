"""`arsearch suggest`."""

from __future__ import annotations

import json

from cli_articles import Run


def test_suggestions_as_text(run: Run, news: str) -> None:
    assert run("suggest", "الحرس", "الث", "-i", news).stdout == "2  الحرس الثوري\n"
    assert run("suggest", "لاشيء", "-i", news).stdout == ""


def test_suggestions_as_json(run: Run, news: str) -> None:
    found = json.loads(run("suggest", "الحر", "-i", news, "-n", "2", "--json").stdout)

    assert found["prefix"] == "الحر"
    assert found["suggestions"][0] == {"text": "الحرس", "articles": 3, "phrase": False}
    assert len(found["suggestions"]) == 1
