"""The compiled form of searches and snippets. Arrays have one dimension and rise where they hold documents; they are kept."""

from collections.abc import Callable
from typing import Any, TypeVar, final, overload

from numpy.typing import NDArray

_Array = NDArray[Any]
_Pair = TypeVar("_Pair", bound=tuple[Any, Any])
_List = tuple[_Array, tuple[tuple[_Array, _Array], ...]]

@final
class Word:
    """The levels of a word, from strict to loose: their weights, and for each list of documents the frequencies and norms.

    `k1` is that of BM25, `live` the number of live documents and `total` of all. A level's idf counts the documents in its
    lists. If the word is `related`, documents of the last level alone are not complete. Raises ValueError and TypeError for
    arrays that do not fit together, and BufferError for arrays that are not contiguous.
    """

    def __new__(
        cls, levels: tuple[tuple[float, tuple[_List, ...]], ...], related: bool, k1: float, live: int, total: int, /
    ) -> Word: ...
    @property
    def count(self) -> int:
        """The number of complete documents."""

@final
class Term:
    """The postings of a term in a field of a segment whose first document is `base`; `norms` are those of the field."""

    def __new__(
        cls, docs: _Array, freqs: _Array, positions: _Array, norms: _Array, base: int, total: int, /
    ) -> Term: ...

@final
class Filter:
    """Finds the regions of a text with words that may match, and reads them; `snippets.prefilter` finds the same in Python.

    A word passes if it is one of `words` after each letter was replaced by its coarse one, has a needle inside, begins with
    the prefix, or has a letter three times in a row. Bytes up to 32 separate `words`. A base takes the needles, with
    the prefix as the last, and a table of coarse letters. Other filters take a base, whose words, needles and table count
    too, and the encoded byte of each character up to U+FFFF.
    """

    @overload
    def __new__(cls, words: bytes, needles: tuple[bytes, ...], coarse: bytes, /) -> Filter: ...
    @overload
    def __new__(cls, words: bytes, base: Filter, encoded: bytes, /) -> Filter: ...
    def regions(self, text: str, start: int, end: int, counting: bool, /) -> list[tuple[int, int, int]]:
        """Return the regions of `text[start:end]` to analyse, as `Prefilter.regions` does."""

    def read(
        self,
        text: str,
        start: int,
        end: int,
        counting: bool,
        position: int,
        matches: dict[int, list[Any]],
        known: dict[str, Any],
        analyse: Callable[[str, int], tuple[Any, int]],
        steps: int,
        /,
    ) -> tuple[int, int, int]:
        """Add the matches of the regions to `matches`; return the position after the last, where reading ended, and `steps`.

        `known` has the analyses of regions. `analyse` gets another region and the steps that are left, and returns both anew.
        """

def occurrences(
    matches: dict[int, list[Any]], targets: list[tuple[int, int]], type: type[_Pair], /
) -> tuple[_Pair, ...]:
    """Return what `snippets.occurrences.find_occurrences` does for targets of one word, `(number, ordinal)` each.

    `type` is a named tuple of two.
    """

def windows(
    occurrences: tuple[tuple[int, tuple[tuple[int, int, int], ...]], ...],
    weights: tuple[float, ...],
    boilerplate: tuple[Any, ...],
    length: int,
    passages: int,
    /,
) -> list[tuple[int, int]]:
    """Return what `snippets.windows.choose_windows` does.

    `weights` are those of the targets, and `boilerplate` is from `Boilerplate.compiled`. Raises ValueError, TypeError and
    IndexError for tuples of another shape.
    """

def expand(
    text: str,
    low: int,
    high: int,
    ends_sentence: bool,
    start: int,
    end: int,
    size: int,
    is_abbreviation: Callable[[str, int], bool],
    /,
) -> tuple[int, int]:
    """Return the best passage of at most `size` characters around `text[start:end]`, which is shorter; see `passages`."""

def may_have_list(text: str, start: int, end: int, /) -> bool:
    """Tell whether a link list may follow a sentence in `text[start:end]`; see `snippets.boilerplate`. False is certain."""

def search(
    words: tuple[Word, ...],
    optional: tuple[Word, ...],
    pairs: tuple[tuple[float, int, tuple[tuple[Term, Term], ...]], ...],
    mode: int,
    total: int,
    need: int,
    enough: int,
    slop: int,
    bound: float,
    k1: float,
    mask: _Array | None,
    /,
) -> tuple[list[int], list[float], int, int, int]:
    """Return the `need` best documents and their scores, the number of complete ones, and the totals of complete and of all.

    `mode` 0 needs all words, 1 any word if fewer than `enough` documents have all, 2 any word. The scores of `optional`
    words and the bonuses of `pairs`, which are `bound` at most, are added. `mask` tells which documents may be found.
    """
