"""Parse a query that a user typed into a tree (`arsearch.query.tree`) and notes.

`arsearch.query.grammar` describes the language. The parser is lenient unless `strict`: it reads mistakes as words or
ignores them, and adds a note. `-x` excludes only if the query has no other dash, and a query of exclusions alone
searches their words: in news text most dashes (-وفق المصدر-) are punctuation. Depth, words and notes are bounded, and
time is linear in the length of the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arsearch.query.lexer import KEPT_WORDS, MAX_WORDS, Notes, lex, shown
from arsearch.query.numbers import cut_numbers, with_numbers
from arsearch.query.questions import is_question
from arsearch.query.traversal import contradictions, is_negative, iter_operands, iter_words
from arsearch.query.tree import Bag, Clause, Node, Word

if TYPE_CHECKING:
    from arsearch.query.terms import Words

__all__ = ["MAX_LENGTH", "MAX_WORDS", "Parsed", "parse"]

MAX_LENGTH = 100_000
"""The characters read of one query."""

_SPECIAL = re.compile(
    r"""["“”„‟＂″«»()|*?~=:+‐‑‒–—―−﹘﹣－⸺⸻\ud800-\udfff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"""
    r"|(?:^|\s)-|AND|OR|NOT"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of a query (`None` for an empty one), the notes for the user, and whether the query is a question.

    A `plain` query has words alone: no phrases, fields or operators.
    """

    root: Node | None
    notes: tuple[str, ...] = ()
    question: bool = False
    plain: bool = False


def parse(text: str, *, fields: Mapping[str, str], words: Words | None = None, strict: bool = False) -> Parsed:
    """Parse a query.

    `fields` maps the names of the index's fields to their kinds (text, keyword, int, float, date). `words` cuts a text
    into written words, as the analyzer does. Raises nothing, except with `strict`: QuerySyntaxError at the first mistake.
    """
    if words is None:
        from arsearch.query.terms import split_words  # searches have an analyzer

        words = split_words
    words = cut_numbers(words)
    notes = Notes(strict)
    if len(text) > MAX_LENGTH:
        notes.syntax(f"kept the first {MAX_LENGTH:,} characters of the query", MAX_LENGTH)
        text = text[:MAX_LENGTH]
    if not _SPECIAL.search(text):
        return _parse_plain(text, words, notes)
    from arsearch.query.builders import bag
    from arsearch.query.grammar import Grammar  # most queries are plain words

    root = Grammar(lex(text, notes), fields, words, notes).query()
    if root is not None and is_negative(root):
        notes.add("the query has only exclusions, so they were searched as words")
        root = bag(Clause(operand) for operand in iter_operands(root))
    for node in contradictions(root):
        notes.add(f"{shown(str(node))} is both searched for and excluded")
    return Parsed(root, tuple(notes.messages), is_question(text, list(iter_words(root))))


def _parse_plain(text: str, words: Words, notes: Notes) -> Parsed:
    """Parse text without special characters, which is the common case, fast."""
    texts = words(text)
    if len(texts) > MAX_WORDS:
        texts = texts[:MAX_WORDS]
        notes.add(KEPT_WORDS)
    messages = tuple(notes.messages)
    if not texts:
        return Parsed(None, messages, plain=True)
    clauses = with_numbers([Clause(Word(text)) for text in texts])
    root = clauses[0].node if len(clauses) == 1 else Bag(tuple(clauses))
    return Parsed(root, messages, is_question(text, texts), plain=True)
