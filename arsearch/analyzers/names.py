"""Compound names, which are written as one word or as two, and the cases of أبو and ابن.

`split_compound` splits عبدالله, أبوظبي, نصرالله, نورالدين, ذوالفقار and إنشاءالله where a space may be written; proclitics
stay with the first part. The news has 5,005 عبد الله in two words and 19,428 in one. `NAME_AS` joins أبو with its cases
أبي and أبا, and ابن with بن, its spelling within a name.

Source: `data/names.txt`, written for this library from the names of 31,030 news articles and of classical books.
Limits: a name after أبو that is not in the list stays whole (أبوشخيدم), because أبوه, أبولو and أبواب are no names. بن also
means coffee beans.
"""

from __future__ import annotations

import re
from functools import cache

from arsearch.analyzers.foldings import fold_letters
from arsearch.analyzers.shipped import shipped

__all__ = ["FILE", "MOST_PARTS", "NAME_AS", "follows_abu", "names_beside", "split_compound"]

FILE = "names.txt"

MOST_PARTS = 500
"""The parts of a compound that are told apart; a name has a few."""

_ARTICLE_AND_NAME = r"ال\w"
# Beginnings that make a compound without a list; the match is the first part.
_CERTAIN = re.compile(
    "|".join(
        (
            # Any عبد ال...; not the surnames عبدالي, عبدالية.
            rf"[وفبلك]?[وفبلك]?(?:ال)?عبد(?={_ARTICLE_AND_NAME}\w)(?!ال[يى](?:[نةه]|ون|ين)?$)",
            rf"[وف]?[بل]?[أا]ب(?:و|ا(?=ا))(?={_ARTICLE_AND_NAME}{{3}}|عبدال)",
            rf"[وف]?[بل]?ذ[ويى](?={_ARTICLE_AND_NAME}{{3}})",
        )
    )
).match
_ABU = re.compile("[وف]?[بل]?[أا]ب[وا]").match
_PROCLITICS = re.compile("[وفبلك]{,2}").match
_AND_WILLED = re.compile("(.*(?:[أإا]ن|ما))(شاء)", re.DOTALL).fullmatch


def split_compound(surface: str) -> tuple[str, ...]:
    """Return the parts of a compound name as surface forms, which joined give `surface`; `()` for another word.

    The text after `MOST_PARTS` parts is one more part.
    """
    parts: list[str] = []
    # Reject nearly every word at a tenth of the cost. `batch` has the same conditions.
    while len(parts) < MOST_PARTS and (
        surface.find("ال", 2) >= 0 or "بو" in surface or "أبا" in surface or "ابا" in surface
    ):
        cut = _first_part(surface)
        if not cut:
            break
        head, surface = surface[:cut], surface[cut:]
        willed = _AND_WILLED(head)
        parts += willed.groups() if willed else (head,)
    return (*parts, surface) if parts else ()


def follows_abu(surface: str) -> bool:
    """Return whether a surface form is in the list of names after أبو: بكر, علي."""
    return fold_letters(surface) in names_beside("أبو")


def _first_part(surface: str) -> int:
    """Return the length of the first part of a compound; 0 for another word."""
    if certain := _CERTAIN(surface):
        return certain.end()
    abu = _ABU(surface)
    if abu and fold_letters(surface[abu.end() :]) in names_beside("أبو"):
        return abu.end()
    for ending, name in (("الله", "الله"), ("اللة", "الله"), ("الدين", "الدين")):
        cut = len(surface) - len(ending)
        if surface.endswith(ending) and _listed_with_clitics(surface[:cut], name):
            return cut
    return 0


def _listed_with_clitics(head: str, name: str) -> bool:
    """Return whether a word stands before `name`, after up to two proclitics and, before الله, after the article."""
    proclitics = _PROCLITICS(head)
    rests = [head[cut:] for cut in range(proclitics.end() + 1 if proclitics else 1)]
    if name == "الله":
        rests += [rest[2:] for rest in rests if rest.startswith("ال")]
    return not names_beside(name).isdisjoint(map(fold_letters, rests))


@cache
def names_beside(word: str) -> frozenset[str]:
    """Return the names that stand after أبو or ابن, or before الله or الدين, folded by `fold_letters`."""
    names: list[str] = []
    for line in shipped(FILE).split("\n"):
        key, _, listed = line.partition("\t")
        if key == word:
            names += listed.split(" ")
    return frozenset(map(fold_letters, names))


def _with_proclitics(proclitics: str, word: str) -> list[str]:
    return [stack.replace("-", "") + word for stack in proclitics.split()]


NAME_AS: dict[str, str] = {
    **dict.fromkeys(_with_proclitics("- و", "بن"), "ابن"),
    **dict.fromkeys(_with_proclitics("- و ف ل ب ك ول وب فل", "ابن"), "ابن"),
    **dict.fromkeys(_with_proclitics("- و ف ل ب ول وب فل", "ابو"), "ابو"),
    **dict.fromkeys(_with_proclitics("- و ف ل ول وب فل", "ابي"), "ابو"),
    **dict.fromkeys(_with_proclitics("- و ف", "ابا"), "ابو"),
}
"""Normalised forms of a name, each with the form whose word and stem it shares: أبو for أبي and أبا, ابن for بن.

بابا (the pope) and بابي are left out: they are not ب with أبا and أبي.
"""
