"""`arsearch query`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cli_articles import ARTICLES, Run, as_lines

import arsearch
from arsearch.cli.group import main


def ids(text: str) -> list[str]:
    """Return the ids of the hits in a JSON answer."""
    return [hit["id"] for hit in json.loads(text)["hits"]]


def test_a_text_answer_in_a_pipe(run: Run, news: str) -> None:
    result = run("query", "الحرس الثوري", "-i", news, "--mode", "all", "--color", "never")

    header, first, _ = result.stdout.split("\n\n")
    assert re.fullmatch(r"2 articles \(\d+ ms\)", header)
    title, facts, snippet = first.split("\n")
    assert title == f"1. {ARTICLES[0]['title']}"
    assert re.fullmatch(r"   guard-1 · الرياض · 2015-07-21 · \d+\.\d\d · same spelling", facts)
    assert snippet.startswith("   أعلن الحرس الثوري")
    assert not re.search("[\x1b\u2066-\u2069]", result.stdout)
    assert result.stderr == ""


def test_hits_without_some_of_the_words_are_labelled(run: Run, news: str) -> None:
    text = run("query", "الحرس", "الثوري", "-i", news).stdout

    assert text.startswith("2 articles with all the words, 3 with at least some (")
    assert text.count("some of the words") == 1
    assert run("query", "الحرس المدارس", "-i", news).stdout.startswith("no article has all the words, ")


def test_colour_highlights_whole_words(run: Run, news: str) -> None:
    text = run("query", "كتاب", "-i", news, "--color", "always").stdout

    assert "\x1b[1mوَالكِتَابُ\x1b[22m" in text
    assert "\x1b[1mكِتَابُ\x1b[22m" in text
    assert "\u2067" not in text


def test_json_is_the_result(run: Run, news: str) -> None:
    result = run("query", "الحرس الثوري", "-i", news, "--json")
    data: dict[str, Any] = json.loads(result.stdout)
    expected = arsearch.open(news).search("الحرس الثوري").to_dict()

    assert data | {"took": 0} == expected | {"took": 0}
    assert result.stdout.endswith("}\n")
    assert result.stdout.count("\n") == 1
    assert "الحرس" in result.stdout


def test_standard_input(run: Run, news: str) -> None:
    given = run("query", "-", "-i", news, "--json", input="\ufeffالحرس الثوري\n".encode()).stdout

    assert json.loads(given)["query"] == "الحرس الثوري"
    assert ids(run("query", "-", "-i", news, "--json", input=b"\xff\xfe\x80").stdout) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--filter", "source=الرياض"], {"guard-1"}),
        (["--filter", "source=الرياض", "--filter", "source=اليوم"], {"guard-1", "guard-2"}),
        (["--filter", "source=الرياض", "--filter", "category=محليات"], set()),
        (["--filter", "date=2015-08"], {"guard-2"}),
        (["--from", "2015-08"], {"guard-2"}),
        (["--filter", "hijri_year=1430..1436"], {"guard-1", "guard-2"}),
        (["--filter", "hijri_year=1437.."], set()),
        (["--filter", "hijri_year!=1436"], set()),
        (["--to", "2015-07"], {"guard-1"}),
        (["--from", "2015-07-21", "--to", "2015-07-21"], {"guard-1"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_filters(options: list[str], expected: set[str], run: Run, news: str) -> None:
    assert set(ids(run("query", "الثوري", "-i", news, "--json", *options).stdout)) == expected


def test_number_filters(run: Run) -> None:
    books = [{"id": str(n), "title": "كتاب", "volume": n} for n in range(1, 9)]
    run("index", "-", "-i", "x", "--field", "volume=int", input=as_lines(books).encode())

    def found(*filters: str) -> set[str]:
        options = [part for text in filters for part in ("--filter", text)]
        return set(ids(run("query", "كتاب", "-i", "x", "--json", *options).stdout))

    assert found("volume=3..5") == {"3", "4", "5"}
    assert found("volume=7..") == {"7", "8"}
    assert found("volume=2", "volume=4") == {"2", "4"}
    assert found("volume=5..3") == {"3", "4", "5"}
    backwards = run("query", "كتاب", "-i", "x", "--filter", "volume=5..3")
    assert "note: range 5..3 runs backwards; its ends were swapped" in backwards.stderr
    for nameless in ("=3", "!=3", " != 3"):
        assert "is not NAME=VALUE" in run("query", "كتاب", "-i", "x", "--filter", nameless, code=2).stderr
    assert (
        "given once"
        in run("query", "كتاب", "-i", "x", "--filter", "volume=1..2", "--filter", "volume=4", code=2).stderr
    )


def test_two_hijri_years_are_no_range(run: Run, news: str) -> None:
    options = ["--filter", "hijri_year=1430", "--filter", "hijri_year=1436"]
    assert "given once" in run("query", "الثوري", "-i", news, *options, code=2).stderr


def test_filters_alone_select_articles(run: Run, news: str) -> None:
    found = ids(run("query", "--filter", "category=سياسة", "--sort", "-date", "-i", news, "--json").stdout)

    assert found == ["guard-2", "guard-1"]


def test_dates_can_be_given_once(run: Run, news: str) -> None:
    for more in (["--filter", "date=2014"], ["--from", "2014"]):
        run("query", "x", "-i", news, "--filter", "date=2015", *more, code=2)


def test_sort_page_and_collapse(run: Run, news: str) -> None:
    assert ids(run("query", "الثوري", "-i", news, "--sort", "date", "--json").stdout) == ["guard-1", "guard-2"]
    assert ids(run("query", "الثوري", "-i", news, "--sort", "-date", "-n", "1", "--json").stdout) == ["guard-2"]
    second = run("query", "الثوري", "-i", news, "--sort", "-date", "-n", "1", "--offset", "1").stdout
    assert re.match(r"2 articles, 2-2 shown \(", second)
    assert "\n2. " in second
    one_each = run("query", "--filter", "source=الرياض", "--collapse", "source", "-i", news, "--json").stdout
    assert len(ids(one_each)) == 1


def test_facets_are_tables(run: Run, news: str) -> None:
    text = run("query", "الثوري", "-i", news, "--facet", "source", "--facet", "month", "--no-snippets").stdout

    assert "\n\nsource\n  1  الرياض\n  1  اليوم\n\nmonth\n  1  2015-07\n  1  2015-08\n" in text


def test_a_facet_takes_a_number(run: Run) -> None:
    rows = [{"id": str(n), "title": "كتاب", "source": f"س{n % 13:02}"} for n in range(30)]
    run("index", "-", "-i", "x", input=as_lines(rows).encode())

    def shown(*facets: str) -> tuple[int, int, str]:
        options = [part for facet in facets for part in ("--facet", facet)]
        text = run("query", "كتاب", "-i", "x", "-n", "0", "--duplicates", *options).stdout
        data = json.loads(run("query", "كتاب", "-i", "x", "-n", "0", "--duplicates", *options, "--json").stdout)
        return text.count("  س"), len(data["facets"]["source"]), text

    assert shown("source")[:2] == (10, 13)
    assert shown("source=20")[:2] == (13, 13)
    assert shown("source=2")[:2] == (2, 2)
    assert "  and 11 more" in shown("source=2")[2]
    for wrong in ("source=0", "source=x", "source=101", "source="):
        assert "N is a number from 1 to 100" in run("query", "كتاب", "-i", "x", "--facet", wrong, code=2).stderr


def test_an_unknown_facet_names_the_periods(run: Run, news: str) -> None:
    message = run("query", "x", "-i", news, "--facet", "months", code=1).stderr
    assert message == (
        "arsearch: no field 'months' to count by; known: author, category, date, hijri_year, month, source, tags, work, year\n"
    )


WORDS: list[tuple[list[str], str, str]] = [
    (["كِتَابُ"], "same spelling and vowels", "الرسم والتشكيل نفسهما"),
    (["كتاب"], "same spelling", "الرسم نفسه"),
    (["كتابُ", "--match", "stem"], "same spelling and vowels", "الرسم والتشكيل نفسهما"),
    (["بكتاب"], "same word", "الكلمة نفسها"),
    (["كتابين"], "another form of the word", "صيغة أخرى للكلمة"),
    (["مكتبة"], "same root", "الجذر نفسه"),
]


@pytest.mark.parametrize(("args", "english", "arabic"), WORDS, ids=[" ".join(args) for args, _, _ in WORDS])
def test_the_level_is_said_in_words(args: list[str], english: str, arabic: str, run: Run, news: str) -> None:
    query = ["query", *args, "--filter", "id=book", "-i", news]
    assert f" · {english}" in run(*query).stdout
    assert f" · {arabic}" in run(*query, "--lang", "ar").stdout


def test_every_level_has_words_in_both_languages_and_in_the_docs() -> None:
    from arsearch.model.spans import LEVEL_WORDS

    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
    for level in arsearch.Level:
        assert f"| `{level.label}` | {LEVEL_WORDS['en'][level.label]} | {LEVEL_WORDS['ar'][level.label]} |" in page


def test_no_snippets(run: Run, news: str) -> None:
    text = run("query", "الثوري", "-i", news, "--no-snippets").stdout

    assert ARTICLES[0]["title"] in text
    assert "أعلن" not in text


@pytest.mark.parametrize("text", ["-الخليج", "-(الخليج)", '-"مناورات بحرية"'])
def test_an_excluded_word_is_not_an_option(text: str, run: Run, news: str) -> None:
    result = run("query", "الثوري", text, "-i", news, "--json")

    assert ids(result.stdout) == ["guard-2"]
    assert json.loads(result.stdout)["query"] == f"الثوري {text}"


def test_words_after_two_dashes_are_text(run: Run, news: str) -> None:
    assert json.loads(run("query", "-i", news, "--json", "--", "-update", "x").stdout)["query"] == "-update x"


def test_finding_nothing_is_a_success_with_advice(run: Run, news: str) -> None:
    result = run("query", "زرافة", "-i", news, "--match", "word", "--filter", "source=الرياض")

    assert result.stdout.startswith("0 articles (")
    assert result.stderr.startswith(
        "nothing found: try without --filter, --from and --to, with --match stem or with fewer"
    )
    assert json.loads(run("query", "زرافة", "-i", news, "--json").stdout)["hits"] == []
    assert "smaller --offset" in run("query", "الثوري", "-i", news, "--offset", "9").stderr


@pytest.mark.parametrize("text", ["", "؟!", "في", "x" * 100_000], ids=["empty", "punctuation", "stop_word", "long"])
def test_odd_queries_are_answered(text: str, run: Run, news: str) -> None:
    assert json.loads(run("query", text, "-i", news, "--json").stdout)["query"] == text
    assert run("query", text, "-i", news).stderr != "" or text == "في"


def test_an_empty_index_names_the_next_step(run: Run) -> None:
    arsearch.open("x", create=True)

    for options in ([], ["--json"]):
        result = run("query", "كتاب", "-i", "x", *options)
        assert result.stderr == "the index at 'x' is empty; add articles with `arsearch index FILE`\n"
    assert json.loads(result.stdout)["total"] == 0


def test_notes_go_to_stderr(run: Run, news: str) -> None:
    result = run("query", '"الحرس الثوري', "-i", news)

    assert "note: " in result.stderr
    assert "note: " not in result.stdout


def test_strict_and_unknown_names_are_refused(run: Run, news: str) -> None:
    assert re.match(r"arsearch: column \d+: ", run("query", '"الحرس', "-i", news, "--strict", code=1).stderr)
    assert "no field 'colour'" in run("query", "x", "-i", news, "--facet", "colour", code=1).stderr
    assert "no field 'colour'" in run("query", "x", "-i", news, "--filter", "colour=red", code=1).stderr


def test_choices_are_those_of_the_python_api() -> None:
    from typing import get_args

    import click

    from arsearch.search.request import LEVELS, Mode

    command = main.get_command(click.Context(main), "query")
    assert command is not None
    choices = {p.name: set(p.type.choices) for p in command.params if isinstance(p.type, click.Choice)}
    assert choices["mode"] == set(get_args(Mode))
    assert choices["match"] == {level.label for level in LEVELS}


def test_articles_cannot_rewrite_the_screen(run: Run) -> None:
    evil = {"id": "a\x1b[2Jb", "title": "كتاب\x1b]0;x\x07", "body": "كتاب\u202eabc\r", "source": "\u202esrc\x9b"}
    run("index", "-", "-i", "x", input=as_lines([evil]).encode())

    for args in (["query", "كتاب", "--facet", "source"], ["get", evil["id"]]):
        text = run(*args, "-i", "x", "--color", "never").stdout
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_corrections_are_printed_and_not_searched_for(run: Run, news: str) -> None:
    result = run("query", "الهرس الثوري", "-i", news)

    assert "no article contains: الهرس\ndid you mean: الحرس الثوري\n" in result.stderr
    assert result.stdout.startswith("no article has all the words, 2 with at least some")
    assert "articles contain:" not in result.stderr, "there are hits"
    nothing = run("query", '"الهرس الثوري"', "-i", news)
    assert "articles contain: الثوري\n" in nothing.stderr
    assert nothing.stdout.startswith("0 articles")


def test_corrections_in_json(run: Run, news: str) -> None:
    data = json.loads(run("query", "hgpvs hge,vd", "-i", news, "--json").stdout)

    assert data["total"] == 0
    assert data["did_you_mean"] == {
        "missing": ["hgpvs", "hge", "vd"],
        "queries": ["الحرس الثوري"],
        "relaxed": None,
        "partial": False,
    }
    assert "did_you_mean" not in json.loads(run("query", "الحرس الثوري", "-i", news, "--json").stdout)


def test_a_query_typed_on_the_other_keyboard_is_corrected(run: Run, news: str) -> None:
    result = run("query", "hgpvs", "-i", news)

    assert result.stdout.startswith("0 articles")
    assert "note: the query has no Arabic letter, and nothing was found\n" in result.stderr
    assert "did you mean: الحرس\n" in result.stderr
    assert "did you mean" not in run("query", "qqqqqqq", "-i", news).stderr


def test_synonyms_from_a_file_and_from_the_environment(run: Run, news: str, tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("قمحيات => الحرس\n", encoding="utf-8")
    query = ("query", "قمحيات", "-i", news, "--json")

    assert json.loads(run(*query).stdout)["total"] == 0
    found = json.loads(run(*query, "--synonyms", str(file)).stdout)
    monkeypatch.setenv("ARSEARCH_SYNONYMS", str(file))

    assert found["total"] > 0
    assert found["notes"] == ["قمحيات: also looked for الحرس"]
    assert found["hits"][0]["level"] == "synonym"
    assert json.loads(run(*query).stdout)["total"] == found["total"]


def test_a_malformed_synonym_file_is_one_line(run: Run, news: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("أ, ب\nوحيدة\n", encoding="utf-8")

    result = run("query", "كتاب", "-i", news, "--synonyms", str(file), code=1)

    assert result.stderr.startswith(f"arsearch: {file}, line 2: a word alone")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_near_duplicates_are_one_hit_by_default(run: Run, tmp_path: Path) -> None:
    body = (
        "أعلنت المؤسسة العامة للسكك عودة الرحلات اليومية بين المدينتين بعد انتهاء أعمال الصيانة التي شملت جسرين ونفقا "
    )
    body += (
        "قديما وقالت إن القطارات الجديدة ستقطع المسافة في ساعتين ونصف ودعت المسافرين إلى حجز مقاعدهم قبل الموعد بيوم"
    )
    place = str(tmp_path / "x")
    rows = [{"id": str(n), "title": "قطار", "body": body} for n in range(3)]
    run("index", "-", "-i", place, input=as_lines(rows))

    text = run("query", "قطار", "-i", place, "--color", "never").stdout
    hits = json.loads(run("query", "قطار", "-i", place, "--json").stdout)["hits"]

    assert text.startswith("3 articles, 2 near-duplicates left out (")
    assert " · same spelling · +2 similar\n" in text
    assert [(hit["id"], hit["similar"]) for hit in hits] == [("0", 2)]
    assert ids(run("query", "قطار", "-i", place, "--duplicates", "--json").stdout) == ["0", "1", "2"]
    assert "near-duplicates included" in run("query", "قطار", "-i", place, "--offset", "1").stderr


def test_recency_ranks_recent_articles_higher(run: Run, news: str) -> None:
    query = ("query", "الحرس", "-i", news, "--json")
    plain, recent = (json.loads(run(*query, *more).stdout)["hits"] for more in ([], ["--recency", "1y"]))

    bonus = {hit["id"]: hit["score"] for hit in recent}
    for hit in plain:
        bonus[hit["id"]] -= hit["score"]
    assert bonus["book"] == 0
    assert bonus["guard-2"] > bonus["guard-1"] > 0
    result = run("query", "الحرس", "-i", news, "--recency", "30", code=2)
    assert "recency '30' is not a period above 0; write a number and h, d, w or y" in result.stderr.splitlines()[-1]


def test_a_correction_is_said_and_can_be_switched_off(run: Run, news: str) -> None:
    result = run("query", "مناوارت الخليج", "-i", news, "--color", "never")
    (note,) = json.loads(run("query", "مناوارت الخليج", "-i", news, "--json").stdout)["notes"]

    assert note == "no article has مناوارت; searched also for مناورات"
    assert note in result.stderr
    assert "guard-1" in result.stdout
    hit = json.loads(run("query", "مناوارت", "-i", news, "--json").stdout)["hits"][0]
    assert hit["level"] == "correction"
    assert ids(run("query", "مناوارت", "-i", news, "--no-correct", "--json").stdout) == []


def test_a_phrase_read_as_words_is_said(run: Run, news: str) -> None:
    result = run("query", 'متى زار "قائد الحرس" بغداد؟', "-i", news)

    assert 'no article has the phrase "قائد الحرس"; its words were searched without the quotes' in result.stderr
    assert result.stdout.split("\n")[2] == "1. قائد في الحرس يزور بغداد"
