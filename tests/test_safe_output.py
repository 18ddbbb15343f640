"""An article must not rewrite the screen, reorder the text next to it, or break out of its HTML or JSON."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.cli import main
from arsearch.model import Fragment, Level, Snippet, Span
from arsearch.model.safety import json_text, safe

CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
SCOPED = [*range(0x202A, 0x202F), *range(0x2066, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xE0041]
KEPT = [0x200C, 0x200D, 0x200E, 0x200F, 0x061C, 0xAD]
UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
PAGE = 'a<script>alert("x")</script>&\'</mark>'


@pytest.mark.parametrize("code", [*CONTROLS, *SCOPED, 0x2028, 0x2029, 0xD800, 0xDFFF], ids=lambda code: f"U+{code:04X}")
def test_characters_with_effects_beyond_the_text_are_in_no_rendering(code: int) -> None:
    text = f"كتاب{chr(code)}[2J <b>كتاب"
    found = Snippet("body", text, (Fragment(0, len(text)),), (Span("body", 0, 4, Level.SURFACE),))

    for shown in (found.text, found.html, found.ansi.replace("\x1b[1m", "").replace("\x1b[22m", ""), safe(text)):
        assert not UNSAFE.search(shown)
    encoded = json_text({"text": text})
    assert not UNSAFE.search(encoded)
    assert json.loads(encoded.encode()) == {"text": text}
    assert found.source == text


@pytest.mark.parametrize("code", KEPT, ids=lambda code: f"U+{code:04X}")
def test_characters_that_arabic_needs_stay(code: int) -> None:
    assert safe(f"ك{chr(code)}ب") == f"ك{chr(code)}ب"
    assert json_text(f"ك{chr(code)}ب") == f'"ك{chr(code)}ب"'


@given(st.text(st.characters()), st.text(st.characters()))
def test_html_has_only_escaped_text_and_marks(before: str, after: str) -> None:
    text = f"{before} كتاب {after}"
    start = len(before) + 1
    found = Snippet("body", text, (Fragment(0, len(text)),), (Span("body", start, start + 4, Level.SURFACE),))

    assert re.findall("<[^>]*>", found.html) == ["<mark>", "</mark>"]
    assert html.unescape(found.html.replace("<mark>", "").replace("</mark>", "")) == found.text
    assert not UNSAFE.search(found.html)
    assert '"' not in found.html
    assert json.loads(json_text(text).encode()) == text


EVIL = f"\x1b]0;owned\x07\x1b[2J\x9b31m\u202eقلب\u2066{PAGE}\u2028\x00"


@pytest.fixture
def evil(tmp_path: Path) -> str:
    """An index whose only article has unsafe text in every field."""
    text = EVIL.replace("\x00", "")
    article: dict[str, Any] = dict.fromkeys(("title", "body", "author", "source", "url", "category"), f"كتاب {text}")
    article |= {"id": f"id{text}", "tags": [text], f"name{text}": text, "date": "2015-07-21"}
    with arsearch.open(tmp_path / "evil", create=True) as index:
        assert index.add([article]).added == 1
    return str(tmp_path / "evil")


BAD = EVIL[:-1]
COMMANDS = [
    ["query", "كتاب"], ["query", f"كتاب {BAD}"], ["query", "كتاب", "--facet", "source", "--facet", "tags"], ["stats"],
    ["get", f"id{BAD}"], ["get", f"none{BAD}"], ["check"], ["export"], ["query", "كتاب", "--sort", BAD],
    ["query", "--filter", f"x{BAD}=1"], ["index", f"none{BAD}"], ["analyze", f"كتاب{BAD}"],
]  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command)[:12])
def test_no_command_prints_unsafe_characters(command: list[str], options: list[str], evil: str) -> None:
    if command[0] != "analyze":
        options = [*options, "-i", evil]
    if command[0] == "export" and "--json" in options:
        return
    done = CliRunner().invoke(main, [*command, *options])

    assert isinstance(done.exception, (SystemExit, type(None)))
    for stream in (done.stdout_bytes, done.stderr_bytes):
        assert not UNSAFE.search(stream.decode("utf-8").replace("\n", ""))
    if "--json" in options and done.exit_code == 0:
        json.loads(done.stdout)


ODD = b"\xff\xd9\x83 \x1b[2J\xe2\x80\xae"


@pytest.mark.skipif(sys.platform == "darwin", reason="its file names are UTF-8")
def test_unsafe_names_of_files_folders_and_arguments(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/" + ODD
    file = place + b".jsonl"
    Path(os.fsdecode(file)).write_text('{"id": "1", "title": "كتاب"}\nbad\n', encoding="utf-8")
    text = place + b".txt"
    Path(os.fsdecode(text)).write_text("كتاب من سطر", encoding="utf-8")
    runs: list[tuple[list[bytes], int]] = [
        ([b"index", file, text, b"-i", place], 0), ([b"query", b"-i", place, ODD + "كتاب".encode(), b"--json"], 0),
        ([b"stats", b"-i", place], 0), ([b"stats", b"-i", place, b"--json"], 0), ([b"reindex", b"-i", place], 0),
        ([b"export", b"-i", place, b"-o", place + b".csv"], 0), ([b"query", b"-i", place + b"x", b"x"], 1),
    ]  # fmt: skip
    for command, code in runs:
        done = subprocess.run([os.fsencode(sys.executable), b"-m", b"arsearch", *command], capture_output=True)

        assert done.returncode == code, done.stderr
        for stream in (done.stdout, done.stderr):
            assert not UNSAFE.search(stream.decode("utf-8").replace("\n", "")), command
        if b"--json" in command:
            json.loads(done.stdout)
