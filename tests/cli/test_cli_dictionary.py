"""`--dictionary` of `arsearch index`, `reindex` and `analyze`."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from cli_articles import Run

import arsearch

ROOT = Path(__file__).parents[2]
WORDS = "# own\nمناورات\nحواسيب => حاسوب\n[names]\nلودريان\n[stop words]\nوأضاف\n"
WARNING = "warning: words.txt, line 2: مناورات: without this line its stem is مناوره\n"


@pytest.fixture
def words(tmp_path: Path) -> str:
    (tmp_path / "words.txt").write_text(WORDS, encoding="utf-8")
    return "words.txt"


def program(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "arsearch", *args],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C"},
    )


def test_an_index_keeps_its_dictionary_without_the_file(words: str, articles_file: Path) -> None:
    made = program("index", str(articles_file), "--dictionary", words)
    assert made.returncode == 0
    assert WARNING in made.stderr
    assert made.stdout.startswith("5 added")
    Path(words).unlink()

    found = program("analyze", "-i", ".arsearch", "بالمناورات وحواسيبهم للودريان وأضاف", "--json")
    tokens = json.loads(found.stdout)["tokens"]
    assert [token["stem"] for token in tokens] == ["مناورات", "حاسوب", "لودريان", "اضاف"]
    assert tokens[-1]["stop"]
    assert program("query", "المناورات").stdout.startswith("1 article ")
    assert program("index", str(articles_file)).stdout.startswith("0 added, 5 updated")
    assert "line" not in program("reindex").stderr
    assert program("query", "المناورات").stdout.startswith("1 article ")
    assert json.loads(program("query", "مناورة", "--match", "stem", "--json").stdout)["total"] == 0


def test_another_dictionary_names_reindex(run: Run, words: str, scratch: str, articles_file: Path) -> None:
    stderr = run("index", str(articles_file), "-i", scratch, "--dictionary", words, code=1).stderr

    last = stderr.splitlines()[-1]
    assert "was not written with the dictionary given" in last
    assert "`arsearch reindex --dictionary FILE`" in last
    assert len(arsearch.open(scratch)) == 5

    run("reindex", "-i", scratch, "--dictionary", words)
    assert run("index", str(articles_file), "-i", scratch, "--dictionary", words).stdout.startswith(
        "0 added, 5 updated"
    )


def test_reindex_replaces_and_removes_the_dictionary_and_keeps_other_options(run: Run, words: str) -> None:
    analyzer = arsearch.ArabicAnalyzer(names=False, stopwords=frozenset({"قال"}))
    arsearch.open("own", create=True, analyzer=analyzer).add([{"id": "1", "title": "وقال: المناورات"}])

    assert WARNING in run("reindex", "-i", "own", "--dictionary", words).stderr
    index = arsearch.open("own")
    assert index.analyzer.dictionary == arsearch.Dictionary.read(words)
    assert not index.analyzer.names
    assert index.analyzer.stopwords == {"قال"}

    stderr = run("reindex", "-i", "own", "--stemmer", "light10", code=1).stderr
    assert "stemmer 'light10' takes no words, stems and names" in stderr
    assert arsearch.open("own").analyzer == index.analyzer

    Path("empty").touch()
    assert run("reindex", "-i", "own", "--dictionary", "empty").stderr == ""
    assert arsearch.open("own").analyzer == analyzer
    run("reindex", "-i", "own", "--stemmer", "light10")
    assert arsearch.open("own").analyzer.stopwords == {"قال"}


def test_analyze_with_a_dictionary(run: Run, words: str) -> None:
    result = run("analyze", "--dictionary", words, "بالمناورات", "--json")

    assert json.loads(result.stdout)["tokens"][0]["stem"] == "مناورات"
    assert WARNING in result.stderr
    run("analyze", "--dictionary", words, "-i", "x", "كتاب", code=2)
    assert "takes no words" in run("analyze", "--dictionary", words, "--stemmer", "none", "كتاب", code=1).stderr


def test_analyze_without_a_text_checks_the_dictionary(run: Run, words: str) -> None:
    lines = run("analyze", "--dictionary", words).stdout.splitlines()
    assert lines[0] == "words.txt: 1 word, 1 stem, 1 name, 1 stop word"
    assert lines[1] == WARNING.removeprefix("warning: ").rstrip("\n")

    data = json.loads(run("analyze", "--dictionary", words, "--json").stdout)
    assert data["dictionary"] == arsearch.Dictionary.read(words).config()
    assert data["warnings"][0] == {"line": 2, "form": "مناورات", "message": "without this line its stem is مناوره"}
    assert len(data["warnings"]) == len(lines) - 1


def test_ten_warnings_are_printed_and_all_of_a_check(run: Run, articles_file: Path) -> None:
    Path("many.txt").write_text("كتاب\n" * 15, encoding="utf-8")

    warnings = run("index", str(articles_file), "--dictionary", "many.txt").stderr.splitlines()
    assert [line.startswith("warning: many.txt, line ") for line in warnings[:10]] == [True] * 10
    assert warnings[10] == "warning: 5 more; `arsearch analyze --dictionary many.txt` prints all"
    assert len(run("analyze", "--dictionary", "many.txt").stdout.splitlines()) == 16


@pytest.mark.parametrize("command", ["index articles.jsonl -i new", "reindex -i index", "analyze كتاب", "analyze"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "words.txt: cannot be read: No such file or directory"),
        ("كتاب\nرأس المال".encode(), "words.txt, line 2: 'رأس المال' is 2 words; give each word a line of its own"),
        ("كتاب".encode("cp1256"), "words.txt, line 1: not UTF-8; save the file as UTF-8"),
        (b"[name]", "words.txt, line 1: no heading '[name]'"),
    ],
)
def test_a_wrong_dictionary_is_one_line_and_changes_nothing(
    articles_file: Path, command: str, content: bytes | None, message: str
) -> None:
    arsearch.open("index", create=True)
    before = sorted((file.name, file.stat().st_mtime_ns) for file in Path("index").iterdir())
    if content is not None:
        Path("words.txt").write_bytes(content)

    result = program(*shlex.split(command), "--dictionary", "words.txt")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"arsearch: {message}")
    assert result.stderr.count("\n") == 1
    assert not Path("new").exists()
    assert sorted((file.name, file.stat().st_mtime_ns) for file in Path("index").iterdir()) == before
    assert articles_file.exists()


def test_control_characters_of_a_dictionary_never_reach_the_terminal(run: Run) -> None:
    Path("bad.txt").write_text("كتاب\x1b[31m", encoding="utf-8")

    assert "\x1b" not in run("analyze", "--dictionary", "bad.txt", code=1).stderr


def test_the_check_in_the_docs_is_the_output_of_the_command(run: Run) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    match = re.search(r"^\$ arsearch analyze --dictionary words\.txt\n((?:words\.txt.*\n)+)", text, re.MULTILINE)
    assert match is not None
    Path("words.txt").write_bytes((ROOT / "examples" / "dictionary.txt").read_bytes())

    assert run("analyze", "--dictionary", "words.txt").stdout.startswith(match[1])
