"""`arsearch backup`: copy the index to another folder."""

from __future__ import annotations

import click

import arsearch
from arsearch.cli.location import find_index
from arsearch.cli.options import index_option, json_option, replace_option
from arsearch.cli.output import print_json
from arsearch.cli.reports import format_backup_report

__all__ = ["command"]


@click.command("backup")
@click.argument("folder", metavar="DIR")
@index_option
@replace_option
@json_option
def command(folder: str, location: str | None, replace: bool, as_json: bool) -> None:
    """Copy the index to another folder.

    Copies the newest commit while others search and write. Every checksum is verified first, so a damaged index never
    replaces a good backup. The copy is an index itself. With --replace, only segments that DIR lacks are copied.
    An index that needs `arsearch reindex` is copied too.

    \b
    Examples:
      arsearch backup /mnt/backup/news
      arsearch backup /mnt/backup/news -i news --replace
    """
    report = arsearch.backup(find_index(location), folder, replace=replace)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(format_backup_report(report))
