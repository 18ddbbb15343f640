"""SQLite files and databases by URL: read-only, the table chosen and said; damage costs one table or row, secrets stay secret."""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from arsearch.errors import InputError
from arsearch.readers import read_articles
from arsearch.readers.tables.locations import secrets_of, without_secrets

POSTS = "CREATE TABLE posts (nid INTEGER PRIMARY KEY, title TEXT, content TEXT, created_at TEXT);"
ROWS = "INSERT INTO posts VALUES (7, 'خبر', 'نص', '2015-07-21'), (8, 'آخر', NULL, NULL);"
EXPECTED = [
    {"title": "خبر", "body": "نص", "date": "2015-07-21", "nid": 7, "id": 7},
    {"title": "آخر", "nid": 8, "id": 8},
]


def database(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return connection.serialize()


@pytest.mark.parametrize("name", ["a.db", "a.sqlite3", "noname", "a.db.gz"])
def test_a_database_of_one_table(read: Callable[..., Any], name: str) -> None:
    data = database(POSTS + ROWS)
    got = read({name: gzip.compress(data) if name.endswith(".gz") else data})
    assert got.data == EXPECTED
    assert [record.where for record in got.records] == [f"{name}:posts (row {n})" for n in (1, 2)]
    assert got.messages[0] == f"{name}: SQLite database"
    assert f"{name}: the primary key 'nid' is the id" in got.messages


@pytest.mark.parametrize(
    ("script", "options", "titles", "message"),
    [
        pytest.param(
            POSTS + ROWS + "CREATE TABLE users (id, name, email); CREATE TABLE comments (id, body);", {},
            ["خبر", "آخر"], "the articles are the rows of 'posts'; not read: users, comments (--table, table=)", id="best",
        ),
        pytest.param(
            POSTS + ROWS + "CREATE VIEW v AS SELECT * FROM posts;", {}, ["خبر", "آخر"],
            "the articles are the rows of 'posts'; not read: v (--table, table=)", id="table_before_view",
        ),
        pytest.param(
            "CREATE TABLE a (id, title, body); CREATE TABLE b (id, title, body); INSERT INTO a VALUES (1, 'أ', 'x');"
            "INSERT INTO b VALUES (2, 'ب', 'x')", {}, ["أ", "ب"], "the articles are the rows of 'a', 'b'", id="equal",
        ),
        pytest.param(POSTS + ROWS + "CREATE TABLE x (id, title);", {"table": "X"}, [], "", id="named"),
        pytest.param(
            POSTS + ROWS, {"sql": "SELECT nid AS id, upper(title) AS title FROM posts WHERE nid > 7"}, ["آخر"], "", id="sql"
        ),
        pytest.param(
            "CREATE TABLE t (a, b); INSERT INTO t VALUES ('عنوان', 'نص');", {"mapping": {"title": "a"}}, ["عنوان"], "",
            id="mapped",
        ),
        pytest.param(
            "CREATE VIRTUAL TABLE f USING fts5(title, body); INSERT INTO f VALUES ('خبر', 'نص');", {}, ["خبر"], "", id="fts"
        ),
        pytest.param(
            'CREATE TABLE "a ""b" (id, "العنوان", "المحتوى"); INSERT INTO "a ""b" VALUES (1, \'خبر\', \'نص\');', {},
            ["خبر"], "", id="quotes",
        ),
    ],
)  # fmt: skip
def test_the_choice_of_the_table(
    read: Callable[..., Any], script: str, options: dict[str, Any], titles: list[str], message: str
) -> None:
    got = read({"a.db": database(script)}, **options)
    assert [article["title"] for article in got.data] == titles
    assert not message or f"a.db: {message}" in got.messages
    assert not got.problems


@pytest.mark.parametrize(
    ("script", "options", "reason"),
    [
        ("", {}, "the database has no tables"),
        ("CREATE TABLE a (x); CREATE TABLE b (y)", {}, "no table looks like articles; name one with --table"),
        (POSTS, {"table": "news"}, "no table 'news'; the tables are posts"),
        (POSTS, {"sql": "SELECT * FROM news"}, "no such table: news"),
        (POSTS, {"sql": "DELETE FROM posts"}, "the query does more than read"),
        (POSTS, {"sql": "ATTACH 'b.db' AS b"}, "does more than read|too many attached"),
        (POSTS, {"sql": "PRAGMA user_version = 3"}, "does more than read"),
        (POSTS, {"sql": "SELECT load_extension('x')"}, "does more than read"),
        (POSTS, {"sql": "SELECT 1; SELECT 2"}, "one statement at a time"),
        (POSTS, {"sql": ""}, "no rows; give a SELECT"),
        (POSTS, {"sql": "SELECT zeroblob(1000000000)"}, "too big|out of memory"),
    ],
)
def test_what_cannot_be_read_has_a_reason(
    read: Callable[..., Any], script: str, options: dict[str, Any], reason: str
) -> None:
    import re

    got = read({"a.db": database(script + ";CREATE TABLE x (y); DROP TABLE x")}, **options)
    assert not got.data
    assert re.search(reason, got.problems[0][1])


def test_a_table_and_a_query_exclude_each_other() -> None:
    with pytest.raises(InputError, match="either a table or a query"):
        read_articles("a.db", table="x", sql="SELECT 1")


def test_a_view_that_fails_is_reported_and_the_rest_read(read: Callable[..., Any]) -> None:
    script = POSTS + ROWS + "CREATE TABLE gone (title, body); CREATE VIEW v AS SELECT * FROM gone; DROP TABLE gone;"
    got = read({"a.db": database(script)})
    assert len(got.data) == 2
    assert [where for where, _ in got.problems] == ["a.db:v"]
    assert "no such table: main.gone" in got.problems[0][1]


def test_a_row_that_fails_keeps_those_before(read: Callable[..., Any]) -> None:
    script = "CREATE TABLE t (id, title); INSERT INTO t VALUES (1, 'a'), (2, 'b'); CREATE VIEW v AS SELECT id, title,"
    got = read({"a.db": database(script + " CASE id WHEN 2 THEN abs(-9223372036854775808) END AS n FROM t")}, table="v")
    assert [article["id"] for article in got.data] == [1]
    assert got.problems[0][0] == "a.db:v (row 2)"
    assert "integer overflow; 1 rows before were read" in got.problems[0][1]


def test_an_endless_query_is_interrupted(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arsearch.readers.tables.sqlite._SECONDS", 0.5)
    script = POSTS + ROWS + "CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
    got = read({"a.db": database(script + " SELECT count(*) AS body, 'x' AS title FROM r")}, table="v")
    assert "took more than 0.5 s" in got.problems[0][1]


@pytest.mark.parametrize(("value", "expected"), [("X'00FF'", None), ("1984", "1984"), ("2.5", "2.5"), ("''", None)])
def test_values_that_are_no_text(read: Callable[..., Any], value: str, expected: str | None) -> None:
    script = f"CREATE TABLE t (id, title, body); INSERT INTO t VALUES (1, {value}, 'نص')"
    assert read({"a.db": database(script)}).data[0].get("title") == expected


def test_text_in_an_old_encoding_is_decoded_or_reported(read: Callable[..., Any]) -> None:
    arabic = "قال الوزير إن القمح غال في هذا العام وإن الأسعار سترتفع في الأسواق".encode("cp1256").hex()
    script = "CREATE TABLE t (id, body);"
    script += f"INSERT INTO t VALUES (1, CAST(X'FFFE' AS TEXT)), (2, CAST(X'{arabic}' AS TEXT)), (3, 'نص')"
    got = read({"a.db": database(script)})
    assert got.data[0]["body"].startswith("قال الوزير")
    assert got.data[1] == {"id": 3, "body": "نص"}
    assert got.problems[0][0] == "a.db:t (row 1)"


def test_a_locked_database_is_reported_and_other_files_are_read(read: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(database(POSTS + ROWS))
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        got = read({"b.jsonl": b'{"id": 1, "title": "x"}'}, "a.db", "b.jsonl")
        assert [where for where, _ in got.problems] == ["a.db"]
        assert "locked by another program; close it, or read a copy" in got.problems[0][1]
        assert len(got.data) == 1


@pytest.mark.parametrize("open_elsewhere", [True, False])
def test_a_write_ahead_log_is_read_and_nothing_is_written(
    read: Callable[..., Any], tmp_path: Path, open_elsewhere: bool
) -> None:
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.executescript("PRAGMA journal_mode = WAL;" + POSTS + ROWS)
    if not open_elsewhere:
        other.close()
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir() if "-shm" not in file.name}
    assert read({}, "a.db").data == EXPECTED
    after = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir() if "-shm" not in file.name}
    other.close()
    assert after == before


@pytest.mark.parametrize("damage", ["cut", "page", "header", "text"])
def test_a_broken_file_is_reported(read: Callable[..., Any], damage: str) -> None:
    rows = "".join(f"INSERT INTO posts VALUES ({n}, 'خبر {n}', '{'نص ' * 500}', NULL);" for n in range(50))
    data = bytearray(database(POSTS + rows))
    if damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "page":
        data[8192:40000] = b"\xff" * (40000 - 8192)
    elif damage == "header":
        data[16:100] = b"\xff" * 84
    else:
        data[:] = b"not a database at all, but named so" * 10
    got = read({"a.db": bytes(data), "b.db": database(POSTS + ROWS)})
    assert [problem for where, problem in got.problems if where.startswith("a.db")]
    assert got.data[-2:] == EXPECTED


@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        (b"CREATE TABLE", b"CR\xab\xabTE TABLE"),
        (b"articles (id", b"articles (\xab\xab"),
        (b"title, body)", b"title, bo\xabx)"),
        (b"(id, title, body)", b"\xab(id title, body)"),
        (b"tablearticlesarticles", b"tablearti\xablesarti\xables"),
    ],
)
@pytest.mark.parametrize("location", ["a.db", "sqlite:///a.db"])
def test_a_damaged_name_in_the_schema_is_reported(
    read: Callable[..., Any], name: bytes, damaged: bytes, location: str
) -> None:
    if location != "a.db":
        pytest.importorskip("sqlalchemy")
    data = database("CREATE TABLE articles (id, title, body); INSERT INTO articles VALUES (1, 'خبر', 'نص');")
    assert name in data
    got = read({"a.db": data.replace(name, damaged), "b.db": database(POSTS + ROWS)}, location, "b.db")
    assert "not UTF-8" in got.problems[0][1]
    assert got.data == EXPECTED


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("sqlite:///nothing.db", "no file 'nothing.db'"),
        ("sqlite:///", "no file ''"),
        ("sqlite:///.", "no file '.'"),
        ("sqlite:///" + "x" * 300, r"'x+' cannot be read \(File name too long\)"),
        ("sqlite:///b.db/a.db", r"'b\.db/a\.db' cannot be read \(Not a directory\)"),
        ("sqlite:///a\0b", r"'a\\x00b' cannot be read \(.*embedded null .*\)"),
    ],
)
def test_a_location_without_a_database_is_a_problem_beside_the_others(
    read: Callable[..., Any], location: str, reason: str
) -> None:
    got = read({"b.db": database(POSTS + ROWS)}, location, "b.db")

    assert got.data == EXPECTED
    [(_, problem)] = got.problems
    assert re.fullmatch(f"{reason}; a SQLite location is .*", problem)


def test_a_name_that_leaves_no_room_for_that_of_a_log(read: Callable[..., Any], tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(POSTS + ROWS)
    name = "x" * 252 + ".db"
    (tmp_path / "a.db").rename(tmp_path / name)

    assert read({}, name).data == EXPECTED


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@ss:w/x@h/d", "postgresql://u:***@h/d"),
        ("mysql+pymysql://u:p%40ss@h:3306/d?charset=utf8", "mysql+pymysql://u:***@h:3306/d?charset=utf8"),
        ("postgresql://h/d?user=u&password=geheim&x=1", "postgresql://h/d?user=u&password=***&x=1"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
    ],
)
def test_secrets_are_not_shown(location: str, shown: str) -> None:
    assert without_secrets(location) == shown


def test_secrets_are_found_in_both_forms() -> None:
    assert secrets_of("mysql://u:p%40ss@h/d?token=t") == ["p%40ss", "p@ss", "t"]


def test_no_message_has_the_password(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    command = [sys.executable, "-m", "arsearch", "index", "-i", str(tmp_path / "i")]
    for location in (
        "postgresql://u:geheim@localhost:1/d",
        "nothing://u:geheim@h/d",
        "mysql://u:geheim@h/d?password=geheim",
    ):
        done = subprocess.run([*command, location], capture_output=True, encoding="utf-8", env=os.environ, check=False)
        assert "u:***@" in done.stdout + done.stderr
        assert "geheim" not in done.stdout + done.stderr


@pytest.mark.parametrize("options", [{"table": "posts"}, {"sql": "SELECT 1"}])
def test_a_table_of_a_file_that_is_no_database_is_said_to_be_unused(
    read: Callable[..., Any], options: dict[str, str]
) -> None:
    got = read({"a.jsonl": b'{"id": 1, "title": "x"}'}, **options)

    assert "a.jsonl: this is no database, so the table or query that was named is not used" in got.messages
    assert len(got.data) == 1


@pytest.fixture
def url(tmp_path: Path) -> str:
    (tmp_path / "a.db").write_bytes(database(POSTS + ROWS + "CREATE TABLE users (id, name)"))
    return f"sqlite+pysqlite:///{tmp_path / 'a.db'}"


@pytest.mark.parametrize("options", [{}, {"table": "posts"}, {"sql": "SELECT * FROM posts ORDER BY nid"}])
def test_a_database_by_its_url(read: Callable[..., Any], url: str, options: dict[str, str]) -> None:
    pytest.importorskip("sqlalchemy")
    for location in (url, url.replace("+pysqlite", "")):
        got = read({}, location, **options)
        names = [{name: value for name, value in article.items() if name != "id"} for article in got.data]
        assert names == [{name: value for name, value in article.items() if name != "id"} for article in EXPECTED]
        assert "sql" in options or [article["id"] for article in got.data] == [7, 8]
        assert not got.problems


@pytest.mark.parametrize("options", [{"table": "gone"}, {"sql": "SELECT * FROM gone"}, {"sql": "nonsense"}])
def test_a_query_that_fails_is_reported(read: Callable[..., Any], url: str, options: dict[str, str]) -> None:
    pytest.importorskip("sqlalchemy")
    got = read({"b.jsonl": b'{"id": 1, "title": "x"}'}, url, "b.jsonl", **options)
    assert len(got.problems) == 1
    assert [article["id"] for article in got.data] == [1]


def test_a_missing_driver_is_named(read: Callable[..., Any]) -> None:
    pytest.importorskip("sqlalchemy")
    got = read({}, "mssql+pymssql://u:p@h/d", "oracle://u:p@h/d")
    assert all("driver" in problem or "cannot be read" in problem for _, problem in got.problems)
