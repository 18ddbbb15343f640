"""Send hostile requests to a server, and look for answers of status 500 and other defects.

    python tests/fuzz_web.py                     # 10,000 requests
    python tests/fuzz_web.py --requests 1000000 --seed 7
    python tests/fuzz_web.py --only 4711         # one request again, printed

A request combines a method, a path and parameters at random: right ones, the hostile texts of
tests/web/test_web_security.py, and random bytes and code points. Some are sent to a socket as raw bytes, broken off or
against the grammar of HTTP. A defect is an answer of status 500, a missing header of security, a path of the server in an
answer, an unescaped tag of a query in a page, an answer that takes longer than twice the deadline, or a server that does not
answer any more. The last line counts requests by status.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "web")]

from test_web_security import HOSTILE  # noqa: E402

import arsearch  # noqa: E402
from arsearch.web.security import HEADERS  # noqa: E402

TOKEN = "a-token-of-the-fuzzing"
DEADLINE = 2.0
SECRET = "a-secret-folder"
PATHS = (
    "/", "/", "/", "/a/samples/news-001", "/a/samples/", "/a/", "/why/samples/news-001", "/similar/samples/news-001", "/help",
    "/concordance", "/concordance.csv", "/frequencies", "/frequencies.csv",
    "/export.csv", "/export.json", "/export.", "/static/", "/nothing",
    *(f"/api{version}/{name}" for version in ("", "/v1") for name in (
        "search", "search", "search", "passages", "concordance", "frequencies",
        "suggest", "similar", "explain", "articles", "articles/", "articles/news-001", "stats",
        "health", "metrics", "openapi.json", "nothing", "")),
)  # fmt: skip
NAMES = (
    "q", "q", "q", "i", "id", "page", "limit", "offset", "f.source", "f.date", "f.id", "f.tags", "f.volume", "not.source", "from",
    "to", "sort", "match", "mode", "facets", "collapse", "recency", "cursor", "fields", "did_you_mean", "ui",
    "width", "by", "size", "overlap",
)  # fmt: skip
GOOD = {
    "q": ("الحرس الثوري", "كتاب", "\"وزير الداخلية\"", "title:الحرس -إيران", "كتا*", "قالل~1"), "i": ("samples", ""),
    "id": ("news-001",), "page": ("1", "2"), "limit": ("1", "10", "0"), "offset": ("0", "5"),
    "sort": ("date", "-date", "score", "left", "work"),
    "match": ("word", "root"), "mode": ("any", "all"), "facets": ("source,month", "year"), "collapse": ("none", "source"),
    "recency": ("30d",), "fields": ("id,title", "snippet_html"), "did_you_mean": ("1",), "ui": ("en", "ar"), "from": ("2015",),
    "to": ("2016-05",), "f.source": ("صحيفة المرفأ",), "f.date": ("2015-07..",),
    "width": ("0", "30"), "by": ("year", "work", "source"), "size": ("200",), "overlap": ("50",),
}  # fmt: skip
METHODS = ("GET",) * 12 + ("HEAD", "POST", "DELETE", "PUT", "OPTIONS", "PATCH", "TRACE")
HEADERS_SENT = (
    "If-None-Match",
    "Accept-Encoding",
    "Authorization",
    "Content-Type",
    "Range",
    "X-Forwarded-For",
    "Cookie",
    "Accept",
)


def main() -> None:
    """Run the campaign; exit with 1 if it finds a defect."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="send one request again, and print it and its answer")
    options = parser.parse_args()
    defects: list[str] = []
    statuses: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder) / SECRET) as (port, process):
        numbers = range(options.requests) if options.only is None else [options.only]
        for number in numbers:
            random = Random(f"{options.seed}:{number}")
            if random.random() < 0.03:
                outcome, found = _send_raw(port, random)
            else:
                outcome, found = _send(port, random, show=options.only is not None)
            statuses[outcome] += 1
            defects += [f"{number}: {defect}" for defect in found]
            if process.poll() is not None:
                defects.append(f"{number}: the server ended with {process.returncode}")
                break
        with contextlib.suppress(OSError):
            _check_alive(port, defects)
    print("\n".join(defects[:50]))  # noqa: T201
    counts = ", ".join(f"{count:,} of {outcome}" for outcome, count in sorted(statuses.items()))
    print(f"{sum(statuses.values()):,} requests, {len(defects)} defects; {counts}")  # noqa: T201
    raise SystemExit(bool(defects))


@contextlib.contextmanager
def _serving(location: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    with arsearch.open(location, create=True, fields={"volume": "int"}) as index:
        index.add(map(json.loads, (ROOT / "examples" / "articles.jsonl").read_text("utf-8").splitlines()))
        index.add(
            [{"id": "evil", "title": "<script>alert(1)</script> كتاب", "body": "كتاب <img src=x onerror=alert(1)>"}]
        )
    command = [sys.executable, "-m", "arsearch", "serve", "-i", f"samples={location}", "--port", "0", "--rate", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "ARSEARCH_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
    with (
        (location.parent / "log").open("w") as log,
        subprocess.Popen(
            [*command, "--deadline", str(DEADLINE)], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/ ", process.stdout.readline())
            assert found
            _wait(int(found[1]))
            yield int(found[1]), process
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)


def _text(random: Random) -> bytes:
    """Return a hostile text, random code points, random bytes, or a long run."""
    kind = random.random()
    if kind < 0.45:
        return random.choice(tuple(HOSTILE.values())).encode("utf-8", "surrogatepass")
    if kind < 0.65:
        points = [
            random.choice((range(0x600, 0x700), range(0x20, 0x7F), range(0x110000)))
            for _ in range(random.randint(0, 60))
        ]
        return "".join(chr(random.choice(one)) for one in points).encode("utf-8", "surrogatepass")
    if kind < 0.8:
        return random.randbytes(random.randint(0, 80))
    if kind < 0.9:
        return random.choice(
            (b"0", b"-1", b"99999999999999999999", b"1e9", b"NaN", b"true", b"[]", b"{}", b"null", b"../..", b"*")
        )
    return random.choice((b"a", b'"', b"(", b"\xd8\xa7 ", b"%", b"\xf0\x9f\x98\x80")) * random.randint(1, 2000)


def _target(random: Random) -> str:
    path = random.choice(PATHS)
    if random.random() < 0.15:
        path += quote_from_bytes(_text(random)[:500], safe="/." if random.random() < 0.5 else "")
    pairs = []
    for _ in range(random.choice((0, 1, 1, 2, 2, 3, 5, 9))):
        name = random.choice(NAMES)
        value = random.choice(GOOD[name]).encode() if name in GOOD and random.random() < 0.5 else _text(random)
        key = quote_from_bytes(_text(random)[:100]) if random.random() < 0.05 else name
        pairs.append(f"{key}={quote_from_bytes(value)}")
    return path + ("?" + "&".join(pairs) if pairs else "")


def _body(random: Random) -> bytes:
    lines = []
    for number in range(random.randint(0, 6)):
        article: dict[str, Any] = {"id": f"fuzz-{number}", "title": _text(random).decode("utf-8", "replace")}
        article[random.choice(("date", "tags", "body", "volume", "extra", "author"))] = random.choice(
            ("2015-01-01", ["a"], {"a": {}}, 5, None, 1e300, True, "نص", "", [[]])
        )
        lines.append(json.dumps(article).encode() if random.random() < 0.8 else _text(random))
    return b"\n".join(lines)


def _send(port: int, random: Random, *, show: bool) -> tuple[str, list[str]]:
    """Send a request; return its status and the defects of its answer."""
    method, target = random.choice(METHODS), _target(random)
    headers = {}
    for name in random.sample(HEADERS_SENT, random.choice((0, 0, 1, 2))):
        headers[name] = quote_from_bytes(_text(random)[:200], safe=' /*"=,;:')
    body = None
    if method in ("POST", "DELETE", "PUT") and random.random() < 0.8:
        headers |= {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/jsonl"}
        body = _body(random) if method != "DELETE" else None
    if show:
        print(method, target, headers, body)  # noqa: T201
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    start = time.perf_counter()
    try:
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, [f"{method} {target[:200]}: no answer ({error!r})"] if method != "TRACE" else []
    finally:
        connection.close()
    if show:
        print(response.status, dict(response.getheaders()), content[:2000])  # noqa: T201
    return str(response.status), list(_defects(method, target, response, content, time.perf_counter() - start))


def _defects(
    method: str, target: str, response: http.client.HTTPResponse, content: bytes, seconds: float
) -> Iterator[str]:
    what = f"{method} {target[:300]}: "
    if response.status == 500:
        yield what + "status 500"
    if SECRET.encode() in content:
        yield what + "the answer names a path of the server"
    if b"<script>alert" in content and response.getheader("Content-Type", "").startswith("text/html"):
        yield what + "a tag of an input is not escaped"
    if seconds > 2 * DEADLINE + 1:
        yield what + f"the answer took {seconds:.1f} s"
    kind = response.getheader("Content-Type", "")
    # uvicorn itself answers what is not HTTP
    if kind != "text/plain; charset=utf-8" or response.status != 400:
        missing = [name for name in HEADERS if response.getheader(name) is None]
        if missing:
            yield what + f"no header {missing[0]}"
    if kind in ("application/json", "application/problem+json") and content and method != "HEAD":
        try:
            json.loads(content) if response.getheader("Content-Encoding") is None else None
        except ValueError:
            yield what + "the answer is not JSON"


def _send_raw(port: int, random: Random) -> tuple[str, list[str]]:
    """Send bytes that break the grammar of HTTP, or break off; any answer but 500 is right, and so is none."""
    target = _target(random).encode("ascii")
    message = random.choice((
        random.randbytes(200), b"GET " + target + b" HTTP/9.9\r\n\r\n",
        b"GET " + _text(random) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET " + target + b" HTTP/1.0\r\n\r\n",
        b"POST /api/articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/articles HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN.encode() +
        b"\r\nContent-Type: application/jsonl\r\nContent-Length: 100\r\n\r\n{",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"a" * random.randint(1, 100_000) + b"\r\n\r\n",
        b"GET " + b"/" * random.randint(1, 100_000) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ))  # fmt: skip
    answer = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.settimeout(0.5)
        connection.sendall(message)
        answer = connection.recv(65536)
    status = answer.partition(b"\r\n")[0].split(b" ")[1:2]
    bad = status == [b"500"]
    return "raw " + (status[0].decode("ascii", "replace") if status else "-"), ["raw: status 500"] if bad else []


def _check_alive(port: int, defects: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/api/health")
    if connection.getresponse().status != 200:
        defects.append("the server is not healthy at the end")


if __name__ == "__main__":
    main()
