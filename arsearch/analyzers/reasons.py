"""Why a word became what it is looked up by: the analyzer's steps with a reason beside those that ask for one.

What came off is read from the results, and the reason from the lexicon, so that no rule is written down twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arsearch.analyzers.stemming.lexicon import FUNCTION, lexicon
from arsearch.model.explanations import Step

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer

__all__ = ["explained_steps"]


def explained_steps(analyzer: ArabicAnalyzer, word: str) -> tuple[Step, ...]:
    """The steps of a written word, first itself; for a word of several terms those of each, one after another.

    Names are those of `ArabicAnalyzer.steps`, without `stop`, and `surface` only for the terms of a word of several.
    """
    steps = [Step("written", word)]
    normalised = found = ""
    found_steps = analyzer.steps(word)
    left_out = ("stop",) if any(name == "parts" for name, _ in found_steps) else ("stop", "surface")
    for name, result in found_steps:
        if name in left_out:
            continue
        why = ""
        if name == "normalised":
            normalised = result
        elif name == "word":
            found, why = result, _why_word(analyzer, normalised, result)
        elif name == "stem":
            why = _why_stem(analyzer, found, result)
        steps.append(Step(name, result, why))
    return tuple(steps)


def _why_word(analyzer: ArabicAnalyzer, normalised: str, word: str) -> str:
    base = analyzer.bases.get(normalised)
    if base and base != normalised:
        return f"counts as {base}"
    if word == normalised:
        return _standing(analyzer, word)
    return f"{_difference(normalised, word)}: {_standing(analyzer, word)}"


def _why_stem(analyzer: ArabicAnalyzer, word: str, stem: str) -> str:
    return "nothing to take off" if stem == word else f"{_difference(word, stem)}: {_standing(analyzer, stem)}"


def _standing(analyzer: ArabicAnalyzer, form: str) -> str:
    """What the stemmer knows of a form."""
    if analyzer.stemmer.name != "arabic":
        return f"by the rules of the stemmer {analyzer.stemmer.name!r}"
    entry = lexicon().entries.get(form)
    if entry is None:
        return f"{form} is not in the lexicon as it stands"
    return f"{form} is a function word" if entry[1] == FUNCTION else f"{form} is in the lexicon"


def _difference(longer: str, shorter: str) -> str:
    """What came off the front, and what the end became."""
    front = max(range(len(longer)), key=lambda at: (2 * _shared(longer[at:], shorter) - at, -at))
    shared = _shared(longer[front:], shorter)
    end, new = longer[front + shared :], shorter[shared:]
    said = [f"{longer[:front]} off the front"] if front else []
    if end or new:
        said.append(f"{end} off the end" if not new else f"{end} made {new}" if end else f"{new} put back")
    return ", ".join(said)


def _shared(one: str, other: str) -> int:
    """How many letters two forms begin with alike."""
    size = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        size += 1
    return size
