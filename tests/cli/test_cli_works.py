"""Works on the command line: cut, searched, printed, exported, deleted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import arsearch
from arsearch.cli import main

BOOK = """كتاب الرحلة

تمهيد قصير.

باب البحر
الماء في البحر مالح.

باب النهر
الماء في النهر عذب بارد.
"""
LAW = {
    "id": "law",
    "title": "نظام الري",
    "author": "ديوان",
    "parts": [
        {"heading": "المادة 1", "page": 4, "body": "الماء ملك عام."},
        {"heading": "المادة 2", "body": "يحظر الهدر."},
    ],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.txt").write_text(BOOK, encoding="utf-8")
    (tmp_path / "law.jsonl").write_text(json.dumps(LAW, ensure_ascii=False), encoding="utf-8")
    result = run("index", "book.txt", "law.jsonl", "-i", "ix", "--split", "headings", "--no-progress")
    assert result.exit_code == 0, result.output
    return tmp_path


def test_hits_are_grouped_by_work_with_their_places() -> None:
    text = run("query", "الماء", "-i", "ix", "--color", "never", "--bidi", "none").stdout
    assert "2 articles" in text
    assert "نظام الري ‹ المادة 1 · p. 4" in text
    assert "+ book.txt¶" in text
    arabic = run("query", "الماء", "-i", "ix", "--color", "never", "--bidi", "none", "--lang", "ar").stdout
    assert "ص 4" in arabic


def test_parts_are_hits_of_their_own_on_request() -> None:
    data = json.loads(run("query", "الماء", "-i", "ix", "--parts", "--json").stdout)
    assert data["total"] == 3
    assert {hit["place"]["work"] for hit in data["hits"]} == {"book.txt", "law"}
    grouped = json.loads(run("query", "الماء", "-i", "ix", "--json", "--inner-hits", "0").stdout)
    assert grouped["total"] == 2
    assert [hit["inner_hits"] for hit in grouped["hits"]] == [[], []]
    assert sorted(hit["inner_total"] for hit in grouped["hits"]) == [1, 2]


def test_a_selection_is_exported_and_comes_back_whole(folder: Path) -> None:
    assert run("export", "عذب", "-i", "ix", "-o", "out.jsonl").exit_code == 0
    with arsearch.open("ix") as index, arsearch.open(":memory:", create=True) as copy:
        assert copy.add(arsearch.read_articles(["out.jsonl"])).added == 1
        assert copy.get("book.txt") == index.get("book.txt")


def test_markdown_has_the_text_of_all_parts() -> None:
    text = run("export", "-i", "ix", "--format", "markdown").stdout
    assert "### المادة 1\n\nالماء ملك عام." in text
    assert text.count("الماء في البحر مالح.") == 1


@pytest.mark.parametrize(
    "arguments", [["law"], ["law¶2"], ["--query", "الهدر", "--yes"], ["--filter", "author=ديوان", "--yes"]]
)
def test_a_work_is_deleted_whole(arguments: list[str]) -> None:
    result = run("delete", *arguments, "-i", "ix")
    assert result.stdout == "1 article deleted\n", result.output
    stats = json.loads(run("stats", "-i", "ix", "--json").stdout)
    assert (stats["articles"], stats["parts"]) == (1, 2)


def test_fields_of_a_work_found_by_a_part_change() -> None:
    assert run("update", "--query", "الهدر", "--set", "category=أنظمة", "--yes", "-i", "ix").exit_code == 0
    data = json.loads(run("query", "الماء", "--filter", "category=أنظمة", "-i", "ix", "--json").stdout)
    assert [hit["id"] for hit in data["hits"]] == ["law¶1"]


def test_get_prints_a_work_with_its_parts() -> None:
    text = run("get", "law", "-i", "ix", "--color", "never", "--bidi", "none").stdout
    assert "# المادة 1 (p. 4)\nالماء ملك عام." in text
    assert "parts" not in text
    assert "الماء في البحر مالح." in run("get", "book.txt", "-i", "ix", "--bidi", "none").stdout


def test_json_shows_the_place_of_a_part_not_its_tie() -> None:
    hit = json.loads(run("query", "الهدر", "-i", "ix", "--json").stdout)["hits"][0]
    assert "part_of" not in hit["article"]
    head = json.loads(run("query", "نظام الري", "-i", "ix", "--json").stdout)["hits"][0]
    assert (head["id"], "parts" in head["article"]) == ("law", False)
    (part,) = json.loads(run("get", "law¶1", "-i", "ix", "--json").stdout)["articles"]
    assert "part_of" not in part
    assert (part["place"]["work"], part["place"]["heading"], part["place"]["page"]) == ("law", "المادة 1", "4")
    text = run("get", "law¶1", "-i", "ix", "--color", "never", "--bidi", "none").stdout
    assert "place: ديوان، نظام الري، المادة 1، ص 4\n" in text
    assert "part_of" not in text


def test_get_counts_the_pages_of_a_book() -> None:
    with arsearch.open("ix") as index:
        pages = [{"page": str(number), "start": 0} for number in range(30)]
        index.add([{"id": "b", "title": "رحلة", "body": "نص", "pages": pages}])
    assert "\npages: 30\n" in run("get", "b", "-i", "ix", "--color", "never", "--bidi", "none").stdout


def test_an_index_in_the_folder_is_not_read() -> None:
    result = run("index", ".", "-i", "ix", "--no-progress", "--json")
    assert json.loads(result.stdout)["failures"] == 0, result.output
    assert json.loads(run("stats", "-i", "ix", "--json").stdout)["articles"] == 2


def test_a_split_that_ends_cutting_needs_sync() -> None:
    assert run("index", "book.txt", "-i", "ix", "--split", "none").exit_code == 2
    arguments = ["index", "book.txt", "--sync", "-i", "ix2", "--no-progress"]
    assert run(*arguments, "--split", "headings").exit_code == 0
    assert run(*arguments, "--split", "none").exit_code == 0
    assert json.loads(run("stats", "-i", "ix2", "--json").stdout)["parts"] == 0


def test_the_preview_names_the_parts() -> None:
    text = run("index", "--preview", "book.txt", "law.jsonl", "--split", "headings").stdout
    assert "2 parts: باب البحر · باب النهر" in text
    assert "2 parts: المادة 1 · المادة 2" in text


def test_an_unknown_split_is_a_usage_error() -> None:
    result = run("index", "book.txt", "-i", "ix", "--split", "lines")
    assert result.exit_code == 2
    assert "headings, pages, chapters, size" in result.stderr


def test_an_unknown_part_deletes_no_article() -> None:
    result = run("delete", "law¶3", "book.txt¶99", "-i", "ix", "--json")
    assert json.loads(result.stdout) == {"deleted": 0}
    assert run("get", "law", "-i", "ix").exit_code == 0


def test_an_offset_beyond_the_works_is_said_with_their_number() -> None:
    result = run("query", "الماء", "-i", "ix", "--offset", "9")
    assert "2 articles found; use a smaller --offset" in result.stderr
    assert "near-duplicates included" in run("query", "الماء", "-i", "ix", "--offset", "9", "--parts").stderr


def test_pages_of_the_web_and_rtf_are_cut_at_what_their_readers_find(folder: Path) -> None:
    pytest.importorskip("trafilatura")
    prose = "<p>قال الفلاح إن الشعير يزرع بعد المطر ويحصد في آخر الربيع من كل عام.</p>"
    head = "<html><head><title>كتاب الشعير</title></head><body><nav><h2>القائمة</h2></nav><h1>كتاب الشعير</h1>"
    page = f"{head}<h2>زرعه</h2>{prose}"
    (folder / "a.html").write_text(f"{page}<h3>حصاده</h3>{prose}</body></html>", encoding="utf-8")
    (folder / "a.rtf").write_text(r"{\rtf1\ansi\ansicpg1256 \'de\'e3\'cd\par\page \'c0\'d1\'c9\par}", encoding="ascii")
    assert run("index", "a.html", "-i", "web", "--split", "headings", "--no-progress").exit_code == 0
    assert run("index", "a.rtf", "-i", "rtf", "--split", "pages", "--no-progress").exit_code == 0
    with arsearch.open("web") as index:
        work = index.get("a.html")
    assert work is not None
    assert [(part.heading, part.level) for part in work.parts] == [("زرعه", 2), ("حصاده", 3)]
    with arsearch.open("rtf") as index:
        work = index.get("a.rtf")
    assert work is not None
    assert [part.page for part in work.parts] == [1, 2]
