"""Whether a query is a question, which `mode="auto"` answers with any of its words rather than all."""

from __future__ import annotations

from collections.abc import Sequence

from arsearch.query.calendars import fold

__all__ = ["is_question"]

# Folded: أين and اين, متى and متي are one. Written by us: the interrogatives of any Arabic grammar, their common
# joined spellings (ماهو, لمن) and the commonest ones of the dialects.
_LIST = """
ما ماذا ماهو ماهي ماهم مالذي مالفرق من منذا لمن ممن بمن متي اين كيف لماذا هل كم بكم اي ايه ايهما باي لاي بماذا علام الام
فيم ايان وين ليش ليه ايش شو مين امتي ازاي فين what who whom whose when where which why how
"""
_WORDS = frozenset(_LIST.split())
_WITH_AND = frozenset(("وما", "فما", "ومن", "فمن", "وكم", "وهل", "فهل"))  # longer ones lose و ف by rule
_PREPOSITIONS = frozenset(("في", "من", "الي", "علي", "عن", "منذ", "حتي"))
_AFTER_PREPOSITION = _WORDS - frozenset(("ما", "من"))
_CLOSERS = ' \t\r\n"“”„‟＂″«»()[].!…\u200e\u200f\u061c\u202c\u2069'


def is_question(text: str, words: Sequence[str]) -> bool:
    """Whether `text`, of these words, ends in a question mark or begins with a question word; three words or more."""
    if len(words) < 3:
        return False
    if text.rstrip(_CLOSERS)[-1:] in ("؟", "?"):
        return True
    first = fold(words[0])
    return (
        first in _WORDS
        or (first[:1] in "وف" and len(first) > 3 and first[1:] in _WORDS)
        or first in _WITH_AND
        or (first in _PREPOSITIONS and fold(words[1]) in _AFTER_PREPOSITION)
    )
