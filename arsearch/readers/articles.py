"""Paths in, records out: `read_articles` opens each file, guesses what it is, says so, and hands it to its reader."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.columns import Columns, checked_mapping
from arsearch.readers.encodings import Decoder, Encoding, guess_encoding, mojibake, named_encoding, transcoded
from arsearch.readers.formats.delimited import Layout, read_table, table_layout
from arsearch.readers.formats.json import read_json, read_json_lines
from arsearch.readers.formats.plain_text import read_text
from arsearch.readers.lines import Lines, line_end
from arsearch.readers.registry import FORMATS, base_name, guess_format, refuse_by_name
from arsearch.readers.sources import Source, files_of, shown
from arsearch.readers.streams import Stream, decompressed, file_chunks, stdin_chunks

__all__ = ["checked", "read_articles"]


def read_articles(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    max_bytes: int | None = None,
    on_guess: Callable[[str], None] | None = None,
) -> Iterator[Record]:
    """Read the articles of files and folders, one record each, in order, lazily; `-` is standard input.

    `format` (a key of `FORMATS`) and `encoding` are guessed for each file unless given; `on_guess` hears what was
    guessed, in a line or more a file; like files of one folder are mentioned once. `mapping` gives our field the name
    of their column: `{"body": "content"}`. `max_bytes` caps what is read of each file, counted after decompression;
    without it that is all, but of a packed file 1 GiB or 100 times its size, whichever is more.

    What is wrong with one article, or with one of several files, is a record with a `problem`, and reading goes on.
    Raises `InputError`, at once, for a wrong option, for no path at all, and when the only path is missing, unreadable
    or a folder without a file to read.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    names = [os.fsdecode(path) for path in paths]
    if not names:
        raise InputError("nothing to read: name files, folders, or - for standard input")
    if format is not None and format not in FORMATS:
        raise InputError(f"unknown format {format!r}; known: {', '.join(FORMATS)}")
    if max_bytes is not None and max_bytes < 1:
        raise InputError(f"max_bytes is {max_bytes}; it must be at least 1")
    options = _Options(
        format,
        checked_mapping(mapping),
        named_encoding(encoding) if encoding is not None else None,
        max_bytes,
        _Herald(on_guess or (lambda _: None)),
    )
    if len(names) == 1:
        _check_only(names[0], options)
    return _read_all(names, options)


@dataclass(slots=True)
class _Herald:
    """Passes on what was guessed, for files of one folder only what is new."""

    tell: Callable[[str], None]
    said: set[tuple[str, str, str]] = field(default_factory=set)

    def for_file(self, source: Source) -> Callable[[str], None]:
        def say(message: str) -> None:
            more = ""
            if source.folder is not None:
                suffix = PurePath(base_name(source.name)).suffix
                key = (source.folder, suffix, message)
                if key in self.said:
                    return
                self.said.add(key)
                more = f" (said once for all {suffix or 'such'} files in {source.folder})"
            self.tell(f"{source.name}: {message}{more}")

        return say


@dataclass(frozen=True, slots=True)
class _Options:
    format: str | None
    mapping: Mapping[str, str]
    encoding: Encoding | None
    max_bytes: int | None
    herald: _Herald


def _check_only(path: str, options: _Options) -> None:
    """Raise `InputError` if the only path gives nothing to read. Pipes are left alone: they open once."""
    reasons: list[str] = []
    for source in files_of(path):
        if source.folder is None and not (source.path and source.path.is_file()):
            return
        try:
            if source.problem:
                raise InputError(source.problem)
            _open(source, options)
        except InputError as problem:
            if source.folder is None:
                raise InputError(f"{source.name}: {problem}") from problem
            if len(reasons) < 3:
                reasons.append(f"{source.id}: {problem}")
        else:
            return
    found = f"; {'; '.join(reasons)}" if reasons else ""
    raise InputError(f"{shown(path)}: no file to read in this folder{found}")


def _read_all(paths: list[str], options: _Options) -> Iterator[Record]:
    for path in paths:
        try:
            for source in files_of(path):
                yield from _read(source, options)
        except InputError as problem:
            yield Record(shown(path), None, str(problem).removeprefix(f"{shown(path)}: "))


def _read(source: Source, options: _Options) -> Iterator[Record]:
    lines: Lines | None = None
    try:
        if source.problem:
            raise InputError(source.problem)
        opened = _open(source, options)
        say = options.herald.for_file(source)
        say(opened.label)
        decoder = Decoder(opened.encoding, say)
        columns = Columns(options.mapping, say)
        chunks = transcoded(opened.stream, opened.encoding)
        lines = Lines(chunks, line_end(opened.head))
        if opened.format == "text":
            lines = None
            records = read_text(source.name, chunks, decoder, source.id)
        elif opened.layout:
            stem = str(PurePath(base_name(source.id)).with_suffix(""))
            records = read_table(source.name, lines, opened.layout, decoder, columns, stem)
        elif opened.format == "json":
            lines = None
            records = read_json(source.name, chunks, decoder, columns)
        else:
            records = read_json_lines(source.name, lines, decoder, columns)
        for record in records:
            yield checked(record)
        if opened.format != "text":
            columns.finish()
    except InputError as problem:
        where = f"{source.name}:{lines.number + 1}" if lines and lines.number else source.name
        yield Record(where, None, str(problem))


@dataclass(frozen=True, slots=True)
class _Opened:
    stream: Stream
    head: str
    encoding: Encoding
    format: str
    layout: Layout | None

    @property
    def label(self) -> str:
        layout = f" {self.layout.label}" if self.layout else ""
        return f"{FORMATS[self.format]}{layout}, {self.encoding.label}"


def _open(source: Source, options: _Options) -> _Opened:
    if options.format is None:
        refuse_by_name(source.id)
    raw = stdin_chunks() if source.path is None else file_chunks(source.path)
    stream = Stream(decompressed(raw, options.max_bytes))
    if not stream.head and source.path is None:
        raise InputError("nothing came on standard input")
    encoding = options.encoding or guess_encoding(stream.head, complete=stream.complete)
    if encoding.given and (marked := guess_encoding(stream.head)).skip and marked.codec == encoding.codec:
        encoding = encoding._replace(skip=marked.skip)
    head = codecs.getincrementaldecoder(encoding.codec)("ignore").decode(stream.head[encoding.skip :])
    kind = options.format or guess_format(source.id, head, stream.head, in_folder=source.folder is not None)
    layout = table_layout(head, kind) if kind in ("csv", "tsv") else None
    return _Opened(stream, head, encoding, kind, layout)


def checked(record: Record) -> Record:
    """`record`, or its problem if its text is UTF-8 that was once read in another encoding."""
    for name in ("title", "body"):
        text = record.data.get(name) if record.data else None
        if isinstance(text, str) and mojibake(text):
            problem = f"{name} is UTF-8 that was read in another encoding and saved so: {text[:20]!r}; repair the file"
            return Record(record.where, None, problem)
    return record
