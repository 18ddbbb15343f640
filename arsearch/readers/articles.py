"""The reading of articles: `read_articles` opens each source, reports its kind, and passes it to its reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from arsearch.concurrency import cached_property
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.columns import checked_mapping
from arsearch.readers.content import Content
from arsearch.readers.encodings import Encoding, mojibake, named_encoding
from arsearch.readers.quality.checks import FEWEST_IN_TEXT, PLAIN_FORMATS, TextChecks
from arsearch.readers.reader import Reader
from arsearch.readers.registry import FORMATS, choose_reader, reader_named
from arsearch.readers.sources import Source, base_name, printable, sources_of
from arsearch.readers.tables.locations import without_secrets
from arsearch.readers.workers import Workers

__all__ = ["RecordIterator", "checked", "read_articles", "read_sources", "read_updates"]

_DATABASES = frozenset(("sqlite", "sql"))
"""The built-in formats that have tables and queries."""


def read_articles(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    max_bytes: int | None = None,
    html: bool | None = None,
    table: str | None = None,
    sql: str | None = None,
    on_guess: Callable[[str], None] | None = None,
) -> RecordIterator:
    """Read the articles of files, folders, standard input and locations lazily, in order, one record each.

    One bad article, or one unreadable source of several, is a record with a `problem`, and reading continues.

    Args:
        paths: Files, folders, `-` for standard input, or locations such as `sqlite:///news.db` that a plug-in reads.
        format: The name of a reader, such as `csv`; `None` guesses the format of each source.
        mapping: Our field names to the names of the sources' columns: `{"body": "content"}`.
        encoding: The encoding of all sources; `None` guesses it for each.
        max_bytes: The most bytes to read of each source, counted after decompression. Without it, only compressed files
            are limited: to 1 GiB or 100 times their size, whichever is larger.
        html: Whether titles and bodies are HTML, to be turned into text; `None` decides for each source, by the share of its
            articles that have tags or entities.
        table: The table to read of each database; `None` takes the only table, or those with columns like articles.
        sql: The query whose rows are the articles of each database, instead of a table.
        on_guess: Receives at least one line about the guesses for each source. Files of one folder with the
            same suffix and the same guess are told once.

    Raises:
        InputError: At once, for a wrong option, for no path at all, and if the only path is missing, unreadable, or a
            folder without a readable file.
    """
    return _iterator(paths, _options(format, mapping, encoding, max_bytes, html, table, sql, on_guess))


def read_updates(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    on_guess: Callable[[str], None] | None = None,
) -> RecordIterator:
    """Read changes for `Index.update` from files: records with an id and the fields to change.

    Columns fill the fields that have their names; other names of columns (`description` for the body) are guesses, and are
    made for the id alone. A table needs a column of ids, and neither titles nor bodies. Raises InputError as `read_articles`.
    """
    return _iterator(paths, replace(_options(None, None, None, None, None, None, None, on_guess), exact=True))


def _iterator(paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str], options: _Options) -> RecordIterator:
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    names = [os.fsdecode(path) for path in paths]
    if not names:
        raise InputError("nothing to read: name files, folders, or - for standard input")
    if len(names) == 1:
        _check_only_path(names[0], options)
    return RecordIterator(names, options)


def read_sources(
    sources: Iterable[Source],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    max_bytes: int | None = None,
    html: bool | None = None,
    table: str | None = None,
    sql: str | None = None,
    on_guess: Callable[[str], None] | None = None,
) -> Iterator[Record | None]:
    """Yield the records of single sources lazily, in order, and `None` after the last record of each source.

    The options are those of `read_articles`.
    """
    options = _options(format, mapping, encoding, max_bytes, html, table, sql, on_guess)
    try:
        for source in sources:
            content = options.content(source, options.announcer.for_source(source))
            yield from _read(content, options.reader, options.html)
            yield None
    finally:
        options.workers.close()


def _options(
    format: str | None,
    mapping: Mapping[str, str] | None,
    encoding: str | None,
    max_bytes: int | None,
    html: bool | None,
    table: str | None,
    sql: str | None,
    on_guess: Callable[[str], None] | None,
) -> _Options:
    """Return the checked options of `read_articles`."""
    reader = reader_named(format) if format is not None else None
    if max_bytes is not None and max_bytes < 1:
        raise InputError(f"max_bytes is {max_bytes}; it must be at least 1")
    if table is not None and sql is not None:
        raise InputError("give either a table or a query (sql), not both")
    return _Options(
        reader,
        checked_mapping(mapping),
        named_encoding(encoding) if encoding is not None else None,
        max_bytes,
        table,
        sql,
        _Announcer(on_guess or (lambda _: None)),
        Workers(),
        html,
    )


class RecordIterator(Iterator[Record]):
    """The records of several sources, read lazily, and how far reading has come.

    Positions and sizes count bytes as they are stored: compressed bytes of compressed files. The position is ahead of
    the last record by the buffered bytes, at most 256 KiB. A source that is finished, refused or cut counts in full, so
    `position` ends at `size` if no file changes meanwhile.
    """

    def __init__(self, paths: list[str], options: _Options) -> None:
        self._paths = paths
        self._progress = _Progress()
        self._records = _read_all(paths, options, self._progress)

    def __next__(self) -> Record:
        return next(self._records)

    def close(self) -> None:
        """Stop reading and close the open file. Further iteration ends at once."""
        self._records.close()

    @property
    def source(self) -> Source | None:
        """The source being read, with its `name` and `size`; the last one at the end, `None` before the first."""
        return self._progress.content.source if self._progress.content else None

    @property
    def source_position(self) -> int:
        """The number of bytes read of `source`."""
        return self._progress.source_position

    @property
    def position(self) -> int:
        """The number of bytes read of all sources."""
        return self._progress.before + self._progress.source_position

    @cached_property
    def size(self) -> int | None:
        """The bytes of all sources, or `None` if one has no size: standard input, pipes and locations.

        The first use lists the folders and reads the size of every file.
        """
        total = 0
        for path in self._paths:
            try:
                for source in sources_of(path):
                    if (size := source.size) is None:
                        return None
                    total += size
            except InputError:  # a missing path is a record with a problem, without bytes
                continue
        return total


@dataclass(slots=True)
class _Progress:
    """The content being read, and the bytes of those before it. Only the generator of a `RecordIterator` writes it."""

    content: Content | None = None
    before: int = 0
    final: int | None = None

    @property
    def source_position(self) -> int:
        if self.final is not None:
            return self.final
        return self.content.position if self.content else 0

    def begin(self, content: Content) -> None:
        self.before += self.source_position
        self.content, self.final = content, None

    def finish(self, content: Content) -> None:
        size = content.source.size
        self.final = content.position if size is None else size


@dataclass(slots=True)
class _Announcer:
    """Reports the guesses; for the files of one folder, each message once."""

    tell: Callable[[str], None]
    told: set[tuple[str, str, str]] = field(default_factory=set)

    def for_source(self, source: Source) -> Callable[[str], None]:
        """Return the function that tells a message about `source`."""

        def tell(message: str) -> None:
            once = ""
            if source.folder is not None:
                suffix = PurePath(base_name(source.name)).suffix
                key = (source.folder, suffix, message)
                if key in self.told:
                    return
                self.told.add(key)
                once = f" (said once for all {suffix or 'such'} files in {source.folder})"
            self.tell(f"{source.name}: {message}{once}")

        return tell


@dataclass(frozen=True, slots=True)
class _Options:
    reader: Reader | None
    mapping: Mapping[str, str]
    encoding: Encoding | None
    max_bytes: int | None
    table: str | None
    sql: str | None
    announcer: _Announcer
    workers: Workers
    html: bool | None = None
    exact: bool = False

    def content(self, source: Source, tell: Callable[[str], None]) -> Content:
        return Content(
            source,
            encoding=self.encoding,
            mapping=self.mapping,
            max_bytes=self.max_bytes,
            tell=tell,
            table=self.table,
            sql=self.sql,
            workers=self.workers,
            exact=self.exact,
        )


def _check_only_path(path: str, options: _Options) -> None:
    """Raise `InputError` if the only path has nothing to read. Pipes are not tested: they can be opened once."""
    reasons: list[str] = []
    for source in sources_of(path):
        if source.folder is None and source.location is None and not (source.path and source.path.is_file()):
            return
        content = options.content(source, lambda _: None)
        try:
            _open(content, options.reader)
        except InputError as problem:
            if source.folder is None:
                raise InputError(f"{source.name}: {problem}") from problem
            if len(reasons) < 3:
                reasons.append(f"{source.id}: {problem}")
        else:
            return
        finally:
            content.close()
    details = f"; {'; '.join(reasons)}" if reasons else ""
    raise InputError(f"{printable(without_secrets(path))}: no file to read in this folder{details}")


def _open(content: Content, named: Reader | None) -> Reader:
    """Return the reader of the content and open its file. Raises `InputError` if it cannot be read."""
    if content.source.problem:
        raise InputError(content.source.problem)
    reader = choose_reader(content, named)
    if content.source.location is None:
        _ = content.stream
    return reader


def _read_all(paths: list[str], options: _Options, progress: _Progress) -> Generator[Record, None, None]:
    try:
        for path in paths:
            try:
                for source in sources_of(path):
                    content = options.content(source, options.announcer.for_source(source))
                    progress.begin(content)
                    yield from _read(content, options.reader, options.html)
                    progress.finish(content)
            except InputError as problem:
                name = printable(without_secrets(path))
                yield Record(name, None, str(problem).removeprefix(f"{name}: "))
    finally:
        options.workers.close()


def _read(content: Content, named: Reader | None, html: bool | None) -> Iterator[Record]:
    try:
        reader = _open(content, named)
        content.tell(reader.describe_content(content))
        if (content.table or content.sql) and reader.name in FORMATS and reader.name not in _DATABASES:
            content.tell("this is no database, so the table or query that was named is not used")
        plain = html is None and reader.name in PLAIN_FORMATS
        fewest = FEWEST_IN_TEXT if reader.name == "text" else 1
        checks = TextChecks(False if plain else html, content.tell, fewest)
        records = iter(reader.read(content))
        try:
            nothing = True
            for record in checks.records(records):
                nothing = False
                yield checked(record)
            if nothing:
                content.tell("no article is in it")
        finally:
            # before the content: a thread that sends its bytes to a child may still read them
            if isinstance(records, Generator):
                records.close()
        content.finish()
    except InputError as problem:
        yield Record(content.where, None, str(problem))
    finally:
        content.close()


def checked(record: Record) -> Record:
    """Return `record`, or its problem if its title or body is Arabic that was decoded in another encoding."""
    for name in ("title", "body"):
        text = record.data.get(name) if record.data else None
        if isinstance(text, str) and (encoding := mojibake(text)):
            reason = f"{name} is {encoding} that was read in another encoding and saved so: {text[:20]!r}"
            problem = f"{reason}; export it anew as UTF-8"
            return Record(record.where, None, problem)
    return record
