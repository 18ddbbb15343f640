"""The facts of the two dictionaries that the lexicon is built from, by normalised word.

`Sources` reads Arramooz (nouns, verbs, newswire counts of lemmas) and Ayaspell (nouns, names, conjugated verbs).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

from broken_plurals import rows_of, singulars

__all__ = ["ADJECTIVES", "NOMINAL", "Sources", "fold", "weight"]

WORD = re.compile("[ء-ي]+")
ADJECTIVES = {"adj", "adj_num"}
NOMINAL = {"noun", "adj", "adj_comp", "noun_prop", "noun_quant", "adj_num", "adv", "abbrev"}
PLURAL_SHARE = 0.4  # the approximate share of broken plurals among the occurrences of a noun
_VOWELS = re.compile("[\u064b-\u0652]")


def fold(word: str) -> str:
    """Return the normalised form of a dictionary's word."""
    from arsearch.analyzers.normalizer import Normalizer

    return Normalizer().normalise(word)


def weight(count: float) -> int:
    """Return the floor of the binary logarithm of a count."""
    return max(int(count), 1).bit_length() - 1


class Sources:
    """The facts of the two dictionaries.

    `count` and `verb_count` are newswire counts of nominal and verbal lemmas, and `kind_count` splits the nominal ones by
    kind. `verb_spellings` are vocalised but for a final fatha. `classes` are the kinds that the dictionaries give a word,
    and `spellings` its spellings with hamza. `conjugated` gives the lemmas of a verb form and its tense. `middles` are the
    middle letters of the roots of hollow verbs.
    """

    def __init__(self, arramooz: Path, ayaspell: Path) -> None:
        self.count: dict[str, float] = defaultdict(float)
        self.kind_count: dict[str, Counter[str]] = defaultdict(Counter)
        self.verb_count: dict[str, int] = defaultdict(int)
        self.verb_spellings: dict[str, Counter[str]] = defaultdict(Counter)
        self.classes: dict[str, set[str]] = defaultdict(set)
        self.spellings: dict[str, set[str]] = defaultdict(set)
        self.conjugated: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.middles: dict[str, set[str]] = defaultdict(set)
        self.singulars = singulars(arramooz, fold)
        self._read_frequencies(arramooz / "wordfreq.sqlite")
        self._read_nouns(arramooz / "arabicdictionary.sqlite")
        self._read_verbs(arramooz / "arabicdictionary.sqlite")
        self._read_ayaspell(ayaspell)

    def _add(self, word: str, kind: str) -> str | None:
        key = fold(word)
        if len(key) < 2 or not WORD.fullmatch(key):
            return None
        self.classes[key].add(kind)
        self.spellings[key].add(word)
        return key

    def _read_frequencies(self, path: Path) -> None:
        query = "select unvocalized, word_type, freq, vocalized from wordfreq order by id"
        for word, kind, count, vocalised in rows_of(path, query):
            if kind == "verb":
                if word != "ليس":  # a function word
                    self.verb_count[fold(word)] += count
                    self.verb_spellings[fold(word)][vocalised.rstrip("\u064e")] += count
            elif kind in NOMINAL and (key := self._add(word, kind)):
                self.count[key] += count
                self.kind_count[key][kind] += count

    def _read_nouns(self, path: Path) -> None:
        query = "select unvocalized, wordtype, single, vocalized from nouns order by id"
        plurals: dict[str, str] = {}
        for word, kind, single, _ in rows_of(path, query):
            key = self._add(word, "nisba" if "منسوب" in kind else "participle" if "اسم " in kind else "listed")
            if key and single:
                plurals[key] = fold(_VOWELS.sub("", single))
        for key, single in sorted(plurals.items()):
            if key not in self.count and single in self.count:
                self.count[key] = PLURAL_SHARE * self.count[single]

    def _read_verbs(self, path: Path) -> None:
        query = "select unvocalized, root from verbs order by id"
        for word, root in rows_of(path, query):
            if root and len(root) == 3:
                self.middles[fold(word)].add(root[1])

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
