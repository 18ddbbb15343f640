"""Files, folders, standard input and locations read as records, and articles written as JSON lines.

| module | holds |
|---|---|
| `articles` | `read_articles`, `read_updates` and the iterator that they return |
| `registry` | the choice of the reader of a source |
| `plugins` | readers of other distributions, by the entry-point group `arsearch.readers` |
| `refusals` | the kinds of files that are not read |
| `reader` | `Reader`, and the `Content` it reads |
| `formats` | the built-in readers: JSON lines, JSON, CSV, TSV, plain text |
| `pdf` | the reader of PDF |
| `visual_order` | text in visual order to logical order |
| `brackets` | brackets that face the wrong way |
| `documents` | Word, OpenDocument, PowerPoint, EPUB and RTF |
| `messages` | mail and subtitles |
| `html` | HTML to text |
| `sources` | paths as single files, standard input and locations |
| `streams` | the bytes of a source, decompressed and limited |
| `spooling` | the plain bytes of a source as a file |
| `isolation` | third-party parsers in a child process with limits |
| `encodings` | bytes decoded to text, only where that is certain |
| `archives` | zip archives within limits |
| `safe_xml` | XML as events and elements, within limits |
| `workers` | third-party parsers in child processes that serve many sources |
| `lines` | chunks of bytes as numbered lines |
| `quality` | checks of texts: HTML, reversed Arabic, presentation forms, lost letters |
| `columns` | column names renamed to our field names |
| `values` | ids, dotted paths |
| `web` | pages, archives of pages, feeds, exports and dumps of sites |
| `exports` | exports of search engines, databases, chats |
| `books` | books of the OpenITI corpus |
| `tables` | databases, Parquet and data frames |
| `index_articles` | `read_index`: the stored articles of an arsearch index |
| `whoosh` | `read_whoosh`: the stored articles of a native Whoosh index |
| `writing` | `write_jsonl` |

Readers deliver mappings with our field names. They do not decide whether a mapping is an article: `Article.from_dict`
does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arsearch.readers.articles import RecordIterator, read_articles, read_updates
from arsearch.readers.content import Content
from arsearch.readers.reader import Reader
from arsearch.readers.registry import FORMATS
from arsearch.readers.tables.frames import read_rows
from arsearch.readers.writing import write_jsonl

if TYPE_CHECKING:
    from arsearch.readers.index_articles import read_index
    from arsearch.readers.whoosh import read_whoosh

__all__ = [
    "FORMATS",
    "Content",
    "Reader",
    "RecordIterator",
    "read_articles",
    "read_index",
    "read_rows",
    "read_updates",
    "read_whoosh",
    "write_jsonl",
]

_INDEX_READERS = {"read_index": "index_articles", "read_whoosh": "whoosh"}
"""The readers that import the packages of the index, loaded on first use."""


def __getattr__(name: str) -> Any:
    if name not in _INDEX_READERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_INDEX_READERS[name]}"), name)
