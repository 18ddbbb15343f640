"""`arsearch eval`: measures of queries with known answers, comparisons, and errors before any indexing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_articles import Run

import arsearch
from arsearch.evaluation import METRICS, read_run

pytest.importorskip("ir_measures")

QUERIES = {"guard": "الحرس الثوري", "schools": "مدارس القرى", "none": "زلزال"}
QRELS = [("guard", "guard-1", 2), ("guard", "guard-2", 1), ("guard", "book", 0), ("schools", "school", 1)]


@pytest.fixture
def queries(tmp_path: Path) -> str:
    file = tmp_path / "queries.jsonl"
    lines = [json.dumps({"id": id, "text": text}, ensure_ascii=False) for id, text in QUERIES.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


@pytest.fixture
def qrels(tmp_path: Path) -> str:
    file = tmp_path / "qrels.tsv"
    file.write_text("".join(f"{query}\t{id}\t{grade}\n" for query, id, grade in QRELS), encoding="utf-8")
    return str(file)


def test_the_text_report(run: Run, articles_file: Path, queries: str, qrels: str) -> None:
    result = run("eval", str(articles_file), queries, qrels)

    counts, blank, names, values = result.stdout.splitlines()
    assert counts == "2 queries, 2 groups, 5 articles"
    assert blank == ""
    assert names.split() == list(METRICS)
    assert values.split() == ["default", *["1.0000"] * len(METRICS)]
    assert "note: queries left out because no article is judged relevant to them: 1\n" in result.stderr
    assert not Path(".arsearch").exists()


@pytest.mark.parametrize("form", ["jsonl", "tsv", "trec"])
def test_every_format_gives_the_same_measures(
    run: Run, news: str, queries: str, qrels: str, tmp_path: Path, form: str
) -> None:
    expected = json.loads(run("eval", queries, qrels, "-i", news, "--json").stdout)
    if form == "tsv":
        Path(queries).write_text("".join(f"{id}\t{text}\n" for id, text in QUERIES.items()), encoding="utf-8")
    elif form == "trec":
        topics = [f"<top>\n<num> Number: {id}\n<title> {text}\n</top>\n" for id, text in QUERIES.items()]
        Path(queries).write_text("".join(topics), encoding="utf-8")
        Path(qrels).write_text("".join(f"{query} 0 {id} {grade}\n" for query, id, grade in QRELS), encoding="utf-8")

    data: dict[str, Any] = json.loads(run("eval", queries, qrels, "-i", news, "--json").stdout)

    assert data == expected
    assert data["mean"] == dict.fromkeys(METRICS, 1.0)
    assert data["unjudged"] == ["none"]
    assert "per_query" not in data


def test_two_settings_are_compared(run: Run, news: str, queries: str, qrels: str) -> None:
    args = ("eval", queries, qrels, "-i", news, "--set", "mode=any", "--against", "match=normalised", "--per-query")

    data = json.loads(run(*args, "--json").stdout)
    lines = run(*args).stdout.splitlines()

    assert (data["setting"], data["against"]["setting"]) == ("mode=any", "mode=any match=normalised")
    assert data["per_query"]["schools"]["recall@100"] == 1.0
    assert data["comparison"]["recall@100"]["queries"] == 2
    assert [line.split("  ")[0] for line in lines[3:9]] == [
        "mode=any", "mode=any match=normalised", "difference", "95 % from", "95 % to", "p",
    ]  # fmt: skip
    assert lines[10].split() == [*METRICS, "difference", "query"]
    assert {line.partition("+0.0000  ")[2] for line in lines[11:]} == {
        f"{id}  {QUERIES[id]}" for id in ("guard", "schools")
    }


def test_a_stemmer_is_compared_by_indexing_the_documents(
    run: Run, articles_file: Path, queries: str, qrels: str
) -> None:
    args = ("eval", str(articles_file), queries, qrels, "--against", "stemmer=none", "--json")

    data = json.loads(run(*args).stdout)

    assert (data["setting"], data["against"]["setting"]) == ("default", "stemmer=none")
    assert data["mean"]["MAP"] == 1.0
    assert data["against"]["mean"]["MAP"] <= 1.0


def test_a_written_run_can_be_compared_with(run: Run, news: str, queries: str, qrels: str, tmp_path: Path) -> None:
    file = tmp_path / "ours.run"

    run("eval", queries, qrels, "-i", news, "--run-to", str(file), "-n", "1")
    data = json.loads(run("eval", queries, qrels, "-i", news, "--against-run", str(file), "--json").stdout)

    assert {query: len(ids) for query, ids in read_run(file).items()} == {"guard": 1, "schools": 1}
    assert data["against"]["setting"] == str(file)
    assert data["comparison"]["MRR"]["difference"] == 0
    assert data["comparison"]["recall@100"]["difference"] == pytest.approx(0.25)  # one of the two about the guard


def test_queries_are_grouped_by_a_field(run: Run, news: str, queries: str, qrels: str) -> None:
    args = ("eval", queries, qrels, "-i", news, "--json")

    assert json.loads(run(*args).stdout)["groups"] == 2
    assert json.loads(run(*args, "--group-by", "source").stdout)["groups"] == 1  # guard-1 and school


def test_missing_relevant_articles_are_reported(run: Run, news: str, queries: str, qrels: str) -> None:
    with Path(qrels).open("a", encoding="utf-8") as file:
        file.write("schools\tgone\t1\n")

    result = run("eval", queries, qrels, "-i", news, "--json")

    assert json.loads(result.stdout)["mean"]["recall@100"] == pytest.approx(0.75)
    assert "note: 1 relevant article not in the index" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("qrels.tsv", "guard\tguard-1\t1\nguard\tguard-2\tyes\n", "qrels.tsv, line 2: "),
        ("qrels.tsv", "guard\tguard-1\t1\nguard\tguard-1\t2\n", "qrels.tsv, line 2: "),
        ("queries.jsonl", '{"id": "guard", "text": "x"}\n{"id": "guard", "text": "y"}\n', "queries.jsonl, line 2: "),
        ("queries.jsonl", '{"id": "guard", "text": "x"}\n\n{"id": "b"}\n', "queries.jsonl, line 3: "),
        ("queries.jsonl", "other\tx\n", "do their query ids agree?"),
    ],
)
def test_malformed_files_are_reported_before_anything_is_indexed(
    run: Run, queries: str, qrels: str, tmp_path: Path, name: str, text: str, reason: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    result = run("eval", "there-are-no-documents.jsonl", queries, qrels, code=1)

    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("queries",), "Give QUERIES and QRELS"),
        (("docs", "queries", "qrels", "-i", "x"), "Give either DOCS"),
        (("queries", "qrels", "--against", "k1=1", "--against-run", "f"), "--against or --against-run"),
        (("queries", "qrels", "--set", "k1"), "NAME=VALUE"),
        (("queries", "qrels", "-n", "0"), "--limit"),
        (("queries", "qrels", "--set", "mode=some"), "mode 'some' is unknown"),
        (("queries", "qrels", "--set", "stemmer=light10"), "needs DOCS to index"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], reason: str) -> None:
    assert reason in run("eval", *args, code=2).stderr


def test_a_run_that_cannot_be_read(run: Run, news: str, queries: str, qrels: str) -> None:
    result = run("eval", queries, qrels, "-i", news, "--against-run", "absent.run", code=1)
    assert "absent.run: cannot be read" in result.stderr


def test_a_missing_index_names_the_next_step(run: Run, queries: str, qrels: str) -> None:
    assert "arsearch index" in run("eval", queries, qrels, code=1).stderr


def test_a_missing_library_is_reported_first(
    run: Run, queries: str, qrels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)

    assert "arsearch[eval]" in run("eval", "there-are-no-documents.jsonl", queries, qrels, code=1).stderr


def test_the_measures_are_those_of_the_python_api(run: Run, news: str, queries: str, qrels: str) -> None:
    from arsearch.evaluation import evaluate, read_qrels, read_queries

    with arsearch.open(news) as index:
        expected = evaluate(index, read_queries(queries), read_qrels(qrels))

    data = json.loads(run("eval", queries, qrels, "-i", news, "--per-query", "--json").stdout)

    assert data["mean"] == dict(expected.mean)
    assert data["per_query"] == expected.to_dict()["per_query"]


def test_as_a_process(articles_file: Path, queries: str, qrels: str) -> None:
    command = [sys.executable, "-m", "arsearch", "eval", str(articles_file), queries, qrels, "--json"]

    done = subprocess.run(command, capture_output=True, timeout=60, check=True)

    data = json.loads(done.stdout)
    assert (data["articles"], data["queries"], data["mean"]["MRR"]) == (5, 2, 1.0)
    assert b"Traceback" not in done.stderr
