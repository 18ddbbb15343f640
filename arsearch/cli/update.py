"""`arsearch update`: change fields of articles and keep the others."""

from __future__ import annotations

from typing import Any

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import Pairs, filter_option, index_option, json_option
from arsearch.cli.output import pluralize, print_json, print_message, print_notes, print_text, safe
from arsearch.cli.prompts import confirm, yes_option
from arsearch.cli.reports import print_failures
from arsearch.cli.selection import select
from arsearch.errors import InputError
from arsearch.model.places import work_of_id
from arsearch.readers import read_updates

__all__ = ["command"]


def _read_assignments(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> Pairs:
    """Split each `NAME=VALUE`. The value may be empty: it removes the field."""
    pairs = []
    for text in values:
        name, equals, value = text.partition("=")
        if not name.strip() or not equals:
            raise click.BadParameter(f"{text!r} is not {param.metavar}", ctx, param)
        pairs.append((name.strip(), value))
    return tuple(pairs)


@click.command("update")
@click.argument("ids", metavar="ID...", nargs=-1)
@index_option
@click.option("--set", "assignments", metavar="NAME=VALUE", multiple=True, callback=_read_assignments,
              help="The new value of a field; NAME= removes it. Repeat it for another field, or for several tags.")  # fmt: skip
@click.option("--query", metavar="TEXT", help="Change the articles that have all words of this query.")
@filter_option
@click.option("--file", "files", metavar="FILE", multiple=True,
              help="Read ids and new fields from JSON lines, or from a table whose columns are named as fields; - is standard "
              "input.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="List the articles that --query and --filter select, and change none.")
@yes_option
@json_option
def command(
    ids: tuple[str, ...],
    location: str | None,
    assignments: Pairs,
    query: str | None,
    filters: Pairs,
    files: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Change fields of articles and keep their other fields.

    All articles are changed in one commit. An article that cannot be changed stays as it was, and the exit code is 1. With
    a query or filters, the number of articles is shown, and on a terminal the command asks before it changes them.

    \b
    Examples:
      arsearch update news-17 --set category=سياسة --set tags=نفط --set tags=عراق
      arsearch update --filter source=wire --set source=الرياض --yes
      arsearch update --file corrections.jsonl
    """
    if [bool(ids), bool(query or filters), bool(files)].count(True) != 1:
        raise click.UsageError("Give one of: ids, --query or --filter, --file.")
    if bool(assignments) == bool(files):
        raise click.UsageError("--set names the new fields of ids, --query and --filter; a --file names its own.")
    with open_index(location) as index:
        changes: Any
        if files:
            changes = read_updates(files, on_guess=print_message)
        else:
            fields = _fields(assignments, index.fields)
            if not ids:
                hits, notes = select(index, index.fields, query or "", filters)
                print_notes(notes)
                ids = tuple(work_of_id(hit.id) for hit in hits)
                if ids and not dry_run:
                    confirm(f"change {pluralize(len(ids), 'article')} of {len(index):,}?", yes)
            changes = dict.fromkeys(ids, fields)
        if dry_run:
            if files:
                raise click.UsageError("--dry-run lists the articles of --query and --filter; a --file names its own.")
            found = [id for id in changes if id in index]
            if as_json:
                print_json({"updated": 0, "would_update": found})
            else:
                for id in found:
                    print_text(safe(id))
            print_message(f"{pluralize(len(found), 'article')} would be changed")
            if missing := len(changes) - len(found):
                print_message(f"{pluralize(missing, 'id')} not in the index")
            return
        report = index.update(changes)
    if as_json:
        print_json(report.to_dict())
    else:
        print_text(f"{pluralize(report.updated, 'article')} changed")
    print_failures(report, "not changed:")
    if report.failures:
        raise InputError(f"{pluralize(report.failures, 'change')} not made")


def _fields(assignments: Pairs, kinds: dict[str, str]) -> dict[str, Any]:
    """Return the new fields; several values of a name are a list, as the tags always are."""
    values: dict[str, list[str]] = {}
    for name, value in assignments:
        values.setdefault(name, []).append(value)
    fields: dict[str, Any] = {}
    for name, given in values.items():
        if given == [""]:
            fields[name] = None
        elif len(given) > 1 or name == "tags":
            fields[name] = given
        else:
            fields[name] = _value(given[0], kinds.get(name))
    return fields


def _value(text: str, kind: str | None) -> str | int | float:
    """Return the value of a number field as a number; a text that is none stays, and is refused with its field's name."""
    try:
        return int(text) if kind == "int" else float(text) if kind == "float" else text
    except ValueError:
        return text
