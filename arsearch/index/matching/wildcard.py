"""Find the terms of a dictionary that match a pattern of letters, `*` (any letters or none) and `?` (one letter).

All terms are matched at once. The text between two stars is matched at its leftmost place. This is enough for such patterns,
and without backtracking the time does not grow exponentially with the number of stars.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.term_dictionary import OTHER_LETTER, TermDictionary, letter_set

__all__ = ["matching_terms"]

_ANY = ord("?")


def matching_terms(terms: TermDictionary, pattern: str) -> Array:
    """Return the ordinals, in ascending order, of the terms that match."""
    pieces = pattern.split("*")
    low, high = terms.prefix_range(pieces[0].partition("?")[0])
    if len(pieces) == 2 and not pieces[1] and "?" not in pieces[0]:
        return np.arange(low, high)
    # Bytes are enough unless letters are counted, for `?` is one letter and not one byte.
    encoding: Literal["utf-8", "utf-32-le"] = "utf-32-le" if "?" in pattern else "utf-8"
    if pieces[0].startswith("?") or not pieces[0]:
        return _matching_anywhere(terms, pieces, encoding)
    return low + _matching_rows(pieces, encoding, *terms.matrix(low, high, encoding))


def _matching_anywhere(terms: TermDictionary, pieces: Sequence[str], encoding: Literal["utf-8", "utf-32-le"]) -> Array:
    """Return the ordinals of the terms that match a pattern without a first letter; most lack a letter of it."""
    text = "".join(pieces)
    letters, sets = letter_set(text.replace("?", "")), terms.letter_sets()
    rows: Array = ((sets & letters) == letters).nonzero()[0]
    if letters != OTHER_LETTER and len(text) == 1 and len(pieces) == 3 and text != "?":  # *ا*
        return rows
    found: Array = rows[_matching_rows(pieces, encoding, *terms.selected(rows, encoding))]
    return found


def _matching_rows(
    pieces: Sequence[str], encoding: Literal["utf-8", "utf-32-le"], units: Array, starts: Array, ends: Array
) -> Array:
    """Return the numbers of the terms, among those at `starts` of `units`, that match the text between stars."""
    encoded = (piece.encode(encoding, "surrogatepass") for piece in pieces)
    first, *rest = (np.frombuffer(piece, units.dtype) for piece in encoded)
    if not rest:
        rows = np.flatnonzero(ends - starts == len(first))
        return rows[_matches_at(units, starts[rows], first)]
    *middle, last = rest
    rows = np.flatnonzero(ends - starts >= len(first) + len(last) + sum(map(len, middle)))
    rows = rows[_matches_at(units, starts[rows], first)]
    rows = rows[_matches_at(units, ends[rows] - len(last), last)]
    at, stop = starts[rows] + len(first), ends[rows] - len(last)
    for piece in middle if len(rows) else ():
        at = _find(units, at, piece) + len(piece)
        inside = at <= stop
        rows, at, stop = rows[inside], at[inside], stop[inside]
    return rows


def _matches_at(units: Array, at: Array, piece: Array) -> Array:
    """Return a mask: whether `piece` matches at each of the places `at`, which leave room for it."""
    matches = np.ones(len(at), bool)
    for offset, unit in enumerate(piece.tolist()):
        if unit != _ANY:
            matches &= units[at + offset] == unit
    return matches


def _find(units: Array, at: Array, piece: Array) -> Array:
    """Return the first place at or after each of `at` where `piece` matches; the end of all units if there is none."""
    offsets = np.flatnonzero(piece != _ANY)[::-1]  # from the end, where the bytes of letters differ most
    if not len(offsets):
        return at
    places = np.flatnonzero(units == piece[offsets[0]]) - offsets[0]
    places = places[(places >= 0) & (places + len(piece) <= len(units))]
    for offset in offsets[1:]:
        places = places[units[places + offset] == piece[offset]]
    places = np.append(places, len(units))
    found: Array = places[np.searchsorted(places, at)]
    return found
