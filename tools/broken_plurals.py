"""Which broken plural belongs to which singular, where nothing disputes it.

Arramooz lists plurals with their singulars, vowels and all; its newswire counts are of vocalised lemmas, a plural's
under its singular. Folded, رجال of رجل and of راجل cannot be told apart, nor can the singulars عالِم and عالَم. So
a plural is given its singular's stem only if, by those counts, nearly everyone who writes the plural's letters means
it, and most who write the singular's mean that.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["Counts", "singulars", "vowels"]

Counts = Mapping[tuple[str, bool], float]
"""How often a vocalised lemma, verb or not, was counted."""

WORD = re.compile("[ء-غف-ْ]{3,}")
APART = frozenset(
    "ابداء ابناء احرام احماء اربعه اسس اسماء اشراق اشفاء اشهب اشهر اعرقه امصار انجاب انحاء انعام انفس ايسار "
    "بذار ترب حجاج حسان خطاء خواص درج دعاه رده رشاش رضع زجاج سقاط سمراء شبان شباب صحاب صرطان طلبه عباد عبيد "
    "عرق عصم عليه عمد غاي غروب غزاه قتله قعود قوم قوي كتبه كفاه كفف كفور كمله كواء لذ مجاهر مدد مزاول ملامس "
    "مواصل نسج نشء نفوس وثاق ولدان هشم يسر يفعه".split()
)
"""What is rather another word (أشهر, قوي), or whose singular means too much else (خاصة, ابن)."""

PLURAL_SHARE = 0.4  # of a noun's occurrences that are its broken plural, about
VERB_SHARE = 0.2  # of a verb's that are written as it is cited
PLURAL_MARGIN = 5  # times what disputes the plural's form
SINGULAR_MARGIN = 3  # times what disputes the singular's


def vowels(word: str) -> str:
    """A vocalised word as both tables would write it: no sukun, no case, no fatha before a letter that implies it."""
    word = re.sub("[\u064b-\u0650]+$", "", word.replace("\u0652", ""))
    return re.sub("^([اإأ])[\u064e-\u0650]", r"\1", re.sub("\u064e(?=[اىة])", "", word))


def lemma_counts(folder: Path) -> dict[tuple[str, bool], float]:
    """The counts of Arramooz' table."""
    found: dict[tuple[str, bool], float] = defaultdict(float)
    query = "select vocalized, word_type, freq from wordfreq order by id"
    for word, kind, count in sqlite3.connect(folder / "wordfreq.sqlite").execute(query):
        found[vowels(word), kind == "verb"] += count
    return found


def pairs(folder: Path) -> set[tuple[str, str]]:
    """Every `(plural, singular)`, vocalised, that Arramooz has under the one and under the other.

    What it has only under the plural is a table of what participles could have: شراع of شارع.
    """
    under_plural, under_singular = set(), set()
    query = "select vocalized, number, single, broken_plural from nouns order by id"
    for word, number, single, plurals in sqlite3.connect(folder / "arabicdictionary.sqlite").execute(query):
        if single and number == "جمع تكسير":
            under_plural.add((vowels(word), vowels(single)))
        for plural in re.split("[،,;/ ]+", plurals or ""):
            under_singular.add((vowels(plural), vowels(word)))
    return {pair for pair in under_plural & under_singular if all(WORD.fullmatch(word) for word in pair)}


def singulars(folder: Path, fold: Callable[[str], str]) -> dict[str, str]:
    """The undisputed pairs: a plural's normalised form to its singular's."""
    counts = lemma_counts(folder)
    listed = {pair: (fold(pair[0]), fold(pair[1])) for pair in sorted(pairs(folder))}
    plurals = {plural for plural, _ in listed}
    lemmas: dict[str, dict[str, float]] = defaultdict(dict)  # of a form, each with its count
    for (word, verb), count in counts.items():
        lemmas[fold(word)]["v" + word if verb else word] = count * (VERB_SHARE if verb else 1)
    for (word,) in sqlite3.connect(folder / "arabicdictionary.sqlite").execute(
        "select vocalized from nouns where number != 'جمع تكسير' order by id"
    ):
        if (lemma := vowels(word)) not in plurals:
            lemmas[fold(word)].setdefault(lemma, 1)
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    readings: dict[str, dict[str, float]] = defaultdict(dict)
    for (_, singular), (plural, single) in listed.items():
        meant[plural, single].add(singular)
        count = PLURAL_SHARE * counts.get((singular, False), 0) + 0.1
        readings[plural][single] = readings[plural].get(single, 0) + count
    found = {}
    for plural, singles in readings.items():
        best = max(singles, key=lambda single: singles[single])
        against = sum(singles.values()) - singles[best]
        against += sum(lemmas[plural].values())
        own = sum(count for word, count in lemmas[best].items() if word in meant[plural, best])
        if (
            plural not in APART | {best}
            and singles[best] > PLURAL_MARGIN * against
            and own >= SINGULAR_MARGIN * (sum(lemmas[best].values()) - own)
        ):
            found[plural] = best
    return found
