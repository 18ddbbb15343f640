"""The claims of the README and the tour are true: which spellings match, and what the commands print."""

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


def table_claims() -> Iterator[tuple[str, str, str, bool]]:
    """Yield each claim of the table "Which words match": its row, two spellings, and whether they match."""
    section = TOUR.partition("## Which words match\n")[2].partition("\n## ")[0]
    _heading, _rule, *rows = re.findall(r"^\|(.*)\|$", section, re.MULTILINE)
    for row in rows:
        name, together, apart = (cell.strip() for cell in row.split("|"))
        for cell, separator, matches in ((together, "=", True), (apart, "/", False)):
            for group in filter(None, cell.split(",")):
                for one, other in permutations((spelling.strip() for spelling in group.split(separator)), 2):
                    yield name, one, other, matches


CLAIMS = [
    *table_claims(),
    # The first bullet of the README.
    *(("bullet", "كتاب", other, True) for other in ("الكتاب", "وبالكتاب", "كِتَابٌ", "كتابًا", "کتاب", "كـــتاب")),
    *(
        ("bullet", one, other, False)
        for one, other in (("كتاب", "تاب"), ("وزير", "زير"), ("فيصل", "يصل"), ("كمال", "مال"))
    ),
]


def test_the_claims_cover_every_row_of_the_table() -> None:
    assert {name for name, *_ in CLAIMS} == {"bullet", "marks", "letters", "clitics", "endings", "compounds", "digits"}
    assert sum(matches for *_, matches in CLAIMS) > 30
    assert sum(not matches for *_, matches in CLAIMS) > 16


@pytest.mark.parametrize(
    ("query", "written", "matches"), [claim[1:] for claim in CLAIMS], ids=[f"{c[0]}-{c[1]}-{c[2]}" for c in CLAIMS]
)
def test_a_spelling_matches_as_claimed(query: str, written: str, matches: bool, index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": f"ورد {written} هنا"}])

    query_stems, written_stems = (
        [token.term.stem for token in index.analyzer.analyze(text)] for text in (query, written)
    )

    assert (query_stems == written_stems) is matches
    # Without `match`, a query without hits is searched again at the root level.
    assert index.search(query, mode="all", match="stem").total == matches


def test_the_query_prints_the_output_in_the_tour(examples: Path, tmp_path: Path) -> None:
    printed = TOUR.partition("```text\n")[2].partition("...\n```")[0]
    runner = CliRunner()
    for args in (["index", str(examples / "articles.jsonl")], ["query", "الحرس الثوري"]):
        result = runner.invoke(main, [*args, "-i", str(tmp_path / "x")])
        assert result.exit_code == 0, result.output

    assert _timeless(result.stdout).startswith(_timeless(printed))
    assert printed.count("\n") > 4


def test_explain_prints_the_output_in_the_tour(examples: Path, tmp_path: Path) -> None:
    command, printed = re.findall(r"^\$ arsearch (explain .+)\n([^`]+)\.\.\.\n```$", TOUR, re.MULTILINE)[0]
    place = str(tmp_path / "x")
    runner = CliRunner()
    runner.invoke(main, ["index", str(examples / "articles.jsonl"), "-i", place])
    result = runner.invoke(main, [*shlex.split(command), "-i", place])

    assert result.exit_code == 0, result.output
    assert _scoreless(result.stdout).startswith(_scoreless(printed))
    assert printed.count("\n") > 4


def _scoreless(text: str) -> str:
    """Return the text without scores, which depend on the version."""
    return re.sub(r"\d+\.\d{4}", "0", text)


def _timeless(text: str) -> str:
    """Return the text without times and scores, which depend on the machine and the version."""
    return re.sub(r"\d+ ms|\d+\.\d\d(?= · \w+$)", "0", text, flags=re.MULTILINE)


def test_the_arabic_readme_has_the_code_figures_and_links_of_the_english_one() -> None:
    english, arabic = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ar.md"))
    code, links = r"^```(?:sh|python)\n(.*?)^```$", r"\]\(([^)]+)\)"

    assert re.findall(code, arabic, re.MULTILINE | re.DOTALL) == re.findall(code, english, re.MULTILINE | re.DOTALL)
    assert set(re.findall(links, arabic)) - {"README.md"} == set(re.findall(links, english)) - {"README.ar.md"}
    assert sorted(re.findall(r"\d?\.\d+|\d+,\d+", arabic)) == sorted(re.findall(r"\d?\.\d+|\d+,\d+", english))
