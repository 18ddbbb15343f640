"""The form of Arabic text that a terminal shows well, told by the environment.

    isolate   logical order in direction isolates: VTE from 0.58 (GNOME Terminal, Xfce Terminal, Tilix ...), Emacs
    mark      logical order, a left-to-right mark after each short value: mlterm, which draws isolates as boxes;
              Konsole, kitty; all unknown ones
    visual    visual order, joined letters: terminals without bidirectional text, such as xterm, the Linux console,
              rxvt, st, Alacritty, foot, WezTerm and VS Code
    none      logical order: TERM=dumb

xterm 379, mlterm 3.9.0 and VTE 0.70 were looked at, each also with tmux 3.3a in it, and the console of Linux 6.1 with the font
Arabic-VGA16. The others are as documented.

Terminals set variables that programs started in them inherit, also another terminal. `TERM` is set anew by each, so that its
own names decide first. tmux hides the terminal: it is asked for the terminal of its client.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from typing import Literal

__all__ = ["Form", "form_of_terminal"]

Form = Literal["isolate", "mark", "none", "visual"]

_BY_TERM: tuple[tuple[str, Form], ...] = (
    ("dumb", "none"),
    ("linux", "visual"),
    ("mlterm", "mark"),
    ("konsole", "mark"),
    ("xterm-kitty", "mark"),
    ("rxvt", "visual"),
    ("urxvt", "visual"),
    ("st-", "visual"),
    ("alacritty", "visual"),
    ("foot", "visual"),
    ("wezterm", "visual"),
)
"""The beginnings of `TERM` that name a terminal."""

_BY_VARIABLE: tuple[tuple[str, Form], ...] = (
    ("MLTERM", "mark"),
    ("KONSOLE_VERSION", "mark"),
    ("KITTY_WINDOW_ID", "mark"),
    ("ALACRITTY_WINDOW_ID", "visual"),
    ("WEZTERM_PANE", "visual"),
    ("XTERM_VERSION", "visual"),
)
"""Variables that a terminal sets for its programs."""

_BY_PROGRAM: Mapping[str, Form] = {"vscode": "visual", "WezTerm": "visual"}
"""Values of `TERM_PROGRAM`."""

_BY_REPLY: tuple[tuple[str, Form], ...] = (
    ("mlterm", "mark"),
    ("Konsole", "mark"),
    ("kitty", "mark"),
    ("iTerm2", "mark"),
    ("XTerm", "visual"),
    ("foot", "visual"),
    ("WezTerm", "visual"),
)
"""The beginnings of the names with which terminals answer a query of their version (XTVERSION)."""

_FIRST_VTE_WITH_BIDI = 5800


def form_of_terminal(
    environment: Mapping[str, str] | None = None, ask_tmux: Callable[[], tuple[str, str]] | None = None
) -> Form:
    """Return the form for the terminal of an environment; by default that of this process.

    `ask_tmux` returns the `TERM` and the version reply of the terminal in which tmux shows its windows, `""` for an unknown one.
    """
    environment = os.environ if environment is None else environment
    if environment.get("INSIDE_EMACS"):
        return "isolate"
    term = environment.get("TERM", "")
    if environment.get("TMUX"):
        term, reply = (ask_tmux or _ask_tmux)()
        if form := _by_reply(reply):
            return form
    for beginning, form in _BY_TERM:
        if term.startswith(beginning):
            return form
    if term == "xterm" and environment.get("XTERM_VERSION"):
        return "visual"  # an xterm started in another terminal inherits that one's variables; VTE never calls itself so
    if vte := environment.get("VTE_VERSION"):
        return "isolate" if vte.isdecimal() and int(vte) >= _FIRST_VTE_WITH_BIDI else "visual"
    for name, form in _BY_VARIABLE:
        if environment.get(name):
            return form
    return _BY_PROGRAM.get(environment.get("TERM_PROGRAM", ""), "mark")


def _by_reply(reply: str) -> Form | None:
    if reply.startswith("VTE("):
        version = reply[4:].rstrip(")")
        return "isolate" if version.isdecimal() and int(version) >= _FIRST_VTE_WITH_BIDI else "visual"
    return next((form for beginning, form in _BY_REPLY if reply.startswith(beginning)), None)


def _ask_tmux() -> tuple[str, str]:
    import subprocess  # only in tmux

    with contextlib.suppress(OSError, subprocess.SubprocessError):
        command = ["tmux", "display-message", "-p", "#{client_termname}\t#{client_termtype}"]
        answer = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=1, check=True)
        term, _, reply = answer.stdout.rstrip("\n").partition("\t")
        return term, reply
    return "", ""
