"""`arsearch concordance` and `arsearch frequencies`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from cli_articles import Run

from arsearch.cli.lines import format_lines
from arsearch.cli.style import PDI, Style
from arsearch.cli.wrapping import printed_width
from arsearch.model import ConcordanceLine, Level

FORMS = {
    "none": Style(width=80),
    "mark": Style(mark=True, width=80),
    "isolate": Style(isolate=True, width=80),
}


def line(before: str, keyword: str, after: str, id: str = "a") -> ConcordanceLine:
    return ConcordanceLine(id, "عنوان", "body", before, keyword, after, 0, len(keyword), Level.SURFACE)


LINES = [
    line("وقرأ الرجل ", "الكتاب", " كله"),
    line("", "كتابًا", " قديما جدا لا يعرفه أحد من الناس في المدينة ولا في القرى المجاورة لها"),
    line("هذا نص طويل لا يسعه السطر كله لأنه أطول من نصف عرض الشاشة كلها ", "كتاب", "."),
    line("", "كتاب", "", "معرف-طويل-بالعربية"),
]


@pytest.mark.parametrize("form", FORMS)
def test_keywords_begin_in_one_column(form: str) -> None:
    printed = list(format_lines(LINES, FORMS[form], "en"))

    # In a line from right to left the keyword and the text after it fill the columns to the left of its first letter.
    starts = set()
    for text, given in zip(printed, LINES, strict=True):
        lead, keyword, after = text.partition(given.keyword)
        words = given.before.split()
        shown = next(
            (given.before[-n:] for n in range(len(given.before), 0, -1) if lead.endswith(given.before[-n:])), ""
        )
        shown = shown.lstrip()
        assert not words or shown.split()[-1] == words[-1]
        starts.add(printed_width(lead) - printed_width(shown) + printed_width(keyword + after))
        assert printed_width(text) <= 80
    assert len(starts) == 1, printed


def test_visual_order_puts_the_keyword_in_one_column(run: Run, news: str) -> None:
    printed = run("concordance", "الحرس", "-i", news, "--bidi", "visual", "--color", "always").stdout.splitlines()
    assert len(printed) == 5
    ends = {
        printed_width(text.replace("\x1b[2m", "").partition("\x1b[1m")[0].replace("\x1b[22m", "")) for text in printed
    }
    keywords = {len(text.partition("\x1b[1m")[2].partition("\x1b[22m")[0]) for text in printed}
    assert len(ends) == len(keywords) == 1, "equal keywords end in one column, and so begin in one"


def test_a_pipe_gets_columns_with_tabs(run: Run, news: str) -> None:
    printed = run("concordance", '"الحرس الثوري"', "-i", news, "--sort", "left").stdout.splitlines()
    rows = [row.split("\t") for row in printed]
    assert [(row[0], row[2]) for row in rows] == [
        ("guard-1", "الحرس الثوري"),
        ("guard-2", "الحرس الثوري"),
        ("guard-1", "الحرس الثوري"),
    ]
    assert rows[0][1:] == ["أعلن ", "الحرس الثوري", " الإيراني بدء مناورات بحرية. وقال القائد إن المناورات تستمر"]


def test_limit_width_and_filters(run: Run, news: str) -> None:
    printed = run("concordance", "الحرس", "-i", news, "-n", "1", "--width", "9", "--filter", "id=guard-2").stdout
    assert printed == "guard-2\tقائد في \tالحرس\t يزور\n"
    assert run("concordance", "الحرس", "-i", news, "-n", "0").stdout == ""


def test_lines_as_json(run: Run, news: str) -> None:
    found = json.loads(run("concordance", "الحرس", "-i", news, "--json").stdout)
    assert found["query"] == "الحرس"
    assert len(found["lines"]) == 5
    assert found["lines"][0]["level"] == "surface"
    empty = json.loads(run("concordance", "لاشيء", "-i", news, "--json").stdout)
    assert empty == {"query": "لاشيء", "notes": [], "lines": [], "partial": False}


def test_time_that_runs_out_is_told(run: Run, news: str) -> None:
    found = run("concordance", "الحرس", "-i", news, "--timeout", "0", "--json")
    assert json.loads(found.stdout) == {"query": "الحرس", "notes": [], "lines": [], "partial": True}
    assert found.stderr == "note: time ran out after 0 s: lines are missing\n"
    counted = run("frequencies", "الحرس", "-i", news, "--timeout", "0", "--json")
    assert json.loads(counted.stdout)["partial"]
    assert "time ran out after 0 s" in counted.stderr


def test_lines_and_rows_as_tables(run: Run, news: str, tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    assert run("concordance", "الحرس", "-i", news, "-o", str(file)).stdout == f"5 lines written to {file}\n"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["keyword"] == "الحرس"
    assert list(rows[0]) == ["id", "title", "before", "keyword", "after", "field", "start", "end", "level"]

    table = run("frequencies", "الحرس", "--by", "category", "-i", news, "--format", "csv").stdout.splitlines()
    assert table[0] == "value,occurrences,articles,words,rate"
    assert table[1].startswith("سياسة,4,2,")
    assert run("concordance", "الحرس", "-i", news, "--format", "csv", "--json", code=2).stderr.count("--json") == 1


def test_bars_show_the_rate_of_each_year(run: Run, news: str) -> None:
    head, *rows = run("frequencies", "الحرس", "-i", news).stdout.splitlines()
    assert head.startswith("5 occurrences in 3 articles, ")
    assert [row.split()[:2] for row in rows] == [["2015", "4"], ["(none)", "1"]]
    assert rows[0].endswith("█")
    assert len(rows[0]) <= 100
    of_counts = run("frequencies", "الحرس", "-i", news, "--bars", "occurrences").stdout.splitlines()
    assert of_counts[1].count("█") > of_counts[2].count("█") > 0


def test_arabic_values_do_not_move_the_figures(run: Run, news: str) -> None:
    _, *rows = run("frequencies", "الحرس", "--by", "source", "-i", news, "--bidi", "isolate").stdout.splitlines()
    figures = set()
    for row in rows:
        label, isolate, rest = row.partition(PDI)
        if isolate:
            figures.add(printed_width(label) + len(rest) - len(rest.lstrip()))
    assert len(figures) == 1


def test_a_field_that_cannot_be_counted_by_is_named(run: Run, news: str) -> None:
    assert "'body'" in run("frequencies", "الحرس", "--by", "body", "-i", news, code=1).stderr


def test_ligatures_of_visual_order_do_not_move_the_figures(run: Run, tmp_path: Path) -> None:
    articles = [{"id": name, "title": "نهر", "source": name} for name in ("الأفق", "النهار")]
    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    folder = str(tmp_path / "rivers")
    run("index", "-", "-i", folder, input=lines)
    _, *rows = run("frequencies", "نهر", "--by", "source", "-i", folder, "--bidi", "visual").stdout.splitlines()
    assert len({row.index("█") for row in rows}) == 1
