"""Changes of some fields of articles: read from what `Index.update` takes, and applied to the stored articles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from arsearch.errors import QueryError, shown
from arsearch.model.articles import Article, Record, id_of_number, read_date
from arsearch.model.parts import cut_from_body
from arsearch.model.places import PARTS
from arsearch.model.rows import plain_value

__all__ = ["Change", "Changes", "read_changes", "updated"]

Changes = str | Mapping[str, Mapping[str, Any]] | Iterable[Mapping[str, Any] | Record]
"""An id, a mapping from ids to fields, or mappings and records with an id and the fields to change."""


class Change(NamedTuple):
    """The new fields of one article, and its place in the input; `problem` says why there are none.

    `remarks` are those of the records that the fields come from.
    """

    where: str
    id: str
    fields: Mapping[str, Any]
    problem: str | None = None
    remarks: tuple[tuple[str, str], ...] = ()


def read_changes(changes: Changes, fields: Mapping[str, Any]) -> list[Change]:
    """Return the changes of each article, in the order in which the ids first appear; a later change of an id adds to it.

    Raises QueryError for an argument of another type, for an id without fields, and for fields beside several ids.
    """
    if isinstance(changes, str):
        if not fields:
            raise QueryError(
                f"update of {shown(changes)} names no field; write index.update({shown(changes)}, category='...')"
            )
        return [Change("article 1", changes, fields)]
    if fields:
        raise QueryError(f"update takes the fields {', '.join(fields)} only with one id, not with several articles")
    if not isinstance(changes, Iterable):
        raise QueryError(
            f"update takes an id, a mapping from ids to fields, or mappings with an id; not {shown(changes)}"
        )
    return _merged(_from_mapping(changes) if isinstance(changes, Mapping) else _from_items(changes))


def _from_mapping(changes: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    for number, (id, fields) in enumerate(changes.items(), 1):
        where, read = f"article {number}", _id(id)
        if read is None:
            yield Change(where, "", {}, _no_id(id))
        elif isinstance(fields, Mapping):
            yield Change(where, read, fields)
        else:
            yield Change(where, read, {}, f"{shown(fields)} is not a mapping from fields to values")


def _from_items(items: Iterable[Mapping[str, Any] | Record]) -> Iterator[Change]:
    for number, item in enumerate(items, 1):
        record = item if isinstance(item, Record) else Record(f"article {number}", item)
        where, data, problem = record.where, record.data, record.problem
        if problem is not None or not isinstance(data, Mapping):
            yield Change(where, "", {}, problem or f"{type(data).__name__} is not a mapping of fields")
        elif data.get("id") in (None, ""):
            yield Change(where, "", {}, "no id; a change needs the id of its article under 'id'")
        elif (id := _id(data["id"])) is None:
            yield Change(where, "", {}, _no_id(data["id"]))
        else:
            fields = {name: value for name, value in data.items() if name != "id"}
            yield Change(where, id, fields, remarks=record.remarks)


def _id(value: object) -> str | None:
    return value if isinstance(value, str) else id_of_number(plain_value(value))


def _no_id(value: object) -> str:
    return f"{shown(value)} is not the id of an article; give a string or a whole number"


def _merged(changes: Iterable[Change]) -> list[Change]:
    bad: list[Change] = []
    by_id: dict[str, Change] = {}
    for change in changes:
        if change.problem is not None:
            bad.append(change)
        elif change.id in by_id:
            earlier = by_id[change.id]
            by_id[change.id] = earlier._replace(
                fields={**earlier.fields, **change.fields}, remarks=earlier.remarks + change.remarks
            )
        else:
            by_id[change.id] = change
    return [*bad, *by_id.values()]


def updated(
    changes: Iterable[Change], get: Callable[[str], Article | None], dates: Collection[str] = ("date",)
) -> Iterator[Record]:
    """Yield each changed article as a record, or the reason why there is none. `get` returns the stored article of an id.

    `None` removes a field. A value of a field of `dates` that holds no date is a problem: the stored date would be lost.
    An article that a change leaves as it is is yielded too.
    """
    for where, id, fields, problem, remarks in changes:
        problem = problem or _unread_date(fields, dates)
        article = None if problem is not None else get(id)
        if problem is not None:
            yield Record(where, None, problem)
        elif article is None:
            yield Record(where, None, f"no article has the id {shown(id)}; add it with all its fields")
        elif (
            "body" in fields
            and "parts" not in fields
            and fields["body"] != article.body
            and cut_from_body(article.extra.get(PARTS))
        ):
            yield Record(
                where,
                None,
                f"the body of {shown(id)} was cut into parts, and another body would be cut at the wrong places; "
                "add the article anew with `split`, or give its `parts` too",
            )
        elif fields.get("id", id) != id:
            yield Record(
                where,
                None,
                f"the id {shown(id)} cannot become {shown(fields['id'])}; add the article anew and delete {shown(id)}",
            )
        else:
            stored = article.to_dict()
            if "date" in fields:  # the text belongs to the date that goes
                stored.pop("date_text", None)
            yield Record(where, {**stored, **fields}, None, remarks)


def _unread_date(fields: Mapping[str, Any], dates: Collection[str]) -> str | None:
    for name in dates:
        value = plain_value(fields.get(name))
        if isinstance(value, (list, tuple)) and len(value) == 1 and name != "date":
            value = value[0]
        if value not in (None, "", [], ()) and read_date(value) is None:
            return f"{name} {shown(value)} is not a date; write it as 2015-07-21 or 2015-07-21 02:51:32"
    return None
