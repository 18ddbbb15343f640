"""Articles and hits, written as files.

| module | what it has |
|---|---|
| `writing` | `write_articles`: choose a writer, the fields and the file |
| `rows` | `Rows`: the chosen fields of articles and hits, as JSON values |
| `files` | files that appear when they are complete, compressed by their ending |
| `writer` | `Writer`, the definition of a writer |
| `registry` | the built-in writers, and the choice by name or ending |
| `plugins` | writers of other distributions, by the entry-point group `arsearch.writers` |
| `json_formats` | JSON lines and JSON |
| `delimited` | CSV and TSV, also for Excel |
| `markdown` | Markdown, one heading for each article |
| `parquet` | Parquet, with the extra `parquet` |

Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.writers.registry import FORMATS as FORMATS
    from arsearch.writers.rows import Rows as Rows
    from arsearch.writers.writer import Writer as Writer
    from arsearch.writers.writing import WriteReport as WriteReport
    from arsearch.writers.writing import write_articles as write_articles

__all__ = ["FORMATS", "Rows", "WriteReport", "Writer", "write_articles"]

_MODULES = {
    "FORMATS": "registry",
    "Rows": "rows",
    "WriteReport": "writing",
    "Writer": "writer",
    "write_articles": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
