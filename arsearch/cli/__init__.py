"""The command line: one module a command, each parses, calls the public API and prints.

group        the `arsearch` command itself; loads the others when they are asked for
location     which index is meant          options   options that several commands share
output       JSON, messages, safe text     style     colour and direction on a terminal
bidi         reordering for terminals that do not      progress  the bar of long work
hits         search results as text        environment   what is installed
"""

from arsearch.cli.group import main

__all__ = ["main"]
