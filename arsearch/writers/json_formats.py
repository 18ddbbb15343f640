"""JSON lines, one object a line, and JSON, one array of these objects."""

from __future__ import annotations

from typing import IO

from arsearch.model.safety import json_text
from arsearch.readers import write_jsonl
from arsearch.writers.rows import Rows
from arsearch.writers.writer import Writer

__all__ = ["JSON", "JSON_LINES"]


def _write_lines(rows: Rows, stream: IO[bytes]) -> None:
    if rows.fields is None:
        write_jsonl(rows, stream)
        return
    for row in rows:
        stream.write(json_text(dict(row)).encode() + b"\n")


def _write_array(rows: Rows, stream: IO[bytes]) -> None:
    separator = b"[\n"
    for row in rows:
        stream.write(separator + json_text(dict(row)).encode())
        separator = b",\n"
    stream.write(b"\n]\n" if separator == b",\n" else b"[]\n")


JSON_LINES = Writer(
    name="jsonl", label="JSON lines", suffixes=(".jsonl", ".ndjson", ".jsonlines", ".jl"), write=_write_lines
)
JSON = Writer(name="json", label="JSON", suffixes=(".json",), write=_write_array)
