"""The comparison with other engines runs on a small corpus: arsearch and SQLite always, the others if installed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if not (Path(__file__).parents[2] / "bench").is_dir():
    pytest.skip("the bench folder is missing", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parents[2]))  # `pytest` alone does not import from there

from bench.corpus import read_docs
from bench.peers import lucene, tantivy_py
from bench.peers.articles import read_articles, write_articles
from bench.peers.processes import Contestant, index_once, serving
from bench.peers.ratios import compare

ROOT = Path(__file__).parents[2]
ARTICLES = 40
WORDS = ("النفط", "الغاز", "كتاب", "مدرسة", "وزير", "قمح", "بحر", "طائرة", "محكمة", "جامعة", "لاعب", "سفينة")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of articles of random words, and queries of one word, of two words, and without hits."""
    folder = tmp_path_factory.mktemp("corpus")
    draw = random.Random(5)
    docs = [
        {
            "id": f"d{at}",
            "title": " ".join([draw.choice(WORDS)] * 5),
            "body": " ".join(draw.choices(WORDS, k=30)) + ".\n",
        }
        for at in range(ARTICLES)
    ]
    queries = [{"id": str(at), "text": text} for at, text in enumerate(("كتاب", "النفط سفينة", "زرافة"))]
    for name, rows in (("docs.jsonl", docs), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return folder


def run(corpus: Path, *arguments: object) -> str:
    """Return the standard output of the command on the small corpus, or fail with its standard error."""
    quick = ("--rounds", 1, "--warm-up", 5, "--warm-up-seconds", 0, "--whoosh-articles", 10)
    command = ["-m", "bench.peers", "--corpus", corpus, "--queries", corpus / "queries.jsonl", *quick, *arguments]
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def check(report: dict[str, Any], engine: str, articles: int) -> None:
    """Check that the engine indexed that number of articles and found the expected hits in all its modes."""
    rows = [row for row in report["indexing"] if row["engine"] == engine]
    assert rows
    for row in rows:
        assert row["articles"] == articles
        assert min(row[name] for name in ("MB/s", "cold s", "peak MB", "index MB")) > 0
    rows = [row for row in report["searching"] if row["engine"] == engine]
    assert {(row["mode"], row["snippets"]) for row in rows} >= {(m, s) for m in ("or", "and") for s in ("yes", "no")}
    assert all(row["without hits"] == 1 and 0 < row["p50 ms"] <= row["p95 ms"] for row in rows)
    if articles == ARTICLES:
        distinct = [row for row in report["distinct"] if row["engine"] == engine]
        assert {(row["threads"], row["snippets"]) for row in distinct} >= (
            {(1, "no"), (1, "yes")} if distinct else set()
        )
        assert all(0 < row["p50 ms"] <= row["p95 ms"] and row["queries/s"] > 0 for row in distinct)
        assert bool(distinct) == (engine != "sqlite")
        assert all(row["hits"] == 20 for row in rows if row["mode"] == "or")


def test_arsearch_sqlite_and_whoosh(corpus: Path) -> None:
    report = json.loads(run(corpus, "--only", "arsearch", "--only", "sqlite", "--only", "whoosh", "--json"))

    assert report["corpus"]["articles"] == ARTICLES
    check(report, "arsearch", ARTICLES)
    check(report, "sqlite", ARTICLES)
    check(report, "whoosh", 10)
    assert any("first 10 articles only, and once" in note for note in report["notes"])
    assert {row["rival"] for row in report["ratios"]} == {"sqlite", "whoosh"}
    memory, start = report["limits"]
    assert memory["arsearch"] > 10
    assert start["arsearch"] > 1  # a query takes longer than a Python process that does nothing


def test_the_report_names_engines_that_do_not_run(corpus: Path, tmp_path: Path) -> None:
    text = run(corpus, "--only", "sqlite", "--only", "lucene", "--jars", tmp_path)

    assert "| sqlite" in text
    assert "Not run: lucene: " in text


def test_tantivy(corpus: Path) -> None:
    if tantivy_py.missing():
        pytest.skip("tantivy is not installed")

    check(json.loads(run(corpus, "--only", "tantivy", "--json")), "tantivy", ARTICLES)


def test_lucene(corpus: Path) -> None:
    reason = lucene.missing(lucene.lucene_8())
    if reason:
        pytest.skip(reason)

    check(json.loads(run(corpus, "--only", "lucene", "--json")), "lucene", ARTICLES)


def test_articles_are_read_as_written(corpus: Path, tmp_path: Path) -> None:
    docs = [*read_docs(corpus), {"id": "", "title": "سطر\nآخر", "body": "😀"}]

    digest = write_articles(docs, tmp_path / "articles")

    assert digest.articles == len(docs)
    assert list(read_articles(tmp_path / "articles")) == docs
    assert list(read_articles(tmp_path / "articles", 3)) == docs[:3]


def test_a_failed_contestant_is_an_error_with_its_name_and_message(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no room left')")
    broken = Contestant("broken", 2, command, ("or",))

    with pytest.raises(Exception, match="broken, 2 threads failed: no room left"):
        index_once(broken, tmp_path, tmp_path, warm_up=0, memory=1)
    with pytest.raises(Exception, match="no room left"), serving(broken, tmp_path, tmp_path):
        pass


def test_ratios_are_relative_to_the_best_rival_and_above_one_if_arsearch_is_better() -> None:
    def speed(engine: str, rate: float) -> dict[str, Any]:
        return {"engine": engine, "threads": 1, "MB/s": rate, "index MB": 100 / rate, "peak MB": 7.0}

    indexing = [speed("arsearch", 30.0), speed("lucene", 20.0), speed("tantivy", 10.0), speed("whoosh", 0.5)]
    times = [("arsearch", 2.0), ("lucene", 4.0), ("tantivy", 1.0)]
    searching = [
        {"engine": engine, "mode": "or", "snippets": snippets, "p50 ms": time, "p95 ms": time * 2}
        for engine, time in times
        for snippets in ("yes", "no")
    ]

    ratios = {(row["measure"], row["rival"]): row["ratio"] for row in compare(indexing, searching)}

    assert ratios["indexing MB/s, 1 thread", "lucene"] == 1.5
    assert ratios["indexing MB/s, 1 thread", "whoosh"] == 60
    assert ratios["index MB", "lucene"] == pytest.approx(1.5)
    assert ratios["OR, p50 ms", "lucene"] == 2
    assert ratios["OR, p95 ms", "tantivy"] == 0.5
    assert ratios["OR, snippets, p50 ms", "tantivy"] == 0.5
    assert not any("AND" in measure for measure, _ in ratios)
