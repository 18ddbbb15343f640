"""The stems of the nominals of the lexicon: plurals, feminines and nisbas with the words they derive from.

A feminine adjective has the stem of its masculine, a feminine noun its own: عامة is عام, مكتبة is not مكتب. The newswire
counts tell them apart. They count a feminine adjective under its masculine, so a word in ة with a count of its own is a
noun. It is joined only if the masculine is counted as an adjective about as often (مهم, مهمة).
"""

from __future__ import annotations

from lexicon_sources import ADJECTIVES, Sources

__all__ = ["stems_of_words"]

COMMON = 100  # the minimum count of an adjective whose feminine is listed
ADJECTIVE_SHARE = 0.9  # how often the masculine is an adjective, relative to the noun in ة
NISBA_SHARE = 2.0  # the same for a noun in ية: شخصية is a noun beside شخصي
PERSON_SHARE = 1 / 16  # the maximum count of the feminine of a participle, relative to its masculine: مواطنة, نائبة
RARE_NISBA = 1 / 32  # the count of a nisba of three letters that is rather a pronoun after its base: بيتي
NOUNS = frozenset("قايمه نافذه منزله فاتحه رافعه حاره مكرمه صبيحه سريه دوريه جديه بحريه مدفعيه بريه".split())
"""Nouns in ة that are commoner in use than in the counts, which give them to an adjective."""
NISBA_OF = {
    "منطقي": "منطق",
    "رياضي": "رياضه",
    "جراحي": "جراحه",
    "عاطفي": "عاطفه",
    "حجازي": "حجاز",
    **{name: name for name in ("رييسي", "حريري", "عبادي", "موالي")},
}
"""Nisbas whose commonest base is another word: رياضي is of رياضة and not of الرياض, and رئيسي means "main"."""


def stems_of_words(source: Sources) -> dict[str, str]:
    """Map every nominal form to its stem: a plural to its singular, a feminine to its masculine, a nisba to its base."""
    stems = {key: key for key in source.classes}
    stems.update((key, single) for key, single in source.singulars.items() if key in stems and single in stems)
    stems.update((key, male) for key in source.classes if (male := _masculine(source, key)))
    for key in sorted(source.classes):  # حكومية: a dictionary has no entry for the feminine of an adjective
        if _is_common_adjective(source, key) and stems.setdefault(key + "ه", key) == key:
            source.classes[key + "ه"].add("feminine")
    for key in sorted(source.classes):
        base = _nisba_base(source, key)
        if base and key not in source.singulars:
            stems[key] = base
    return {key: _follow(stems, key) for key in stems}


def _masculine(source: Sources, key: str) -> str | None:
    """Return the masculine of an adjective or a participle: معلم of معلمة, بريء of بريئة; None for nouns like جامعة."""
    male = key[:-2] + "ء" if key.endswith("ييه") and key[:-2] + "ء" in source.count else key[:-1]
    if not key.endswith("ه") or len(key) < 4 or male not in source.count or key in source.singulars or key in NOUNS:
        return None
    kinds, own = source.kind_count[male], source.kind_count[key]
    nouns = sum(count for kind, count in own.items() if kind not in ADJECTIVES)
    if not source.count[key]:
        return male
    if own["noun_prop"]:
        return None
    adjectives = sum(kinds[kind] for kind in ADJECTIVES)
    share = NISBA_SHARE if key.endswith("يه") else ADJECTIVE_SHARE
    participle = "participle" in source.classes[male] and nouns <= PERSON_SHARE * kinds["noun"]
    adjective = adjectives >= share * nouns and 2 * adjectives >= kinds["noun"]
    return male if adjective or participle else None


def _is_common_adjective(source: Sources, key: str) -> bool:
    """Return whether a word is a masculine adjective that is common enough to list its feminine too."""
    adjective = source.classes[key] & {"adj", "nisba", "participle"}
    return source.count.get(key, 0) >= COMMON and key[-1] != "ه" and bool(adjective)


def _nisba_base(source: Sources, key: str) -> str | None:
    """Return the base of a nisba, a name or a noun: لبناني → لبنان, سياسي → سياسه; None for other words.

    A word of four letters is its own base, unless it is rare beside its base: بيتي is rather "my house".
    """
    if len(key) < 4 or not key.endswith("ي") or not source.classes[key] & {"adj", "nisba"}:
        return None
    if key in NISBA_OF:
        return NISBA_OF[key]
    trunk = key[:-1]
    if len(key) == 4:
        rare = source.count.get(key, 0) < RARE_NISBA * source.kind_count[trunk]["noun"]
        return trunk if rare and "noun_prop" not in source.classes[key] else None
    owner = trunk[:-1] + "ه"
    if trunk.endswith("ت") and source.count[key] < RARE_NISBA * source.kind_count[owner]["noun"]:
        return owner  # حياتي is rather "my life"
    bases = [trunk + ending for ending in ("ا", "يا", "", "ه")]
    known = [base for base in bases if base in source.count and base != key]
    if "noun_prop" in source.classes.get(key + "ه", ()):  # السعودية before سعود
        known = [key + "ه"]
    return max(known, key=lambda base: source.count[base], default=None)


def _follow(stems: dict[str, str], key: str) -> str:
    """Return the end of a chain of stems."""
    seen = {key}
    while stems.get(stems[key], stems[key]) not in seen | {stems[key]}:
        key = stems[key]
        seen.add(key)
    return stems[key]
