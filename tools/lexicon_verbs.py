"""The perfect and the imperfect stems of the verbs of the lexicon.

A base is the part of a verb that stays when its subject ending comes off: قض of قضت, يقض of يقضون. Ayaspell conjugates
the verbs; the rules here add the bases of weak verbs that it lacks or gives to another verb. Where verbs share a base,
the commonest one has it. Bases of a few persons count less than the citation form.

Source: the conjugation of weak verbs in any grammar, such as Wright, "A Grammar of the Arabic Language", vol. 1,
§§ 131-171.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lexicon_sources import WORD, Sources, weight

__all__ = ["Bases", "imperfect_bases", "perfect_verbs"]

FEWEST = 50  # the minimum count of a verb's lemma
FEW_PERSONS = 2  # the discount of a perfect base of some persons only: قض of قضى
JUSSIVE = 4  # the discount of an imperfect base that is short only in the jussive and before ون: يقل, يدع
COMMON = 12  # the weight of a common verb
RARE = 2  # the discount of an imperfect base of two letters of a rarer verb: تلت is of تلا
SUBJECT_ENDINGS = ("ون", "ان", "ين", "وا", "ن")

Bases = dict[str, tuple[str, int]]
"""Each base with its lemma and its weight."""


def perfect_verbs(source: Sources) -> tuple[Bases, Bases]:
    """Return the perfect verbs as a dictionary cites them, and the bases before endings that are other forms.

    A base that is also a verb is listed only if it is commoner: جرت is of جرى and not of جرّ.
    """
    count = source.verb_count
    verbs = {
        lemma: (lemma, weight(count[lemma]))
        for lemma in count
        if count[lemma] >= FEWEST and WORD.fullmatch(lemma) and len(lemma) > 1
    }
    bases: Bases = {}
    for form, lemma in _conjugated(source, "pst"):
        if form.endswith("ت") and form[:-1] != lemma:
            _offer(bases, form[:-1], lemma, weight(count[lemma]) - FEW_PERSONS)
    for lemma, (_, heavy) in verbs.items():
        spellings = source.verb_spellings[lemma]
        for base in _weak_bases(lemma, max(spellings, key=spellings.__getitem__)):
            _offer(bases, base, lemma, heavy - FEW_PERSONS)
    for base in verbs.keys() & bases.keys():
        if verbs[base][1] >= bases[base][1]:
            del bases[base]
    return verbs, bases


def _offer(bases: Bases, base: str, lemma: str, heavy: int) -> None:
    """Give a base to a lemma, unless the base belongs to one at least as common."""
    heavy = max(heavy, 0)
    if base not in bases or bases[base][1] < heavy:
        bases[base] = lemma, heavy


def _weak_bases(lemma: str, spelling: str) -> Iterator[str]:
    """Yield the bases of a verb with a weak letter, a hamza or a doubled letter; `spelling` is its vocalised form.

    Of التقى: التق before ت and وا, التقا before a pronoun. Of دعا: دع and دعو. Of نسي: نس. Of قرأ: قرو in قرؤوا. Of ظنّ:
    ظنن in ظننت. Of قال: قل in قلت.
    """
    stem = lemma[:-1]
    if spelling.endswith("\u0651"):
        yield lemma + lemma[-1]
    elif len(stem) < 2:
        return
    elif spelling.endswith("ى"):
        yield from (stem, stem + "ا")
    elif spelling.endswith("ا"):
        yield from (stem, stem + "و")
    elif spelling.endswith("ي"):
        yield stem
    elif spelling.endswith(("أ", "ئ")):
        yield stem + "و"
    elif spelling.endswith("اء"):  # شئت, جئت
        yield stem[:-1] + "ي"
    elif stem[-1] == "ا":
        yield stem[:-1] + lemma[-1]


def imperfect_bases(source: Sources, verbs: Bases) -> Bases:
    """Return the part of imperfect verbs after ي, without a subject ending."""
    readings = {(form[1:], lemma) for form, lemma in _conjugated(source, "prst") if form.startswith("ي")}
    readings -= {("جاء", "جاء"), ("جا", "جاء")}  # the passive of يجيء, which hides نجا
    readings |= set(_hollow_bases(source, verbs))
    bases: Bases = {}
    for base, lemma in sorted(readings, key=lambda reading: (-source.verb_count[reading[1]], reading)):
        shortened = any((full, lemma) in readings for full in _lengthened(base))
        heavy = weight(source.verb_count[lemma])
        rare = len(base) == 2 and heavy < COMMON
        _offer(bases, base, lemma, heavy - (JUSSIVE if shortened else RARE if rare else 0))
    for base in [base for base in bases if len(base) == 3 and base.endswith("وا")]:
        del bases[base]  # of وفى: no other subject may have it, as in نفوا
    for base in sorted(bases, key=lambda base: (-len(base), base)):
        lemma, heavy = bases[base]
        for end in SUBJECT_ENDINGS:
            other, other_heavy = bases.get(base.removesuffix(end), ("", 0)) if base.endswith(end) else ("", 0)
            rarer = end != "ن" and other_heavy - FEW_PERSONS >= heavy  # ينتجون is of أنتج, not of انتجى
            if other and (other == lemma or rarer):
                del bases[base]
                break
    return bases


def _lengthened(base: str) -> Iterator[str]:
    """Yield the bases that a jussive may shorten: قول of قل, دعو of دع; a base in و or ي is not shortened."""
    if base[-1] not in "اوي":
        yield from (base[:-1] + weak + base[-1] for weak in "ويا")
        yield from (base + weak for weak in "وي")


def _conjugated(source: Sources, tense: str) -> Iterator[tuple[str, str]]:
    """Yield `(form, lemma)` for the conjugated verbs of a tense."""
    for (form, form_tense), lemmas in sorted(source.conjugated.items()):
        if form_tense == tense and len(form) > 2:
            yield from ((form, lemma) for lemma in sorted(lemmas) if source.verb_count.get(lemma, 0) >= FEWEST)


def _hollow_bases(source: Sources, lemmas: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield `(base, lemma)` for hollow verbs. Ayaspell keeps one lemma for each form, and not قاد for يقود."""
    for lemma in sorted(lemmas):
        if len(lemma) == 3 and lemma[1] == "ا" and lemma in source.verb_count:
            for vowel in sorted(source.middles[lemma] & set("وي")):
                base = lemma[0] + vowel + lemma[2]
                if ("ي" + base, "prst") in source.conjugated:
                    yield base, lemma
