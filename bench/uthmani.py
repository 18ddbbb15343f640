"""How much of the printed Quran meets its modern spelling?

    python -m bench.uthmani quran-uthmani.txt quran-simple.txt

Both files have a verse a line, `sura|verse|text`; other lines are left out. The Tanzil project publishes such texts (CC BY).
A word of the modern text meets if the analyzer gives the word at its place in the printed text the same key. The places
are those of a longest common subsequence of the keys of a verse (Ratcliff and Obershelp's, as in `difflib`). Pause marks
are no words. يَٰٓأَيُّهَا of the printed text stands beside the two words يا أيها.

The report has the share at the normalised and at the stem level, and the commonest words that do not meet at the stem.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from arsearch.analyzers import ArabicAnalyzer, Token
from arsearch.errors import InputError
from bench.machine import describe_machine, print_report, run, table

__all__ = ["compare", "main", "read_verses"]

LEVELS = ("normalised", "stem")

Verses = Mapping[tuple[str, str], str]
"""The text of each verse, by the numbers of its sura and of the verse."""


def main(arguments: list[str] | None = None) -> None:
    """Compare two texts and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.uthmani", description=__doc__.partition("\n")[0])
    parser.add_argument("printed", type=Path, help="the text in Uthmani spelling")
    parser.add_argument("modern", type=Path, help="the same verses in modern spelling")
    parser.add_argument("--failures", type=int, default=20, help="the number of failures to print (default 20)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    printed, modern = read_verses(options.printed), read_verses(options.modern)
    if printed.keys() != modern.keys():
        raise InputError(f"{options.printed} and {options.modern} have different verses; give two texts of one edition")
    rows: list[dict[str, Any]] = []
    failures: Counter[tuple[str, str]] = Counter()
    for level in LEVELS:
        words, met, failures = compare(printed, modern, level)
        rows.append({"level": level, "modern words": words, "meet": met, "per cent": round(100 * met / words, 2)})
    shown = [
        {"times": n, "printed": one, "modern": other} for (one, other), n in failures.most_common(options.failures)
    ]
    sections = (
        ("Modern words that meet the printed text", table(rows, tuple(rows[0]))),
        ("Commonest failures at the stem", table(shown, ("times", "printed", "modern"))),
    )
    report = {"machine": describe_machine(), "levels": rows, "failures": shown}
    print_report(report, sections, as_json=options.json)


def read_verses(path: Path) -> Verses:
    """Return the verses of a file. Raises InputError if it has none."""
    fields = (line.split("|", 2) for line in path.read_text(encoding="utf-8-sig").splitlines())
    verses = {(row[0], row[1]): row[2] for row in fields if len(row) == 3}
    if not verses:
        raise InputError(f"{path}: no line has the form sura|verse|text")
    return verses


def compare(printed: Verses, modern: Verses, level: str) -> tuple[int, int, Counter[tuple[str, str]]]:
    """Return the number of words of the modern text, the number that meet at a level, and the pairs that do not."""
    analyzer = ArabicAnalyzer()
    words = met = 0
    failures: Counter[tuple[str, str]] = Counter()
    for verse, text in modern.items():
        one, other = analyzer.analyze(printed[verse]), analyzer.analyze(text)
        words += len(other)
        matcher = SequenceMatcher(None, _keys(one, level), _keys(other, level), autojunk=False)
        for kind, first, last, start, end in matcher.get_opcodes():
            if kind == "equal":
                met += end - start
            elif end > start:
                failures[_text(one[first:last]), _text(other[start:end])] += end - start
    return words, met, failures


def _keys(tokens: Sequence[Token], level: str) -> list[str]:
    return [getattr(token.term, level) for token in tokens]


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(dict.fromkeys(token.text for token in tokens))


if __name__ == "__main__":
    run(main)
