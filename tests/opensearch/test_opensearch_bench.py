"""The comparison of two indexes by `bench.cluster`; the whole script runs where there is a node of OpenSearch."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract.conftest import CLUSTER, remove
from contract.corpus import ARTICLES

import arsearch

ROOT = Path(__file__).parents[2]

if not (ROOT / "bench").is_dir():
    pytest.skip("the bench folder is missing", allow_module_level=True)
pytest.importorskip("ir_measures")

from bench.answers.queries import Search  # noqa: E402
from bench.cluster_answers import Agreement, random_searches  # noqa: E402

QUERIES = ("النفط", "كتاب", "حصاد القمح", "سيارة حمراء")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with the articles and some queries as files."""
    docs = [
        {**article, "date": article.get("date", "2015"), "source": article.get("source", "")} for article in ARTICLES
    ]
    queries = [{"id": number, "text": text} for number, text in enumerate(QUERIES)]
    for name, rows in (("docs.jsonl", docs), ("queries.jsonl", queries)):
        (tmp_path / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return tmp_path


@pytest.fixture
def pair() -> Iterator[tuple[arsearch.Index, arsearch.Index]]:
    """The articles in two indexes; the second lacks one."""
    with arsearch.open(":memory:", create=True) as one, arsearch.open(":memory:", create=True) as other:
        one.add(ARTICLES)
        other.add(article for article in ARTICLES if article["id"] != "oil-prices")
        yield one, other


def test_equal_answers_agree(pair: tuple[arsearch.Index, arsearch.Index]) -> None:
    agreement = Agreement()
    searches = list(random_searches(ARTICLES, 80, seed=1))
    for search in searches:
        agreement.compare(pair[0], pair[0], search)

    assert len({search.text for search in searches}) > 60
    assert all("max_expansions" not in search.options for search in searches)
    same = dict.fromkeys(("first ten", "totals", "facets"), "80 of 80")
    assert (agreement.to_dict(), agreement.different) == (same | {"largest difference": "0.0e+00"}, [])


def test_different_answers_are_told(pair: tuple[arsearch.Index, arsearch.Index]) -> None:
    agreement = Agreement()
    for text in ("النفط", "كتاب"):
        agreement.compare(*pair, Search(text, {}))

    assert agreement.same == {"first ten": 1, "totals": 1, "facets": 1}
    assert agreement.different == ["first ten, totals, facets: 'النفط' {}"]
    assert agreement.furthest > 0


@pytest.mark.skipif(not CLUSTER, reason="ARSEARCH_OPENSEARCH does not hold the URL of a node of OpenSearch")
def test_the_script_finds_the_same_answers_on_opensearch(corpus: Path, tmp_path: Path) -> None:
    keep = tmp_path / f"kept-{tmp_path.stat().st_ino}"
    options = ["--corpus", corpus, "--queries", corpus / "queries.jsonl", "--shards", "1,2", "--random", "40", "--any"]
    command = [
        sys.executable,
        "-m",
        "bench.cluster",
        *map(str, options),
        "--repeat",
        "1",
        "--keep",
        str(keep),
        "--json",
    ]
    try:
        reports: list[Any] = []
        for _ in range(2):
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            reports.append(json.loads(done.stdout))
    finally:
        for shards in (1, 2):
            remove(f"opensearch{CLUSTER.removeprefix('http')}/bench-{keep.name}-{shards}")

    rows = reports[0]["agreement"]
    assert [(row["index"], row["searches"]) for row in rows] == [
        (index, kind) for index in ("1 shard", "2 shards") for kind in ("queries", "queries, any word", "random")
    ]
    for row in rows:
        count = 40 if row["searches"] == "random" else len(QUERIES)
        assert all(row[name] == f"{count} of {count}" for name in ("first ten", "totals", "facets")), reports[0]
    assert [set(row) for row in reports[1]["loading"]] == [{"index", "articles", "MB"}] * 3  # the indexes were kept
    assert len(reports[0]["searching"]) == 2 + 2 * 3
