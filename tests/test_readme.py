"""The README and the tour claim only what is so: the table of what is found together, and the answers printed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner

import arsearch
from arsearch.cli import main

ROOT = Path(__file__).parent.parent
TOUR = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")


def folded() -> Iterator[tuple[str, str, str, bool]]:
    """Each claim of the table "What is found together": its row, two spellings, and whether one finds the other."""
    section = TOUR.partition("## What is found together\n")[2].partition("\n## ")[0]
    _heading, _rule, *rows = re.findall(r"^\|(.*)\|$", section, re.MULTILINE)
    for row in rows:
        name, together, apart = (cell.strip() for cell in row.split("|"))
        for cell, mark, met in ((together, "=", True), (apart, "/", False)):
            for group in filter(None, cell.split(",")):
                for one, other in permutations((spelling.strip() for spelling in group.split(mark)), 2):
                    yield name, one, other, met


CLAIMS = [
    *folded(),
    # The first bullet of the README.
    *(("bullet", "كتاب", other, True) for other in ("الكتاب", "وبالكتاب", "كِتَابٌ", "كتابًا", "کتاب", "كـــتاب")),
    *(
        ("bullet", one, other, False)
        for one, other in (("كتاب", "تاب"), ("وزير", "زير"), ("فيصل", "يصل"), ("كمال", "مال"))
    ),
]


def test_the_table_is_read() -> None:
    assert {name for name, *_ in CLAIMS} == {"bullet", "marks", "letters", "clitics", "endings", "compounds", "digits"}
    assert sum(met for *_, met in CLAIMS) > 30
    assert sum(not met for *_, met in CLAIMS) > 16


@pytest.mark.parametrize(
    ("asked", "written", "met"), [claim[1:] for claim in CLAIMS], ids=[f"{c[0]}-{c[1]}-{c[2]}" for c in CLAIMS]
)
def test_what_is_folded(asked: str, written: str, met: bool, index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": f"ورد {written} هنا"}])

    asked_stems, written_stems = (
        [token.term.stem for token in index.analyzer.analyze(text)] for text in (asked, written)
    )

    assert (asked_stems == written_stems) is met
    # Where nothing else answers, the root does, with a note: so the level is said.
    assert index.search(asked, mode="all", match="stem").total == met


def test_the_answer_is_the_one_printed(examples: Path, tmp_path: Path) -> None:
    printed = TOUR.partition("```text\n")[2].partition("...\n```")[0]
    runner = CliRunner()
    for args in (["index", str(examples / "articles.jsonl")], ["query", "الحرس الثوري"]):
        result = runner.invoke(main, [*args, "-i", str(tmp_path / "x")])
        assert result.exit_code == 0, result.output

    assert _timeless(result.stdout).startswith(_timeless(printed))
    assert printed.count("\n") > 4


def test_the_explanation_is_the_one_printed(examples: Path, tmp_path: Path) -> None:
    command, printed = re.findall(r"^\$ arsearch (explain .+)\n([^`]+)\.\.\.\n```$", TOUR, re.MULTILINE)[0]
    place = str(tmp_path / "x")
    runner = CliRunner()
    runner.invoke(main, ["index", str(examples / "articles.jsonl"), "-i", place])
    result = runner.invoke(main, [*shlex.split(command), "-i", place])

    assert result.exit_code == 0, result.output
    assert _scoreless(result.stdout).startswith(_scoreless(printed))
    assert printed.count("\n") > 4


def _scoreless(text: str) -> str:
    """Without the scores, which differ by version."""
    return re.sub(r"\d+\.\d{4}", "0", text)


def _timeless(text: str) -> str:
    """Without the time it took and the scores, which differ by machine and by version."""
    return re.sub(r"\d+ ms|\d+\.\d\d(?= · \w+$)", "0", text, flags=re.MULTILINE)


def test_the_arabic_page_has_the_code_figures_and_links_of_the_english_one() -> None:
    english, arabic = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ar.md"))
    code, links = r"^```(?:sh|python)\n(.*?)^```$", r"\]\(([^)]+)\)"

    assert re.findall(code, arabic, re.MULTILINE | re.DOTALL) == re.findall(code, english, re.MULTILINE | re.DOTALL)
    assert set(re.findall(links, arabic)) - {"README.md"} == set(re.findall(links, english)) - {"README.ar.md"}
    assert sorted(re.findall(r"\d?\.\d+|\d+,\d+", arabic)) == sorted(re.findall(r"\d?\.\d+|\d+,\d+", english))
