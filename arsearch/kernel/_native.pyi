"""The compiled form of searches and snippets. Arrays have one dimension and rise where they hold documents; they are kept."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, final, overload

from numpy.typing import NDArray

_Array = NDArray[Any]
_Pair = TypeVar("_Pair", bound=tuple[Any, Any])
_Span = TypeVar("_Span", bound=tuple[Any, ...])
_Checked = Any
_Numbers = _Checked | tuple[_Checked, _Checked, int, int, int, int]
_List = tuple[_Array, tuple[tuple[_Array, _Array], ...]]

_Caches = tuple[
    dict[str, Any],
    dict[str, tuple[int, tuple[Any, ...]]],
    list[tuple[int, dict[Any, list[int]]]],
    Callable[[str, int], tuple[Any, int]],
    dict[str, Any],
    dict[str, Any],
    tuple[Any, ...],
    dict[int, int],
    tuple[tuple[Any, ...] | None, ...],
    tuple[Any, ...] | None,
    tuple[Any, ...],
]

API: int
"""The number of the interface that the extension was built with; see `kernel.API`."""

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
    @property
    def copied(self) -> int:
        """The bytes of the postings that are no views of a file, at most."""

@final
class Term:
    """The postings of a term in a field of a segment whose first document is `base`; `norms` are those of the field."""

    def __new__(
        cls, docs: _Array, freqs: _Array, positions: _Array, norms: _Array, base: int, total: int, /
    ) -> Term: ...

@final
class Terms:
    """A dictionary of terms: its blob, its heads, the starts of its blocks, and its length; see `codec.term_dictionary`.

    An `_Checked` is a `VerifiedArray`, whose blocks are verified by its method `part` when they are first read. Arrays that
    contradict themselves raise ValueError, here and in the classes below.
    """

    def __new__(cls, blob: _Checked, heads: _Array, starts: _Checked, length: int, /) -> Terms: ...
    def find(self, term: str, /) -> int:
        """Return the ordinal of a term, or -1."""

@final
class Postings:
    """The postings of a field and level of a segment; see `codec.postings`.

    `_Numbers` are a `VerifiedArray`, or the `arrays` of a `PackedArray`.
    """

    def __new__(
        cls,
        terms: Terms,
        posting_offsets: _Checked,
        docs: _Checked,
        freqs: _Numbers,
        position_offsets: _Checked,
        positions: _Numbers,
        /,
    ) -> Postings: ...

@final
class Commit:
    """The postings of some fields in all segments of a commit.

    A segment is its first document, a mask of its live documents (`None` if all live), its roots, and for each field the
    postings at the levels "normalised" and "stem", the ordinals of the roots of its stems, and the frequencies of roots. The
    roots are their terms, the offsets of their postings, and the documents; see `codec.root_postings`. Without them,
    words with a root level are left to Python. `norms` has those of each field, for all `total` documents.
    """

    def __new__(
        cls,
        segments: tuple[
            tuple[
                int,
                _Array | None,
                tuple[Terms, _Checked, _Checked] | None,
                tuple[tuple[Postings | None, Postings | None, _Checked | None, _Numbers | None], ...],
            ],
            ...,
        ],
        norms: tuple[_Array, ...],
        k1: float,
        live: int,
        total: int,
        /,
    ) -> Commit: ...
    def word(self, levels: tuple[tuple[float, Any], ...], related: bool, /) -> Word | None:
        """Return the word with the levels of a `ScoredClause`.

        Levels of a few terms, at the level "normalised" or "stem", and a last level of a root are looked up. `("phrase", parts)`
        stands for a phrase without slop whose parts are such terms, `("any", "", clauses)` for a union of such clauses, and
        a list for the lists of a level that was looked up before. For other levels the result is `None`, and so it is if the
        segments do not tell which root a stem has. Raises ValueError for damage, and for a phrase of too many occurrences.
        """
    def pair(self, first: str, second: str, /) -> tuple[int, tuple[tuple[Term, Term], ...]]:
        """Return the terms of two stems in each field and segment with both.

        The number before them is that of the live documents with the rarer stem, in the field that has most.
        """
    def doc_frequencies(self, field: int, stems: list[str], /) -> list[int]:
        """Return the number of documents with each stem in a field, given by its number; deleted ones count."""

@final
class Articles:
    """The ids and titles of a commit. A segment is its first document, and the blob and ends of its ids and titles."""

    def __new__(cls, segments: tuple[tuple[int, _Checked, _Checked, _Checked, _Checked], ...], /) -> Articles: ...
    def listed(self, docs: Sequence[int], /) -> list[tuple[int, int, str, str]]:
        """Return the segment of each document, its number there, its id and its title.

        Raises UnicodeDecodeError for strings that are not UTF-8.
        """

@final
class Filter:
    """Finds the regions of a text with words that may match, and reads them; `snippets.prefilter` finds the same in Python.

    A word passes if it is one of `words` after each letter was replaced by its coarse one, has a needle inside, begins with
    the prefix, or has a letter three times in a row. Bytes up to 32 separate `words`. A base takes the needles, with
    the prefix as the last, and a table of coarse letters. Other filters take a base, whose words, needles and table count
    too, and the encoded byte of each character up to U+FFFF. If they get `forms`, the forms of `words` before they were
    encoded, a line each, they also leave out regions that lack letters of all of these, unless words are counted.
    """

    @overload
    def __new__(cls, words: bytes, needles: tuple[bytes, ...], coarse: bytes, /) -> Filter: ...
    @overload
    def __new__(cls, words: bytes, base: Filter, encoded: bytes, forms: str = ..., /) -> Filter: ...
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
        caches: _Caches,
        steps: int,
        /,
    ) -> tuple[int, int, int]:
        """Add the matches of the regions to `matches`; return the position after the last, where reading ended, and `steps`.

        `caches` are eleven. `known` has the analyses of regions, and `readings` the width and terms of regions that match
        nothing unless `tables` has a term: each maps the values of an attribute of terms to ordinals of `matchers`. `analyse`
        gets another region and the steps that are left, and returns both anew. A region of one plain word needs no call if its
        form is in `forms`, or if `plain` tells how to make it (`prefilter.PlainWords`). `words` has the matches of a written
        word, `counts` the targets of a matcher, `keys` what `targets.level_keys` returns for it, and `levels` the level of each
        number.
        """

    def matches(
        self,
        text: str,
        targets: list[tuple[int, int]],
        caches: _Caches,
        levels: tuple[Any, ...],
        span: type[tuple[Any, ...]],
        steps: int,
        /,
    ) -> Matches:
        """Return the matches of targets of one word, `(number, ordinal)` each, in a text.

        `caches` are those of `read`. `levels` has the level of each number, and
        `span` is the named tuple of spans.
        """

@final
class Matches:
    """The matches of single words in a text; see `snippets.occurrences.TextMatches`."""

    @property
    def read(self) -> int: ...
    @property
    def level(self) -> Any: ...
    def spans(self, field: str, /) -> list[Any]: ...
    def spans_in(self, passages: tuple[tuple[int, int], ...], field: str, /) -> list[Any]: ...

def occurrences(
    matches: dict[int, list[Any]], targets: list[tuple[int, int]], type: type[_Pair], /
) -> tuple[_Pair, ...]:
    """Return what `snippets.occurrences.find_occurrences` does for targets of one word, `(number, ordinal)` each.

    `type` is a named tuple of two.
    """

def encoded_words(words: str, table: bytes, coarse: bytes, /) -> tuple[bytes, bool]:
    """Return words, a line each, in coarse letters and without marks, and whether they have bytes below 0x80 but line feeds.

    `table` has the encoded byte of each character up to U+FFFF. Raises ValueError for tables of another length.
    """

def terms_by_stem(stems: Terms, terms: Terms, starts: _Array, order: _Array, given: list[str], /) -> list[list[str]]:
    """Return the terms that have each of some stems.

    The ordinals of those of stem `i` are `order[starts[i]:starts[i + 1]]`, numbers of 32 bits. Raises ValueError for numbers
    that contradict themselves.
    """

def words_with(
    texts: tuple[bytes | memoryview, ...], gap: int, parts: tuple[bytes, ...], classes: bytes, /
) -> tuple[list[str], bytes, bytes, int]:
    """Return the distinct words of some UTF-8 that contain any of some parts, in the order of their first places.

    A text begins after the first line feed of a buffer, if there is one.

    With them come the number of the word at each place (32 bits), its offset in characters (64 bits), and the length of the whole
    text. `gap` characters stand between two texts that are not empty. A word ends at a byte up to 32. `classes` has the
    class of each letter of two bytes that begins with 0xD8 or 0xD9; letters of one class are equal, class 63 is left out, and
    class 0 is in no part. A part has the classes of its letters. Raises ValueError for an empty part, and for
    `classes` of another length.
    """

def spans_by_key(field: str, keys: bytes, levels: tuple[Any, ...], type: type[_Span], /) -> list[_Span]:
    """Return a span for each key of 64 bits: the start, 27 bits of the length, and 4 bits that name one of 16 levels.

    `type` is a named tuple of four: field, start, end and level. Raises TypeError for another type, or another number of levels.
    """

def untrack(values: Any, /) -> bool:
    """Take nested tuples away from the collector of cycles; return whether it reads none of them.

    It goes on to read a tuple with an object of another kind that it reads, and tuples deeper than 16.
    """

def windows(
    occurrences: tuple[tuple[int, tuple[tuple[int, int, int], ...]], ...] | Matches,
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

def passages(
    text: str,
    matches: Matches,
    weights: tuple[float, ...],
    length: int,
    passages: int,
    begins_link_list: Callable[..., Any],
    begins_button: Callable[..., Any],
    find_separators: Callable[..., Any],
    is_abbreviation: Callable[[str, int], bool],
    /,
) -> tuple[tuple[int, int]] | list[tuple[int, int]] | None:
    """Return the passage around the only window of a text without trailing boilerplate and link lists, in a tuple.

    Several windows come in a list, as `windows` returns them. For texts with boilerplate, and without matches, the result is
    `None` or an empty list.
    """

def render(
    source: str,
    passages: tuple[tuple[int, int], ...],
    spans: tuple[tuple[Any, ...], ...],
    escaped: bool,
    before: str,
    after: str,
    /,
) -> str | None:
    """Return what `Snippet.render` does, with the text escaped for HTML if `escaped`.

    For blank passages, those outside the text, and those with other characters than letters, digits and common signs, the result
    is `None`. `before` and `after` are ASCII.
    """

def list_places(text: str, start: int, end: int, /) -> list[tuple[int, int]]:
    """Return where a link list may follow a sentence of `text[start:end]`, and where the last sign of the sentence stands.

    Each pair has the place of the sign first. All lists that `snippets.boilerplate` knows are among them.
    """

def ends_in_prose(text: str, /) -> bool:
    """Tell whether a text has no trailing boilerplate; see `snippets.boilerplate`. True is certain."""

def gather(arrays: _Numbers, index: _Array, numbers: _Array, /) -> bool:
    """Write the numbers at some indices of a `PackedArray`; `arrays` is what its `arrays` returns.

    The indices have 64 bits, the numbers 8, 16 or 32. The result is `False` if the file contradicts itself. Raises IndexError
    for an index out of range, and CorruptIndexError for a damaged block.
    """

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
    window: int,
    /,
) -> tuple[list[int], list[float], int, int, int]:
    """Return the `need` best documents and their scores, the number of complete ones, and the totals of complete and of all.

    `mode` 0 needs all words, 1 any word if fewer than `enough` documents have all, 2 any word. The scores of `optional`
    words and the bonuses of `pairs`, which are `bound` at most, are added. `mask` tells which documents may be found. Documents
    are searched by `window` at once, which changes no hit.
    """
