"""Derive the roots of the stemmer's stems from Arramooz.

    pip install arramooz-pysqlite==0.4.2            # GPL
    python tools/build_roots.py --arramooz DIR [--check]

DIR is the folder of `arabicdictionary.sqlite` and `wordfreq.sqlite`. The script gives the root of every noun and verb
of the dictionary to the stem that `ArabicStemmer` makes of it, so run it after `build_lexicon.py`. Where the words of a
stem have several roots, the newswire counts of their vocalised lemmas give the order. A root with less than a tenth of
the first one's count is left out, and so is a root whose letters the word lacks. In a root, hamza is written أ, and a
doubled letter twice.

Stems of the lexicon that the dictionary lacks (تشجيع, امني) get the root of the word they derive from, or the root that
their pattern gives if the dictionary has a verb of that root.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from broken_plurals import lemma_counts, rows_of, vowels
from data_file import arguments, write_or_check

from arsearch.analyzers import ArabicStemmer, Normalizer
from arsearch.analyzers.roots import fold_root
from arsearch.analyzers.stemming.lexicon import lexicon

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / "roots.txt"

HEADER = """\
# Roots, each with the stems that have it, the commonest first; ~ before a stem that has a commoner root as well.
# Source: Arramooz 0.4.2 (PyPI arramooz-pysqlite, Taha Zerrouki and Mohamed Kebdani; GPL).
# Licence of this file: GPL-3.0-or-later. Made by tools/build_roots.py; do not edit.
"""

ROOT = re.compile("[أبت-غف-وي]{3,4}")
FORMED = ("يه", "ه", "ي")
_C = "([بت-غف-وي])"
PATTERNS = tuple(
    re.compile(pattern.replace("C", _C))
    for pattern in "تCCيC تCCCه اCتاC انCCاC استCCاC تCاCC مCاCCه مCCوC CCاCه CCيCه مستCCC".split()
)
MIN_SHARE = 0.1  # of the count of a stem's first root


def rows(folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Yield `(word, vocalised, roots, verb)` for each entry of the dictionary; `verb` is a boolean."""
    for table in ("nouns", "verbs"):
        query = f"select unvocalized, vocalized, root from {table} order by id"
        for row in rows_of(folder / "arabicdictionary.sqlite", query):
            yield (*row, table == "verbs")


def holds(word: str, root: str) -> bool:
    """Return whether a word has the letters of a root in order, except و ي أ and one of two equal letters."""
    strong = re.sub(r"(.)\1", r"\1", re.sub("[ويأ]", "", root))
    return re.search(".*".join(strong), word) is not None


def add_formed(by_stem: dict[str, dict[str, float]], of_verbs: set[str]) -> None:
    """Add the nominal stems of the lexicon whose ending or pattern gives a single root."""
    nominal = {stem for stem, heavy, _, _ in lexicon().entries.values() if heavy >= 0 and len(stem) > 3}
    for stem in sorted(nominal - set(by_stem)):
        base = next((stem[: -len(end)] for end in FORMED if stem.endswith(end)), "")
        if len(base) > 2 and base in by_stem:
            by_stem[stem] = dict.fromkeys(by_stem[base], 0)
            continue
        found = {"".join(match.groups()) for pattern in PATTERNS if (match := pattern.fullmatch(stem))} & of_verbs
        if len(found) == 1:
            by_stem[stem] = dict.fromkeys(found, 0)


def build(arramooz: Path) -> str:
    """Return the text of the data file."""
    normalise, stemmer = Normalizer().normalise, ArabicStemmer()
    counts = lemma_counts(arramooz)
    by_stem: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(int))
    for word, vocalised, roots, verb in rows(arramooz):
        form = normalise(word)
        stem = stemmer.stem(form, form).stem
        for root in filter(None, map(fold_root, re.split("[،, ]+", (roots or "").replace(".", "")))):
            whole = root == form != stem and form.endswith("ي")  # سوري is no root of سوريا
            if ROOT.fullmatch(root) and holds(form, root) and len(stem) > 1 and not whole:
                by_stem[stem][root] += 1 + counts.get((vowels(vocalised), verb), 0)
    add_formed(by_stem, {root for _, _, root, verb in rows(arramooz) if verb})
    by_root: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for stem, found in by_stem.items():
        ordered = sorted(found, key=lambda root: (-found[root], root))
        for at, root in enumerate(ordered):
            if found[root] >= MIN_SHARE * found[ordered[0]]:
                by_root[root].append((-found[root], "~" + stem if at else stem))
    lines = (f"{root} {' '.join(stem for _, stem in sorted(stems))}\n" for root, stems in sorted(by_root.items()))
    return HEADER + "".join(lines)


def main() -> int:
    """Write the file, or compare it with `--check`; return the exit code."""
    parser = arguments(__doc__, OUTPUT)
    parser.add_argument("--arramooz", type=Path, required=True)
    options = parser.parse_args()
    return write_or_check(options, lambda: build(options.arramooz))


if __name__ == "__main__":
    sys.exit(main())
