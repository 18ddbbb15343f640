"""Join the files of the lexicon in one file, which a process reads in blocks.

    python tools/build_lexicon_blocks.py [--check] [--output FILE]

Run it after `build_lexicon.py`, and after each change of a data file of the stemmer. It writes
`arsearch/analyzers/data/lexicon_blocks.txt`. A test runs it again and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data_file import arguments, write_or_check

from arsearch.analyzers.stemming.lexicon import BLOCKS, blocks_of, lexicon_of_sources

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / BLOCKS

_HEADER = """\
# The lexicon of the stemmer: rows of form, stem, weight, lemma and weight of the verb; imperfect verbs; words in heh.
# Sources: lexicon.txt and the other files of the stemmer. Licence of this file: GPL-3.0-or-later.
# Made by tools/build_lexicon_blocks.py; do not edit.

"""


def build() -> str:
    """Return the text of the file."""
    return _HEADER + blocks_of(lexicon_of_sources())


if __name__ == "__main__":
    sys.exit(write_or_check(arguments(__doc__, OUTPUT).parse_args(), build))
