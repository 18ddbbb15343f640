"""Files to records, and articles back to JSON lines.

`read_articles` takes paths of JSON lines, JSON, CSV, TSV or plain text, folders of them, `.gz` and `.xz` of all, and
`-` for standard input; it yields one `Record` an article, or a record with the reason why there is none. Readers
only deliver mappings with our field names: whether a mapping is an article is decided by `Article.from_dict`.

    streams    path -> chunks of bytes, decompressed and capped
    encodings  bytes -> text: UTF-8, UTF-16/32, windows-1256, ISO-8859-6; never by guess alone
    lines      chunks -> numbered lines
    formats    name and first bytes -> which reader
    columns    their column names -> our field names
    json_values, tables, texts   one reader a format
    sources    paths and folders -> the single files
    articles   wires it all; writing  the way back

`read_whoosh` does the same for an index of Whoosh's own: `whoosh`, with `whoosh_toc` and `whoosh_stored` for its
files, `pickles` and `pickled_values` for what is pickled in them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arsearch.readers.articles import read_articles
from arsearch.readers.registry import FORMATS
from arsearch.readers.writing import write_jsonl

if TYPE_CHECKING:
    from arsearch.readers.whoosh import read_whoosh

__all__ = ["FORMATS", "read_articles", "read_whoosh", "write_jsonl"]


def __getattr__(name: str) -> Any:
    if name != "read_whoosh":  # the only one that needs the index's room
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.whoosh").read_whoosh
