"""The registry of writers: which writer writes a file. A named format decides, else the ending of the file's name."""

from __future__ import annotations

from pathlib import PurePath

from arsearch.errors import InputError
from arsearch.writers.delimited import CSV, TSV
from arsearch.writers.files import COMPRESSIONS
from arsearch.writers.json_formats import JSON, JSON_LINES
from arsearch.writers.markdown import MARKDOWN
from arsearch.writers.parquet import PARQUET
from arsearch.writers.plugins import plugin_names, plugin_of_suffix, plugin_writer
from arsearch.writers.references import BIBTEX, RIS
from arsearch.writers.writer import Writer

__all__ = ["BUILT_IN", "FORMATS", "choose_writer"]

BUILT_IN = (JSON_LINES, JSON, CSV, TSV, MARKDOWN, PARQUET, BIBTEX, RIS)
"""The built-in writers. The first one writes files and streams without an ending."""

FORMATS = {writer.name: writer.label for writer in BUILT_IN}
"""The names of the built-in formats and the labels that messages show."""


def choose_writer(name: str | None, format: str | None = None) -> Writer:
    """Return the writer of the format, else of the file `name`; of JSON lines if the name is `None` or has no ending.

    Raises `InputError`, which lists the formats or endings, for an unknown one.
    """
    if format is not None:
        writer = next((writer for writer in BUILT_IN if writer.name == format), None) or plugin_writer(format)
        if writer is None:
            raise InputError(f"unknown format {format!r}; known: {', '.join([*FORMATS, *plugin_names()])}")
        return writer
    suffix = "" if name is None else _suffix(name)
    if not suffix:
        return BUILT_IN[0]
    writer = next((writer for writer in BUILT_IN if suffix in writer.suffixes), None) or plugin_of_suffix(suffix)
    if writer is None:
        known = ", ".join(suffix for writer in BUILT_IN for suffix in writer.suffixes)
        raise InputError(f"the ending of {name!r} is not that of a format; known: {known}; or name the format")
    return writer


def _suffix(name: str) -> str:
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in COMPRESSIONS else path.suffix
