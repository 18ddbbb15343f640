"""The steps of an analysis with their reasons, for explanations of a search.

The affixes are read from the results and the reasons from the lexicon, so no rule of the stemmer is written twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arsearch.analyzers.foreign_spellings import foreign_spellings
from arsearch.analyzers.joined_words import split_joined
from arsearch.analyzers.names import split_compound
from arsearch.analyzers.numbers import digit_groups
from arsearch.analyzers.stemming.lexicon import FUNCTION, irregular_words, lexicon
from arsearch.analyzers.stemming.readings import SUBJECT_RARITY
from arsearch.model.explanations import Step

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer

__all__ = ["difference", "explained_steps"]


def explained_steps(analyzer: ArabicAnalyzer, word: str) -> tuple[Step, ...]:
    """Return the steps of a written word, beginning with the word; a word of several terms has the steps of each.

    The names are those of `ArabicAnalyzer.steps`, without `stop`. Only words of several terms have `surface`.
    """
    steps = [Step("written", word)]
    results: dict[str, str] = {}
    analysis = analyzer.steps(word)
    omitted = ("stop",) if any(name == "parts" for name, _ in analysis) else ("stop", "surface")
    for name, result in analysis:
        if name in omitted:
            continue
        why = ""
        if name == "uthmani":
            why = "spelling of the printed Quran"
        elif name == "parts":
            why = _why_parts(analyzer, word)
        elif name == "word":
            why = _why_word(analyzer, results["normalised"], result)
        elif name == "stem":
            why = _why_stem(analyzer, results["word"], result)
        results[name] = result
        steps.append(Step(name, result, why))
    return tuple(steps)


def _why_parts(analyzer: ArabicAnalyzer, word: str) -> str:
    """Return the reason why a written word has several terms; `""` for hashtags and the like."""
    groups = digit_groups(word)
    if groups:
        several = len(groups) > 1
        return "a number and each of its groups" if several else "a telephone number with its prefix and without"
    surface = analyzer.normalizer.surface(word)
    if " " in surface and " " not in word:
        return "written as one word in the printed Quran"
    if not split_joined(surface):
        return ""
    return "a compound name" if split_compound(surface) else "two words written together"


def _why_word(analyzer: ArabicAnalyzer, normalised: str, word: str) -> str:
    """Return the reason why a normalised form has its word."""
    base = analyzer.bases.get(normalised)
    if base and base != normalised:
        return f"counts as {base}"
    if word == normalised:
        return _standing(analyzer, word)
    return f"{difference(normalised, word)}: {_standing(analyzer, word)}"


def _why_stem(analyzer: ArabicAnalyzer, word: str, stem: str) -> str:
    """Return the reason why a word has its stem, and whether its other spellings are searched."""
    why = _why_only_stem(analyzer, word, stem)
    foreign = word not in analyzer.dictionary and foreign_spellings(stem)
    return f"{why}; other spellings of a foreign name are searched too" if foreign else why


def _why_only_stem(analyzer: ArabicAnalyzer, word: str, stem: str) -> str:
    """Return the reason why a word has its stem."""
    if word in analyzer.dictionary:
        return "the stem that the dictionary gives" if word in analyzer.dictionary.stems else "whole in the dictionary"
    if stem == word:
        return "nothing to take off"
    if analyzer.stemmer.name == "arabic":
        if (word, stem) in set(irregular_words()):
            return f"the list of irregular words gives {word} the stem {stem}"
        if lexicon().imperfect.get(word[1:], ("",))[0] == stem and word[0] in SUBJECT_RARITY:
            return f"an imperfect form of the verb {stem}"
    return f"{difference(word, stem)}: {_standing(analyzer, stem)}"


def _standing(analyzer: ArabicAnalyzer, form: str) -> str:
    """Return the standing of a form in the dictionary and the lexicon, or the name of the stemmer that uses none."""
    if form in analyzer.dictionary:
        return f"{form} is {'a name' if form in analyzer.dictionary.names else 'a word'} of the dictionary"
    if analyzer.stemmer.name != "arabic":
        return f"by the rules of the stemmer {analyzer.stemmer.name!r}"
    entry = lexicon().entries.get(form)
    if entry is None:
        return f"{form} is not in the lexicon as it stands"
    return f"{form} is a function word" if entry[1] == FUNCTION else f"{form} is in the lexicon"


def difference(longer: str, shorter: str) -> str:
    """Return the change from one form to a shorter one: the letters off the front, and the new end."""
    front = max(range(len(longer)), key=lambda at: (2 * _common_prefix(longer[at:], shorter) - at, -at))
    size = _common_prefix(longer[front:], shorter)
    end, new = longer[front + size :], shorter[size:]
    changes = [f"{longer[:front]} off the front"] if front else []
    if end or new:
        changes.append(f"{end} off the end" if not new else f"{end} made {new}" if end else f"{new} put back")
    return ", ".join(changes)


def _common_prefix(one: str, other: str) -> int:
    """Return the length of the common prefix of two forms."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
