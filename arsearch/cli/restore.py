"""`arsearch restore`: restore an index from a backup."""

from __future__ import annotations

import click

import arsearch
from arsearch.cli.location import target_folder
from arsearch.cli.options import index_option, json_option, replace_option
from arsearch.cli.output import print_json
from arsearch.cli.reports import format_backup_report

__all__ = ["command"]


@click.command("restore")
@click.argument("backup", metavar="BACKUP")
@index_option
@replace_option
@json_option
def command(backup: str, location: str | None, replace: bool, as_json: bool) -> None:
    """Restore an index from a backup.

    Copies the newest commit of BACKUP, which may be any index, to the index folder. Without -i, $ARSEARCH_INDEX and a
    .arsearch/ in this folder or above it, the folder is ./.arsearch/. An existing index, intact or damaged, is replaced
    only with --replace; searches continue meanwhile.

    \b
    Examples:
      arsearch restore /mnt/backup/news -i news
      arsearch restore /mnt/backup/news -i news --replace
    """
    report = arsearch.restore(backup, target_folder(location), replace=replace)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(format_backup_report(report))
