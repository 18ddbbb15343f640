"""`arsearch serve`: a process that prints its address, answers, and ends without noise."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

import click
import pytest
from click.testing import CliRunner

import arsearch
from arsearch.cli import main
from arsearch.cli.serve import read_indexes, read_tokens
from arsearch.errors import InputError

pytest.importorskip("uvicorn", reason='needs pip install "arsearch[web]"')

TOKEN = "a-token-of-the-tests"


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """Return the folder of an index with one article."""
    folder = tmp_path / "news.arsearch"
    with arsearch.open(folder, create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}])
    return folder


@contextlib.contextmanager
def serving(*arguments: str, cwd: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Start a server in a process group of its own, and yield it with its URL and the line that it printed."""
    command = [sys.executable, "-m", "arsearch", "serve", "--port", "0", *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert isinstance(process.stdout, IO) or process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line
            yield process, found[0], line
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def get(url: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, data, {name.replace("_", "-"): value for name, value in headers.items()})
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_server_answers_and_ends_at_ctrl_c_without_noise(location: Path, workers: str) -> None:
    with serving("-i", str(location), "--workers", workers, cwd=location.parent) as (process, url, line):
        assert line == f"serving news at {url} (Ctrl-C stops)\n"
        status, body = get(f"{url}api/search?q=%D9%83%D8%AA%D8%A7%D8%A8")
        assert (status, json.loads(body)["total"]) == (200, 1)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, error = process.communicate(timeout=30)

    assert (process.returncode, out, error) == (0, "", "")


def test_a_change_in_one_process_is_seen_by_the_others(location: Path) -> None:
    with serving("-i", "news.arsearch", "--workers", "2", cwd=location.parent) as (_, url, _line):
        for number in range(2, 5):
            with arsearch.open(location) as index:
                index.add([{"id": str(number), "title": "كتاب"}])
            found = {json.loads(get(f"{url}api/stats", Connection="close")[1])["articles"] for _ in range(8)}
            assert found == {number}


def test_a_token_file_allows_changes(location: Path, tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text(f"{TOKEN}\n\nanother-{TOKEN}\n")
    body = b'{"id": "2", "title": "t"}\n'
    with serving("-i", "news.arsearch", "--token-file", "tokens", cwd=tmp_path) as (_, url, _line):
        kind = "application/jsonl"
        assert get(f"{url}api/articles", body, Content_Type=kind)[0] == 401
        assert get(f"{url}api/articles", body, Content_Type=kind, Authorization=f"Bearer another-{TOKEN}")[0] == 200


def test_a_root_path_is_the_place_behind_a_proxy(location: Path) -> None:
    with serving("-i", "news.arsearch", "--root-path", "/archive", cwd=location.parent) as (_, url, _line):
        assert url.endswith("/archive/")
        root = url.removesuffix("archive/")
        assert json.loads(get(f"{root}api/openapi.json")[1])["servers"] == [{"url": "/archive/api/v1"}]


def test_the_access_log_is_on_standard_error(location: Path) -> None:
    with serving("-i", "news.arsearch", "--access-log", "paths", cwd=location.parent) as (process, url, _line):
        get(f"{url}api/search?q=private")
        os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=30)

    assert re.fullmatch(r"\S+ \S+ INFO 127\.0\.0\.1 GET /api/search 200 [\d.]+ ms\n", error)


def test_a_host_of_another_name_is_refused(location: Path) -> None:
    with serving("-i", "news.arsearch", "--allow-host", "search.example.org", cwd=location.parent) as (_, url, _line):
        assert get(f"{url}api/health", Host="search.example.org")[0] == 200
        assert get(f"{url}api/health", Host="evil.example")[0] == 400


@pytest.mark.parametrize("workers", ["1", "2"])
def test_synonyms_are_searched_in_every_process(location: Path, workers: str) -> None:
    (location.parent / "synonyms.txt").write_text("زعزعة, كتاب\n", encoding="utf-8")
    arguments = ("-i", "news.arsearch", "--workers", workers)
    path = f"api/search?q={quote('زعزعة')}&limit=0"
    with serving(*arguments, cwd=location.parent) as (_, url, _line):
        plain = json.loads(get(url + path)[1])
    with serving(*arguments, "--synonyms", "synonyms.txt", cwd=location.parent) as (_, url, _line):
        found = json.loads(get(url + path)[1])
    assert (plain["total"], found["total"]) == (0, 1)


def test_what_an_index_cannot_do_is_one_line(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arsearch.web.server.run_server", lambda *_: None)
    monkeypatch.setattr("arsearch.index.backend.EmbeddedBackend.capabilities", frozenset())
    code, error = failure("-i", str(location), "--port", "0")

    assert code == 0
    assert error == (
        "news: the page and the API leave out what it cannot do: complete a query that is being typed, propose corrections "
        "of a query, fold near-duplicates; concordances and frequencies read all its articles, which is slow\n"
    )


def test_a_bad_file_of_synonyms_is_one_line(location: Path) -> None:
    (location.parent / "synonyms.txt").write_text("a => b => c\n", encoding="utf-8")
    code, error = failure("-i", str(location), "--synonyms", str(location.parent / "synonyms.txt"))

    assert (code, error.count("\n")) == (1, 1)
    assert "synonyms.txt, line 1" in error


def failure(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["serve", *arguments])
    return result.exit_code, result.stderr


def test_a_port_in_use_is_one_line(location: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, error = failure("-i", str(location), "--port", str(taken.getsockname()[1]))

    assert code == 1
    assert re.fullmatch(r"arsearch: cannot listen on 127\.0\.0\.1, port \d+: Address already in use; .*\n", error)


def test_a_small_answer_does_not_wait_for_the_client() -> None:
    # Without TCP_NODELAY, the later answers of a connection wait 40 ms for an acknowledgement.
    from arsearch.web.server import listen

    async def no_delay() -> int:
        option = asyncio.get_running_loop().create_future()

        def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            option.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        bound = listen("127.0.0.1", 0)
        async with await asyncio.start_server(accept, sock=bound):
            _, writer = await asyncio.open_connection(*bound.getsockname())
            found: int = await option
            writer.close()
            await writer.wait_closed()
            return found

    assert asyncio.run(no_delay())


def test_an_address_of_another_machine_is_one_line(location: Path) -> None:
    code, error = failure("-i", str(location), "--host", "192.0.2.1")

    assert (code, error.count("\n")) == (1, 1)
    assert "192.0.2.1" in error


def test_a_missing_index_is_one_line(tmp_path: Path) -> None:
    code, error = failure("-i", str(tmp_path / "nothing"))

    assert (code, error.count("\n")) == (1, 1)
    assert "nothing" in error


def test_a_missing_extra_is_one_line(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "uvicorn" else object())

    assert failure("-i", str(location)) == (
        1,
        'arsearch: the server needs uvicorn: run pip install "arsearch[web]"\n',
    )


@pytest.mark.parametrize("arguments", [["--root-path", "archive"], ["--root-path", "/a/"], ["--root-path", "/<x>"]])
def test_a_wrong_root_path_is_an_error_of_usage(location: Path, arguments: list[str]) -> None:
    assert failure("-i", str(location), *arguments)[0] == 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["/srv/news.arsearch"], {"news": ("/srv/news.arsearch",)}),
        (["/srv/news/"], {"news": ("/srv/news/",)}),
        (["books=/srv/x"], {"books": ("/srv/x",)}),
        (["كتب=/srv/x"], {"كتب": ("/srv/x",)}),
        (["a=b=c"], {"a": ("b=c",)}),
        (["./my index"], {"my-index": ("./my index",)}),
        (["x" * 300], {"x" * 50: ("x" * 300,)}),
        (["news=" + "x" * 300], {"news": ("x" * 300,)}),
        (["a/b=c"], {"b-c": ("a/b=c",)}),
        ([".."], {"default": ("..",)}),
        (["one", "two=three"], {"one": ("one",), "two": ("three",)}),
        (["one=a", "b", "one=c"], {"one": ("a", "c"), "b": ("b",)}),
        (["all=archive", "all=opensearch://host/news"], {"all": ("archive", "opensearch://host/news")}),
    ],
)
def test_an_index_has_a_name(values: list[str], expected: dict[str, tuple[str, ...]]) -> None:
    assert read_indexes(values) == expected


def test_two_indexes_of_one_name_are_an_error_of_usage() -> None:
    for values in (["a/news", "b/news"], ["a/news", "news=b"], ["news=b", "a/news"]):
        with pytest.raises(click.UsageError, match=r"two indexes are called 'news'.* to search them as one"):
            read_indexes(values)


def test_without_an_option_the_nearest_index_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARSEARCH_INDEX", raising=False)
    (tmp_path / ".arsearch").mkdir()
    assert read_indexes([]) == {"default": (str(tmp_path / ".arsearch"),)}
    monkeypatch.setenv("ARSEARCH_INDEX", "/srv/my index")
    assert read_indexes([]) == {"default": ("/srv/my index",)}


@pytest.mark.parametrize(
    "text", ["too-little", "has a space in the middle", "رمز من الحروف العربية", "a\tb-0123456789abcdef"]
)
def test_a_token_that_can_be_guessed_or_sent_in_no_header_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "tokens").write_text(f"{TOKEN}\n{text}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a token of .* is too short"):
        read_tokens(str(tmp_path / "tokens"))
    monkeypatch.setenv("ARSEARCH_TOKEN", text)
    with pytest.raises(InputError, match="ARSEARCH_TOKEN") as raised:
        read_tokens(None)
    assert text not in str(raised.value)


def test_a_token_file_without_tokens_or_that_is_missing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n\n")
    for name in ("empty", "missing"):
        with pytest.raises(InputError, match=name):
            read_tokens(str(tmp_path / name))
