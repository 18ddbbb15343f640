"""A tuple that tells whether time ran out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

__all__ = ["Answers"]

_Answer = TypeVar("_Answer")


class Answers(tuple[_Answer, ...]):
    """Passages, suggestions or spans; they equal a tuple.

    If `partial`, time ran out: some may be missing, but none is wrong.
    """

    partial: bool

    def __new__(cls, answers: Iterable[_Answer] = (), *, partial: bool = False) -> Answers[_Answer]:
        made = super().__new__(cls, answers)
        made.partial = partial
        return made
