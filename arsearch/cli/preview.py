"""The first articles of files as they would be stored, printed by `arsearch index --preview`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from arsearch.cli.output import print_json, print_message, print_text, safe
from arsearch.model.places import PARTS
from arsearch.model.rows import value_text

if TYPE_CHECKING:
    from arsearch.model import Record

__all__ = ["print_preview"]

_SHOWN = 3
_READ = 1000
"""The records that are read at most: guesses about a whole source come after its articles."""

_LONGEST = 200
_HEADINGS = 5


def print_preview(
    records: Iterable[Record], fields: Mapping[str, str], *, split: str | None = None, as_json: bool
) -> None:
    """Print the first three articles of `records`, and what is stored without being searchable, given declared fields.

    Guesses reach standard error while the records are read. As JSON, the articles are whole: a list of objects with `where`,
    and `article` or `problem`, and `remarks`. A work has the headings of its `parts` too, after `split` cut it.
    """
    from arsearch.errors import ArticleError
    from arsearch.model.articles import undeclared_fields
    from arsearch.model.ingest import ingested
    from arsearch.model.schema import Schema
    from arsearch.works.documents import documents_of
    from arsearch.works.splitting import read_split

    schema = Schema(fields)
    shown: list[dict[str, Any]] = []
    names: set[str] = set()
    for number, record in enumerate(records, 1):
        if record.data is not None:
            names.update(map(str, record.data))
        if len(shown) < _SHOWN:
            entry: dict[str, Any] = {"where": record.where}
            try:
                article, remarks = ingested(record, schema)
                _, *parts = documents_of(article, schema, read_split(split), remarks)
                entry["article"] = article.to_dict()
                if parts:
                    entry["parts"] = [part.title for part in parts]
                entry["remarks"] = [{"kind": kind, "text": text} for kind, text in remarks]
            except ArticleError as error:
                entry["problem"] = str(error)
            shown.append(entry)
        if number >= _READ:
            break
    if as_json:
        print_json(shown)
    else:
        print_text("\n\n".join(map(_described, shown)) or "no articles found")
    if undeclared := undeclared_fields(names, fields):
        print_message(f"stored, not searchable: {safe(', '.join(undeclared))}; declare with --field NAME=KIND")
    print_message("this was a preview: nothing was added")


def _described(entry: Mapping[str, Any]) -> str:
    """Return the lines of one article: its place, its fields, long ones cut, and the remarks on it."""
    lines = [safe(entry["where"])]
    if "problem" in entry:
        return "\n".join([*lines, f"  not added: {safe(entry['problem'])}"])
    for name, value in entry["article"].items():
        if name == PARTS and entry.get("parts"):
            continue
        text = value_text(value)
        length = len(text)
        if length > _LONGEST:
            text = f"{text[:_LONGEST].rstrip()}... ({length:,} characters)"
        lines.append(f"  {safe(name)}: {safe(' '.join(text.split()))}")
    if parts := entry.get("parts"):
        named = [heading for heading in parts if heading]
        more = f" and {len(named) - _HEADINGS:,} more" if len(named) > _HEADINGS else ""
        lines.append(f"  {len(parts):,} parts{': ' if named else ''}{safe(' · '.join(named[:_HEADINGS]))}{more}")
    lines += [f"  ({remark['kind'].replace('_', ' ')}: {safe(remark['text'])})" for remark in entry["remarks"]]
    return "\n".join(lines)
