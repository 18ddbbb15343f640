"""The lines of a dictionary file: headings, words, and forms with their stems."""

from __future__ import annotations

from collections.abc import Iterator

from arsearch.analyzers.dictionary.entries import DictionaryEntry, Kind, normalised_entry, shown
from arsearch.analyzers.letters import CONTROLS
from arsearch.analyzers.normalizer import Normalizer
from arsearch.errors import AnalyzerError

__all__ = ["HEADINGS", "parse_entries"]

HEADINGS: dict[str, Kind] = {
    "words": "word",
    "كلمات": "word",
    "names": "name",
    "اسماء": "name",
    "stop words": "stop word",
    "stopwords": "stop word",
    "كلمات الوقف": "stop word",
}
"""The headings in normalised form, each with the kind of the lines below it."""

_ARROW = "=>"


def parse_entries(text: str, name: str) -> Iterator[DictionaryEntry]:
    """Yield the entries of a file's text, in order; lines count from 1.

    Raises `AnalyzerError`, with the file's name, line and reason, for a line that is no entry.
    """
    normalise = Normalizer().normalise
    kind: Kind = "word"
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        # Editors of Arabic text insert direction marks, which are no part of a word.
        content = line.partition("#")[0].translate(CONTROLS).strip()
        try:
            if content.startswith("["):
                heading = " ".join(map(normalise, content[1:-1].split()))
                if heading not in HEADINGS or content[-1] != "]":
                    raise ValueError(
                        f"no heading {shown(content)}; write [words], [names] or [stop words], "
                        "or [كلمات], [أسماء] or [كلمات الوقف]"
                    )
                kind = HEADINGS[heading]
            elif content:
                entry = _entry(kind, content, number)
                normalised_entry(entry)  # here the first wrong line is reported, whatever is wrong with it
                yield entry
        except ValueError as error:
            raise AnalyzerError(f"{name}, line {number}: {error}") from None


def _entry(kind: Kind, content: str, number: int) -> DictionaryEntry:
    """Return the entry of a line. Raises `ValueError`, with the reason, for a misplaced `=>`."""
    if _ARROW not in content:
        return DictionaryEntry(kind, content, "", number)
    if kind != "word":
        raise ValueError(f"{shown(content)} stands below the heading of the {kind}s; put it below [words]")
    form, stem, *others = map(str.strip, content.split(_ARROW))
    if not form or not stem or others:
        raise ValueError(f"{shown(content)} is not a form and its stem; write `form => stem`, one form a line")
    return DictionaryEntry("stem", form, stem, number)
