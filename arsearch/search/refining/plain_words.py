"""The words of a query that count for it and have no level of their own, and a tree with other words in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from arsearch.query import InField, Node, Phrase, Word
from arsearch.query.traversal import parts, rewritten

__all__ = ["Fields", "plain_words", "with_plain_words"]

Fields = tuple[str, ...]


def plain_words(
    node: Node, fields: Fields, kinds: Mapping[str, str], *, phrases: bool = False
) -> Iterator[tuple[Word, Fields]]:
    """Yield the plain words in order, each with the fields that it is searched in; with `phrases` also those of phrases.

    `fields` are searched by default. Of the words of a named field, only those of text count; `kinds` has the kinds.
    """
    if isinstance(node, Word):
        if node.level is None:
            yield node, fields
    elif isinstance(node, Phrase):
        for word in node.words if phrases else ():
            yield Word(word), fields
    elif (inside := _fields_inside(node, fields, kinds)) is not None:
        for clause in parts(node):
            part = clause.node
            if clause.occur == "must_not":
                continue
            if isinstance(part, Word):  # nearly every part
                if part.level is None:
                    yield part, inside
            else:
                yield from plain_words(part, inside, kinds, phrases=phrases)


def with_plain_words(
    node: Node, fields: Fields, kinds: Mapping[str, str], change: Callable[[Word, Fields], Word]
) -> Node:
    """Return a tree with each of its `plain_words` changed; phrases stay as they are."""
    if isinstance(node, Word):
        return change(node, fields) if node.level is None else node
    inside = _fields_inside(node, fields, kinds)
    return node if inside is None else rewritten(node, lambda part: with_plain_words(part, inside, kinds, change))


def _fields_inside(node: Node, fields: Fields, kinds: Mapping[str, str]) -> Fields | None:
    """Return the fields that the parts of a node are searched in; `None` for a field without text."""
    if not isinstance(node, InField):
        return fields
    return (node.field,) if kinds.get(node.field) == "text" else None
