"""Derive the first letters of words that the stemmer looks up, from the lexicon as it stands.

    python tools/build_heads.py [--check] [--output FILE]

Run it after `build_lexicon.py`, and after each change of a data file of the stemmer. It writes
`arsearch/analyzers/data/heads.txt`. A test runs it again and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data_file import arguments, write_or_check

from arsearch.analyzers.stemming.affixes import endings
from arsearch.analyzers.stemming.heads import FILE, heads_of
from arsearch.analyzers.stemming.lexicon import lexicon

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / FILE

_HEADER = """\
# The first letters of words that might begin with a clitic: those of all words, then those of verbs of three letters in ال.
# Sources: lexicon.txt and the other files of the stemmer. Licence of this file: GPL-3.0-or-later.
# Made by tools/build_heads.py; do not edit.

"""
_HEADS = 64  # of a line


def build() -> str:
    """Return the text of the file."""
    heads = heads_of(lexicon().entries, endings())
    words = sorted(heads.words)
    lines = [" ".join(words[at : at + _HEADS]) for at in range(0, len(words), _HEADS)]
    return _HEADER + "\n".join([*lines, "", " ".join(sorted(heads.short_verbs))]) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check(arguments(__doc__, OUTPUT).parse_args(), build))
