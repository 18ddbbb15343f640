"""The query language: text the user typed to a small tree, and dates to ranges of days.

    parse(text, fields=..., words=...) -> Parsed(root, notes, question)
    to_text(node) -> str               parse_date_range(value) -> DatePeriod(start, end, notes)

docs/queries.md describes the language to users; `tree` lists the nodes. Nothing here analyses words or knows an index.
"""

from arsearch.query.dates import DatePeriod, parse_date_range
from arsearch.query.fields import ALIASES, resolve_field
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

__all__ = [
    "ALIASES",
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
