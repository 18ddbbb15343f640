"""Analyse the shipped spellings of names and loanwords, so that a search does not.

    python tools/build_variant_stems.py [--check] [--output FILE]

Run it after each change of `variants.txt`, and after each change of the analyzer or its data files. It writes
`arsearch/analyzers/data/variant_stems.txt`. A test runs it again and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data_file import arguments, write_or_check

from arsearch.analyzers import ArabicAnalyzer
from arsearch.query import Synonyms
from arsearch.query.expansion import FILE, entries_by_stem

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / FILE

_HEADER = """\
# The stems of each spelling in variants.txt, and the other spellings of its group, comma separated.
# Source: variants.txt, by the default analyzer. Licence of this file: GPL-3.0-or-later.
# Made by tools/build_variant_stems.py; do not edit.
"""


def build() -> str:
    """Return the text of the file."""
    entries = [entry for entries in entries_by_stem(Synonyms(), ArabicAnalyzer()).values() for entry in entries]
    return _HEADER + "".join(f"{' '.join(entry.stems)}\t{', '.join(entry.synonyms)}\n" for entry in entries)


if __name__ == "__main__":
    sys.exit(write_or_check(arguments(__doc__, OUTPUT).parse_args(), build))
