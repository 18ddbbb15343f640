"""Every benchmark runs as a module on a small corpus and reports as tables or JSON. Skipped without the bench folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from arsearch.evaluation import METRICS

ROOT = Path(__file__).parents[2]
TOPICS = ("النفط والغاز", "كرة القدم", "المحكمة العليا", "الزراعة والقمح", "الفضاء والأقمار", "التعليم والجامعات")
WORDS = (
    *("أعلن", "الوزير", "أمس", "في", "مؤتمر", "صحفي", "عن", "خطة", "جديدة", "لتطوير", "القطاع", "خلال", "السنوات"),
    *("المقبلة", "وقال", "إن", "الحكومة", "ستدعم", "المشاريع"),
)

if not (ROOT / "bench").is_dir():
    pytest.skip("the bench folder is missing", allow_module_level=True)
pytest.importorskip("ir_measures")

RIVALS = {"Lucene", "Lucene 10", "tantivy", "bm25s + Snowball", "light10 BM25", "whoosh normalised", "whoosh stemmed"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a test set: 48 documents on six topics, with one query for each topic."""
    folder = tmp_path_factory.mktemp("set")
    docs, qrels = [], []
    for number in range(48):
        topic = number % len(TOPICS)
        words = [WORDS[(number * 7 + step * 3) % len(WORDS)] for step in range(40)]
        body = " ".join([*words[:20], TOPICS[topic], *words[20:]])
        docs.append(
            {"id": f"d{number}", "title": f"{TOPICS[topic]} {WORDS[number % 9]}", "body": body, "source": "اختبار"}
        )
        qrels.append(f"q{topic}\td{number}\t1")
    queries = [{"id": f"q{at}", "text": f"ما أخبار {topic}؟"} for at, topic in enumerate(TOPICS)]
    for name, rows in (("docs.jsonl", docs), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    (folder / "qrels.tsv").write_text("\n".join(qrels), "utf-8")
    return folder


def run(module: str, *arguments: object) -> str:
    """Return the standard output of `python -m bench.MODULE`, or fail with its standard error."""
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_json(module: str, *arguments: object) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run(module, *arguments, "--json"))
    assert {"processor", "python", "arsearch", "whoosh", "numpy"} <= report["machine"].keys()
    return report


def test_indexing(corpus: Path) -> None:
    report = run_json("indexing", "--corpus", corpus, "--limit", 20)

    rows = {row["contestant"]: row for row in report["rows"]}
    assert report["corpus"]["articles"] == 20
    assert rows.keys() == {"reading only", "arsearch", "naive"}
    assert all(
        rows[name][figure] > 0 for name in ("arsearch", "naive") for figure in ("articles/s", "MB/s", "index MB")
    )
    assert rows["arsearch"]["peak MB"] > 10
    assert report["ratio"] == pytest.approx(rows["arsearch"]["articles/s"] / rows["naive"]["articles/s"], abs=0.01)


def test_reading(corpus: Path) -> None:
    report = run_json("reading", "--corpus", corpus, "--limit", 20)

    assert [(row["reading"], row["articles"]) for row in report["reading"]] == [
        ("without checks", 20),
        ("with checks", 20),
    ]
    assert [(row["new"], row["unchanged"]) for row in report["syncing"]] == [(20, 0), (0, 20), (0, 20)]
    assert report["ratio"] > 0


def test_query(corpus: Path) -> None:
    report = run_json("query", "--corpus", corpus, "--queries", corpus / "queries.jsonl", "--repeat", 1)

    seen = {(row["contestant"], row["mode"], row["snippets"]) for row in report["rows"]}
    modes = {("arsearch", mode) for mode in ("auto", "all", "any")} | {("whoosh", "all"), ("whoosh", "any")}
    assert seen == {(*one, snippets) for one in modes for snippets in ("no", "yes")}
    assert all(0 < row["p50 ms"] <= row["p95 ms"] <= row["p99 ms"] for row in report["rows"])


def test_passages(corpus: Path) -> None:
    queries = corpus / "queries.jsonl"
    arguments = (
        "--data",
        corpus.parent,
        "--sets",
        corpus.name,
        "--corpus",
        corpus,
        "--queries",
        queries,
        "--together",
        5,
    )
    report = run_json("passages", *arguments)

    assert [(row["indexed as"], row["articles"]) for row in report["quality"]] == [
        ("passages by themselves", 48),
        ("articles of 5", 10),
    ]
    assert all(row["recall@10"] == 1 for row in report["quality"])
    assert len(report["times"]) == 3


def test_batches(corpus: Path) -> None:
    arguments = (
        "--corpus",
        corpus,
        "--queries",
        corpus / "queries.jsonl",
        "--rounds",
        1,
        "--distinct",
        len(TOPICS) + 5,
    )
    report = run_json("batches", *arguments)

    assert [row["way"] for row in report["batches"]] == ["one by one", "search_many", "search_many, 2 processes"]
    assert all(row["queries"] == len(TOPICS) + 5 and row["busiest"] > 0 for row in report["batches"])


def test_levels(corpus: Path) -> None:
    report = run_json("levels", "--corpus", corpus, "--queries", corpus / "queries.jsonl", "--repeat", 1)

    assert [row["cost"] for row in report["building"]] == ["indexing, s", "index, MB"]
    assert all(row["two levels"] > 0 for row in report["building"])
    assert report["building"][1]["two levels"] < report["building"][1]["all"]
    assert [row["queries"] for row in report["searching"]] == ["no marks", "a mark in each word", "surface"]
    assert all(0 < row["p50 ms"] <= row["p95 ms"] for row in report["searching"])


def test_extraction() -> None:
    pytest.importorskip("pypdfium2")
    report = run_json("extraction")

    rows = {row["library"].split()[0]: row for row in report["libraries"]}
    assert rows["arsearch"]["characters"] >= 98
    assert rows["arsearch"]["words"] >= 98
    assert rows["arsearch"]["worst producer, words"] >= 96
    assert rows["arsearch"]["vocalised characters"] >= 92
    assert rows["arsearch"]["characters"] > rows["pypdfium2"]["characters"]
    assert {"chromium", "xelatex", "tesseract"} <= {row["producer"] for row in report["producers"]}


def test_roots(corpus: Path) -> None:
    report = run_json("roots", "--corpus", corpus, "--queries", corpus / "queries.jsonl", "--repeat", 1)

    assert [row["searched"] for row in report["searching"]] == ["first", "again"]
    assert all(row["root p50 ms"] > 0 < row["ratio"] for row in report["searching"])
    assert 0 < report["size"][0]["share %"] < 100


def test_relevance(corpus: Path, tmp_path: Path) -> None:
    report = run_json("relevance", "--corpus", corpus, "--runs-to", tmp_path, "--per-query", "--worst", 2)

    [own] = report["sets"]
    rows = {row["contestant"]: row for row in own["rows"]}
    assert rows.keys() >= {"arsearch", "light10 BM25", "whoosh normalised", "whoosh stemmed"}
    assert rows.keys() | report["skipped"].keys() == RIVALS | {"arsearch"}
    assert all(reason for reason in report["skipped"].values())
    assert rows["arsearch"]["nDCG@10"] == pytest.approx(1.0)
    assert all(row["recall@100"] > 0 for row in rows.values())
    assert len(own["per_query"]["arsearch"]) == len(TOPICS)
    assert {row["rival"] for row in own["gains"]} == rows.keys() - {"arsearch"}
    assert all(row["p"] <= row["p (Holm)"] <= 1 for row in own["gains"])
    assert [line["first"] for line in own["worst"]] == [1, 1]
    assert len(report["summary"]) == ("Lucene" in rows)

    again = run_json(
        "relevance", "--corpus", corpus, "--only", "arsearch", "--run", f"copy={tmp_path / 'arsearch.run'}"
    )

    ours, copy = again["sets"][0]["rows"]
    assert [copy[name] for name in METRICS] == [ours[name] for name in METRICS]


def test_relevance_with_distractors_prints_tables(corpus: Path, tmp_path: Path) -> None:
    other = {"id": "x1", "title": "عنوان", "body": "نص بعيد"}
    (tmp_path / "docs.jsonl").write_text(json.dumps(other, ensure_ascii=False), "utf-8")

    text = run("relevance", "--corpus", corpus, "--distractors", tmp_path, "--only", "arsearch")

    assert "of them distractors 1" in text
    assert "| arsearch" in text
    assert "nDCG@10" in text


@pytest.mark.parametrize(
    "arguments",
    [(), ("--corpus", "x", "--data", "y"), ("--data", "y", "--run", "a=b"), ("--corpus", "x", "--run", "a")],
)
def test_relevance_needs_either_data_or_corpus(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    from bench.relevance.__main__ import main

    with pytest.raises(SystemExit, match="2"):
        main(list(arguments))

    assert "usage:" in capsys.readouterr().err


def test_spelling(corpus: Path) -> None:
    report = run_json("spelling", "--corpus", corpus, "--queries", corpus / "queries.jsonl")

    rows = {row["mistake"]: row for row in report["rows"]}
    assert list(rows)[-1] == "all"
    assert rows["all"]["queries"] > 20
    assert 25 < rows["all"]["first %"] <= rows["all"]["first three %"] <= 100
    assert report["without a mistake"]["queries"] == len(TOPICS)
    assert [row["articles"] for row in report["words"]] == ["none", "1 to 9"]
    assert report["words"][0]["words"] == 150
    assert report["time"]["ratio"] > 0


def test_completion(corpus: Path) -> None:
    report = run_json("completion", "--corpus", corpus, "--queries", corpus / "queries.jsonl")

    assert len(report["rows"]) == 5
    assert all(row["times a search"] > 0 for row in report["rows"])


def test_duplicates(corpus: Path) -> None:
    report = run_json("duplicates", "--corpus", corpus)

    assert report["figures"]["articles"] == 48
    assert 0 < report["figures"]["of the time of indexing %"] < 100


def test_concordance(corpus: Path) -> None:
    report = run_json("concordance", "--corpus", corpus, "--words", "الوزير", "--lines", "10", "--megabytes", "0.005")

    found = {row["call"]: row["found"] for row in report["calls"]}
    assert found["concordance"] == found["concordance sorted left"] == 10
    assert found["frequencies by work"] > 10
    assert found["spans of an article"] == found["spans of a work in parts"] > 0


def test_extremes() -> None:
    cases = run_json("extremes", "--scale", "0.001")["cases"]

    assert [case["size"] for case in cases if case["case"] in ("tiny articles", "long word")] == [
        "1,000 articles of two words",
        "a word of 100 letters",
    ]
    assert {case["case"]: case["hits"] for case in cases if "hits" in case}["every article"] == 1_000
    assert all(case["peak MB"] > 10 for case in cases)


def test_extremes_of_queries(corpus: Path) -> None:
    report = run_json("extremes", "--corpus", corpus, "--queries", 30)

    assert report["corpus"]["queries"] == 30
    assert [row["call"] for row in report["calls"]] == [
        *("search", "explain", "correct", "suggest", "more_like"),
        *("passages", "spans", "concordance", "frequencies"),
    ]
    assert all(0 < len(row["query"]) <= 200 and row["processor"] > 0 for row in report["dearest"])


def test_hostile_queries_are_seeded_and_have_every_form() -> None:
    from bench.hostile_queries import frequent_words, hostile_queries

    frequent = frequent_words([{"title": "كتاب في مدرسة", "body": "في من على كتاب في " * 3}])
    assert frequent[0] == "في"

    queries = list(islice(hostile_queries(frequent), 600))

    assert queries == list(islice(hostile_queries(frequent), 600))
    assert queries != list(islice(hostile_queries(frequent, seed=2), 600))
    assert all(40 < len(query) <= 200 for query in queries)
    for sign in (
        '"~',
        '="',
        '~"',
        "root:",
        "title:",
        "date:",
        "author:",
        "NOT *",
        'NOT "',
        " OR ",
        "AND",
        "~2",
        "?*",
        "#",
        "+",
    ):
        assert sum(sign in query for query in queries) >= 5, sign


def test_tune_is_deterministic_and_leaves_queries_and_sets_out(corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(corpus, other)
    arguments = ("--data", corpus, "--alone", other, "--folds", 2, "--rounds", 1, "--quick", "--queries-limit", 4)

    report, again = run_json("tune", *arguments), run_json("tune", *arguments)

    assert "root weight" in {row["constant"] for row in report["effects"]}
    assert {row["constant"] for row in report["constants"]} >= {"k1", "b", "title weight", "stop weight"}
    assert [row["set"] for row in report["folds"]] == [corpus.name, "other"]
    assert {row["set"] for row in report["sets"]} == {corpus.name, "other"}
    assert report == again


def test_answers_names_the_one_item_that_differs(corpus: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    arguments = ("--corpus", corpus, "--queries", 6)
    run("answers", *arguments, "--json", before)
    report = json.loads(before.read_text("utf-8"))
    item = next(iter(report["rows"]["search, hits"]))
    report["rows"]["search, hits"][item] = ["0", "[]"]
    before.write_text(json.dumps(report), "utf-8")

    command = [sys.executable, "-m", "bench.answers", *map(str, arguments), "--against", str(before)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (1, "1 row differs\n")
    assert f"    {item}\n      before []\n" in done.stdout
    assert done.stdout.count("  same\n") == len(report["rows"]) - 1


def test_a_missing_corpus_is_an_error_of_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.indexing", "--corpus", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 1
    assert "no documents" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_spelling_of_the_printed_quran_is_compared(tmp_path: Path) -> None:
    for name, text in (
        ("printed", "1|1|يَـٰٓأَيُّهَا ٱلْإِنسَـٰنُ ۖ أَقِمِ ٱلصَّلَوٰةَ رَحْمَتَ"),
        ("modern", "1|1|يا أيها الإنسان أقم الصلاة رحمة"),
    ):
        (tmp_path / name).write_text(text + "\n# end\n", "utf-8")

    report = run_json("uthmani", tmp_path / "printed", tmp_path / "modern")

    assert [(row["level"], row["modern words"], row["meet"]) for row in report["levels"]] == [
        ("normalised", 6, 5),
        ("stem", 6, 5),
    ]
    assert report["failures"] == [{"times": 1, "printed": "رَحْمَتَ", "modern": "رحمة"}]
