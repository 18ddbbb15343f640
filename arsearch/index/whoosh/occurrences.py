"""The value of a posting as numbers: its occurrences, one row each, and back.

Whoosh's formats make a value with pickle and read it with unpickle. Here a value is taken apart when it is written, in
the process that made it, and put together again from the numbers when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.formats import CharacterBoosts, Characters, Existence, Format, Frequency, PositionBoosts, Positions
from whoosh.system import pack_uint, unpack_uint

__all__ = ["COLUMNS", "decoded", "is_raw", "joined", "kind_of", "split"]

Row = tuple[Any, ...]
COLUMNS = {
    "positions": ("positions",),
    "characters": ("positions", "starts", "ends"),
    "position_boosts": ("positions", "boosts"),
    "character_boosts": ("positions", "starts", "ends", "boosts"),
    "frequency": (),
}
"""What a row of each kind holds."""

_KINDS: tuple[tuple[type[Format], str], ...] = (
    (CharacterBoosts, "character_boosts"),
    (Characters, "characters"),
    (PositionBoosts, "position_boosts"),
    (Positions, "positions"),
    (Frequency, "frequency"),
    (Existence, "frequency"),
)


def kind_of(format_: Format) -> str:
    """What the rows of a format are; "raw" for one of the user's own, whose values are kept as they are."""
    return next((kind for family, kind in _KINDS if isinstance(format_, family)), "raw")


def is_raw(format_: Format) -> bool:
    """Whether values are kept as they are."""
    return kind_of(format_) == "raw"


def split(format_: Format, value: bytes) -> tuple[int, Sequence[Row]]:
    """The frequency and the rows of a value. Never call it with bytes from a file: it may unpickle them."""
    kind = kind_of(format_)
    if not COLUMNS.get(kind):
        return (unpack_uint(value[:4])[0] if isinstance(format_, Frequency) and len(value) >= 4 else 1), ()
    rows = format_.decode_as(kind, value) if value else ()
    rows = [(row,) for row in rows] if kind == "positions" else rows
    return len(rows), rows


def joined(format_: Format, frequency: int, rows: Sequence[Row]) -> bytes:
    """The value that `split` took apart."""
    kind = kind_of(format_)
    if kind == "frequency":
        return pack_uint(frequency) if isinstance(format_, Frequency) else b""
    value: Any = format_.encode([row[0] for row in rows] if kind == "positions" else rows)
    raw: bytes = value[0] if isinstance(value, tuple) else value  # CharacterBoosts gives the sum of its boosts too
    return raw


def decoded(format_: Format, frequency: int, rows: Sequence[Row], wanted: str) -> Any:
    """The value read as what `wanted` names, as `Format.decode_as`."""
    columns = COLUMNS[kind_of(format_)]
    if wanted in COLUMNS and wanted != "frequency":
        picked = COLUMNS[wanted]
        places = [columns.index(name) if name in columns else -1 for name in picked]
        # Formats without boosts say 1 for each.
        found = [tuple(row[at] if at >= 0 else 1 for at in places) for row in rows]
        return [row[0] for row in found] if wanted == "positions" else found
    return format_.decode_as(wanted, joined(format_, frequency, rows))
