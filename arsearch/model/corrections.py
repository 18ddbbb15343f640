"""What a query may have meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Correction"]


@dataclass(frozen=True, slots=True)
class Correction:
    """Proposals for a query; nothing is ever searched for instead of what was typed. False when there are none.

    `missing` lists the words that no article has, as typed and in order; `queries` the query with likelier words in
    their place, likeliest first; `relaxed` is the words that articles do have, without operators, where that is
    another query than the one typed.
    """

    query: str
    missing: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    relaxed: str | None = None

    def __bool__(self) -> bool:
        return bool(self.missing or self.queries or self.relaxed)

    def to_dict(self) -> dict[str, Any]:
        """The proposals as JSON values."""
        return {"missing": list(self.missing), "queries": list(self.queries), "relaxed": self.relaxed}
