"""From the written word to the keys it is found by: `surface`, then `normalise`.

What: an ordered list of named steps, each with a switch. Why this order: presentation forms give marks and look-alike
letters, marks must be gone before hamza can compose with its letter, and only composed letters can be folded
(removing every nonspacing mark from decomposed text would fold hamza without being asked).
Source: foldings.py and letters.py name it for each step. We depart from Lucene's ArabicNormalizer in folding alef
wasla, hamza seats, presentation forms, look-alikes and the marks beyond U+0652, and in keeping على apart from علي.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from arsearch.analyzers import foldings, uthmani
from arsearch.analyzers.letters import (
    CONTROLS,
    DAGGER_ALEF,
    EXTENDED,
    HARAKAT,
    LOOKALIKES,
    QURANIC_MARKS,
    SHADDA,
    TANWEEN,
    TATWEEL,
    Table,
)
from arsearch.errors import AnalyzerError

__all__ = ["NORMALISE_STEPS", "SURFACE_STEPS", "Normalizer", "Step"]

Step = tuple[str, Callable[[str], str]]


def _translated(table: Table) -> Callable[[str], str]:
    return lambda word: word.translate(table)


SURFACE_STEPS: tuple[Step, ...] = (
    ("uthmani", uthmani.modern_spelling),
    ("controls", _translated(CONTROLS)),
    ("presentation_forms", foldings.expand_presentation_forms),
    ("harakat", _translated(HARAKAT)),
    ("shadda", _translated(SHADDA)),
    ("tanween", _translated(TANWEEN)),
    ("dagger_alef", _translated(DAGGER_ALEF)),
    ("quranic_marks", _translated(QURANIC_MARKS)),
    ("lookalikes", _translated(LOOKALIKES)),
    ("tatweel", foldings.remove_tatweel),
    ("composition", foldings.compose_hamza),
    ("alef_wasla", lambda word: word.replace("ٱ", "ا")),
    ("digits", foldings.fold_digits),
    ("case", foldings.fold_case),
    ("latin_accents", foldings.fold_latin_accents),
    ("elongation", foldings.collapse_elongation),
)
"""What one written word may look like and still be written the same."""

NORMALISE_STEPS: tuple[Step, ...] = (
    ("extended_letters", _translated(EXTENDED)),
    ("alef", foldings.fold_alef),
    ("teh_marbuta", foldings.fold_teh_marbuta),
    ("alef_maksura", foldings.fold_maksura),
    ("hamza_seats", foldings.fold_hamza_seats),
    ("latin_joiners", foldings.join_latin),
)
"""What one word may be spelt like."""

_TABLES: dict[str, Table] = {
    "controls": CONTROLS,
    "harakat": HARAKAT,
    "shadda": SHADDA,
    "tanween": TANWEEN,
    "dagger_alef": DAGGER_ALEF,
    "quranic_marks": QURANIC_MARKS,
    "lookalikes": LOOKALIKES,
    "tatweel": {ord(TATWEEL): None},
    "alef_wasla": {ord("ٱ"): "ا"},
}
_PLAIN = re.compile("[ء-غف-ي]*").fullmatch
_TRIPLED = re.compile(r"(.)\1\1", re.DOTALL).search
_RESERVED = foldings.RESERVED


@dataclass(frozen=True, slots=True)
class Normalizer:
    """Folds the spellings of one word together; every step can be switched off by its name.

    Both methods take one written word. Both are idempotent, never raise, and give `""` for a word of marks only.
    Immutable, hashable, picklable, equal by its switches.
    """

    controls: bool = True
    presentation_forms: bool = True
    harakat: bool = True
    shadda: bool = True
    tanween: bool = True
    dagger_alef: bool = True
    quranic_marks: bool = True
    lookalikes: bool = True
    tatweel: bool = True
    composition: bool = True
    alef_wasla: bool = True
    digits: bool = True
    case: bool = True
    latin_accents: bool = True
    elongation: bool = True
    extended_letters: bool = True
    alef: bool = True
    teh_marbuta: bool = True
    alef_maksura: bool = True
    hamza_seats: bool = True
    latin_joiners: bool = True
    function_words: bool = True
    """Keep على from علي, إلى from آلي, آن from أن, كأن from كان, آل from ال (`foldings.RESERVED`)."""
    uthmani: bool = False
    """For classical texts: the spelling of the printed Quran meets today's, ٱلصَّلَوٰة الصلاة. Off by default."""

    _surface_steps: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    _fold_steps: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    _quick: Table = field(init=False, repr=False, compare=False)
    _all_folds: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        def chosen(steps: tuple[Step, ...]) -> tuple[Step, ...]:
            return tuple(step for step in steps if getattr(self, step[0]))

        quick: Table = {}
        for name, table in _TABLES.items():
            if getattr(self, name):
                quick |= table
        if self.uthmani:  # what that step has to see
            quick = {point: put for point, put in quick.items() if chr(point) not in uthmani.SIGNS}
        object.__setattr__(self, "_surface_steps", chosen(SURFACE_STEPS))
        object.__setattr__(self, "_fold_steps", chosen(NORMALISE_STEPS))
        object.__setattr__(self, "_quick", quick)
        object.__setattr__(self, "_all_folds", len(self._fold_steps) == len(NORMALISE_STEPS))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(self.config().values())

    def surface(self, word: str) -> str:
        """The word as written, without what no reader sees or counts as spelling.

        Marks, tatweel, controls, elongation, case, the script of digits and the code point of a letter are gone;
        أ إ آ ة ى and hamza seats stay. A string of several words is folded as one.
        """
        if self.uthmani:
            word = uthmani.modern_spelling(word)
        if not _PLAIN(word):
            if word.isascii():  # numbers and Latin words: no other step changes them
                word = foldings.fold_digits(word) if self.digits else word
                return foldings.fold_case(word) if self.case else word
            # One pass is enough when only plain letters are left of it: the steps then change code points one by one.
            quick = word.translate(self._quick)
            if not _PLAIN(quick):
                for _, step in self._surface_steps:
                    word = step(word)
                return word
            word = quick
        if self.elongation and _TRIPLED(word):
            return foldings.collapse_elongation(word)
        return word

    def removes(self, mark: str) -> bool:
        """Whether a mark goes wherever it stands among plain letters."""
        return self._quick.get(ord(mark), mark) is None

    @property
    def folds_all(self) -> bool:
        """Whether the surface and every step from it to the normalised form are as by default."""
        return self._all_folds and not self.uthmani

    def normalise(self, word: str) -> str:
        """The key under which all spellings of the word meet."""
        return self.fold(self.surface(word))

    def fold(self, surface: str) -> str:
        """`normalise` of a word whose `surface` is known."""
        if self.function_words and surface in _RESERVED:
            return _RESERVED[surface]
        if surface.isascii():
            return foldings.join_latin(surface) if self.latin_joiners else surface
        if self._all_folds and _PLAIN(surface):
            word = surface.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا").replace("ة", "ه").replace("ى", "ي")
            if "ئ" in word or "ؤ" in word or word.endswith("ء"):
                word = foldings.fold_hamza_seats(word)
            if word is surface:
                return word
        else:
            word = surface
            for _, step in self._fold_steps:
                word = step(word)
        if word != surface and _TRIPLED(word):
            word = foldings.shorten_runs(word)
        return _RESERVED.get(word, word) if self.function_words else word  # ألي has become الي

    def steps(self, word: str) -> list[tuple[str, str]]:
        """The steps that change the word, in order, each with its name and its result."""
        changed: list[tuple[str, str]] = []

        def note(name: str, result: str) -> None:
            nonlocal word
            if result != word:
                changed.append((name, result))
                word = result

        for name, step in self._surface_steps:
            note(name, step(word))
        if self.function_words and word in _RESERVED:
            note("function_words", _RESERVED[word])
            return changed
        for name, step in self._fold_steps:
            note(name, step(word))
        if changed:
            note("runs", foldings.shorten_runs(word))
        if self.function_words:
            note("function_words", _RESERVED.get(word, word))
        return changed

    def config(self) -> dict[str, bool]:
        """The switches by name, in order."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.init}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Normalizer:
        """The normalizer of these switches, the others as by default; `AnalyzerError` for one it does not know."""
        known = [item.name for item in fields(cls) if item.init]
        for name, value in config.items():
            if name not in known:
                raise AnalyzerError(f"no normalizer step {name!r}; known: {', '.join(known)}")
            if not isinstance(value, bool):
                raise AnalyzerError(f"normalizer step {name!r} is {value!r}; it is either true or false")
        return cls(**config)
