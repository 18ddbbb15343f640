"""The light stemmer of the Tashaphyne library.

The library gets surface forms with alef and ya folded. They keep ة, because its tables forbid a folded ة before some
affixes. Its stems are folded afterwards.

Source: Tashaphyne 0.3.6, `ArabicLightStemmer.light_stem` with its default tables.
Limits: a third of the words have another stem than their definite form. A word takes about 30 microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from arsearch.analyzers.stemming.stem import Stem

__all__ = ["TashaphyneStemmer"]

_BEFORE = str.maketrans("أإآى", "اااي")
_AFTER = str.maketrans("أإآىةؤئ", "اااي" + "هوي")
_LONGEST = 100  # letters; the library's search grows with the square of the length


@dataclass(frozen=True, slots=True)
class TashaphyneStemmer:
    """Tashaphyne's `light_stem`, which depends on the surface form: `word` is the normalised form, levels may cross.

    The library's stemmer is shared by the process and keeps the current word as state, so only one thread may use it.
    """

    name: ClassVar[str] = "tashaphyne"
    nested: ClassVar[bool] = False

    @property
    def digest(self) -> str:
        """The version of the library."""
        from importlib.metadata import PackageNotFoundError, version  # slow to import, and rarely needed

        try:
            return f"tashaphyne-{version('tashaphyne')}-1"
        except PackageNotFoundError:
            return "tashaphyne-unknown-1"

    def stem(self, surface: str, normalised: str) -> Stem:
        """Return the normalised form and the folded light stem, or the form twice if Tashaphyne leaves nothing."""
        if not normalised or len(surface) > _LONGEST:
            return Stem(normalised, normalised)
        light_stem: str = _library().light_stem(surface.translate(_BEFORE))
        return Stem(normalised, light_stem.translate(_AFTER) or normalised)

    def config(self) -> dict[str, Any]:
        """Return no options."""
        return {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the class alone."""
        return type(self), ()


@cache
def _library() -> Any:
    """Return the library's stemmer; its import takes a tenth of a second."""
    from tashaphyne.stemming import ArabicLightStemmer

    return ArabicLightStemmer()
