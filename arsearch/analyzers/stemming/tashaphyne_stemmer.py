"""Tashaphyne's own light stem, behind our protocol.

Source: Tashaphyne 0.3.6, `ArabicLightStemmer.light_stem` with its default tables. It is given words with alef and ya
folded, marks off and ة kept, because its tables forbid what a folded ة would look like; its stems are folded after.
Limits: it cuts a third of the words otherwise than their definite form, and takes about 30 microseconds a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from arsearch.analyzers.stemming.stem import Stem

__all__ = ["TashaphyneStemmer"]

_BEFORE = str.maketrans("أإآى", "اااي")
_AFTER = str.maketrans("أإآىةؤئ", "اااي" + "هوي")
_LONGEST = 100  # its search over cuts grows with the square of the length


@dataclass(frozen=True, slots=True)
class TashaphyneStemmer:
    """Tashaphyne's `light_stem`; not a function of the normalised form, so `word` is that form and levels may cross.

    The library keeps the word it works on as state: one stemmer a process is shared, threads must not be.
    """

    name: ClassVar[str] = "tashaphyne"
    nested: ClassVar[bool] = False

    @property
    def digest(self) -> str:
        """The library's version."""
        from importlib.metadata import PackageNotFoundError, version  # takes longer to import than a word to stem

        try:
            return f"tashaphyne-{version('tashaphyne')}-1"
        except PackageNotFoundError:
            return "tashaphyne-unknown-1"

    def stem(self, surface: str, normalised: str) -> Stem:
        """The normalised form and the folded light stem; the form itself where Tashaphyne leaves nothing."""
        if not normalised or len(surface) > _LONGEST:
            return Stem(normalised, normalised)
        found: str = _library().light_stem(surface.translate(_BEFORE))
        return Stem(normalised, found.translate(_AFTER) or normalised)

    def config(self) -> dict[str, Any]:
        """No options."""
        return {}


@cache
def _library() -> Any:
    """Tashaphyne's stemmer; imported at first use, it takes a tenth of a second."""
    from tashaphyne.stemming import ArabicLightStemmer

    return ArabicLightStemmer()
