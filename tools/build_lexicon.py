"""Derive the stemmer's lexicon from Arramooz and Ayaspell.

    pip install arramooz-pysqlite==0.4.2            # GPL; nouns, verbs, lemma frequencies
    apt-get download hunspell-ar && dpkg -x ...     # 3.2, GPL-2+/LGPL/MPL; nouns, names, conjugated verbs
    python tools/build_lexicon.py --arramooz DIR --ayaspell DIR [--check]

DIR is the folder with `arabicdictionary.sqlite` and `wordfreq.sqlite`, and the one with `ar.dic` and `ar.aff`.
The result holds normalised words in four sections, each cut into lines of equal weight, the floor of the binary
logarithm of the lemma's frequency in a newswire corpus (Arramooz's count; 0 where it has none):

    words       nouns, adjectives, names, broken plurals
    perfect     verbs as a dictionary cites them, and the stems they have before ت
    imperfect   what follows ي in the imperfect
    heh         the words whose last letter is ه and not ة

A line that begins `words=` and so on holds `form=stem`: where gender or nisba comes off, where the lemma is another,
where a broken plural has the stem of its singular (`broken_plurals.py`).

Frequencies decide what cannot be both: وزير is a word, so زير is not what follows و; but وقال is not a word.
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
PLURAL_SHARE = 0.4  # of a noun's occurrences that are its broken plural, about
NAME_DISCOUNT = 3  # names take endings more rarely than nouns
STEM_DISCOUNT = 5  # a perfect stem that only some persons have: دعي of دعا
NOT_WORDS = {"سيات", "بصوه"}  # سيئات, whose folded form hides سيأتي; a plural no one writes
SAFE = 14  # no word of this weight is given up for a proclitic and another
COMMON = 100  # occurrences of an adjective whose feminine is listed
FEWEST = 50  # occurrences of a verb's lemma
SUBJECT_ENDINGS = ("ون", "ان", "ين", "وا", "ن")


def fold(word: str) -> str:
    """The normalised form of a dictionary's word."""
    from arsearch.analyzers.normalizer import Normalizer

    return Normalizer().normalise(word)


class Sources:
    """What the two dictionaries say, by normalised word."""

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
    """Map every nominal form to its stem: plural to singular, feminine to masculine, nisba to its base."""
    stems = {key: key for key in source.classes}
    stems.update((key, single) for key, single in source.singulars.items() if key in stems and single in stems)
    for key in source.classes:
        masculine = key[:-1]
        if not key.endswith("ه") or len(key) < 4 or masculine not in source.count:
            continue
        if (
            not source.count.get(key) and key not in source.singulars
        ):  # the corpus counts معلمة under معلم, but جامعة apart from جامع
            stems[key] = masculine
    for key in sorted(source.classes):  # حكومية: the feminine of an adjective needs no entry of its own in a dictionary
        common = source.count.get(key, 0) >= COMMON and key[-1] != "ه"
        adjective = source.classes[key] & {"adj", "nisba", "participle"}
        if common and adjective and stems.setdefault(key + "ه", key) == key:
            source.classes[key + "ه"].add("feminine")
    for key in sorted(source.classes):
        base = nisba_base(source, key)
        if base and key not in source.singulars:
            stems[key] = base
    return {key: follow(stems, key) for key in stems}


def nisba_base(source: Sources, key: str) -> str | None:
    """The name or noun a nisba is formed from: لبناني → لبنان, سياسي → سياسه; None for other words."""
    if len(key) < 5 or not key.endswith("ي") or not is_adjective(source, key):
        return None
    trunk = key[:-1]
    bases = [trunk + ending for ending in ("ا", "يا", "", "ه")]
    known = [base for base in bases if base in source.count and base != key]
    if "noun_prop" in source.classes.get(key + "ه", ()):  # السعودية before سعود
        known = [key + "ه"]
    return max(known, key=lambda base: source.count[base], default=None)


def is_adjective(source: Sources, key: str) -> bool:
    """Whether a dictionary calls the word an adjective or a nisba."""
    return bool(source.classes[key] & {"adj", "nisba"})


def follow(stems: dict[str, str], key: str) -> str:
    """The end of a chain of stems."""
    seen = {key}
    while stems.get(stems[key], stems[key]) not in seen | {stems[key]}:
        key = stems[key]
        seen.add(key)
    return stems[key]


def verb_stems(source: Sources) -> tuple[dict[str, str], dict[str, str]]:
    """Map perfect and imperfect stems to the commonest lemma that has them."""
    count = source.verb_count
    perfect = {lemma: lemma for lemma in count if count[lemma] >= FEWEST and WORD.fullmatch(lemma) and len(lemma) > 1}
    imperfect: dict[str, str] = {}
    for (form, tense), lemmas in sorted(source.conjugated.items()):
        known = sorted(lemma for lemma in lemmas if count.get(lemma, 0) >= FEWEST)
        if not known or len(form) < 3:
            continue
        lemma = max(known, key=lambda known: count[known])
        if tense == "pst" and form.endswith("ت"):
            perfect.setdefault(form[:-1], lemma)
        elif tense == "prst" and form.startswith("ي"):
            held = imperfect.setdefault(form[1:], lemma)
            if count[lemma] > count[held]:
                imperfect[form[1:]] = lemma
    for lemma in sorted(perfect):  # Ayaspell keeps one lemma a form: يقود is not under قاد
        if len(lemma) == 3 and lemma[1] == "ا" and lemma in count:
            for vowel in "وي":
                stem = lemma[0] + vowel + lemma[2]
                held = imperfect.get(stem, "")
                if ("ي" + stem, "prst") in source.conjugated and count[lemma] > count.get(held, 0):
                    imperfect[stem] = lemma
    for stem in sorted(imperfect, key=lambda stem: (-len(stem), stem)):
        if any(stem.endswith(end) and imperfect.get(stem[: -len(end)]) == imperfect[stem] for end in SUBJECT_ENDINGS):
            del imperfect[stem]
    return perfect, imperfect


def without_article(source: Sources) -> Iterator[str]:
    """Yield the forms whose ال is the article: no hamza in any spelling, and the rest is a word."""
    for key in sorted(source.classes):
        if key.startswith("ال") and key[2:] in source.classes:
            own_hamza = any(spelling[0] in "أإآ" for spelling in source.spellings[key])
            rarer = source.count.get(key, 0) < 0.3 * source.count.get(key[2:], 0)
            if not own_hamza or rarer:  # إلهام: الهام is rather the adjective
                yield key


def proclitic_and_word(tables: dict[str, dict[str, tuple[str, int]]]) -> Iterator[tuple[str, str]]:
    """Yield `(section, form)` for rarities that are rather a proclitic and a common word: وحنان."""
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
    """The floor of the binary logarithm of a count."""
    return max(int(count), 1).bit_length() - 1


def word_weight(source: Sources, form: str) -> int:
    """The weight of a nominal; a guess for plurals and feminines, which the corpus counts under another lemma."""
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
    """The lines of one section, heaviest first."""
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for form, (stem, heavy) in sorted(table.items()):
        groups[heavy, "" if form == stem else "="].append(form if form == stem else f"{form}={stem}")
    for heavy, mapped in sorted(groups, reverse=True):
        yield f"{name}{mapped} {heavy} {' '.join(groups[heavy, mapped])}\n"


def build(arramooz: Path, ayaspell: Path) -> str:
    """The text of the data file."""
    source = Sources(arramooz, ayaspell)
    for key in [*without_article(source), *NOT_WORDS]:
        source.classes.pop(key, None)
    perfect, imperfect = verb_stems(source)
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
    """Write the file, or with `--check` compare it; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arramooz", type=Path, required=True)
    parser.add_argument("--ayaspell", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--check", action="store_true", help="exit 1 when the file is not what would be written")
    options = parser.parse_args()
    text = build(options.arramooz, options.ayaspell)
    if options.check:
        return 0 if options.output.read_text(encoding="utf-8") == text else 1
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
