"""How many searches does `arsearch serve` answer, and how long do they take?

    python -m bench.serving --corpus news --queries news/queries.jsonl

One server process on one core answers searches over HTTP: ten hits with titles, metadata and snippets as HTML, text and
spans, compressed if the client can read it. The clients run on another core, if there is one. Each request is another
query of the list, in turn, after one pass that warms the caches.

`closed N` are N clients that send a request as soon as they have the answer to the one before (wrk, Debian package `wrk`): with
many clients their rate is the most that the server answers. `open N/s` sends N requests in a second at random moments, as
many independent users do, whether the answers have come or not; the time of a request counts from the moment at which it
was due. `searches per core-second` divides the searches by the processor time of the server, so that other programs on
the machine change it less than the wall-clock figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np

import arsearch
from arsearch.errors import InputError
from bench.corpus import add_corpus_arguments, add_query_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_COLUMNS = ("answers", "load", "searches/s", "p50 ms", "p99 ms", "searches per core-second", "errors")
_ANSWERS = {
    "whole hits": "",
    "id, title, snippet": "&fields=id,title_html,snippet_html",
    "whole hits, did you mean": "&did_you_mean=1",
}
"""The parameters of each kind of search."""

_SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {["Accept-Encoding"] = "gzip"})
end
done = function(summary, latency)
  local errors = summary.errors
  print(string.format('RESULT {"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, "errors": %%d}', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


def main(arguments: list[str] | None = None) -> None:
    """Serve an index, load it, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    add_query_arguments(parser)
    parser.add_argument("--seconds", type=float, default=20, help="seconds of each load (default 20)")
    parser.add_argument("--clients", type=int, default=16, help="clients of the closed loop (default 16)")
    parser.add_argument("--rate", type=float, default=40, help="requests in a second of the open loop (default 40)")
    parser.add_argument("--answers", choices=sorted(_ANSWERS), action="append", help="only these answers; repeatable")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        raise InputError("the load generator is missing: install the Debian package wrk")
    queries = [query.text for query in latency_queries(options.queries, options.queries_limit)]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        location = Path(folder) / "index"
        with arsearch.open(location, create=True) as index:
            articles = index.add(read_docs(options.corpus, options.limit)).added
        for name in options.answers or _ANSWERS:
            paths = [f"/api/v1/search?q={quote(query)}{_ANSWERS[name]}" for query in queries]
            with _serving(location) as (url, process):
                for path in paths:
                    _get(url + path)
                for load, measure in (
                    (f"closed {options.clients}", partial(_closed, url, paths, options.clients, options.seconds, folder)),
                    (f"open {options.rate:g}/s", partial(_open, url, paths, options.rate, options.seconds)),
                ):  # fmt: skip
                    before = _processor_time(process)
                    figures = measure()
                    used = _processor_time(process) - before
                    rows.append(_row(name, load, figures, used))
    report = {
        "machine": describe_machine() | {"generator": _wrk_version()},
        "corpus": {"articles": f"{articles:,}", "queries": f"{len(queries):,}"},
        "rows": rows,
    }
    print_report(report, [("Searches over HTTP, one process on one core", table(rows, _COLUMNS))], as_json=options.json)


def _row(name: str, load: str, figures: dict[str, float], used: float) -> dict[str, Any]:
    return {
        "answers": name,
        "load": load,
        "searches/s": round(figures["requests"] / figures["seconds"], 1),
        "p50 ms": round(figures["p50"], 1),
        "p99 ms": round(figures["p99"], 1),
        "searches per core-second": round(figures["requests"] / used, 1) if used else None,
        "errors": int(figures["errors"]),
    }


def _cores() -> tuple[set[int], set[int]]:
    """Return the core of the server and the cores of the clients; the same one if there is one only."""
    cores = sorted(os.sched_getaffinity(0))
    return {cores[0]}, set(cores[1:]) or {cores[0]}


@contextlib.contextmanager
def _serving(location: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a server process on one core, and yield its URL; keep this process on the others."""
    own = os.sched_getaffinity(0)
    server, clients = _cores()
    command = [sys.executable, "-m", "arsearch", "serve", "-i", str(location), "--port", "0", "--rate", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    os.sched_setaffinity(0, server)  # the child inherits it
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(0, clients)
    try:
        assert process.stdout is not None
        found = re.search(r"(http://\S+)/ ", process.stdout.readline())
        if not found:
            raise InputError("the server did not start; its message is above")
        for _ in range(100):
            with contextlib.suppress(OSError):
                _get(f"{found[1]}/api/health")
                break
            time.sleep(0.1)
        yield found[1], process
    finally:
        process.terminate()
        process.wait(30)
        os.sched_setaffinity(0, own)


def _get(url: str) -> None:
    with urllib.request.urlopen(url, timeout=60) as response:
        response.read()


def _processor_time(process: subprocess.Popen[str]) -> float:
    """Return the seconds of processor time that a process has used; `/proc/PID/stat`, proc(5)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _closed(url: str, paths: Sequence[str], clients: int, seconds: float, folder: str) -> dict[str, float]:
    """Run wrk with one thread."""
    listed, script = Path(folder) / "paths", Path(folder) / "script.lua"
    listed.write_text("\n".join(paths) + "\n", encoding="ascii")
    script.write_text(_SCRIPT % listed, encoding="ascii")
    command = ["wrk", "-t", "1", "-c", str(clients), "-d", f"{seconds:g}s", "--timeout", "30s", "-s", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.partition("RESULT ")[2].partition("\n")[0])
    return figures


def _open(url: str, paths: Sequence[str], rate: float, seconds: float) -> dict[str, float]:
    """Send requests at the moments of a Poisson process; see `_send`."""
    return asyncio.run(_send(url, paths, rate, seconds))


async def _send(url: str, paths: Sequence[str], rate: float, seconds: float) -> dict[str, float]:
    """Send requests at the moments of a Poisson process, each on a connection that is free or new."""
    parts = urlsplit(url)
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    times: list[float] = []
    errors = 0
    moments = random.Random(1)

    async def request(path: str, due: float) -> None:
        nonlocal errors
        try:
            while free and free[-1][0].at_eof():  # the server has closed it, because it was idle
                free.pop()[1].close()
            reader, writer = free.pop() if free else await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode("ascii")
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
        except (OSError, asyncio.IncompleteReadError):
            errors += 1
            return
        errors += not head.startswith(b"HTTP/1.1 200")
        times.append(time.perf_counter() - due)
        free.append((reader, writer))

    start = due = time.perf_counter()
    tasks = []
    number = 0
    while due < start + seconds:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(request(paths[number % len(paths)], due)))
        number += 1
        due += moments.expovariate(rate)
    await asyncio.gather(*tasks)
    elapsed = time.perf_counter() - start
    for _, writer in free:
        writer.close()
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    return {"requests": len(times), "seconds": elapsed, "p50": float(p50), "p99": float(p99), "errors": errors}


def _wrk_version() -> str:
    shown = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    return (shown.stdout + shown.stderr).partition("[")[0].strip()


if __name__ == "__main__":
    run(main)
