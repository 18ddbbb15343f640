"""The Django application in a real site: each check runs in a process, with a database and an index of its own.

The databases are SQLite's. With `ARSEARCH_POSTGRES=1` they are those of the PostgreSQL server that libpq's environment
names, made for each test and dropped after it. On Debian, as root:

    apt-get install postgresql && pip install 'psycopg[binary]'
    runuser -u postgres -- sh -c '/usr/lib/postgresql/*/bin/initdb -A trust -D /tmp/pg'
    runuser -u postgres -- sh -c '/usr/lib/postgresql/*/bin/pg_ctl -D /tmp/pg -w -o "-p 55432 -k /tmp" start'
    PGHOST=/tmp PGPORT=55432 PGUSER=postgres ARSEARCH_POSTGRES=1 pytest tests/django_app
    runuser -u postgres -- sh -c '/usr/lib/postgresql/*/bin/pg_ctl -D /tmp/pg stop'
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("django", reason='needs pip install "arsearch[django]"')

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
CHECKS = re.findall(
    r"^def ([a-z]\w+)\(\) -> None:", (FOLDER / "site_checks.py").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a site in a folder, with a database of its own."""
    paths = os.pathsep.join((str(ROOT), str(FOLDER / "project")))
    site = os.environ | {"SITE_FOLDER": str(tmp_path), "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "settings"}
    if not os.environ.get("ARSEARCH_POSTGRES"):
        yield site
        return
    psycopg = pytest.importorskip("psycopg")
    name = f"arsearch_{uuid.uuid4().hex}"
    with psycopg.connect("dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield site | {"SITE_DATABASE": name}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("name", CHECKS)
def test_the_site(name: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "ignore::SyntaxWarning", str(FOLDER / "site_checks.py"), name],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


_WRITER = """
import sys
import django
django.setup()
from django.core.management import call_command
from news.models import Article
for number in range(1, 21):
    if number <= 6:
        sys.stdin.readline()
    Article.objects.create(title=f"كتاب {number}")
    if number % 5 == 0:
        call_command("rebuild_arsearch", stdout=sys.stderr)
    print(number, flush=True)
"""
"""Waits for a line before each of the first six articles, and writes the others as fast as it can."""


def test_four_workers_follow_a_writer_beside_them(tmp_path: Path, environment: dict[str, str]) -> None:
    pytest.importorskip("gunicorn", reason="needs pip install gunicorn")
    subprocess.run([sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"], env=environment, check=True)
    (tmp_path / "wsgi.py").write_text(
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
    )
    command = [sys.executable, "-m", "gunicorn", "-w", "4", "-b", "127.0.0.1:0", "wsgi:application"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", line := server.stderr.readline())):
                assert line, "gunicorn ended"
            url = f"http://127.0.0.1:{found[1]}/articles/?q=%D9%83%D8%AA%D8%A7%D8%A8"
            pipe = subprocess.PIPE
            with subprocess.Popen(
                [sys.executable, "-c", _WRITER], env=environment, stdin=pipe, stdout=pipe, text=True
            ) as writer:
                assert writer.stdin is not None
                assert writer.stdout is not None
                for number in range(1, 6):
                    writer.stdin.write("next\n")
                    writer.stdin.flush()
                    assert writer.stdout.readline() == f"{number}\n"
                    assert {count(url) for _ in range(8)} == {number}
                writer.stdin.write("next\n")
                writer.stdin.flush()
                counts = []
                while writer.poll() is None:
                    counts.append(count(url))
            assert writer.returncode == 0
            assert {count(url) for _ in range(8)} == {20}
        finally:
            server.send_signal(signal.SIGTERM)
    # A search may run in any worker, and none may see an older commit than the search before it saw.
    assert counts == sorted(counts), json.dumps(counts)


def count(url: str) -> int:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                found = re.search(r"عدد النتائج: (\d+)", response.read().decode())
                assert found
                return int(found[1])
        except ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
