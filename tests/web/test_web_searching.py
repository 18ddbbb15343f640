"""Searches run in threads, under a limit of concurrency and a deadline, and are counted."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
import web_clients  # noqa: F401  # skips without the extra
from starlette.testclient import TestClient

from arsearch.web.metrics import Metrics, exposition
from arsearch.web.problems import ProblemError
from arsearch.web.searching import Searcher
from arsearch.web.settings import WebSettings


def test_at_most_the_limit_run_at_a_time_and_a_few_wait() -> None:
    searcher = Searcher(WebSettings(concurrency=2, queue=3))
    running: list[int] = []
    most: list[int] = []
    release = threading.Event()

    def work() -> None:
        running.append(1)
        most.append(len(running))
        release.wait(10)
        running.pop()

    async def main() -> list[str]:
        tasks = [asyncio.create_task(searcher.run(work)) for _ in range(8)]
        await asyncio.sleep(0.1)
        release.set()
        return [
            error.code if isinstance(error, ProblemError) else "done"
            for error in await asyncio.gather(*tasks, return_exceptions=True)
        ]

    outcomes = asyncio.run(main())

    assert sorted(outcomes) == ["busy"] * 3 + ["done"] * 5
    assert max(most) <= 2
    assert searcher.pending == 0


def test_work_beyond_the_deadline_is_answered_by_503_and_finishes() -> None:
    searcher = Searcher(WebSettings(deadline=0.02, concurrency=1))
    release = threading.Event()

    async def main() -> None:
        with pytest.raises(ProblemError) as raised:
            await searcher.run(release.wait, 10)
        assert (raised.value.status, raised.value.code) == (503, "timeout")
        assert "Retry-After" in raised.value.headers
        assert searcher.pending == 1
        release.set()
        assert await searcher.change(lambda: "done") == "done"
        while searcher.pending:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(main(), 10))


def test_an_error_of_the_work_reaches_the_request() -> None:
    async def main() -> None:
        searcher = Searcher(WebSettings())
        with pytest.raises(ZeroDivisionError):
            await searcher.run(lambda: 1 // 0)

    asyncio.run(main())


_LINE = re.compile(r'[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (?:[0-9.e+-]+|\+Inf)')


def test_metrics_are_in_the_format_of_prometheus(client: TestClient) -> None:
    for path in ("/api/stats", "/api/search?q=كتاب", "/api/search?limit=x", "/nothing"):
        client.get(path)
    response = client.get("/api/metrics")
    lines = response.text.splitlines()

    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert all(line.startswith(("# HELP ", "# TYPE ")) or _LINE.fullmatch(line) for line in lines)
    assert 'arsearch_requests_total{route="get_search",method="GET",status="200"} 1' in lines
    assert 'arsearch_requests_total{route="get_search",method="GET",status="400"} 1' in lines
    assert 'arsearch_requests_total{route="other",method="GET",status="404"} 1' in lines
    assert 'arsearch_index_articles{index="default"} 126' in lines
    assert 'arsearch_request_seconds_bucket{route="get_search",le="+Inf"} 2' in lines
    assert "arsearch_requests_in_flight 1" in lines


def test_times_are_counted_in_every_bucket_above_them() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.02, 0.02, 99.0):
        metrics.count("r", "GET", 200, seconds)
    found = re.findall(r'_bucket\{route="r",le="([^"]+)"\} (\d+)', metrics.text())

    assert dict(found) | {} == {
        "0.005": "1", "0.01": "1", "0.025": "3", "0.05": "3", "0.1": "3", "0.25": "3", "0.5": "3", "1.0": "3",
        "2.5": "3", "5.0": "3", "10.0": "3", "+Inf": "4",
    }  # fmt: skip


def test_labels_are_escaped() -> None:
    assert exposition("n", "gauge", "Help.", [("n", (("l", 'a"b\\c\nd'),), 1)]).endswith('n{l="a\\"b\\\\c\\nd"} 1\n')


def test_paths_of_strangers_make_no_new_series(client: TestClient) -> None:
    for number in range(20):
        client.request("HACK", f"/path-{number}")

    assert client.get("/api/metrics").text.count('status="404"') == 1
