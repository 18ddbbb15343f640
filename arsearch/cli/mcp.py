"""`arsearch mcp`: serve the index to language models by the Model Context Protocol."""

from __future__ import annotations

import click

from arsearch.cli.group import CommandError
from arsearch.cli.location import open_index
from arsearch.cli.options import indexes_option

__all__ = ["command"]


@click.command("mcp")
@indexes_option
def command(location: tuple[str, ...]) -> None:
    """Serve the index to language models.

    Speaks the Model Context Protocol on standard input and output, until the input ends. The tools are search, passages
    and get; none of them changes the index. The extra [mcp] installs the protocol.

    \b
    Examples:
      arsearch mcp -i news.arsearch
      arsearch mcp -i archive -i opensearch://host/news
    """
    with open_index(location) as index:
        try:
            from arsearch.integrations.mcp import make_server
        except ImportError as error:
            raise CommandError(str(error)) from error
        make_server(index).run()
