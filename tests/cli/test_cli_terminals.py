"""The form of Arabic text for each terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from arsearch.cli.terminals import form_of_terminal

XTERM = {"TERM": "xterm-256color"}
FORMS: list[tuple[dict[str, str], str]] = [
    ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}, "visual"),
    ({**XTERM, "XTERM_VERSION": "XTerm(379)"}, "visual"),
    ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)", "VTE_VERSION": "7006"}, "visual"),
    ({**XTERM, "VTE_VERSION": "7006", "XTERM_VERSION": "XTerm(379)"}, "isolate"),
    ({**XTERM, "VTE_VERSION": "7006"}, "isolate"),
    ({**XTERM, "VTE_VERSION": "5800"}, "isolate"),
    ({**XTERM, "VTE_VERSION": "5602"}, "visual"),
    ({**XTERM, "VTE_VERSION": "new"}, "visual"),
    ({"TERM": "mlterm", "MLTERM": "3.9.0"}, "mark"),
    ({"TERM": "mlterm", "VTE_VERSION": "7006"}, "mark"),
    ({**XTERM, "MLTERM": "3.9.0"}, "mark"),
    ({"TERM": "linux"}, "visual"),
    ({"TERM": "linux", "VTE_VERSION": "7006"}, "visual"),
    ({"TERM": "linux-16color"}, "visual"),
    ({**XTERM, "KONSOLE_VERSION": "221202"}, "mark"),
    ({"TERM": "xterm-kitty"}, "mark"),
    ({"TERM": "alacritty"}, "visual"),
    ({**XTERM, "ALACRITTY_WINDOW_ID": "1"}, "visual"),
    ({"TERM": "foot"}, "visual"),
    ({"TERM": "foot-extra"}, "visual"),
    ({"TERM": "st-256color"}, "visual"),
    ({"TERM": "rxvt-unicode-256color"}, "visual"),
    ({**XTERM, "TERM_PROGRAM": "WezTerm"}, "visual"),
    ({**XTERM, "TERM_PROGRAM": "vscode"}, "visual"),
    ({**XTERM, "TERM_PROGRAM": "Apple_Terminal"}, "mark"),
    ({**XTERM, "TERM_PROGRAM": "iTerm.app"}, "mark"),
    ({"TERM": "dumb"}, "none"),
    ({"TERM": "dumb", "INSIDE_EMACS": "29.1,comint"}, "isolate"),
    ({"TERM": "eterm-color", "INSIDE_EMACS": "29.1,term"}, "isolate"),
    ({"TERM": "screen", "VTE_VERSION": "7006"}, "isolate"),
    ({"TERM": "screen"}, "mark"),
    (XTERM, "mark"),
    ({}, "mark"),
]


@pytest.mark.parametrize(
    ("environment", "form"), FORMS, ids=[" ".join(f"{k}={v}" for k, v in e.items()) for e, _ in FORMS]
)
def test_the_form_of_a_terminal(environment: dict[str, str], form: str) -> None:
    assert form_of_terminal(environment) == form


TMUX: list[tuple[tuple[str, str], dict[str, str], str]] = [
    (("xterm-256color", "VTE(7006)"), {}, "isolate"),
    (("xterm-256color", "VTE(5602)"), {}, "visual"),
    (("xterm", "XTerm(379)"), {"VTE_VERSION": "7006"}, "visual"),
    (("xterm-256color", "mlterm(3.9.0)"), {}, "mark"),
    (("xterm-256color", "foot(1.16)"), {"VTE_VERSION": "7006"}, "visual"),
    (("xterm-256color", "iTerm2 3.5"), {}, "mark"),
    (("mlterm", ""), {"XTERM_VERSION": "XTerm(379)"}, "mark"),
    (("linux", ""), {"VTE_VERSION": "7006"}, "visual"),
    (("xterm-256color", ""), {"VTE_VERSION": "7006"}, "isolate"),
    (("xterm-256color", "something new 1"), {}, "mark"),
    (("", ""), {"XTERM_VERSION": "XTerm(379)"}, "visual"),
]


@pytest.mark.parametrize(("client", "variables", "form"), TMUX)
def test_tmux_is_asked_for_the_terminal_around_it(
    client: tuple[str, str], variables: dict[str, str], form: str
) -> None:
    environment = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0", **variables}
    assert form_of_terminal(environment, lambda: client) == form


def test_tmux_that_does_not_answer_is_an_unknown_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert form_of_terminal({"TERM": "screen", "TMUX": "/nowhere,1,0"}) == "mark"


PRINTED: list[tuple[dict[str, str], list[str], str]] = [
    ({**XTERM, "VTE_VERSION": "7006"}, [], "guard-1 · \u2068الرياض\u2069 · 2015"),
    ({"TERM": "mlterm"}, [], "guard-1 · الرياض\u200e · 2015"),
    ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}, [], "guard-1 · \ufebd\ufe8e\ufef3\ufeae\ufedf\ufe8d · 2015"),
    ({"TERM": "mlterm"}, ["--bidi", "none"], "guard-1 · الرياض · 2015"),
    ({"TERM": "mlterm", "ARSEARCH_BIDI": "isolate"}, [], "guard-1 · \u2068الرياض\u2069 · 2015"),
]


@pytest.mark.parametrize(("environment", "options", "expected"), PRINTED)
def test_a_terminal_gets_its_form(environment: dict[str, str], options: list[str], expected: str, news: str) -> None:
    names = ("TERM", "TMUX", "VTE_VERSION", "XTERM_VERSION", "INSIDE_EMACS", "TERM_PROGRAM", "ARSEARCH_BIDI", "COLUMNS")
    clean = {name: value for name, value in os.environ.items() if name not in names}
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "arsearch", "query", "الخليج", "-i", news, "--color", "never", *options],
        stdout=terminal, stderr=terminal, stdin=subprocess.DEVNULL, env=clean | environment,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    try:
        while data := os.read(main, 65536):
            shown += data
    except OSError:  # the end of a terminal
        pass
    os.close(main)
    assert process.wait(60) == 0
    assert expected in shown.decode()
