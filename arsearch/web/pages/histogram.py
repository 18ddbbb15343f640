"""The histogram of the dates of the results: bars of months, quarters, years or longer periods, each a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from arsearch.web.pages.interface import Interface
from arsearch.web.pages.links import Links

__all__ = ["PERIOD_FACETS", "Bar", "Histogram", "make_histogram"]

PERIOD_FACETS = ("month", "year")
"""The facets that `make_histogram` reads."""

_MOST_BARS = 12
"""So many bars of 24 pixels, the least size of a target (WCAG 2.2, 2.5.8), fit a screen of 320 pixels."""
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_WIDTH = 288
_HEIGHT = 72
_WIDEST = 96


class Bar(NamedTuple):
    """A bar: its place in the picture in pixels, its accessible name and its link. `x` and `width` are those of its target."""

    x: int
    width: int
    y: int
    height: int
    name: str
    url: str


class Histogram(NamedTuple):
    """The bars, the size of the picture in pixels, and the names of the ends of the axis in reading order."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    ends: tuple[str, str]


class _Period(NamedTuple):
    first: str
    last: str
    articles: int


def make_histogram(facets: Mapping[str, Mapping[str, int]], ui: Interface, links: Links) -> Histogram | None:
    """Return the histogram of the results, `None` if there are fewer than two periods.

    The oldest period comes first in reading order: on the right of an Arabic page.
    """
    periods = _periods(facets.get("month", {}), facets.get("year", {}))
    if len(periods) < 2:
        return None
    width = min(_WIDTH // len(periods), _WIDEST)
    most = max(period.articles for period in periods)
    bars = []
    for place, period in enumerate(periods):
        height = max(3, round((_HEIGHT - 4) * period.articles / most)) if period.articles else 0
        column = place if ui.direction == "ltr" else len(periods) - 1 - place
        name = f"{_name(period, ui)}: {ui.count('results', period.articles)}"
        url = links.search(first=period.first, last=period.last)
        bars.append(Bar(column * width, width, _HEIGHT - height, height, name, url))
    ends = ui.period(periods[0].first), ui.period(periods[-1].last)
    return Histogram(tuple(bars), width * len(periods), _HEIGHT, ends)


def _name(period: _Period, ui: Interface) -> str:
    first, last = ui.period(period.first), ui.period(period.last)
    return first if first == last else f"{first} – {last}"


def _periods(months: Mapping[str, int], years: Mapping[str, int]) -> list[_Period]:
    numbers = sorted(map(int, years))
    if not numbers:
        return []
    by_month = {int(name[:-3]) * 12 + int(name[-2:]) - 1: count for name, count in months.items()}
    span = max(by_month) - min(by_month) + 1 if by_month else 0
    if numbers[-1] - numbers[0] <= 2 and span <= 3 * _MOST_BARS and by_month:
        size = next(size for size in (1, 2, 3, 6) if _buckets(min(by_month), max(by_month), size) <= _MOST_BARS)
        return [_Period(_month(first), _month(last), count) for first, last, count in _grouped(by_month, size)]
    by_year = {int(name): count for name, count in years.items()}
    size = next((size for size in _YEARS if _buckets(numbers[0], numbers[-1], size) <= _MOST_BARS), 10_000)
    return [_Period(f"{max(first, 1):04}", f"{last:04}", count) for first, last, count in _grouped(by_year, size)]


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _buckets(first: int, last: int, size: int) -> int:
    return last // size - first // size + 1


def _grouped(counts: Mapping[int, int], size: int) -> list[tuple[int, int, int]]:
    """Return the first and last number and the sum of each bucket of `size` numbers, empty ones included."""
    sums: dict[int, int] = dict.fromkeys(range(min(counts) // size, max(counts) // size + 1), 0)
    for number, count in counts.items():
        sums[number // size] += count
    return [(bucket * size, bucket * size + size - 1, count) for bucket, count in sums.items()]
