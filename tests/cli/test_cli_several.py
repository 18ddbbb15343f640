"""Several `-i` in processes: two folders, and a folder and an index on a cluster, are searched as one."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from cli_articles import ARTICLES
from contract.conftest import CLUSTER, remove
from test_cli_process import run
from test_cli_serve import get, serving

import arsearch

EARLY, LATE = ARTICLES[:1], ARTICLES[1:]


@pytest.fixture(params=["folder", *(["cluster"] if CLUSTER else [])])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The locations of a folder and of an index of each kind, which share the articles."""
    late = "late"
    if request.param == "cluster":
        late = f"opensearch{CLUSTER.removeprefix('http')}/late-{os.getpid()}-{time.time_ns()}"
    for location, articles in (("early", EARLY), (late, LATE)):
        with arsearch.open(location, create=True) as index:
            index.add(articles)
    yield "early", late
    with contextlib.suppress(FileNotFoundError):
        remove(late)


def test_hits_of_both_are_printed_with_their_index(pair: tuple[str, str]) -> None:
    early, late = pair
    found = run("query", "الحرس", "-i", early, "-i", late, "--duplicates", "--json")
    places = {hit["id"]: hit["location"] for hit in json.loads(found.stdout)["hits"]}

    assert found.stderr == b""
    assert (places["guard-1"], places["guard-2"]) == (early, late)


def test_an_export_has_the_articles_of_both_in_order(pair: tuple[str, str]) -> None:
    early, late = pair
    rows = [json.loads(line) for line in run("export", "-i", early, "-i", late).stdout.splitlines()]
    chosen = run("export", "الحرس", "-i", early, "-i", late, "-o", "out.jsonl", "--json")

    assert [row["id"] for row in rows] == [article["id"] for article in ARTICLES]
    assert json.loads(chosen.stdout)["articles"] == len(Path("out.jsonl").read_text("utf-8").splitlines()) > 1


def test_an_evaluation_searches_both(pair: tuple[str, str]) -> None:
    pytest.importorskip("ir_measures", reason="needs pip install 'arsearch[eval]'")
    early, late = pair
    Path("queries.tsv").write_text("q1\tالحرس\n", "utf-8")
    Path("qrels.tsv").write_text("".join(f"q1\t{article['id']}\t1\n" for article in (EARLY[0], LATE[-1])), "utf-8")
    told = json.loads(run("eval", "queries.tsv", "qrels.tsv", "-i", early, "-i", late, "--json").stdout)

    assert told["articles"] == len(ARTICLES)


def test_a_server_answers_from_indexes_of_one_name(pair: tuple[str, str], tmp_path: Path) -> None:
    pytest.importorskip("uvicorn", reason='needs pip install "arsearch[web]"')
    early, late = pair
    with serving("-i", f"all={early}", "-i", f"all={late}", cwd=tmp_path) as (_, url, line):
        assert line.startswith("serving all at ")
        assert json.loads(get(f"{url}api/stats")[1])["articles"] == len(ARTICLES)
        status, page = get(f"{url}?q={quote('الحرس')}")

    names = [location.rpartition("/")[2] for location in pair]
    assert status == 200
    assert all(f"<span><bdi>{name}</bdi></span>" in page for name in names)
    assert "127.0.0.1:" not in page.replace(url, "")
