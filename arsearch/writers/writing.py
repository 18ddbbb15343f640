"""Write articles and hits to a file or a stream."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from arsearch.errors import InputError
from arsearch.writers.files import open_atomically
from arsearch.writers.registry import choose_writer
from arsearch.writers.rows import Item, Rows

__all__ = ["WriteReport", "write_articles"]


class WriteReport(NamedTuple):
    """The result of `write_articles`: the number of articles, the name of the format, and notes for the user."""

    articles: int
    format: str
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {"articles": self.articles, "format": self.format, "notes": list(self.notes)}


def write_articles(
    items: Iterable[Item],
    target: str | os.PathLike[str] | IO[bytes],
    *,
    format: str | None = None,
    fields: Sequence[str] | None = None,
    excel: bool = False,
) -> WriteReport:
    """Write articles, hits or mappings to a file, in order, and return their number and notes.

    `target` is a file name or a binary stream. The format is that of the file's ending (`.jsonl`, `.json`, `.csv`,
    `.tsv`, `.md`, `.parquet`, `.bib`, `.ris`, each also as `.gz` or `.xz`), else JSON lines. `format` names it instead.
    A file appears when it is complete; an error leaves the old file.

    `fields` are the fields to write, in this order: those of the article and, of hits, also `rank`, `score`, `level`,
    `complete`, `similar`, `page`, `title_html`, `snippet`, `snippet_html`, `work`, `work_title`, `heading`, `volume` and
    `citation`. Without `fields`, an article has all its fields,
    and a hit `rank`, `id`, `title`, `date`, `source`, `score`, `level` and `snippet`. A field that no article has is noted.

    With `excel`, CSV and TSV begin with a byte order mark, and text that a spreadsheet would run as a formula gets an
    apostrophe in front. Raises InputError for an unknown format or ending, for fields that are empty, and for `excel` with
    another format.
    """
    if fields is not None and (isinstance(fields, str) or not fields):
        raise InputError(f"fields {fields!r} is not a list of names; write them as ['id', 'title', 'date']")
    name = os.fsdecode(target) if isinstance(target, (str, os.PathLike)) else None
    writer = choose_writer(name, format)
    if excel and not writer.excel:
        raise InputError(f"excel is for CSV and TSV, not for {writer.label}")
    with contextlib.closing(Rows(items, fields, excel=excel, hit_fields=writer.hit_fields)) as rows:
        if isinstance(target, (str, os.PathLike)):
            with open_atomically(Path(target)) as file:
                writer.write(rows, file)
        else:
            writer.write(rows, target)
    notes = [f"no article has the field {name!r}" for name in rows.unfilled()]
    return WriteReport(rows.count, writer.name, (*notes, *rows.notes))
