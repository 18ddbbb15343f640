"""`arsearch stats`, `optimize`, `reindex`, `check`, and the check of the environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_articles import ARTICLES, Run, as_lines

import arsearch
from arsearch.cli.environment import whoosh_distributions


def test_stats(run: Run, news: str) -> None:
    index = arsearch.open(news)

    assert json.loads(run("stats", "-i", news, "--json").stdout) == index.stats().to_dict()
    lines = dict(line.split(None, 1) for line in run("stats", "-i", news).stdout.splitlines())
    assert lines["location"] == news
    assert lines["articles"] == "5"
    assert "date (date)" in lines["fields"]


def test_stats_of_an_empty_index_name_the_next_step(run: Run) -> None:
    arsearch.open("x", create=True)

    assert "arsearch index FILE" in run("stats", "-i", "x").stderr


def test_optimize_makes_one_segment(run: Run, scratch: str) -> None:
    more = [article | {"id": f"{article['id']}-2"} for article in ARTICLES]
    run("index", "-", "-i", scratch, input=as_lines(more).encode())

    assert run("optimize", "-i", scratch).stdout.startswith("2 segments to 1, ")
    assert json.loads(run("optimize", "-i", scratch, "--json").stdout)["segments"] == 1
    assert len(arsearch.open(scratch)) == 10


def test_reindex_with_another_stemmer_and_fields(run: Run, scratch: str) -> None:
    before = arsearch.open(scratch).analyzer

    report = json.loads(
        run("reindex", "-i", scratch, "--stemmer", "light10", "--field", "court=keyword", "--json").stdout
    )

    index = arsearch.open(scratch)
    assert report["added"] == 5
    assert index.analyzer != before
    assert index.fields["court"] == "keyword"
    assert run("query", "الثوري", "-i", scratch).stdout.startswith("2 articles")
    assert run("reindex", "-i", scratch).stdout.startswith("5 added, 0 updated, 0 failed (")
    assert arsearch.open(scratch).analyzer == index.analyzer  # the index keeps its stemmer
    run("reindex", "-i", scratch, "--stemmer", "arabic")
    assert arsearch.open(scratch).analyzer == before
    assert arsearch.open(scratch).fields["court"] == "keyword"


def test_an_unknown_stemmer_lists_the_known_ones(run: Run, scratch: str) -> None:
    for args in (["reindex", "-i", scratch], ["analyze", "x"]):
        stderr = run(*args, "--stemmer", "khoja", code=2).stderr
        assert "'khoja'" in stderr
        assert "light10" in stderr


def test_check_of_an_intact_index(run: Run, news: str) -> None:
    result = run("check", "-i", news)

    assert result.stdout == f"ok: 5 articles in 1 segment at {news!r}\n"
    assert json.loads(run("check", "-i", news, "--json").stdout) == {
        "ok": True,
        "problems": [],
        "warnings": [],
        "recovered": None,
    }


def _damage(folder: str) -> None:
    largest = max((path for path in Path(folder).iterdir() if path.is_file()), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    for at in range(len(data) // 3, len(data) // 2):
        data[at] ^= 0x55
    largest.write_bytes(data)


def test_check_finds_damage_and_names_the_next_step(run: Run, scratch: str) -> None:
    _damage(scratch)

    result = run("check", "-i", scratch, code=1)

    assert result.stdout == ""
    assert result.stderr.startswith("problem: ")
    assert "arsearch index FILE -i NEW" in result.stderr
    data = json.loads(run("check", "-i", scratch, "--json", code=1).stdout)
    assert data["ok"] is False
    assert data["problems"]


def _install(folder: Path, name: str, version: str, package: str = "whoosh") -> None:
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (folder / package).mkdir(exist_ok=True)  # Python 3.12 omits missing files from `files`
    (folder / package / "__init__.py").touch()
    (info / "RECORD").write_text(f"{package}/__init__.py,,\n{info.name}/METADATA,,\n")


def test_distributions_that_contain_whoosh(tmp_path: Path) -> None:
    assert whoosh_distributions([str(tmp_path)]) == []

    _install(tmp_path, "whoosh-reloaded", "2.7.5")
    _install(tmp_path, "Whoosh", "2.7.4")
    _install(tmp_path, "flask-whooshee", "0.9", package="flask_whooshee")

    assert whoosh_distributions([str(tmp_path)]) == ["Whoosh 2.7.4", "whoosh-reloaded 2.7.5"]


def test_two_whoosh_distributions_cause_a_warning(
    run: Run, news: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    _install(site, "whoosh-reloaded", "2.7.5")
    _install(site, "Whoosh", "2.7.4")
    monkeypatch.syspath_prepend(str(site))

    for args in (["--version"], ["check", "-i", news]):
        assert "warning: Whoosh 2.7.4 and whoosh-reloaded 2.7.5 are installed in one environment" in run(*args).stderr
    assert len(json.loads(run("check", "-i", news, "--json").stdout)["warnings"]) == 1
