"""Counts and times of requests, in the text format of Prometheus.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4). The figures are those of one process.
"""

from __future__ import annotations

import bisect
import threading
from collections import Counter
from collections.abc import Iterable, Iterator

from arsearch.concurrency import reset_in_children

__all__ = ["MEDIA_TYPE", "Metrics", "Sample", "exposition"]

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The upper bounds of the times that are counted, in seconds."""

Labels = tuple[tuple[str, str], ...]
Sample = tuple[str, Labels, float]
"""The name of a figure, its labels and its value."""


class Metrics:
    """The requests of this process. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()
        self.in_flight = 0
        """The number of requests that are being answered."""
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        with self._lock:
            self._requests[route, method, status] += 1
            counts = self._buckets.setdefault(route, [0] * (len(BUCKETS) + 1))
            counts[bisect.bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]  # a Counter of floats

    def text(self, gauges: Iterable[tuple[str, str, Iterable[Sample]]] = ()) -> str:
        """Return all figures, and `gauges`: each the name of a figure, its help and its samples."""
        with self._lock:
            requests = [
                ("arsearch_requests_total", (("route", route), ("method", method), ("status", str(status))), count)
                for (route, method, status), count in sorted(self._requests.items())
            ]
            seconds = [sample for route in sorted(self._buckets) for sample in self._histogram(route)]
        families = [
            exposition("arsearch_requests_total", "counter", "Requests answered.", requests),
            exposition("arsearch_request_seconds", "histogram", "Times of requests.", seconds),
            exposition(
                "arsearch_requests_in_flight", "gauge", "Requests that are being answered.",
                [("arsearch_requests_in_flight", (), self.in_flight)],
            ),
            *(exposition(name, "gauge", help, samples) for name, help, samples in gauges),
        ]  # fmt: skip
        return "".join(families)

    def _histogram(self, route: str) -> Iterator[Sample]:
        name, label, total = "arsearch_request_seconds", ("route", route), 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self._buckets[route], strict=True):
            total += count
            yield f"{name}_bucket", (label, ("le", bound)), total
        yield f"{name}_sum", (label,), self._seconds[route]
        yield f"{name}_count", (label,), total


def exposition(name: str, kind: str, help: str, samples: Iterable[Sample]) -> str:
    """Return one figure with its samples as lines."""
    lines = [f"# HELP {name} {help}", f"# TYPE {name} {kind}"]
    for sample, labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        lines.append(f"{sample}{{{inside}}} {value}" if inside else f"{sample} {value}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
