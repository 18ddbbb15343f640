"""`arsearch like`."""

from __future__ import annotations

import json

from cli_articles import Run


def test_similar_articles(run: Run, news: str) -> None:
    result = run("like", "guard-1", "-i", news, "--color", "never")

    assert "قائد في الحرس يزور بغداد" in result.stdout
    assert "guard-1" not in result.stdout
    assert result.stderr.startswith("compared by: ")
    assert "الثوري" in result.stderr


def test_json_and_unknown_ids(run: Run, news: str) -> None:
    found = json.loads(run("like", "guard-1", "-i", news, "--json", "--filter", "source=اليوم").stdout)

    assert [hit["id"] for hit in found["hits"]] == ["guard-2"]
    assert run("like", "nobody", "-i", news, code=1).stderr.startswith("arsearch: no article has the id 'nobody'")
