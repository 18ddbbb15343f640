"""The compiled form of searches. Arrays are one-dimensional and rise where they hold documents; they are kept, not copied."""

from typing import Any, final, overload

from numpy.typing import NDArray

_Array = NDArray[Any]
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
    """Finds the words of an encoded text that may match; `snippets.prefilter` has the encoding, and the same in Python.

    A word passes if it is one of `words` after each letter was replaced by its coarse one, has a needle inside, begins with
    the prefix, or has a letter three times in a row. `words` are separated by line feeds. A filter takes the needles, with
    the prefix as the last, and a table of coarse letters; or a base, whose words, needles and table count too.
    """

    @overload
    def __new__(cls, words: bytes, needles: tuple[bytes, ...], coarse: bytes, /) -> Filter: ...
    @overload
    def __new__(cls, words: bytes, base: Filter, /) -> Filter: ...
    def find(self, text: bytes, /) -> list[int]:
        """Return the offset of each word that passes, in order; bytes up to 32 separate words."""

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
