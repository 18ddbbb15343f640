"""The query language: parse what a user typed into a tree, and read dates as ranges of days.

    parse(text, fields=..., words=...) -> Parsed(root, notes, question)
    to_text(node) -> str               parse_date_range(value) -> DatePeriod(start, end, notes)

tree         the nodes, immutable, and their canonical text
traversal    the parts of a node; leaves, words and contradictions of a tree
builders     trees in canonical shape
parser       a query to a tree: operators, brackets, limits
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

from arsearch.dates.periods import DatePeriod, parse_date_range
from arsearch.query.fields import resolve_field
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
