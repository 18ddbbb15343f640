"""The shapes of `--json`: these keys stay, with values of the same types; new keys may be added (docs/cli.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cli_articles import Run, as_lines

NUMBER = (int, float)
REPORT = {
    "added": int,
    "updated": int,
    "failures": int,
    "failed": [{"where": str, "id": (str, type(None)), "reason": str}],
    "commits": int,
    "characters": int,
    "parts": int,
    "took": NUMBER,
    "remarks": dict,
}
STATS = {
    "articles": int,
    "deleted": int,
    "segments": int,
    "bytes": int,
    "terms": dict,
    "fields": dict,
    "format": int,
    "generation": int,
    "analyzer": str,
}
ARTICLE = {"id": str, "title": str, "body": str}
FOUND = {"id": str, "title": str}
SPAN = {"field": str, "start": int, "end": int, "level": str}
HIT = {
    "rank": int,
    "id": str,
    "score": NUMBER,
    "level": str,
    "complete": bool,
    "similar": int,
    "page": (str, type(None)),
    "title": str,
    "title_html": str,
    "snippet": {"text": str, "html": str, "spans": [SPAN]},
    "article": FOUND,
}
LINE = {
    "id": str,
    "title": str,
    "field": str,
    "before": str,
    "keyword": str,
    "after": str,
    "start": int,
    "end": int,
    "level": str,
    "page": (str, type(None)),
    "place": (dict, type(None)),
}
TOKEN = {
    "text": str,
    "start": int,
    "end": int,
    "position": int,
    "steps": list,
    "surface": str,
    "normalised": str,
    "word": str,
    "stem": str,
    "stop": bool,
}
COPIED = {
    "articles": int,
    "kept": int,
    "added": int,
    "committed": int,
    "removed": int,
    "verified": int,
    "digest": str,
    "synced": (bool, type(None)),
    "took": NUMBER,
}
COPY = {"location": str, "articles": int, "segments": int, "bytes": int, "written": int, "generation": int}
RECOVERED = {"generation": int, "articles": int, "lost": (int, type(None)), "damaged": list}

RESULTS = {
    "query": str,
    "total": int,
    "total_complete": int,
    "partial": bool,
    "took": NUMBER,
    "notes": list,
    "facets": dict,
    "hits": [HIT],
}
EXPLANATION = {
    "query": str,
    "id": str,
    "title": str,
    "matched": bool,
    "complete": bool,
    "partial": bool,
    "score": NUMBER,
    "words": [
        {
            "text": str,
            "role": str,
            "counted": bool,
            "level": str,
            "score": NUMBER,
            "steps": [{"name": str, "result": str, "why": str}],
            "forms": [{"text": str, "level": str, "times": int}],
            "spans": [SPAN],
            "lists": [
                {
                    "kind": str,
                    "sought": str,
                    "articles": int,
                    "total": int,
                    "idf": NUMBER,
                    "weight": NUMBER,
                    "k1": NUMBER,
                    "score": NUMBER,
                    "fields": [dict],
                }
            ],
        }
    ],
    "pairs": list,
    "recency": (dict, type(None)),
    "notes": list,
}

SHAPES: dict[str, tuple[list[str], Any]] = {
    "index": (["index", "-", "-i", "scratch"], REPORT),
    "query": (["query", "الحرس", "-i", "scratch", "--facet", "source"], RESULTS),
    "like": (["like", "guard-1", "-i", "scratch"], RESULTS),
    "suggest": (
        ["suggest", "الحرس", "-i", "scratch"],
        {"prefix": str, "suggestions": [{"text": str, "articles": int, "phrase": bool}], "partial": bool},
    ),
    "concordance": (
        ["concordance", "الحرس", "-i", "scratch"],
        {"query": str, "notes": list, "lines": [LINE], "partial": bool},
    ),
    "frequencies": (
        ["frequencies", "الحرس", "-i", "scratch"],
        {
            "query": str,
            "by": str,
            "occurrences": int,
            "articles": int,
            "words": int,
            "rate": NUMBER,
            "notes": list,
            "partial": bool,
            "rows": [{"value": (str, type(None)), "occurrences": int, "articles": int, "words": int, "rate": NUMBER}],
        },
    ),
    "explain": (["explain", "الحرس", "--id", "guard-1", "-i", "scratch"], EXPLANATION),
    "analyze": (["analyze", "وبالكتاب"], {"text": str, "tokens": [TOKEN]}),
    "get": (["get", "school", "-i", "scratch"], {"articles": [ARTICLE], "missing": list}),
    "completion": (["completion", "bash"], {"shell": str, "file": str}),
    "update": (["update", "school", "--set", "category=تعليم", "-i", "scratch"], REPORT),
    "delete": (["delete", "nothing", "-i", "scratch"], {"deleted": int}),
    "export": (["export", "-o", "out.jsonl", "-i", "scratch"], {"articles": int, "file": str}),
    "serve": (["serve", "--port", "0", "-i", "scratch"], {"url": str, "indexes": {"scratch": int}}),
    "stats": (["stats", "-i", "scratch"], STATS),
    "optimize": (["optimize", "-i", "scratch"], STATS),
    "reindex": (["reindex", "-i", "scratch"], REPORT),
    "check": (["check", "-i", "scratch"], {"ok": bool, "problems": list, "warnings": list, "recovered": type(None)}),
    "eval": (
        ["eval", "queries.tsv", "qrels.tsv", "-i", "scratch"],
        {"articles": int, "queries": int, "groups": (int, type(None)), "unjudged": list, "setting": str, "mean": dict},
    ),
    "backup": (["backup", "copy", "-i", "scratch"], COPY),
    "restore": (["restore", "scratch", "-i", "other"], COPY),
    "copy": (["copy", "scratch", "copied"], COPIED),
}


def assert_shape(value: Any, shape: Any, path: str) -> None:
    """Assert that `value` has the keys and types of `shape`. A list must not be empty, except that of failures."""
    if isinstance(shape, Mapping):
        assert isinstance(value, dict), path
        for key, inner in shape.items():
            assert key in value, f"{path}.{key}"
            assert_shape(value[key], inner, f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), path
        assert value or path.endswith(".failed"), path
        for item in value:
            assert_shape(item, shape[0], f"{path}[]")
    else:
        assert isinstance(value, shape), path


@pytest.mark.parametrize("command", SHAPES)
def test_the_shape_stays(command: str, run: Run, scratch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    args, shape = SHAPES[command]
    if command == "serve":
        pytest.importorskip("uvicorn")
        monkeypatch.setattr("arsearch.web.server.run_server", lambda *_: None)
    if command == "eval":
        pytest.importorskip("ir_measures")
        Path("queries.tsv").write_text("1\tالحرس\n", encoding="utf-8")
        Path("qrels.tsv").write_text("1\tguard-1\t1\n", encoding="utf-8")
    bad = (
        as_lines([{"id": "new", "title": "ع"}, {"id": "blank", "title": " "}]).encode() if command == "index" else None
    )

    data = json.loads(run(*args, "--json", input=bad).stdout)

    assert_shape(data, shape, command)
    if command == "index":
        assert len(data["failed"]) == 1


def test_every_command_has_a_shape() -> None:
    from arsearch.cli.group import COMMANDS

    assert set(COMMANDS) - {"mcp"} == set(SHAPES)  # the output of mcp is that of its protocol


def test_the_shape_of_a_recovery(run: Run, scratch: str) -> None:
    run("index", "-", "-i", scratch, input=as_lines([{"id": "lost", "title": "ع"}]).encode())
    max(Path(scratch).glob("manifest-*"), key=lambda file: int(file.stem.partition("-")[2])).write_bytes(b"")

    data = json.loads(run("check", "-i", scratch, "--recover", "--json").stdout)

    assert_shape(data["recovered"], RECOVERED, "recovered")
    assert set(data["recovered"]["damaged"][0]) >= {"generation", "reason"}
