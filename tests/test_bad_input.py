"""Bad input, from the file or the shell to the answer, does no harm: it is refused or repaired, with the reason.

Each promise has one test or table here; the tests of each package cover the variants.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import arsearch
from arsearch import errors
from arsearch.cli import main
from arsearch.cli.location import nearest_index

NEWS = (
    "قال وزير الخارجية اليوم إن المفاوضات التي بدأت في المدينة قبل شهر سوف تستمر حتى نهاية العام، وإن الاتفاق على"
    " النقاط الباقية لم يعد بعيدا عن الطرفين؛ فهل يوقع قريبا؟"
)
NOBODY = 65534


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ARSEARCH_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)


def run(*args: str, code: int = 0) -> Result:
    """Run `arsearch` with arguments and check its exit code. An unexpected exception is raised."""
    result = CliRunner().invoke(main, args, prog_name="arsearch")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def ids(location: str, query: str) -> list[str]:
    with arsearch.open(location) as index:
        return [hit.id for hit in index.search(query, limit=100)]


# A JSONL line that is not JSON, not an object, has an id that is no text, or neither title nor body, or a title that is no text

BAD_LINES = {
    2: ("not json", "not JSON"),
    3: ('["id", "1"]', "not a JSON object but an array"),
    4: ('{"id": true, "title": "معرف منطقي"}', "not a non-empty string"),
    5: ('{"id": "5", "title": " ", "body": ""}', "both title and body are empty"),
    6: ('{"id": "6", "title": 7}', "title is int, not a string"),
}
LINES = [
    '{"id": "1", "title": "خبر أول"}',
    *(line for line, _ in BAD_LINES.values()),
    '{"id": "7", "title": "خبر أخير"}',
]


def test_bad_lines_are_reported_by_number_and_the_rest_is_indexed() -> None:
    Path("a.jsonl").write_text("\n".join(LINES), encoding="utf-8")

    result = run("index", "a.jsonl", "-i", "x")

    assert result.stdout.startswith("2 added, 0 updated, 5 failed")
    failures = result.stderr.partition("not added:\n")[2].splitlines()
    assert len(failures) == len(BAD_LINES)
    for (number, (_, reason)), line in zip(BAD_LINES.items(), failures, strict=True):
        assert line.startswith(f"- a.jsonl:{number}")
        assert reason in line
    assert ids("x", "خبر") == ["1", "7"]


@pytest.mark.parametrize("line", [line for line, _ in BAD_LINES.values()])
def test_strict_does_not_change_the_index(line: str) -> None:
    with arsearch.open("x", create=True) as index:
        index.add([{"id": "1", "title": "خبر قديم"}])
    Path("a.jsonl").write_text(f"{LINES[0]}\n{line}\n", encoding="utf-8")

    stopped = run("index", "a.jsonl", "-i", "x", "--strict", code=1)

    assert stopped.stdout == ""
    assert re.search(r"^arsearch: adding stopped: a\.jsonl:2.*0 articles had been committed", stopped.stderr, re.M)
    assert (ids("x", "قديم"), ids("x", "أول")) == (["1"], [])


# Duplicate ids in one batch


def test_the_last_of_equal_ids_wins_and_counts_as_updated() -> None:
    versions = [f'{{"id": "{number % 3}", "title": "نسخة {number}"}}\n' for number in range(9)]
    Path("a.jsonl").write_text("".join(versions[:5]), encoding="utf-8")
    Path("b.jsonl").write_text("".join(versions[5:]), encoding="utf-8")

    report = json.loads(run("index", "a.jsonl", "b.jsonl", "-i", "x", "--json").stdout)

    assert (report["added"], report["updated"], report["failures"]) == (3, 6, 0)
    with arsearch.open("x") as index:
        assert sorted(article.title for article in index) == ["نسخة 6", "نسخة 7", "نسخة 8"]
        assert [index.search(f'="نسخة {number}"').total for number in range(9)] == [0] * 6 + [1] * 3


# Invalid UTF-8, NUL, lone surrogates, UTF-16 or windows-1256 files

LINE = json.dumps({"id": "good", "title": "خبر", "body": NEWS}, ensure_ascii=False)
DECODED = {"utf-16": "UTF-16", "utf-16-le": "UTF-16", "windows-1256": "windows-1256", "utf-8-sig": "UTF-8"}
INVALID = {
    "invalid_utf_8": (LINE.encode()[:60] + LINE.encode()[61:], "UTF-8"),
    "windows_1256_in_utf_8": (LINE.encode("windows-1256"), "UTF-8"),
    "nul": (LINE.replace("خبر", "خ\0بر").encode(), "control character"),
    "escaped_nul": (LINE.replace("خبر", r"خ\u0000بر").encode(), "NUL"),
    "lone_surrogate": (LINE.replace("خبر", r"خ\ud800بر").encode(), "lone surrogate"),
    "encoded_surrogate": (LINE.encode().replace("خبر".encode(), b"\xed\xa0\x80"), "UTF-8"),
    "mojibake": (LINE.replace(NEWS, NEWS.encode().decode("latin-1")).encode(), "read in another encoding"),
}


@pytest.mark.parametrize("encoding", DECODED)
def test_a_detected_encoding_is_decoded_and_printed(encoding: str) -> None:
    Path("a.jsonl").write_bytes(f"{LINE}\n".encode(encoding))

    result = run("index", "a.jsonl", "-i", "x")

    assert DECODED[encoding] in result.stderr
    with arsearch.open("x") as index:
        [hit] = index.search("وزيرُ الخارجيّة؟", mode="all")
        assert hit.article.body == NEWS


@pytest.mark.parametrize("kind", INVALID)
def test_a_line_that_is_not_valid_text_is_reported_and_never_indexed(kind: str) -> None:
    invalid, reason = INVALID[kind]
    good = LINE.encode()
    Path("a.jsonl").write_bytes(b"\n".join([good, invalid.replace(b"good", b"bad"), good.replace(b"good", b"two")]))

    result = run("index", "a.jsonl", "-i", "x")

    assert result.stdout.startswith("2 added, 0 updated, 1 failed")
    failure = result.stderr.splitlines()[-1]
    assert failure.startswith("- a.jsonl:2")
    assert reason in failure
    exported = run("export", "-i", "x").stdout
    assert exported.splitlines() == [LINE, LINE.replace("good", "two")]


# Empty query, only stop words, only punctuation, 100,000 characters


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "stop", "body": "على هذا إلى ذلك"}, {"id": "book", "body": "كتاب"}])
        yield index


WORDLESS = ["", "  \n", "؟", "«»", "... ،،، ؛", "\u0640", "\u064b\u200f", "🙂", "()", "\0"]


@pytest.mark.parametrize("query", WORDLESS)
def test_a_query_without_words_finds_nothing_and_has_a_note(query: str, library: arsearch.Index) -> None:
    results = library.search(query)

    assert (results.hits, results.total_complete, results.total) == ((), 0, 0)
    assert results.notes[-1] == "the query has no words to look for"


STOP_WORDS = ["على", "إلى ذلك", "على هذا؟", "«على هذا»"]


@pytest.mark.parametrize("query", STOP_WORDS)
def test_a_query_of_stop_words_searches_for_them(query: str, library: arsearch.Index) -> None:
    assert [hit.id for hit in library.search(query)] == ["stop"]


@pytest.mark.parametrize("query", STOP_WORDS[:3])
def test_a_query_of_stop_words_has_a_note(query: str, library: arsearch.Index) -> None:
    assert library.search(query).notes


LONG = {
    "words": "كتاب ",
    "one_word": "بت",
    "brackets": "(",
    "quotes": '"',
    "patterns": "كت* ",
    "fuzzy": "كتبا~1 ",
    "or": "كتاب OR ",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_hundred_thousand_characters_get_an_answer(kind: str, library: arsearch.Index) -> None:
    query = (LONG[kind] * 100_000)[:100_000]

    results = library.search(query)

    assert {hit.id for hit in results} <= {"book"}
    assert results.notes or kind == "one_word"
    json.dumps(results.to_dict())


# Index path missing, not an index, a file, unreadable, of a newer version, written with another analyzer


def _index(folder: Path, **changes: Any) -> None:
    """Create an index at `folder` whose newest manifest has `changes`."""
    with arsearch.open(folder, create=True) as index:
        index.add([{"id": "1", "title": "خبر"}])
    manifest = max(folder.glob("manifest-*.json"), key=lambda path: int(path.stem.rpartition("-")[2]))
    content = json.dumps(json.loads(manifest.read_bytes().rpartition(b"\n#")[0]) | changes).encode()
    manifest.write_bytes(content + b"\n#%08x" % zlib.crc32(content))


def _missing(folder: Path) -> None:
    assert not folder.exists()


def _not_an_index(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("x")


def _a_file(folder: Path) -> None:
    folder.write_text("x")


def _loop(folder: Path) -> None:
    folder.symlink_to(folder.name)


def _unreadable(folder: Path) -> None:
    _index(folder)
    folder.chmod(0)


def _cut_short(folder: Path) -> None:
    _index(folder)
    segment = next(folder.glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:-9])


LOCATIONS: dict[str, tuple[Callable[[Path], None], type[errors.IndexOpenError], str]] = {
    "missing": (_missing, errors.IndexNotFoundError, "there is no index at .* make one with `arsearch index`"),
    "not_an_index": (_not_an_index, errors.NotAnIndexError, "not an arsearch index.* choose another folder"),
    "a_file": (_a_file, errors.NotAnIndexError, "is a file.* give the folder of the index"),
    "loop": (_loop, errors.NotAnIndexError, r"cannot be an index folder \(Too many .*\); give another folder"),
    "unreadable": (_unreadable, errors.NotAnIndexError, "permissions"),
    "newer": (lambda at: _index(at, format=99), errors.IndexVersionError, "format 99.* upgrade arsearch"),
    "other_analyzer": (lambda at: _index(at, fingerprint="0" * 32), errors.AnalyzerMismatchError, "`arsearch reindex"),
    "cut_short": (_cut_short, errors.CorruptIndexError, r"s\w+\.seg"),
}


@contextlib.contextmanager
def without_root() -> Iterator[None]:
    """Give up the rights of root, who may read every file."""
    if os.geteuid() != 0:
        yield
        return
    assert arsearch.ArabicAnalyzer().fingerprint  # reads the data files, which NOBODY may be unable to read
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("kind", LOCATIONS)
def test_an_unusable_location_has_its_own_error_in_one_line(kind: str) -> None:
    make, error, next_step = LOCATIONS[kind]
    run("query", "x", code=1)  # imports modules that cannot be read without the rights of root

    with tempfile.TemporaryDirectory() as folder:  # not in `tmp_path`, which only its owner can read
        Path(folder).chmod(0o755)
        location = Path(folder, "index")
        make(location)
        with without_root():
            with pytest.raises(errors.IndexOpenError, match=next_step) as raised:
                arsearch.open(location)
            result = run("query", "خبر", "-i", str(location), code=1)
        if kind == "unreadable":
            location.chmod(0o755)

    assert type(raised.value) is error
    assert result.stdout == ""
    assert result.stderr == f"arsearch: {raised.value}\n"


@pytest.mark.parametrize("mode", [0o600, 0o755])
def test_a_folder_above_that_may_not_be_entered_has_no_index(mode: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        _index(Path(folder, ".arsearch"))
        below = Path(folder, "closed", "here")
        below.mkdir(parents=True)
        _index(below.parent / ".arsearch")
        below.parent.chmod(mode)
        with without_root():
            found = nearest_index(below)
        below.parent.chmod(0o755)

    assert found == (Path(folder) if mode == 0o600 else below.parent) / ".arsearch"


# A file of a folder that may be listed, but not entered


def test_a_folder_that_may_be_listed_only_is_a_problem_for_each_file() -> None:
    run("query", "x", code=1)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed").mkdir()
        for file in ("a.txt", "closed/b.txt", "d.txt"):
            (folder / file).write_text("خبر")
        (folder / "closed").chmod(0o644)
        with without_root():
            records = list(arsearch.read_articles([name]))
        (folder / "closed").chmod(0o755)

    assert [record.problem for record in records] == [
        None,
        "cannot be read: Permission denied; check its permissions",
        None,
    ]


# Interrupted with Ctrl-C during indexing


def test_ctrl_c_keeps_whole_commits_and_the_next_run_completes_them(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": str(n), "title": f"خبر{n}", "body": NEWS}, ensure_ascii=False) + "\n" for n in range(250)
    ]
    command = [sys.executable, "-m", "arsearch", "index", "-", "-i", "x", "--commit-every", "100", "--json"]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write("".join(lines).encode())
        process.stdin.flush()  # the pipe stays open, so the program waits for more
        deadline = time.monotonic() + 30
        while _count("x") < 200 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130

    with arsearch.open("x") as index:
        assert [article.id for article in index] == [str(n) for n in range(200)]
        assert index.check() == []
        assert [index.search(f"=خبر{n}").total for n in (0, 199, 200, 249)] == [1, 1, 0, 0]
    assert {path.suffix for path in Path("x").iterdir()} <= {".json", ".seg", ".toc", ".lock", ".queue"}
    again = subprocess.run(command, input="".join(lines).encode(), capture_output=True, timeout=30, check=True)
    report = json.loads(again.stdout)
    assert (report["added"], report["updated"]) == (50, 200)


def _count(location: str) -> int:
    try:
        with arsearch.open(location) as index:
            return len(index)
    except errors.ArsearchError:
        return 0
