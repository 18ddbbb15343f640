"""Derive the stemmer's lexicon from Arramooz and Ayaspell.

    pip install arramooz-pysqlite==0.4.2            # GPL; nouns, verbs, lemma frequencies
    apt-get download hunspell-ar && dpkg -x ...     # 3.2, GPL-2+/LGPL/MPL; nouns, names, conjugated verbs
    python tools/build_lexicon.py --arramooz DIR --ayaspell DIR [--check]

The first DIR is the folder of `arabicdictionary.sqlite` and `wordfreq.sqlite`, the second that of `ar.dic` and `ar.aff`.
The output has normalised words in four sections. All words of a line have the same weight: the floor of the binary
logarithm of the lemma's frequency in a newswire corpus (Arramooz's count; 0 where it has none).

    words       nouns, adjectives, names, broken plurals
    perfect     verbs as a dictionary cites them, and their stems before ت
    imperfect   the part of an imperfect verb after ي
    heh         the words that end in ه and not in ة

A line that begins with `words=` (or another section and `=`) holds `form=stem`: a feminine or a nisba, a form with
another lemma, or a broken plural with the stem of its singular (`broken_plurals.py`).

Where a form could be a word or a proclitic and a word, the frequencies decide: وزير is a word, وقال is و and قال.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from broken_plurals import singulars

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / "lexicon.txt"

HEADER = """\
# Lexicon of the Arabic stemmer: normalised words by section and weight.
# Sources: Arramooz 0.4.2 (PyPI arramooz-pysqlite, Taha Zerrouki and Mohamed Kebdani; GPL) and
# Ayaspell (Debian hunspell-ar 3.2-1.2, Mohamed Kebdani and the Ayaspell team; GPL-2+ / LGPL-2.1+ / MPL-1.1).
# Licence of this file: GPL-3.0-or-later. Made by tools/build_lexicon.py; do not edit.
"""

WORD = re.compile("[ء-ي]+")
NOMINAL = {"noun", "adj", "adj_comp", "noun_prop", "noun_quant", "adj_num", "adv", "abbrev"}
PLURAL_SHARE = 0.4  # the approximate share of broken plurals among the occurrences of a noun
NAME_DISCOUNT = 3  # names take endings more rarely than nouns
STEM_DISCOUNT = 5  # a perfect stem of some persons only: دعي of دعا
NOT_WORDS = {"سيات", "بصوه"}  # سيئات, whose folded form hides سيأتي; a plural that is never written
SAFE = 14  # words of this weight stay, even if they may be a proclitic and another word
COMMON = 100  # the minimum count of an adjective whose feminine is listed
FEWEST = 50  # the minimum count of a verb's lemma
SUBJECT_ENDINGS = ("ون", "ان", "ين", "وا", "ن")


def fold(word: str) -> str:
    """Return the normalised form of a dictionary's word."""
    from arsearch.analyzers.normalizer import Normalizer

    return Normalizer().normalise(word)


class Sources:
    """The facts of the two dictionaries, by normalised word."""

    def __init__(self, arramooz: Path, ayaspell: Path) -> None:
        self.count: dict[str, float] = defaultdict(float)
        self.verb_count: dict[str, int] = defaultdict(int)
        self.classes: dict[str, set[str]] = defaultdict(set)
        self.spellings: dict[str, set[str]] = defaultdict(set)
        self.conjugated: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.singulars = singulars(arramooz, fold)
        self._read_frequencies(arramooz / "wordfreq.sqlite")
        self._read_nouns(arramooz / "arabicdictionary.sqlite")
        self._read_ayaspell(ayaspell)

    def _add(self, word: str, kind: str) -> str | None:
        key = fold(word)
        if len(key) < 2 or not WORD.fullmatch(key):
            return None
        self.classes[key].add(kind)
        self.spellings[key].add(word)
        return key

    def _read_frequencies(self, path: Path) -> None:
        query = "select unvocalized, word_type, freq from wordfreq order by id"
        for word, kind, count in sqlite3.connect(path).execute(query):
            if kind == "verb":
                if word != "ليس":  # a function word
                    self.verb_count[fold(word)] += count
            elif kind in NOMINAL and (key := self._add(word, kind)):
                self.count[key] += count

    def _read_nouns(self, path: Path) -> None:
        query = "select unvocalized, wordtype, single, vocalized from nouns order by id"
        plurals: dict[str, str] = {}
        for word, kind, single, _ in sqlite3.connect(path).execute(query):
            key = self._add(word, "nisba" if "منسوب" in kind else "participle" if "اسم " in kind else "listed")
            if key and single:
                plurals[key] = fold(re.sub("[\u064b-\u0652]", "", single))
        for key, single in sorted(plurals.items()):
            if key not in self.count and single in self.count:
                self.count[key] = PLURAL_SHARE * self.count[single]

    def _read_ayaspell(self, folder: Path) -> None:
        lines = (folder / "ar.dic").read_text(encoding="utf-8").split("\n")
        aliases = [row for row in (folder / "ar.aff").read_text(encoding="utf-8").split("\n") if row.startswith("AM ")]
        verbs = lines.index("verb.huns.dic")
        for line in lines[lines.index("names.dic") : verbs]:
            self._add(re.split("[/\t ]", line)[0], "spelt")
        for line in lines[verbs:]:
            word, tab, alias = line.partition("\t")
            if not tab:
                continue
            about = aliases[int(alias)]
            lemma = re.search(r"st:(\S+)", about)
            for tense in ("pst", "prst"):
                if lemma and f"is:{tense}" in about:
                    self.conjugated[fold(word.split("/")[0]), tense].add(fold(lemma[1]))


def stems_of_words(source: Sources) -> dict[str, str]:
    """Map every nominal form to its stem: a plural to its singular, a feminine to its masculine, a nisba to its base."""
    stems = {key: key for key in source.classes}
    stems.update((key, single) for key, single in source.singulars.items() if key in stems and single in stems)
    stems.update((key, key[:-1]) for key in source.classes if is_feminine(source, key))
    for key in sorted(source.classes):  # حكومية: a dictionary has no entry for the feminine of an adjective
        if is_common_adjective(source, key) and stems.setdefault(key + "ه", key) == key:
            source.classes[key + "ه"].add("feminine")
    for key in sorted(source.classes):
        base = nisba_base(source, key)
        if base and key not in source.singulars:
            stems[key] = base
    return {key: follow(stems, key) for key in stems}


def is_feminine(source: Sources, key: str) -> bool:
    """Return whether a word is counted under its masculine: معلمة under معلم, but not جامعة under جامع."""
    own_count = source.count.get(key, 0)
    return (
        key.endswith("ه")
        and len(key) > 3
        and key[:-1] in source.count
        and not own_count
        and key not in source.singulars
    )


def is_common_adjective(source: Sources, key: str) -> bool:
    """Return whether a word is a masculine adjective that is common enough to list its feminine too."""
    adjective = source.classes[key] & {"adj", "nisba", "participle"}
    return source.count.get(key, 0) >= COMMON and key[-1] != "ه" and bool(adjective)


def nisba_base(source: Sources, key: str) -> str | None:
    """Return the base of a nisba, a name or a noun: لبناني → لبنان, سياسي → سياسه; None for other words."""
    if len(key) < 5 or not key.endswith("ي") or not is_adjective(source, key):
        return None
    trunk = key[:-1]
    bases = [trunk + ending for ending in ("ا", "يا", "", "ه")]
    known = [base for base in bases if base in source.count and base != key]
    if "noun_prop" in source.classes.get(key + "ه", ()):  # السعودية before سعود
        known = [key + "ه"]
    return max(known, key=lambda base: source.count[base], default=None)


def is_adjective(source: Sources, key: str) -> bool:
    """Return whether a dictionary calls the word an adjective or a nisba."""
    return bool(source.classes[key] & {"adj", "nisba"})


def follow(stems: dict[str, str], key: str) -> str:
    """Return the end of a chain of stems."""
    seen = {key}
    while stems.get(stems[key], stems[key]) not in seen | {stems[key]}:
        key = stems[key]
        seen.add(key)
    return stems[key]


def conjugated_forms(source: Sources, tense: str) -> Iterator[tuple[str, str]]:
    """Yield `(form, lemma)` for the conjugated verbs of a tense, each form with the commonest of its lemmas."""
    count = source.verb_count
    for (form, form_tense), lemmas in sorted(source.conjugated.items()):
        common = sorted(lemma for lemma in lemmas if count.get(lemma, 0) >= FEWEST)
        if form_tense == tense and common and len(form) > 2:
            yield form, max(common, key=lambda lemma: count[lemma])


def perfect_stems(source: Sources) -> dict[str, str]:
    """Map perfect verbs, as a dictionary cites them and without a final ت, to their lemmas."""
    count = source.verb_count
    stems = {lemma: lemma for lemma in count if count[lemma] >= FEWEST and WORD.fullmatch(lemma) and len(lemma) > 1}
    for form, lemma in conjugated_forms(source, "pst"):
        if form.endswith("ت"):
            stems.setdefault(form[:-1], lemma)
    return stems


def hollow_stems(source: Sources, perfect: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield `(stem, lemma)` for hollow verbs. Ayaspell keeps one lemma for each form, and not قاد for يقود."""
    for lemma in sorted(perfect):
        if len(lemma) == 3 and lemma[1] == "ا" and lemma in source.verb_count:
            for stem in (lemma[0] + vowel + lemma[2] for vowel in "وي"):
                if ("ي" + stem, "prst") in source.conjugated:
                    yield stem, lemma


def imperfect_stems(source: Sources, perfect: Iterable[str]) -> dict[str, str]:
    """Map the part of an imperfect verb after ي, without a subject ending, to the commonest lemma that has it."""
    count = source.verb_count
    stems: dict[str, str] = {}
    conjugated = ((form[1:], lemma) for form, lemma in conjugated_forms(source, "prst") if form.startswith("ي"))
    for stem, lemma in (*conjugated, *hollow_stems(source, perfect)):
        if count[lemma] > count.get(stems.get(stem, ""), 0):
            stems[stem] = lemma
    for stem in sorted(stems, key=lambda stem: (-len(stem), stem)):
        if any(stem.endswith(end) and stems.get(stem[: -len(end)]) == stems[stem] for end in SUBJECT_ENDINGS):
            del stems[stem]
    return stems


def without_article(source: Sources) -> Iterator[str]:
    """Yield the forms whose ال is the article: no spelling has a hamza on it, and the rest is a word."""
    for key in sorted(source.classes):
        if key.startswith("ال") and key[2:] in source.classes:
            own_hamza = any(spelling[0] in "أإآ" for spelling in source.spellings[key])
            rarer = source.count.get(key, 0) < 0.3 * source.count.get(key[2:], 0)
            if not own_hamza or rarer:  # الهام is the adjective more often than إلهام
                yield key


def proclitic_and_word(tables: dict[str, dict[str, tuple[str, int]]]) -> Iterator[tuple[str, str]]:
    """Yield `(section, form)` for rare words that are more likely a proclitic and a common word: وحنان."""
    from arsearch.analyzers.stemming.affixes import endings
    from arsearch.analyzers.stemming.lexicon import ABSENT, VERB_SHARE, Entry, Lexicon, with_verbs
    from arsearch.analyzers.stemming.segmenter import RARITY, Segmenter

    words: dict[str, Entry] = {form: (stem, heavy, "", ABSENT) for form, (stem, heavy) in tables["words"].items()}
    segmenter = Segmenter(
        Lexicon(with_verbs(words, tables["perfect"]), tables["imperfect"], frozenset(tables["heh"])), endings()
    )
    for name in ("words", "perfect"):
        for form, (_, heavy) in sorted(tables[name].items()):
            if form[0] in RARITY and len(form) > 2 and (form[0] != "س" or form[1] in "يتن"):
                rest = segmenter.parse(form[1:])
                own = heavy - (VERB_SHARE if name == "perfect" else 0)
                if own < SAFE and rest and rest[2] - RARITY[form[0]] > own and not (form[0] in "بك" and rest[3]):
                    yield name, form


def weight(count: float) -> int:
    """Return the floor of the binary logarithm of a count."""
    return max(int(count), 1).bit_length() - 1


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


def section(name: str, table: dict[str, tuple[str, int]]) -> Iterable[str]:
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
    perfect = perfect_stems(source)
    imperfect = imperfect_stems(source, perfect)
    verb_count = source.verb_count
    tables = {
        "words": {form: (stem, word_weight(source, form)) for form, stem in stems_of_words(source).items()},
        "perfect": {
            form: (lemma, max(weight(verb_count[lemma]) - (STEM_DISCOUNT if form != lemma else 0), 0))
            for form, lemma in perfect.items()
        },
        "imperfect": {form: (lemma, weight(verb_count[lemma])) for form, lemma in imperfect.items()},
    }
    in_heh = {form for form in tables["words"] if any(word.endswith("ه") for word in source.spellings[form])}
    tables["heh"] = {form: (form, 0) for form in in_heh}
    for name, form in list(proclitic_and_word(tables)):
        del tables[name][form]
        tables["heh"].pop(form, None)
    return HEADER + "".join(line for name in tables for line in section(name, tables[name]))


def main() -> int:
    """Write the file, or compare it with `--check`; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arramooz", type=Path, required=True)
    parser.add_argument("--ayaspell", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file differs")
    options = parser.parse_args()
    text = build(options.arramooz, options.ayaspell)
    if options.check:
        return 0 if options.output.read_text(encoding="utf-8") == text else 1
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
