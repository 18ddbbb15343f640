"""Broken plurals with their singulars, where the two are not ambiguous.

Arramooz lists vocalised plurals with their singulars. Its newswire counts are of vocalised lemmas, with a plural under
its singular. Without vowels, رجال of رجل and of راجل look alike, and so do the singulars عالِم and عالَم. A plural
therefore gets the stem of its singular only if those counts show two things: nearly all occurrences of the plural's
letters are that plural, and most occurrences of the singular's letters are that singular.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

__all__ = ["lemma_counts", "singulars", "vowels"]

WORD = re.compile("[ء-غف-ْ]{3,}")
APART = frozenset(
    "ابداء ابناء احرام احماء اربعه اسس اسماء اشراق اشفاء اشهب اشهر اعرقه امصار انجاب انحاء انعام انفس ايسار "
    "بذار ترب حجاج حسان خطاء خواص درج دعاه رده رشاش رضع زجاج سقاط سمراء شبان شباب صحاب صرطان طلبه عباد عبيد "
    "عرق عصم عليه عمد غاي غروب غزاه قتله قعود قوم قوي كتبه كفاه كفف كفور كمله كواء لذ مجاهر مدد مزاول ملامس "
    "جمل مواصل نسب نسج نشء نفوس نقط وثاق ولدان هشم يسر يفعه".split()
)
"""Plurals that are more often another word (أشهر, قوي), or whose singular has too many other senses (خاصة, ابن)."""

PLURAL_SHARE = 0.4  # the approximate share of broken plurals among the occurrences of a noun
VERB_SHARE = 0.2  # the share of the cited form among the occurrences of a verb
PLURAL_MARGIN = 5  # how many times commoner the plural must be than all other readings of its letters
SINGULAR_MARGIN = 3  # the same for its singular


def rows_of(database: Path, query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query of a SQLite file."""
    with closing(sqlite3.connect(database)) as connection:
        yield from connection.execute(query)


def vowels(word: str) -> str:
    """Return the common spelling of a vocalised word in both tables: without sukun, case endings and implied fathas."""
    word = re.sub("[\u064b-\u0650]+$", "", word.replace("\u0652", ""))
    return re.sub("^([اإأ])[\u064e-\u0650]", r"\1", re.sub("\u064e(?=[اىة])", "", word))


def lemma_counts(folder: Path) -> dict[tuple[str, bool], float]:
    """Return the newswire counts of Arramooz by vocalised lemma, and whether it is a verb."""
    counts: dict[tuple[str, bool], float] = defaultdict(float)
    query = "select vocalized, word_type, freq from wordfreq order by id"
    for word, kind, count in rows_of(folder / "wordfreq.sqlite", query):
        counts[vowels(word), kind == "verb"] += count
    return counts


def pairs(folder: Path) -> set[tuple[str, str]]:
    """Return each vocalised `(plural, singular)` that Arramooz lists both under the plural and under the singular.

    The pairs under a plural alone are possible plurals of participles: شراع of شارع.
    """
    under_plural, under_singular = set(), set()
    query = "select vocalized, number, single, broken_plural from nouns order by id"
    for word, number, single, plurals in rows_of(folder / "arabicdictionary.sqlite", query):
        if single and number == "جمع تكسير":
            under_plural.add((vowels(word), vowels(single)))
        for plural in re.split("[،,;/ ]+", plurals or ""):
            under_singular.add((vowels(plural), vowels(word)))
    return {pair for pair in under_plural & under_singular if all(WORD.fullmatch(word) for word in pair)}


def singulars(folder: Path, fold: Callable[[str], str]) -> dict[str, str]:
    """Return the unambiguous pairs: the normalised form of each plural, with that of its singular."""
    counts = lemma_counts(folder)
    listed = {pair: (fold(pair[0]), fold(pair[1])) for pair in sorted(pairs(folder))}
    plurals = {plural for plural, _ in listed}
    lemmas: dict[str, dict[str, float]] = defaultdict(dict)  # the lemmas of each form, with their counts
    for (word, verb), count in counts.items():
        lemmas[fold(word)]["v" + word if verb else word] = count * (VERB_SHARE if verb else 1)
    query = "select vocalized from nouns where number != 'جمع تكسير' order by id"
    for (word,) in rows_of(folder / "arabicdictionary.sqlite", query):
        if (lemma := vowels(word)) not in plurals:
            lemmas[fold(word)].setdefault(lemma, 1)
    vocalised: dict[tuple[str, str], set[str]] = defaultdict(set)
    readings: dict[str, dict[str, float]] = defaultdict(dict)
    for (_, singular), (plural, single) in listed.items():
        vocalised[plural, single].add(singular)
        count = PLURAL_SHARE * counts.get((singular, False), 0) + 0.1
        readings[plural][single] = readings[plural].get(single, 0) + count
    unambiguous = {}
    for plural, singles in readings.items():
        best = max(singles, key=lambda single: singles[single])
        others = sum(singles.values()) - singles[best]
        others += sum(lemmas[plural].values())
        own = sum(count for word, count in lemmas[best].items() if word in vocalised[plural, best])
        if (
            plural not in APART | {best}
            and singles[best] > PLURAL_MARGIN * others
            and own >= SINGULAR_MARGIN * (sum(lemmas[best].values()) - own)
        ):
            unambiguous[plural] = best
    return unambiguous
