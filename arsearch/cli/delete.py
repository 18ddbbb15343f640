"""`arsearch delete`: delete articles by id, by query or by filter."""

from __future__ import annotations

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import Pairs, filter_option, index_option, json_option
from arsearch.cli.output import pluralize, print_json, print_message, print_notes, print_text, safe
from arsearch.cli.prompts import confirm, yes_option
from arsearch.cli.selection import select
from arsearch.model.places import work_of_id

__all__ = ["command"]


@click.command("delete")
@click.argument("ids", metavar="ID...", nargs=-1)
@index_option
@click.option("--query", metavar="TEXT", help="Delete the articles that have all words of this query.")
@filter_option
@click.option("--dry-run", is_flag=True, help="List the articles that would be deleted, and delete none.")
@yes_option
@json_option
def command(
    ids: tuple[str, ...],
    location: str | None,
    query: str | None,
    filters: Pairs,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Delete articles by id, by query or by filter.

    A query and filters select the articles that match all of them. Their number is shown, and on a terminal the command
    asks before it deletes; elsewhere it needs --yes. An id that is not in the index is not an error.

    \b
    Examples:
      arsearch delete news-17 news-18
      arsearch delete --filter source=test --filter date=2015 --dry-run
      arsearch delete --query "إعلان وظائف" --yes
    """
    if bool(ids) == bool(query or filters):
        raise click.UsageError("Give either ids, or --query or --filter.")
    with open_index(location) as index:
        if ids:
            titles = {id: article.title for id in dict.fromkeys(map(work_of_id, ids)) if (article := index.get(id))}
        else:
            hits, notes = select(index, index.fields, query or "", filters)
            print_notes(notes)
            titles = {work_of_id(hit.id): hit.place.title if hit.place else hit.title for hit in hits}
        found = pluralize(len(titles), "article")
        if not dry_run and not ids and titles:
            confirm(f"delete {found} of {len(index):,}?", yes)
        deleted = 0 if dry_run else index.delete(list(titles))
    missing = len(set(map(work_of_id, ids)) - titles.keys())
    if as_json:
        print_json({"deleted": deleted} | ({"would_delete": list(titles)} if dry_run else {}))
    elif dry_run:
        for id, title in titles.items():
            print_text(f"{safe(id)}\t{safe(title)}")
        print_message(f"{found} would be deleted")
    else:
        click.echo(f"{pluralize(deleted, 'article')} deleted")
    if missing:
        print_message(f"{pluralize(missing, 'id')} not in the index")
    elif not titles:
        print_message("no article matches")
