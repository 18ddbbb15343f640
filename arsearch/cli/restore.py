"""`arsearch restore`: bring a backup back."""

from __future__ import annotations

from pathlib import Path

import click

import arsearch
from arsearch.cli.location import FOLDER, nearest
from arsearch.cli.options import index_option, json_option, replace_option
from arsearch.cli.output import print_json
from arsearch.cli.reports import copied

__all__ = ["command"]


@click.command("restore")
@click.argument("backup", metavar="BACKUP")
@index_option
@replace_option
@json_option
def command(backup: str, location: str | None, replace: bool, as_json: bool) -> None:
    """Bring a backup back.

    The index folder gets the newest commit of BACKUP, which may be any index. Without -i, $ARSEARCH_INDEX and a
    .arsearch/ here or above, it is made as ./.arsearch/. An index that is there, sound or damaged, is replaced only
    with --replace; searches go on meanwhile.

    \b
    Examples:
      arsearch restore /mnt/backup/news -i news
      arsearch restore /mnt/backup/news -i news --replace
    """
    folder = Path(location) if location else nearest() or Path(FOLDER)
    report = arsearch.restore(backup, folder, replace=replace)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(copied(report))
