"""The query language: parse what a user typed into a tree, and read dates as ranges of days.

    parse(text, fields=..., words=...) -> Parsed(root, notes, question)
    to_text(node) -> str               parse_date_range(value) -> DatePeriod(start, end, notes)

tree         the nodes, immutable, and their canonical text
traversal    the parts of a node; leaves, words and contradictions of a tree
builders     trees in canonical shape
parser       a query to a tree: plain words, notes, limits
grammar      operators, brackets, and operands side by side
operands     words, patterns, phrases and values, with the sign and the names before them
lexer        a query to lexemes, and the notes for the user
terms        the words and patterns of one chunk
numbers      numbers whose digits are typed in groups
spellings    all spellings of a quoted phrase
fields       names of fields, and ranges of numbers and keywords
values       the values of date and number fields
questions    whether a query is a question
synonyms     files of synonyms
expansion    synonyms added to a tree; the only module that analyses words

docs/queries.md describes the language to users. The package is not for searching: it neither opens an index nor scores articles.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arsearch.query.parser import MAX_WORDS, Parsed, parse
from arsearch.query.synonyms import SynonymGroup, Synonyms
from arsearch.query.traversal import iter_leaves, iter_words
from arsearch.query.tree import (
    And,
    Bag,
    Clause,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Wildcard,
    Word,
    to_text,
)

if TYPE_CHECKING:
    from arsearch.dates.periods import DatePeriod, parse_date_range
    from arsearch.query.fields import resolve_field

__all__ = [
    "MAX_WORDS",
    "And",
    "Bag",
    "Clause",
    "DatePeriod",
    "DateRange",
    "Everything",
    "Fuzzy",
    "InField",
    "Node",
    "Not",
    "Or",
    "Parsed",
    "Phrase",
    "Prefix",
    "Range",
    "SynonymGroup",
    "Synonyms",
    "Wildcard",
    "Word",
    "iter_leaves",
    "iter_words",
    "parse",
    "parse_date_range",
    "resolve_field",
    "to_text",
]

_LAZY = {
    "DatePeriod": "arsearch.dates.periods",
    "parse_date_range": "arsearch.dates.periods",
    "resolve_field": "arsearch.query.fields",
}
"""Names that plain queries do not need, and their modules."""


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
