"""The languages of the page: messages, plural forms, dates, and the histogram's periods."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterator, Mapping

import pytest

from arsearch.model import Level
from arsearch.web.pages.histogram import _periods
from arsearch.web.pages.interface import HIJRI_MONTHS, MONTHS, Interface
from arsearch.web.pages.messages import MESSAGES
from arsearch.web.pages.plurals import Message, plural_category

ARABIC, ENGLISH = Interface("ar"), Interface("en")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "لا نتائج"),
        (1, "نتيجة واحدة"),
        (2, "نتيجتان"),
        (3, "3 نتائج"),
        (10, "10 نتائج"),
        (11, "11 نتيجة"),
        (99, "99 نتيجة"),
        (100, "100 نتيجة"),
        (102, "102 نتيجة"),
        (103, "103 نتائج"),
        (111, "111 نتيجة"),
        (31_030, "31,030 نتيجة"),
    ],
)
def test_arabic_plurals(number: int, expected: str) -> None:
    assert ARABIC.count("results", number) == expected


@pytest.mark.parametrize(
    ("numbers", "category"),
    [
        ((0,), "zero"),
        ((1,), "one"),
        ((2,), "two"),
        ((3, 10, 103, 110, 1003), "few"),
        ((11, 26, 99, 111, 1099), "many"),
        ((100, 101, 102, 200, 202, 1000, 10_000), "other"),
    ],
)
def test_plural_categories_are_those_of_cldr(numbers: tuple[int, ...], category: str) -> None:
    assert {plural_category("ar", number) for number in numbers} == {category}


def test_english_plurals() -> None:
    assert [ENGLISH.count("results", number) for number in (0, 1, 2)] == ["0 results", "1 result", "2 results"]


def test_both_languages_have_the_same_messages_with_the_same_values() -> None:
    arabic, english = MESSAGES["ar"], MESSAGES["en"]
    assert arabic.keys() == english.keys()
    for key in arabic:
        assert isinstance(arabic[key], str) == isinstance(english[key], str), key
        assert values_of(arabic[key]) == values_of(english[key]), key


def values_of(message: Message) -> set[str]:
    def forms() -> Iterator[str]:
        yield from message.values() if isinstance(message, Mapping) else (message,)

    return {name for form in forms() for _, name, _, _ in string.Formatter().parse(form) if name is not None}


@pytest.mark.parametrize(
    ("date", "arabic", "hijri", "english", "hijri_english"),
    [
        (dt.date(2015, 7, 21), "21 يوليو 2015", "5 شوال 1436هـ", "21 July 2015", "5 Shawwal 1436 AH"),
        (dt.date(2024, 3, 11), "11 مارس 2024", "1 رمضان 1445هـ", "11 March 2024", "1 Ramadan 1445 AH"),
        (dt.datetime(2015, 2, 25, 23, 59), "25 فبراير 2015", "6 جمادى الأولى 1436هـ", "25 February 2015",
         "6 Jumada I 1436 AH"),
        (dt.date(400, 1, 1), "1 يناير 400", "", "1 January 400", ""),
    ],
)  # fmt: skip
def test_dates_in_both_calendars(date: dt.date, arabic: str, hijri: str, english: str, hijri_english: str) -> None:
    assert (ARABIC.date(date), ARABIC.hijri_date(date)) == (arabic, hijri)
    assert (ENGLISH.date(date), ENGLISH.hijri_date(date)) == (english, hijri_english)


def test_every_day_has_a_hijri_date_that_the_parser_reads_back() -> None:
    from arsearch.dates.periods import parse_date_range

    for ordinal in range(dt.date(1930, 1, 1).toordinal(), dt.date(2070, 1, 1).toordinal(), 97):
        day = dt.date.fromordinal(ordinal)
        period = parse_date_range(ARABIC.hijri_date(day))
        assert (period.start, period.end) == (day, day)


def test_months_and_levels_are_complete() -> None:
    assert {len(months) for months in (*MONTHS.values(), *HIJRI_MONTHS.values())} == {12}
    for level in Level:
        assert ARABIC.level(level) != ENGLISH.level(level)


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([], []),
        (["2015-07"], [("2015-07", "2015-07", 1)]),
        (["2015-07", "2015-09"], [("2015-07", "2015-07", 1), ("2015-08", "2015-08", 0), ("2015-09", "2015-09", 1)]),
        (["2015-01", "2016-05"], [(f"{year}-{m:02}", f"{year}-{m + 1:02}", int((year, m) in ((2015, 1), (2016, 5))))
                                  for year, m in [(2015, n) for n in range(1, 12, 2)] + [(2016, n) for n in (1, 3, 5)]]),
        (["2010-01", "2019-01"], [(str(year), str(year), int(year in (2010, 2019))) for year in range(2010, 2020)]),
        (["2001-01", "2020-12"], [("2000", "2001", 1), *((str(y), str(y + 1), int(y == 2020)) for y in range(2002, 2021, 2))]),
        (["0700-01", "2020-12"], [("0600", "0799", 1), *((f"{y:04}", str(y + 199) if y > 800 else "0999", int(y == 2000))
                                                         for y in range(800, 2001, 200))]),
    ],
)  # fmt: skip
def test_periods_of_the_histogram(months: list[str], expected: list[tuple[str, str, int]]) -> None:
    counts = dict.fromkeys(months, 1)
    years = {month[:4]: 1 for month in months}
    assert [tuple(period) for period in _periods(counts, years)] == expected
