"""The best document for each value of a keyword field, from a walk over all matching documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from arsearch.errors import UnknownFieldError
from arsearch.model.schema import Field, Schema
from arsearch.opensearch.documents import ORDER_SEPARATOR
from arsearch.opensearch.paging import Found

__all__ = ["Member", "collapse_field", "groups_of", "order_field"]


class Member(NamedTuple):
    """A document of a group: its id, its score, and whether it is complete."""

    id: str
    score: float
    complete: bool


def collapse_field(name: str, schema: Schema) -> Field:
    """Return the field to collapse by. Raises UnknownFieldError if it is no keyword field."""
    field = schema.doc_values_field(name, "collapse")
    if field.kind != "keyword":
        raise UnknownFieldError(name, [one.name for one in schema if one.kind == "keyword"], "collapse")
    return field


def order_field(field: Field) -> str:
    """Return the field of the cluster with the value by which a document is collapsed."""
    return f"order.{field.name}"


def groups_of(field: Field, found: Iterable[tuple[Found, bool]]) -> list[list[Member]]:
    """Return the documents with each value, in order; a document without a value is a group of its own."""
    source = order_field(field)
    groups: dict[tuple[str, bool], list[Member]] = {}
    for document, complete in found:
        (id,) = document.fields["id"]
        value = document.fields.get(source)
        key = (id, False) if value is None else (value[0].partition(ORDER_SEPARATOR)[2], True)
        groups.setdefault(key, []).append(Member(id, document.score, complete))
    return list(groups.values())
