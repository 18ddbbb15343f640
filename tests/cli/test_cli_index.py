"""`arsearch index`."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest
from cli_articles import ARTICLES, Run, as_lines

import arsearch


def test_the_default_index_is_in_the_current_folder(run: Run, articles_file: Path, tmp_path: Path) -> None:
    result = run("index", "articles.jsonl")

    assert result.stdout.startswith("5 added, 0 updated, 0 failed (")
    assert result.stdout.endswith(" in .arsearch\n")
    assert result.stderr.startswith("articles.jsonl: JSON lines")
    assert len(arsearch.open(tmp_path / ".arsearch")) == 5


def test_the_nearest_index_above_is_used(
    run: Run, articles_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", "articles.jsonl")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")

    result = run("index", "../articles.jsonl")

    assert result.stdout.startswith("0 added, 5 updated, 0 failed")
    assert not (tmp_path / "below" / ".arsearch").exists()


def test_json_is_the_report(run: Run, articles_file: Path) -> None:
    report = json.loads(run("index", str(articles_file), "-i", "x", "--json").stdout)

    assert (report["added"], report["updated"], report["failures"], report["failed"]) == (5, 0, 0, [])
    assert report["took"] > 0


def test_standard_input(run: Run) -> None:
    result = run("index", "-", "-i", "x", input=as_lines(ARTICLES).encode())

    assert result.stdout.startswith("5 added")


BAD = """{"id": "1", "title": "جيد"}
not json
{"id": true, "title": "معرف منطقي"}
{"id": "4"}
{"id": "5", "title": 7}
"""


def test_bad_lines_are_reported_and_the_rest_indexed(run: Run) -> None:
    result = run("index", "-", "-i", "x", input=BAD.encode())

    assert result.stdout.startswith("1 added, 0 updated, 4 failed")
    messages = result.stderr.splitlines()
    assert messages.index("not added:") == len(messages) - 5
    assert messages[-4].startswith("- stdin:2")
    assert messages[-1].startswith("- stdin:5 (id 5): title")


@pytest.mark.parametrize(
    ("lines", "failures"), [('{"id": "4"}\n', 1), ('{"id": "4"}\n{"id": true, "title": "x"}\nnot json\n', 3)]
)
@pytest.mark.parametrize("options", [[], ["--json"], ["--workers=2"]])
def test_an_error_if_every_article_was_refused(run: Run, lines: str, failures: int, options: list[str]) -> None:
    result = run("index", "-", "-i", "x", *options, input=lines.encode(), code=1)

    assert ('"failures"' if options == ["--json"] else "0 added") in result.stdout
    assert result.stderr.splitlines()[-1] == f"arsearch: no article was added: {failures} failed for the reasons above"
    run("index", "-", "-i", "x", *options, input=BAD.encode())
    run("index", "-", "-i", "x", *options, input=lines.encode(), code=1)
    run("index", "-", "-i", "x", *options, input=b"", code=1)


def test_a_sync_fails_only_if_the_index_is_empty(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "bad.json").write_text('{"id": "4"}')
    result = run("index", "archive", "-i", "x", "--sync", code=1)
    assert result.stderr.splitlines()[-1] == "arsearch: no article was added: 1 failed for the reasons above"

    (folder / "good.txt").write_text("خبر\n\nنص", encoding="utf-8")
    run("index", "archive", "-i", "x", "--sync")
    run("index", "archive", "-i", "x", "--sync")


def test_dates_that_cannot_be_read_cost_no_article(run: Run) -> None:
    lines = as_lines([{"id": "1", "title": "خبر", "date": "أمس"}, {"id": "2", "title": "خبر", "date": "5 شوال 1436هـ"}])

    result = run("index", "-", "-i", "x", input=lines.encode())
    strict = run("index", "-", "-i", "y", "--strict-dates", input=lines.encode())

    assert result.stdout.startswith("2 added, 0 updated, 0 failed")
    assert "dates that could not be read" in result.stderr
    assert "stdin:1: 'أمس'" in result.stderr
    assert "Hijri dates" in result.stderr
    assert strict.stdout.startswith("1 added, 0 updated, 1 failed")
    with arsearch.open("x") as index:
        assert [(hit.id, hit.article.to_dict().get("date")) for hit in index.search("خبر", sort="date")] == [
            ("2", "2015-07-21"),
            ("1", None),
        ]
        assert index.get("1").extra == {"date_text": "أمس"}  # type: ignore[union-attr]


def test_sync_makes_the_index_like_the_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"عنوان\n\nنص {name}", encoding="utf-8")
    first = run("index", "archive", "-i", "x", "--sync")
    (folder / "a.txt").unlink()
    second = run("index", "archive", "-i", "x", "--sync")
    data = json.loads(run("index", "archive", "-i", "x", "--sync", "--json").stdout)

    assert first.stdout.startswith(
        "2 files new, 0 changed, 0 removed, 0 unchanged; 0 articles removed\n2 added, 0 updated"
    )
    assert second.stdout.startswith(
        "0 files new, 0 changed, 1 removed, 1 unchanged; 1 article removed\n0 added, 0 updated"
    )
    assert (data["files"], data["deleted"]) == ({"new": 0, "changed": 0, "removed": 0, "unchanged": 1}, 0)
    run("index", "archive", "-i", "x", "--sync", "--strict", code=2)
    run("index", "-", "-i", "y", "--sync", code=1)
    run("index", "missing", "-i", "y", "--sync", code=1)
    assert not Path("y").exists()


def test_only_the_first_ten_failures_are_printed(run: Run) -> None:
    lines = '{"id": "1", "title": "جيد"}\n' + "{}\n" * 25

    messages = run("index", "-", "-i", "x", input=lines.encode()).stderr.splitlines()

    assert sum(line.startswith("- stdin:") for line in messages) == 10
    assert messages[-1] == "- and 15 more"


def test_strict_adds_nothing(run: Run) -> None:
    result = run("index", "-", "-i", "x", "--strict", "--commit-every", "1", input=BAD.encode(), code=1)

    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("arsearch: adding stopped: stdin:2")
    assert len(arsearch.open("x")) == 0


def test_commit_every(run: Run, articles_file: Path) -> None:
    report = json.loads(run("index", str(articles_file), "-i", "x", "--commit-every", "2", "--json").stdout)

    assert report["commits"] == 3


def test_options_reach_the_readers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes("رقم,نص,جزء\n1,كتاب قديم,7\n".encode("windows-1256"))
    options = ["--map", "id=رقم", "--map", "body=نص", "--map", "volume=جزء"]
    options += ["--format", "csv", "--encoding", "windows-1256", "--field", "volume=int"]

    run("index", "a.dat", "-i", "x", *options)
    index = arsearch.open("x")
    article = index.get("1")

    assert article is not None
    assert article.body == "كتاب قديم"
    assert index.fields["volume"] == "int"
    assert index.search("كتاب", filters={"volume": (7, None)}).total == 1


def test_max_bytes_stops_a_decompression_bomb(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(as_lines(ARTICLES).encode() + b" " * 10_000_000))

    result = run("index", "a.jsonl.xz", "-i", "x", "--max-bytes", "100000")

    assert ", 1 failed" in result.stdout
    assert "100" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("option", [["--map", "body"], ["--map", "=x"], ["--field", "volume="]], ids=" ".join)
def test_pairs_need_a_name_and_a_value(option: list[str], run: Run, articles_file: Path) -> None:
    assert "is not " in run("index", str(articles_file), *option, code=2).stderr


def test_a_missing_file_creates_no_index(run: Run, tmp_path: Path) -> None:
    result = run("index", "missing.jsonl", code=1)

    assert result.stderr.startswith("arsearch: missing.jsonl: ")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_an_index_is_no_folder_of_articles(run: Run, scratch: str, tmp_path: Path) -> None:
    result = run("index", scratch, "-i", "other", code=1)
    assert "the folder of an index, not of articles; `arsearch export` writes its articles" in result.stderr
    assert not (tmp_path / "other").exists()
    (Path(scratch) / "more.jsonl").write_text('{"id": "more", "title": "كتاب"}\n', encoding="utf-8")
    assert run("index", scratch, "-i", "other").stdout.startswith("1 added, 0 updated, 0 failed")


def test_fast_and_a_new_field_of_an_existing_index(run: Run, scratch: str, articles_file: Path) -> None:
    assert run("index", str(articles_file), "-i", scratch, "--fast").stdout.startswith("0 added, 5 updated")
    assert "reindex" in run("index", str(articles_file), "-i", scratch, "--field", "court=keyword", code=1).stderr
