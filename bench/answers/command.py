"""The output of `arsearch` commands as text and as JSON, each from a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import arsearch
from bench.answers.queries import Texts
from bench.answers.rows import Answers

__all__ = ["add_commands"]

_PROCESSES = 2
_MILLISECONDS = re.compile(r"\(\d+ ms\)")
_OPTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("--mode", "any", "--color", "always"),
    ("--match", "word", "--limit", "3"),
    ("--facet", "source", "--facet", "month", "--sort", "-date"),
    ("--duplicates", "--color", "always"),
    ("--from", "2015-08", "--to", "2015-10", "--offset", "2", "--no-snippets"),
)


def add_commands(answers: Answers, location: Path, texts: Texts, matches: Sequence[tuple[str, str]]) -> None:
    """Add the output of commands on the index at `location`. `matches` are queries with the id of a hit."""
    with ThreadPoolExecutor(_PROCESSES) as pool:
        calls = [[*command, *form] for command in _commands(texts, matches) for form in ((), ("--json",))]
        for arguments, done in zip(calls, pool.map(lambda one: _run(one, location), calls), strict=True):
            _add(answers, arguments, done)


def _commands(texts: Texts, matches: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the arguments of the commands, without the index: at most 30 queries, and 10 of each other kind."""
    sample = texts.draw.sample(list(matches), min(30, len(matches)))
    commands = [["stats"]]
    commands += [["query", text, *_OPTIONS[at % len(_OPTIONS)]] for at, (text, _) in enumerate(sample)]
    for text, id in sample[: len(sample) // 3]:
        words = texts.words(3)
        commands += [
            ["query", " ".join([texts.wrong(words[0]), *words[1:]])],
            ["explain", text, "--id", id],
            ["suggest", words[0][:3]],
            ["analyze", texts.marked(" ".join(words))],
            ["get", id, f"no {id}"],
            ["like", id, "-n", "3"],
        ]
    return [list(command) for command in dict.fromkeys(map(tuple, commands))]


def _run(arguments: Sequence[str], location: Path) -> subprocess.CompletedProcess[str]:
    """Run `arsearch` in the parent folder of the index, so that messages do not have its path."""
    path = str(Path(arsearch.__file__).parents[1])
    index = () if arguments[0] == "analyze" else ("-i", location.name)
    return subprocess.run(
        [sys.executable, "-m", "arsearch", *arguments, *index],
        cwd=location.parent,
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _add(answers: Answers, arguments: Sequence[str], done: subprocess.CompletedProcess[str]) -> None:
    name, item = f"arsearch {arguments[0]}", " ".join(arguments)
    answers.add(f"{name}, exit codes", item, done.returncode)
    answers.add(f"{name}, standard error", item, done.stderr)
    if "--json" not in arguments or not done.stdout:
        lines = done.stdout.splitlines()
        text = "\n".join(line for line in lines if not (arguments[0] == "stats" and line.startswith("size")))
        answers.add(f"{name}, text", item, _MILLISECONDS.sub("(0 ms)", text))
        return
    data: dict[str, Any] = json.loads(done.stdout)
    for varying in ("took", "bytes"):
        data.pop(varying, None)
    if arguments[0] == "explain":
        answers.add_explanation(f"{name} --json", item, data)
    else:
        if "notes" in data:
            answers.add(f"{name} --json, notes", item, data.pop("notes"))
        answers.add(f"{name} --json", item, data)
