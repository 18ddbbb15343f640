"""`arsearch` as a process: pipes, terminals, locales, signals and imports."""

from __future__ import annotations

import datetime as dt
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_articles import ARTICLES, as_lines

import arsearch

ARSEARCH = [sys.executable, "-m", "arsearch"]


def run(*args: str, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program with pipes until it ends."""
    return subprocess.run(
        [*ARSEARCH, *args], input=stdin, capture_output=True, timeout=60, env=os.environ | environment, check=False
    )


def run_on_terminal(*args: str, **environment: str) -> str:
    """Run the program on a pseudo terminal of 80 columns, and return its output."""
    main, other = pty.openpty()
    settings = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment
    with subprocess.Popen([*ARSEARCH, *args], stdin=other, stdout=other, stderr=other, env=settings) as process:
        os.close(other)
        shown = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # Linux raises it when the other end is closed
                break
            if not piece:
                break
            shown += piece
    os.close(main)
    assert process.returncode == 0, shown
    return shown.decode().replace("\r\n", "\n")


def test_index_query_export_as_in_a_shell(articles_file: Path) -> None:
    assert run("index", str(articles_file)).stdout.startswith(b"5 added")
    found = run("query", "الحرس الثوري", "--json")
    assert json.loads(found.stdout)["hits"][0]["id"] == "guard-1"
    assert found.stderr == b""
    assert run("export").stdout.decode() == as_lines(ARTICLES)


def test_a_whoosh_index_is_imported(tmp_path: Path) -> None:
    import whoosh.index
    from whoosh.fields import DATETIME, ID, STORED, TEXT, Schema

    schema = Schema(
        path=ID(stored=True, unique=True), content=TEXT(stored=True), published=DATETIME(stored=True), pages=STORED
    )
    (tmp_path / "old").mkdir()
    with whoosh.index.create_in("old", schema).writer() as writer:
        for number in range(5):
            published = dt.datetime(2015, 7, 1 + number)
            writer.add_document(path=f"p{number}", content=f"نص المقال {number}", published=published, pages=number)
        writer.add_document(path="odd", content="نص المقال", pages=1j)
    before = {file.name: file.read_bytes() for file in (tmp_path / "old").iterdir()}
    command = ["index", "old", "--from-whoosh", "--map", "id=path"]

    strict = run(*command, "--strict", "-i", "new")
    assert (strict.returncode, strict.stdout) == (1, b"")
    assert b"old (document 5)" in strict.stderr.splitlines()[-1]

    added = run(*command, "--field", "pages=int", "--workers", "2", "-i", "newer")
    assert added.returncode == 0
    assert added.stdout.startswith(b"5 added, 0 updated, 1 failed (")
    told = added.stderr.decode().splitlines()
    assert told[0].startswith("old: a native Whoosh index, whose files are pickles")
    assert told[1].endswith("index 'MAIN', documents: 6")
    assert told[2:4] == ["old: 'content' is read as body", "old: 'published' is read as date"]
    assert told[5].startswith("- old (document 5): 'builtins.complex' is named in the pickle, which is not allowed")
    found = run(
        "query",
        "المقال",
        "-i",
        "newer",
        "--filter",
        "pages=3..",
        "--filter",
        "date=2015-07",
        "--sort",
        "-date",
        "--json",
    )
    assert [hit["id"] for hit in json.loads(found.stdout)["hits"]] == ["p4", "p3"]
    assert {file.name: file.read_bytes() for file in (tmp_path / "old").iterdir()} == before


def test_a_folder_that_is_no_whoosh_index_creates_none(news: str, tmp_path: Path) -> None:
    for args, code, message in (
        (["."], 1, "'.' is not a native Whoosh index"),
        ([news], 1, "is an arsearch index; `arsearch export`"),
        (["nowhere"], 1, "there is no folder 'nowhere'"),
        ([".", "--encoding", "utf-8"], 2, "do not apply to a Whoosh index"),
    ):
        failed = run("index", *args, "--from-whoosh", "-i", "new")
        assert (failed.returncode, failed.stdout) == (code, b"")
        assert message in failed.stderr.decode().splitlines()[-1]
        assert not (tmp_path / "new").exists()


def test_terminal_gets_isolates_around_lines_and_bold_words(news: str) -> None:
    text = run_on_terminal("query", "الحرس الثوري", "-i", news, "-n", "1", VTE_VERSION="7006", TMUX="")

    assert "1. \u2067\x1b[1mالحرس\x1b[22m \x1b[1mالثوري\x1b[22m يعلن بدء مناورات في الخليج\u2069\n" in text
    assert "   \x1b[2mguard-1 · \u2068الرياض\u2069 · 2015-07-21 · " in text
    for line in text.splitlines():
        assert line.count("\u2067") == line.count("\u2069") - line.count("\u2068") <= 1
    assert "\u2067" not in run_on_terminal("query", "الحرس", "-i", news, "--bidi", "none")
    assert "\x1b" not in run_on_terminal("query", "الحرس", "-i", news, NO_COLOR="1")


def test_json_on_a_terminal_has_no_codes(news: str) -> None:
    text = run_on_terminal("query", "الحرس", "-i", news, "--json")

    assert json.loads(text)["hits"]
    assert not re.search("[\x1b\u2066-\u2069]", text)


@pytest.mark.parametrize("format", ["csv", "tsv", "markdown", "json", "jsonl"])
def test_formats_on_a_terminal_cannot_rewrite_it(format: str) -> None:
    rows = [
        {"id": "a\x1b[2Jb", "title": "كتاب \u202eقمر", "body": "نص\x1b]0;x\x07 سطر\nثان\tثالث"},
        {"id": "2", "title": "قمر", "body": "آخر"},
    ]
    run("index", "-", "-i", "x", stdin=as_lines(rows).encode())
    text = run_on_terminal("export", "-i", "x", "--format", format)

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert "كتاب" in text
    assert "آخر" in text
    piped = run("export", "-i", "x", "--format", format).stdout.decode()
    assert ("\x1b" in piped) is (format in ("csv", "tsv"))


def test_parquet_goes_to_a_pipe_and_not_to_a_terminal(news: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    import io

    data = run("export", "-i", news, "--format", "parquet").stdout
    assert parquet.read_table(io.BytesIO(data))["id"].to_pylist() == [article["id"] for article in ARTICLES]
    main, other = pty.openpty()
    done = subprocess.run(
        [*ARSEARCH, "export", "-i", news, "--format", "parquet"], stdout=other, stderr=subprocess.PIPE, check=False
    )
    os.close(other)
    os.close(main)
    assert done.returncode == 2
    assert b"Parquet is not text; name a file with -o FILE" in done.stderr


def test_the_progress_bar_is_for_terminals_only(articles_file: Path) -> None:
    shown = run_on_terminal("index", str(articles_file), "-i", "a", COLUMNS="120")
    assert "indexing" in shown
    assert re.search(r"100%, 5 articles, (\d articles/s, )?\d s", shown)
    assert "indexing" not in run_on_terminal("index", str(articles_file), "-i", "b", "--no-progress")
    assert b"indexing" not in run("index", str(articles_file), "-i", "c").stderr


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "latin-1"}],
    ids=["C", "C_without_help", "latin_1"],
)
def test_output_is_utf_8_in_every_locale(environment: dict[str, str], news: str) -> None:
    for args in (["query", "-", "-i", news], ["query", "-", "-i", news, "--json"], ["export", "-i", news], ["--help"]):
        result = run(*args, stdin="الحرس".encode(), **environment)
        assert result.returncode == 0, result.stderr
        assert "الحرس" in result.stdout.decode()


def test_arguments_that_are_not_utf_8_do_not_crash(news: str) -> None:
    for args in (["query", "\udcff\udcfe", "-i", news, "--json"], ["analyze", "\udcff", "--json"]):
        assert run(*args).returncode == 0
        assert json.loads(run(*args).stdout)
    failed = run("query", "x", "-i", "\udcff")
    assert failed.returncode == 1
    assert failed.stderr.count(b"\n") == 1


def test_a_closed_pipe_is_not_an_error(news: str, tmp_path: Path) -> None:
    for command in ("export", "query --filter category=سياسة --json", "get guard-1"):
        shell = f"{sys.executable} -m arsearch {command} -i {news} | true"
        result = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=60, check=False)
        assert result.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_reported_in_one_line(news: str) -> None:
    for command in (
        f"export -i {news}",
        f"stats --json -i {news}",
        "--help",
        "--version",
        "query --help",
        "help index",
    ):
        shell = f"{sys.executable} -m arsearch {command} > /dev/full"
        result = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=60, check=False)
        assert result.returncode == 1
        assert result.stderr == b"arsearch: No space left on device\n"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("query كتاب -i {} >&-", 0),
        ("stats -i {} >&-", 0),
        ("export -i {} >&-", 0),
        ("query كتاب -i {} <&-", 0),
        ("query - -i {} <&-", 0),
        ("query كتاب -i {} 2>&-", 0),
        ("query كتاب -i {} <&- >&- 2>&-", 0),
        ("index - -i new <&-", 1),
        ("delete --query كتاب -i {} <&- >&-", 2),
    ],
)
def test_a_closed_stream_is_an_empty_one(command: str, code: int, news: str) -> None:
    shell = f"{sys.executable} -m arsearch {command.format(news)}"
    result = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=60, check=False)
    assert result.returncode == code, result.stderr.decode()
    assert b"Traceback" not in result.stderr


def test_interrupted_indexing_keeps_the_committed_articles(tmp_path: Path) -> None:
    lines = as_lines([{"id": str(number), "title": "كتاب", "body": "نص " * 200} for number in range(500)]).encode()
    command = [*ARSEARCH, "index", "-", "-i", "x", "--commit-every", "100"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(lines)
        process.stdin.flush()
        while not _count():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        messages = process.stderr.read().decode().splitlines()

    kept = _count()
    assert process.returncode == 130
    assert kept % 100 == 0
    assert re.fullmatch(rf"arsearch: interrupted; {kept} articles committed and kept, the rest dropped", messages[-1])
    assert len([line for line in messages if line.startswith("arsearch")]) == 1
    with arsearch.open("x") as index:
        assert index.add([{"id": "new", "title": "ت"}], timeout=0).added == 1


def _count() -> int:
    try:
        return len(arsearch.open("x"))
    except arsearch.ArsearchError:
        return 0


def test_query_path_imports_no_heavy_package(news: str) -> None:
    code = (
        "import sys; from arsearch.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'rich', 'tashaphyne', 'pyarabic', 'arabic_reshaper'}))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code, "query", "الحرس", "-i", news], capture_output=True, text=True, check=True
    )

    assert result.stdout.startswith("3 articles")
    assert result.stdout.splitlines()[-1] == "[]"


def test_query_imports_few_modules(news: str) -> None:
    # What only other commands and other queries need is imported where it is used.
    code = (
        "import sys; from arsearch.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "print(sum(name.split('.')[0] == 'arsearch' for name in sys.modules))\n"
        "print(sorted({'html', 'queue', 'shutil', 'arsearch.query.grammar', 'arsearch.dates.periods'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code, "query", "الحرس", "-i", news], capture_output=True, text=True, check=True
    )

    count, others = result.stdout.splitlines()[-2:]
    assert int(count) <= 168
    assert others == "[]"
