"""SQLite files to records: one article for each row of the table, or of the result of a query.

A file is opened read-only. It may come from anybody: functions in its schema are not trusted, no other file can be attached,
and time and memory of a query are limited.
Sources: SQLite's documentation of URI file names, of write-ahead logs (read-only databases), and "Defense Against The Dark
Arts".
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.lines import LONGEST
from arsearch.readers.reader import Reader
from arsearch.readers.spooling import spooled_whole
from arsearch.readers.tables.cells import row_record
from arsearch.readers.tables.choice import Table, chosen_tables

if TYPE_CHECKING:
    import sqlite3

__all__ = ["SQLITE", "read_sqlite_file"]

_MAGIC = b"SQLite format 3\0"
_SUFFIXES = (".sqlite", ".sqlite3", ".db", ".db3")
_SECONDS = 60.0
"""The most time that SQLite may take for the next row."""

_MEMORY = 256 << 20
_WAL_MODE = 2  # in byte 18 of the header
_SHADOW = re.compile(r"_(?:content|data|idx|docsize|config|segments|segdir|stat|node|parent|rowid)$")


def _read(content: Content) -> Iterator[Record]:
    with spooled_whole(content) as path:
        yield from read_sqlite_file(content, path, is_copy=content.source.path is None)


def read_sqlite_file(content: Content, path: str, *, is_copy: bool = False) -> Iterator[Record]:
    """Yield one record for each row, at the name of the table and the number of the row.

    A table or view that fails is a problem, and the next one is read. Raises `InputError` if the file cannot be opened.
    """

    clock = _Clock()
    try:
        connection = _connect(path, clock, is_copy=is_copy)
    except _failures() as error:
        raise InputError(_reason(error)) from None
    with closing(connection):
        if content.sql is not None:
            yield from _rows(content, connection, clock, content.sql, "query")
            return
        try:
            tables = list(_tables(connection, clock))
        except _failures() as error:
            raise InputError(_reason(error)) from None
        for table in chosen_tables(tables, content.table, content.mapping, content.tell):
            if table.problem:
                yield Record(f"{content.name}:{table.name}", None, table.problem)
            else:
                yield from _rows(
                    content, connection, clock, f"SELECT * FROM {_quoted(table.name)}", table.name, table.key
                )
        for table in tables:
            if table.problem and content.table is None and len(tables) > 1:
                yield Record(f"{content.name}:{table.name}", None, table.problem)


class _Clock:
    """The time limit of the next row."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew."""
        self._end = time.monotonic() + _SECONDS

    def is_over(self) -> int:
        """Return whether the time is over, as SQLite asks."""
        return time.monotonic() > self._end


class _Text:
    """The bytes of a text value, which may be in any encoding. Values that SQLite calls binary come as bytes."""

    __slots__ = ("undecoded",)

    def __init__(self, data: bytes) -> None:
        self.undecoded = data


def _connect(path: str, clock: _Clock, *, is_copy: bool) -> sqlite3.Connection:
    import sqlite3

    file = Path(path).absolute()
    with file.open("rb") as stream:
        header = stream.read(20)
    log = file.with_name(file.name + "-wal")
    # a database with a write-ahead log that nobody uses has no log file; opening it would make one
    has_log = os.path.exists(log) and log.stat().st_size > 0  # noqa: PTH110 (the name may be too long to exist)
    unused_log = len(header) > 18 and header[18] == _WAL_MODE and not has_log
    mode = "mode=ro&immutable=1" if is_copy or unused_log else "mode=ro"
    connection = sqlite3.connect(f"file:{quote(str(file))}?{mode}", uri=True, timeout=5, isolation_level=None)
    try:
        connection.text_factory = _Text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(clock.is_over, 10_000)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", f"hard_heap_limit={_MEMORY}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.set_authorizer(_allow)
    except BaseException:
        connection.close()
        raise
    return connection


def _allow(action: int, first: str | None, *_: str | None) -> int:
    """Allow what a query that only reads needs."""
    import sqlite3

    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":  # a virtual table declares its columns so
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in ("table_info", "table_xinfo", "data_version"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _tables(connection: sqlite3.Connection, clock: _Clock) -> Iterator[Table]:
    """Yield the tables and views, without the tables that SQLite and its full-text indexes keep for themselves."""

    clock.start()
    entries = connection.execute(
        "SELECT name, type, coalesce(sql, '') FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY rowid"
    ).fetchall()
    decoded = [tuple(part.undecoded.decode("utf-8", "replace") for part in entry) for entry in entries]
    virtual = [name for name, _, sql in decoded if sql.upper().startswith("CREATE VIRTUAL")]
    for name, kind, _ in decoded:
        owner = _SHADOW.sub("", name)
        if name.startswith("sqlite_") or (owner != name and owner in virtual):
            continue
        try:
            clock.start()
            infos = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        except _failures() as error:
            yield Table(name, (), kind == "view", None, _reason(error))
            continue
        columns = tuple(info[1].undecoded.decode("utf-8", "replace") for info in infos)
        keys = [column for column, info in zip(columns, infos, strict=True) if info[5]]
        yield Table(name, columns, kind == "view", keys[0] if len(keys) == 1 else None)


def _rows(
    content: Content, connection: sqlite3.Connection, clock: _Clock, query: str, name: str, key: str | None = None
) -> Iterator[Record]:

    number = 0
    names: list[str] = []
    try:
        clock.start()
        cursor = connection.execute(query)
        names = [description[0] for description in cursor.description or ()]
        if not names:
            raise InputError("the statement has no rows; give a SELECT")
        while True:
            clock.start()
            row = cursor.fetchone()
            if row is None:
                break
            number += 1
            where = f"{content.name}:{name} (row {number})"
            yield row_record(where, dict(zip(names, row, strict=True)), content.columns, key=key, decode=content.decode)
    except _failures() as error:
        if names and (row := _row_again(connection, clock, query, number)) is not None:
            number += 1
            where = f"{content.name}:{name} (row {number})"
            yield row_record(where, dict(zip(names, row, strict=True)), content.columns, key=key, decode=content.decode)
        place = f"{content.name}:{name}" if not number else f"{content.name}:{name} (row {number + 1})"
        yield Record(place, None, f"{_reason(error)}; {number:,} rows before were read")
    except InputError as problem:
        yield Record(f"{content.name}:{name}", None, str(problem))


def _row_again(connection: sqlite3.Connection, clock: _Clock, query: str, number: int) -> Any:
    """Return the row before a failing row: Python's sqlite3 drops a row if the step after it fails."""

    clock.start()
    try:
        return connection.execute(f"SELECT * FROM ({query}) LIMIT 1 OFFSET {number}").fetchone()
    except _failures():
        return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_ADVICE: tuple[tuple[str, str], ...] = (
    ("locked", "the database is locked by another program; close it, or read a copy"),
    ("not a database", "not a SQLite database, or encrypted"),
    ("can't decode byte", "the database is damaged: a name in it is not UTF-8"),
    ("not authorized", "the query does more than read this file"),
)


def _failures() -> tuple[type[Exception], ...]:
    """Return the errors of Python's sqlite3. The message of SQLite on a damaged name may be no UTF-8."""
    import sqlite3

    return sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError, UnicodeDecodeError


def _reason(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    if "interrupted" in text:
        return f"the query took more than {_SECONDS:g} s for a row"
    return next((advice for sign, advice in _ADVICE if sign in text), f"SQLite cannot read it: {text}")


def _sniff(content: Content) -> float:
    if content.stream.head.startswith(_MAGIC):
        return 1.0
    return 0.2 if content.is_named(*_SUFFIXES) else 0.0


SQLITE = Reader(
    name="sqlite",
    label="SQLite database",
    suffixes=_SUFFIXES,
    binary=True,
    sniff=_sniff,
    read=_read,
)
