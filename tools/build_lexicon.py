"""Derive the stemmer's lexicon from Arramooz and Ayaspell.

    pip install arramooz-pysqlite==0.4.2            # GPL; nouns, verbs, lemma frequencies
    apt-get download hunspell-ar && dpkg -x ...     # 3.2, GPL-2+/LGPL/MPL; nouns, names, conjugated verbs
    python tools/build_lexicon.py --arramooz DIR --ayaspell DIR [--check]

The first DIR is the folder of `arabicdictionary.sqlite` and `wordfreq.sqlite`, the second that of `ar.dic` and `ar.aff`.
The output has normalised words in five sections. All words of a line have the same weight: the floor of the binary
logarithm of the lemma's frequency in a newswire corpus (Arramooz's count; 0 where it has none).

    words       nouns, adjectives, names, broken plurals
    perfect     verbs as a dictionary cites them
    bases       the part of perfect verbs before an ending, where it is no word itself (`lexicon_verbs.py`)
    imperfect   the part of an imperfect verb after ي
    heh         the words that end in ه and not in ة

A line that begins with `words=` (or another section and `=`) holds `form=stem`: a feminine or a nisba
(`lexicon_nouns.py`), a form with another lemma, or a broken plural with the stem of its singular (`broken_plurals.py`).

Where a form could also be a proclitic and a word, or another word with an ending or a subject letter, frequencies and
usage decide (`lexicon_rivals.py`): وزير is a word, وقال is و and قال, تطور is a noun, and تعمل is a form of the verb عمل.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from data_file import arguments, write_or_check
from lexicon_hamza import seat_variants
from lexicon_nouns import stems_of_words
from lexicon_rivals import (
    GUESSED,
    Table,
    articles_and_words,
    defined_words,
    inflected_words,
    may_have_proclitic,
    proclitics_and_words,
    read_usage,
    segmenter_of,
)
from lexicon_sources import NOMINAL, Sources, weight
from lexicon_verbs import imperfect_bases, perfect_verbs

from arsearch.analyzers.stemming.lexicon import irregular_words

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / "lexicon.txt"

HEADER = """\
# Lexicon of the Arabic stemmer: normalised words by section and weight.
# Sources: Arramooz 0.4.2 (PyPI arramooz-pysqlite, Taha Zerrouki and Mohamed Kebdani; GPL) and
# Ayaspell (Debian hunspell-ar 3.2-1.2, Mohamed Kebdani and the Ayaspell team; GPL-2+ / LGPL-2.1+ / MPL-1.1).
# Licence of this file: GPL-3.0-or-later. Made by tools/build_lexicon.py; do not edit.
"""

NAME_DISCOUNT = 3  # names take endings more rarely than nouns
NOT_WORDS = {"سيات", "بصوه", "نساءه", "دعاه", "الفيس"}
"""Words whose form is rather another one: سيأتي as سيئات, نسائه, دعاه, الفيس; and a plural that is never written."""
OLD_WEIGHT = 5  # the weight of a word in old spelling
ACCUSATIVE_MARGIN = 7  # how much commoner a noun must be that takes a form in ا from a verb before a pronoun
RARE_MARGIN = 4  # how much lighter a word must be that gives its form to the base of another


def without_article(source: Sources) -> Iterator[str]:
    """Yield the forms whose ال is the article: no spelling has a hamza on it, and the rest is a word."""
    for key in sorted(source.classes):
        if key.startswith("ال") and key[2:] in source.classes:
            own_hamza = any(spelling[0] in "أإآ" for spelling in source.spellings[key])
            rarer = source.count.get(key, 0) < 0.3 * source.count.get(key[2:], 0)
            if not own_hamza or rarer:  # الهام is the adjective more often than إلهام
                yield key


def word_weight(source: Sources, form: str) -> int:
    """Return the weight of a nominal, estimated for plurals and feminines that are counted under another lemma."""
    classes = source.classes[form]
    if form in source.count:
        own = weight(source.count[form])
        return (
            max(own - NAME_DISCOUNT, 0) if "noun_prop" in classes and not classes & (NOMINAL - {"noun_prop"}) else own
        )
    guess = 8 if len(classes) > 1 else 5  # in two dictionaries, or in one
    if form.endswith("ه") and form[:-1] in source.count:
        return max(guess, weight(source.count[form[:-1]]) - 3)
    return guess


def section(name: str, table: Table) -> Iterable[str]:
    """Yield the lines of a section, heaviest first."""
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for form, (stem, heavy) in sorted(table.items()):
        groups[heavy, "" if form == stem else "="].append(form if form == stem else f"{form}={stem}")
    for heavy, mapped in sorted(groups, reverse=True):
        yield f"{name}{mapped} {heavy} {' '.join(groups[heavy, mapped])}\n"


def build(arramooz: Path, ayaspell: Path) -> str:
    """Return the text of the data file."""
    source = Sources(arramooz, ayaspell)
    for key in [*without_article(source), *NOT_WORDS]:
        source.classes.pop(key, None)
    verbs, bases = perfect_verbs(source)
    stems = stems_of_words(source)
    words = {form: (stem, word_weight(source, form)) for form, stem in stems.items() if form not in NOT_WORDS}
    tables: dict[str, Table] = {
        "words": words,
        "perfect": verbs,
        "bases": bases,
        "imperfect": imperfect_bases(source, verbs),
    }
    tables["heh"] = {form: (form, 0) for form in words if any(word.endswith("ه") for word in source.spellings[form])}
    for name, form in list(proclitics_and_words(tables)):
        del tables[name][form]
        tables["heh"].pop(form, None)
    for form in list(articles_and_words(tables)):
        bases.setdefault(form, verbs.pop(form))
    for form in list(accusatives(tables)):
        del bases[form]
    add_seat_variants(source, tables)
    usage = read_usage()
    nouns = {form for form, kinds in source.kind_count.items() if 2 * kinds["noun"] > kinds.total()}
    inflected = list(inflected_words(tables, usage, nouns))
    for form, stem, heavy in inflected:
        if stem:
            words[form] = stem, heavy
        else:
            words.pop(form, None)
            if form.endswith("اه"):
                verbs.pop(form, None)  # the rare أتاه of تيه
    for form, stem in list(defined_words(tables, usage)):
        words[form] = stem, GUESSED
    final = {form: stem for form, (stem, _) in words.items()} | dict(irregular_words())
    for form in words.keys() - {form for form, _, _ in inflected}:  # حكامه has the stem of حكام in irregular.txt
        stem, heavy = words[form]
        words[form] = final.get(final.get(stem, stem), stem), heavy
    return HEADER + "".join(line for name in tables for line in section(name, tables[name]))


def accusatives(tables: dict[str, Table]) -> Iterator[str]:
    """Yield the bases of verbs that are rather a noun with the tanween alef: أرضا, and hardly أرضى before a pronoun."""
    words = tables["words"]
    for form, (_, heavy) in tables["bases"].items():
        noun = words.get(form[:-1], ("", 0))[1]
        if form.endswith("ا") and form not in words and noun - ACCUSATIVE_MARGIN >= heavy:
            yield form


def add_seat_variants(source: Sources, tables: dict[str, Table]) -> None:
    """Add the spellings of nominals with another seat of the hamza that no table has."""
    words, segmenter = tables["words"], segmenter_of(tables)
    for form, word, old in seat_variants(source):
        stem, heavy = words.get(word, ("", 0))
        rare = form not in source.count and words.get(form, ("", 0))[1] <= max(GUESSED, heavy - RARE_MARGIN)
        if stem and rare and form not in tables["perfect"] and not may_have_proclitic(segmenter, form, heavy):
            words[form] = stem, min(heavy, OLD_WEIGHT) if old else heavy


def main() -> int:
    """Write the file, or compare it with `--check`; return the exit code."""
    parser = arguments(__doc__, OUTPUT)
    parser.add_argument("--arramooz", type=Path, required=True)
    parser.add_argument("--ayaspell", type=Path, required=True)
    options = parser.parse_args()
    return write_or_check(options, lambda: build(options.arramooz, options.ayaspell))


if __name__ == "__main__":
    sys.exit(main())
