"""`delete`, `update` and `export` by query and filters, and their questions."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_articles import ARTICLES, Run, as_lines

import arsearch

ALL = [article["id"] for article in ARTICLES]


def left(place: str) -> list[str]:
    return sorted(article.id for article in arsearch.open(place))


DELETIONS: list[tuple[list[str], set[str]]] = [
    (["--filter", "source=الرياض"], {"guard-1", "school"}),
    (["--filter", "source!=الرياض"], {"guard-2", "book", "latin"}),
    (["--filter", "source=الرياض", "--filter", "source!=الرياض"], set()),
    (["--filter", "id=book", "--filter", "id=latin"], {"book", "latin"}),
    (["--filter", "id!=book", "--filter", "source=اليوم"], {"guard-2"}),
    (["--filter", "date=2015-08.."], {"guard-2", "latin"}),
    (["--filter", "date=..2014"], {"school"}),
    (["--filter", "date=2015", "--filter", "date!=2015-08"], {"guard-1"}),
    (["--query", "الحرس الثوري"], {"guard-1", "guard-2"}),
    (["--query", "الحرس الثوري", "--filter", "source=اليوم"], {"guard-2"}),
    (["--query", "المدرسة القرى"], {"school"}),
    (["--query", "الحرس زرافة"], set()),
]


@pytest.mark.parametrize(("options", "expected"), DELETIONS, ids=[" ".join(options) for options, _ in DELETIONS])
def test_a_query_and_filters_select(options: list[str], expected: set[str], run: Run, scratch: str) -> None:
    dry = run("delete", *options, "--dry-run", "-i", scratch)
    assert {line.split("\t")[0] for line in dry.stdout.splitlines()} == expected
    assert f"{len(expected)} article{'' if len(expected) == 1 else 's'} would be deleted\n" in dry.stderr
    assert left(scratch) == sorted(ALL)
    assert (
        set(json.loads(run("delete", *options, "--dry-run", "--json", "-i", scratch).stdout)["would_delete"])
        == expected
    )

    words = [options[1]] if options[0] == "--query" else []
    rest = options[2:] if words else options
    exported = run("export", *words, *rest, "--fields", "id", "-i", scratch).stdout
    assert {json.loads(line)["id"] for line in exported.splitlines()} == expected

    assert json.loads(run("delete", *options, "--yes", "--json", "-i", scratch).stdout) == {"deleted": len(expected)}
    assert set(left(scratch)) == set(ALL) - expected


@pytest.mark.parametrize(
    ("selected", "found", "missing"),
    [
        (["--filter", "source=الرياض"], 2, 0),
        (["--query", "زرافة"], 0, 0),
        (["book", "school"], 2, 0),
        (["book", "nothing"], 1, 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_dry_update_lists_the_articles_that_exist(
    selected: list[str], found: int, missing: int, run: Run, scratch: str
) -> None:
    dry = run("update", *selected, "--set", "source=x", "--dry-run", "-i", scratch)
    ids = dry.stdout.splitlines()
    assert (len(ids), set(ids) <= set(ALL)) == (found, True)
    assert f"{found} article{'' if found == 1 else 's'} would be changed\n" in dry.stderr
    assert ("1 id not in the index" in dry.stderr) == bool(missing)
    data = json.loads(run("update", *selected, "--set", "source=x", "--dry-run", "--json", "-i", scratch).stdout)
    assert data == {"updated": 0, "would_update": ids}
    assert arsearch.open(scratch).search("", filters={"source": "x"}).total == 0


@pytest.mark.parametrize("command", [["delete"], ["update", "--set", "source=x"]], ids=lambda command: command[0])
def test_nothing_is_changed_in_a_pipe_without_yes(command: list[str], run: Run, scratch: str) -> None:
    for input in ("", "y\n"):
        result = run(*command, "--filter", "source=الرياض", "-i", scratch, input=input, code=2)
        assert result.stdout == ""
        assert "2 articles of 5? Add --yes" in result.stderr
    assert left(scratch) == sorted(ALL)
    assert arsearch.open(scratch).search("", filters={"source": "x"}).total == 0


@pytest.mark.parametrize(
    ("answer", "deleted", "code"), [("y\n", 2, 0), ("yes\n", 2, 0), ("n\n", 0, 1), ("\n", 0, 1), ("\x04", 0, 1)]
)
def test_a_terminal_is_asked(answer: str, deleted: int, code: int, scratch: str) -> None:
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "arsearch", "delete", "--filter", "source=الرياض", "-i", scratch],
        stdin=terminal, stdout=terminal, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    deadline = time.monotonic() + 60
    while b"[y/N]" not in shown and time.monotonic() < deadline and select.select([main], [], [], 1)[0] is not None:
        shown += os.read(main, 4096)
    os.write(main, answer.encode())

    assert process.wait(60) == code
    assert "delete 2 articles of 5? [y/N]" in shown.decode()
    assert len(left(scratch)) == 5 - deleted
    os.close(main)


UPDATES: list[tuple[list[str], str, dict[str, object]]] = [
    (["book", "--set", "category=أدب"], "book", {"category": "أدب"}),
    (["book", "--set", "tags=أ", "--set", "tags=ب"], "book", {"tags": ["أ", "ب"]}),
    (["book", "--set", "tags=أ"], "book", {"tags": ["أ"]}),
    (["book", "--set", "author="], "book", {"author": None}),
    (["book", "--set", "note=a=b"], "book", {"note": "a=b"}),
    (["--filter", "source=wire", "--set", "source=و", "--yes"], "latin", {"source": "و"}),
    (["--query", "COVID-19", "--set", "title=ع", "-y"], "latin", {"title": "ع"}),
]


@pytest.mark.parametrize(("args", "id", "fields"), UPDATES, ids=[" ".join(args) for args, _, _ in UPDATES])
def test_update(args: list[str], id: str, fields: dict[str, object], run: Run, scratch: str) -> None:
    assert run("update", *args, "-i", scratch).stdout == "1 article changed\n"

    expected = {article["id"]: dict(article) for article in ARTICLES}
    expected[id] = {name: value for name, value in {**expected[id], **fields}.items() if value is not None}
    assert {article.id: article.to_dict() for article in arsearch.open(scratch)} == expected


@pytest.mark.parametrize("id", ["new", "latin"])
def test_update_changes_no_id(id: str, run: Run, scratch: str) -> None:
    before = list(arsearch.open(scratch))

    result = run("update", "book", "--set", f"id={id}", "--set", "category=أدب", "-i", scratch, code=1)

    assert f"the id 'book' cannot become '{id}'" in result.stderr
    assert list(arsearch.open(scratch)) == before


def test_update_from_a_file(run: Run, scratch: str, tmp_path: Path) -> None:
    (tmp_path / "new.jsonl").write_text(as_lines([{"id": "book", "category": "أدب"}, {"id": "none"}]), encoding="utf-8")
    result = run("update", "--file", "new.jsonl", "-i", scratch, code=1)

    assert result.stdout == "1 article changed\n"
    assert "- new.jsonl:2 (id none): no article has the id 'none'" in result.stderr
    book = arsearch.open(scratch).get("book")
    assert book is not None
    assert (book.category, book.author) == ("أدب", "الجاحظ")


@pytest.mark.parametrize(
    ("name", "content", "changed", "message"),
    [
        ("a.csv", "id,category\nbook,أدب\n", {"category": "أدب"}, ""),
        ("a.csv", "id;category;tags\nbook;أدب;نثر، فكاهة\n", {"category": "أدب", "tags": ["نثر", "فكاهة"]}, ""),
        ("a.tsv", "category\tid\nأدب\tbook\n", {"category": "أدب"}, ""),
        ("a.csv", "id,category,author\nbook,أدب,\n", {"category": "أدب"}, ""),
        ("a.csv", "المعرف,category\nbook,أدب\n", {"category": "أدب"}, "'المعرف' is read as id"),
        ("a.csv", "id,description\nbook,وصف\n", {"description": "وصف"}, "name the column body to change that field"),
        ("a.jsonl", '{"id": "book", "العنوان": "آخر"}\n', {"العنوان": "آخر"}, "name the column title to change"),
    ],
)
def test_columns_of_changes_are_named_as_fields(
    run: Run, scratch: str, tmp_path: Path, name: str, content: str, changed: dict[str, object], message: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    before = arsearch.open(scratch).get("book")
    assert before is not None

    result = run("update", "--file", name, "-i", scratch)

    after = arsearch.open(scratch).get("book")
    assert after is not None
    assert after.to_dict() == {**before.to_dict(), **changed}
    assert message in result.stderr


@pytest.mark.parametrize("header", ["title,category", "id", "x,y"])
def test_a_table_of_changes_needs_ids_and_fields(run: Run, scratch: str, tmp_path: Path, header: str) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n1,2\n", encoding="utf-8")
    assert "a table of changes has a column id" in run("update", "--file", "a.csv", "-i", scratch, code=1).stderr


@pytest.mark.parametrize(
    "args",
    [
        ["book"],
        ["--set", "a=b"],
        ["book", "--filter", "source=x", "--set", "a=b"],
        ["book", "--set", "a"],
        ["--file", "x.csv", "--set", "a=b"],
    ],
    ids=" ".join,
)
def test_wrong_updates_are_usage_errors(args: list[str], run: Run, scratch: str) -> None:
    assert run("update", *args, "-i", scratch, code=2).stdout == ""


WRITTEN: list[tuple[list[str], str]] = [
    (["query", "الحرس الثوري", "--mode", "all", "--format", "csv", "--fields", "id,source"],
     "id,source\nguard-1,الرياض\nguard-2,اليوم\n"),
    (["query", "--filter", "id=book", "--fields", "id,author"], '{"id": "book", "author": "الجاحظ"}\n'),
    (["export", "--format", "tsv", "--fields", "id", "--filter", "source=wire"], "id\nlatin\n"),
    (["export", "الحرس الثوري", "--format", "csv", "--fields", "id،level", "--filter", "date=2015-07"],
     "id,level\nguard-1,surface\n"),
    (["export", "الحرس", "--filter", "source=wire", "--format", "json"], "[]\n"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "expected"), WRITTEN, ids=[" ".join(args) for args, _ in WRITTEN])
def test_query_and_export_write_formats(args: list[str], expected: str, run: Run, news: str) -> None:
    assert run(*args, "-i", news).stdout == expected


def test_a_file_of_hits(run: Run, news: str, tmp_path: Path) -> None:
    result = run("query", "الحرس", "-i", news, "-o", "hits.csv", "--excel")

    assert result.stdout == "3 hits written to hits.csv\n"
    text = (tmp_path / "hits.csv").read_text(encoding="utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == ["rank", "id", "title", "date", "source", "score", "level", "snippet"]
    assert [row[0] for row in rows] == ["1", "2", "3"]


def test_results_have_no_bodies_unless_chosen(run: Run, news: str) -> None:
    for command in (["query", "كتاب"], ["like", "guard-1"]):
        assert '"body": ' not in run(*command, "-i", news, "--json").stdout
    chosen = json.loads(run("query", "الجاحظ", "-i", news, "--json", "--fields", "id,body").stdout)
    assert [list(hit) for hit in chosen["hits"]] == [["id", "body"]] * len(chosen["hits"])
    assert "total" in chosen


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["query", "x", "--json", "--format", "csv"], 2, "leave out"),
        (["query", "x", "--facet", "source", "-o", "x.csv"], 2, "leave out"),
        (["query", "x", "--excel"], 2, "--excel is for CSV and TSV, not for JSON lines; add --format csv"),
        (["export", "-o", "x.doc"], 2, "the ending of 'x.doc' is not that of a format"),
        (["export", "--format", "xls"], 2, "unknown format 'xls'"),
        (["export", "--fields", "id,,title"], 2, "has an empty name"),
    ],
)
def test_wrong_output_options(args: list[str], code: int, message: str, run: Run, news: str, tmp_path: Path) -> None:
    result = run(*args, "-i", news, code=code)
    assert message in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_field_that_no_article_has_is_noted(run: Run, news: str) -> None:
    assert run("export", "--fields", "id,autor", "-i", news).stderr == "note: no article has the field 'autor'\n"
