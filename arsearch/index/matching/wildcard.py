"""The terms of a dictionary that fit a pattern of letters, `*` (any letters or none) and `?` (one letter).

All terms are tried at once. What stands between two stars is found at its leftmost place and for good, which decides
such patterns: going back to try further places would take the length of a term to the power of the number of stars.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.term_dictionary import TermDictionary

__all__ = ["matching_terms"]

_ANY = ord("?")


def matching_terms(terms: TermDictionary, pattern: str) -> Array:
    """The ordinals, rising, of the terms that fit."""
    pieces = pattern.split("*")
    low, high = terms.prefix_range(pieces[0].partition("?")[0])
    if len(pieces) == 2 and not pieces[1] and "?" not in pieces[0]:
        return np.arange(low, high)
    # Bytes do, unless a letter must be counted: a letter is of one byte to four.
    encoding: Literal["utf-8", "utf-32-le"] = "utf-32-le" if "?" in pattern else "utf-8"
    units, starts, ends = terms.matrix(low, high, encoding)
    wanted = (piece.encode(encoding, "surrogatepass") for piece in pieces)
    first, *rest = (np.frombuffer(piece, units.dtype) for piece in wanted)
    if not rest:
        rows = np.flatnonzero(ends - starts == len(first))
        return low + rows[_fit(units, starts[rows], first)]
    *middle, last = rest
    rows = np.flatnonzero(ends - starts >= len(first) + len(last) + sum(map(len, middle)))
    rows = rows[_fit(units, starts[rows], first)]
    rows = rows[_fit(units, ends[rows] - len(last), last)]
    at, stop = starts[rows] + len(first), ends[rows] - len(last)
    for piece in middle if len(rows) else ():
        at = _next(units, at, piece) + len(piece)
        inside = at <= stop
        rows, at, stop = rows[inside], at[inside], stop[inside]
    return low + rows


def _fit(units: Array, at: Array, piece: Array) -> Array:
    """Whether `piece` stands at each of the places `at`, which leave room for it."""
    fits = np.ones(len(at), bool)
    for offset, unit in enumerate(piece.tolist()):
        if unit != _ANY:
            fits &= units[at + offset] == unit
    return fits


def _next(units: Array, at: Array, piece: Array) -> Array:
    """The first place not before each of `at` where `piece` stands; out of reach if there is none."""
    known = np.flatnonzero(piece != _ANY)[::-1]  # from the end: there the bytes of letters differ most
    if not len(known):
        return at
    places = np.flatnonzero(units == piece[known[0]]) - known[0]
    places = places[(places >= 0) & (places + len(piece) <= len(units))]
    for offset in known[1:]:
        places = places[units[places + offset] == piece[offset]]
    places = np.append(places, len(units))
    following: Array = places[np.searchsorted(places, at)]
    return following
