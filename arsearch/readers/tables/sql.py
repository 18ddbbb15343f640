"""Databases by their SQLAlchemy URL (`postgresql://user@host/db`) to records: one article for each row.

The password of a URL never reaches a message. `sqlite:///file` needs no library.
Source: the SQLAlchemy documentation of database URLs and of streaming results.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.reader import Reader
from arsearch.readers.tables.cells import row_record
from arsearch.readers.tables.choice import Table, chosen_tables
from arsearch.readers.tables.locations import secrets_of
from arsearch.readers.tables.sqlite import read_sqlite_file

__all__ = ["SQL"]

_SCHEMES = (
    "postgresql postgresql+psycopg postgresql+psycopg2 postgresql+pg8000 postgres mysql mysql+pymysql mysql+mysqldb"
    " mysql+mysqlconnector mariadb mariadb+pymysql mariadb+mariadbconnector oracle oracle+oracledb mssql mssql+pyodbc"
    " mssql+pymssql sqlite sqlite+pysqlite duckdb cockroachdb"
).split()
_ROWS_AT_ONCE = 500
_LONGEST_REASON = 300


def _read(content: Content) -> Iterator[Record]:
    location = content.source.location or ""
    if content.source.scheme == "sqlite":
        path = location.partition("://")[2].removeprefix("/").partition("?")[0]
        _check_file(path)
        yield from read_sqlite_file(content, path)
        return
    if find_spec("sqlalchemy") is None:
        raise InputError('databases are read with the extra [sql]: pip install "arsearch[sql]"')
    yield from _rows_of_database(content, location)


def _check_file(path: str) -> None:
    problem = f"no file {path!r}"
    try:
        if stat.S_ISREG(Path(path).stat().st_mode):
            return
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        if not isinstance(error, FileNotFoundError):
            problem = f"{path!r} cannot be read ({getattr(error, 'strerror', None) or error})"
    raise InputError(f"{problem}; a SQLite location is sqlite:///relative.db or sqlite:////absolute.db")


def _rows_of_database(content: Content, location: str) -> Iterator[Record]:
    import sqlalchemy
    from sqlalchemy.exc import SQLAlchemyError

    url = location.replace("postgres://", "postgresql://", 1)
    secrets = secrets_of(location)
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(postgresql_readonly=True)
        with engine.connect() as connection:
            if content.sql is not None:
                yield from _rows(content, connection, sqlalchemy.text(content.sql), "query", None, secrets)
                return
            tables = list(_tables(connection, secrets))
            for table in chosen_tables(tables, content.table, content.mapping, content.tell):
                select = sqlalchemy.select(sqlalchemy.text("*")).select_from(sqlalchemy.table(table.name))
                yield from _rows(content, connection, select, table.name, table.key, secrets)
    except ImportError as error:
        raise InputError(f"the driver of the database is not installed: {_clean(error, secrets)}") from None
    except (SQLAlchemyError, ValueError, TypeError) as error:
        raise InputError(f"the database cannot be read: {_clean(error, secrets)}") from None


def _tables(connection: Any, secrets: list[str]) -> Iterator[Table]:
    import sqlalchemy
    from sqlalchemy.exc import SQLAlchemyError

    inspector = sqlalchemy.inspect(connection)
    for names, is_view in ((inspector.get_table_names(), False), (inspector.get_view_names(), True)):
        for name in names:
            try:
                columns = tuple(column["name"] for column in inspector.get_columns(name))
                keys = [] if is_view else list(inspector.get_pk_constraint(name).get("constrained_columns") or [])
            except (SQLAlchemyError, UnicodeDecodeError) as error:  # a damaged SQLite database
                yield Table(name, (), is_view, None, _clean(error, secrets))
                continue
            yield Table(name, columns, is_view, keys[0] if len(keys) == 1 else None)


def _rows(
    content: Content, connection: Any, query: Any, name: str, key: str | None, secrets: list[str]
) -> Iterator[Record]:
    from sqlalchemy.exc import SQLAlchemyError

    number = 0
    try:
        result = connection.execution_options(stream_results=True, yield_per=_ROWS_AT_ONCE).execute(query)
        for row in result.mappings():
            number += 1
            yield row_record(f"{content.name}:{name} (row {number})", row, content.columns, key=key)
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        problem = f"{_clean(error, secrets)}; {number:,} rows before were read"
        yield Record(f"{content.name}:{name}", None, problem)


def _clean(error: BaseException, secrets: list[str]) -> str:
    """Return the message of an error on one line, without secrets and without SQLAlchemy's links."""
    text = " ".join(str(getattr(error, "orig", None) or error).split()).partition("(Background on this error")[0]
    for secret in secrets:
        text = text.replace(secret, "***")
    return text.strip()[:_LONGEST_REASON]


SQL = Reader(name="sql", label="database", schemes=tuple(_SCHEMES), binary=True, read=_read)
