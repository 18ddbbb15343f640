"""The `arsearch` command, a thin shell over the public API.

Each command has a module of its name (`arsearch.cli.query` is `arsearch query`) that parses the arguments, calls the
public API and prints the answer. The other modules are shared:

    group         the `arsearch` command itself: lazy imports of the commands, exit codes, errors in one line
    options       options that several commands take, and functions that read their values
    dictionaries  the option --dictionary, and warnings about the lines of a dictionary
    location      the folder of the index
    output        JSON, text and messages
    writing       the options of formats, fields and files, and the writing
    selection     the articles that a query and filters select
    prompts       questions on a terminal
    words         the words under a hit, in English and Arabic
    hits          search results as text
    corrections   "did you mean" as text
    reports       reports of indexing and of backups as text
    scores        reports of evaluations as text
    style         colour, line width and text direction
    terminals     the form of Arabic that a terminal shows well
    wrapping      line breaks in text with highlighted matches
    bidi          visual order, for terminals without bidirectional text
    progress      the progress bar
    environment   the Whoosh distributions that are installed

Nothing here searches, analyses text or writes indexes: a program has the same functions in `import arsearch`.
"""

from arsearch.cli.group import main

__all__ = ["main"]
