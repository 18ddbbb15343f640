"""The normalizer: from a written word to its surface form, and from there to its normalised form.

It is an ordered list of named steps, each with a switch. The order matters: presentation forms expand to marks and
look-alike letters, the spelling of the printed Quran is read from its marks, a hamza composes with its letter only when
no mark is between them, and only composed letters can be folded. Removing every nonspacing mark from decomposed text
would fold hamza, even with that step off.

Source: `foldings` and `letters` name the source of each step. Unlike Lucene's ArabicNormalizer, this one also folds
alef wasla, hamza seats, presentation forms, look-alikes and the marks beyond U+0652, and keeps على apart from علي.
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
    ("controls", _translated(CONTROLS)),
    ("presentation_forms", foldings.expand_presentation_forms),
    ("uthmani", uthmani.modern_spelling),
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
"""The steps to the surface form, which join the encodings and typographic variants of one spelling."""

NORMALISE_STEPS: tuple[Step, ...] = (
    ("extended_letters", _translated(EXTENDED)),
    ("alef", foldings.fold_alef),
    ("teh_marbuta", foldings.fold_teh_marbuta),
    ("alef_maksura", foldings.fold_maksura),
    ("hamza_seats", foldings.fold_hamza_seats),
    ("latin_joiners", foldings.join_latin),
)
"""The steps from the surface form to the normalised form, which join the spellings of one word."""

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
    """A normalizer that joins the spellings of a word; each field switches the step of its name.

    `surface` and `normalise` take one written word. They are idempotent, never raise, and give `""` for a word of marks
    only. Normalizers are immutable, hashable and picklable, and equal if their switches are.
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
    """Keep على apart from علي, إلى from آلي, كأن from كان, فئة from فيه, and so on (`foldings.RESERVED`)."""
    uthmani: bool = True
    """Join the spelling of the printed Quran with modern spelling (ٱلصَّلَوٰة, الصلاة), in words with signs of that spelling."""

    _surface_steps: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    _fold_steps: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    _quick: Table = field(init=False, repr=False, compare=False)
    _all_folds: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        def enabled(steps: tuple[Step, ...]) -> tuple[Step, ...]:
            return tuple(step for step in steps if getattr(self, step[0]))

        quick: Table = {}
        for name, table in _TABLES.items():
            if getattr(self, name):
                quick |= table
        if self.uthmani:  # keep the signs that this step looks for
            quick = {point: letter for point, letter in quick.items() if chr(point) not in uthmani.SIGNS}
        object.__setattr__(self, "_surface_steps", enabled(SURFACE_STEPS))
        object.__setattr__(self, "_fold_steps", enabled(NORMALISE_STEPS))
        object.__setattr__(self, "_quick", quick)
        object.__setattr__(self, "_all_folds", len(self._fold_steps) == len(NORMALISE_STEPS))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the switches."""
        return type(self), tuple(self.config().values())

    def surface(self, word: str) -> str:
        """Return the surface form of a word: its spelling without vowel marks and typographic variants.

        Marks, tatweel, controls and elongation are removed. Case, the script of digits and the code points of a letter
        are unified. أ إ آ ة ى and hamza seats stay. A string of several words counts as one word.
        """
        if not _PLAIN(word):
            if word.isascii():  # no other step changes numbers and plain Latin words
                word = foldings.fold_digits(word) if self.digits else word
                return foldings.fold_case(word) if self.case else word
            # A single pass is enough if it leaves plain letters only: each step would replace single code points.
            quick = word.translate(self._quick)
            if _PLAIN(quick) and not (self.uthmani and uthmani.is_uthmani(word)):
                word = quick
            else:
                for _, step in self._surface_steps:
                    word = step(word)
        return self._settled(word)

    def _settled(self, word: str) -> str:
        """Apply the steps that look at several letters, until they change a word without marks no more."""
        changed = foldings.collapse_elongation(word) if self.elongation and _TRIPLED(word) else word
        if self.uthmani and "ء" in changed:  # ءامنوا has no other sign
            changed = uthmani.modern_spelling(changed)
        return word if changed == word else self._settled(changed)

    def removes(self, mark: str) -> bool:
        """Return whether `surface` removes a mark from every word of plain letters."""
        return self._quick.get(ord(mark), mark) is None

    @property
    def folds_all(self) -> bool:
        """Whether every step from the surface form to the normalised form is on."""
        return self._all_folds

    def normalise(self, word: str) -> str:
        """Return the normalised form, which the spellings of a word share."""
        return self.fold(self.surface(word))

    def fold(self, surface: str) -> str:
        """Return the normalised form of a surface form."""
        if self.function_words and surface in _RESERVED:
            return _RESERVED[surface]
        if surface.isascii():
            return foldings.join_latin(surface) if self.latin_joiners else surface
        if self._all_folds and _PLAIN(surface):
            word = foldings.fold_letters(surface)
            if "ئ" in word or "ؤ" in word or "ءو" in word or word.endswith("ء"):
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
        """Return the steps that change a word, in order: `(name, result)`."""
        changed: list[tuple[str, str]] = []

        def note(name: str, result: str) -> None:
            nonlocal word
            if result != word:
                changed.append((name, result))
                word = result

        for name, step in self._surface_steps:
            note(name, step(word))
        note("uthmani", self._settled(word))
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
        """Return the switches by name, in the order of the steps."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.init}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Normalizer:
        """Return the normalizer with these switches and the defaults of absent ones.

        Raises `AnalyzerError` for an unknown name or a value that is no boolean.
        """
        names = [item.name for item in fields(cls) if item.init]
        for name, value in config.items():
            if name not in names:
                raise AnalyzerError(f"no normalizer step {name!r}; the steps are {', '.join(names)}")
            if not isinstance(value, bool):
                raise AnalyzerError(f"normalizer step {name!r} is {value!r}; give true or false")
        return cls(**config)
