"""Whether a word is a word of Arabic, by the lexicon and the table of roots."""

from __future__ import annotations

from arsearch.analyzers.roots import roots_of
from arsearch.analyzers.stemming.lexicon import lexicon
from arsearch.analyzers.tokens import Term

__all__ = ["is_known"]


def is_known(term: Term) -> bool:
    """Return whether the lexicon has the word or the stem of a term, or the stem has a root."""
    entries = lexicon().entries
    return term.word in entries or term.stem in entries or bool(roots_of(term.stem))
