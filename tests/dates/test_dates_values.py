"""Read the dates of articles."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.dates.calendars import SOLAR_YEARS, hijri_year_days, hijri_year_of, solar_month
from arsearch.dates.values import HIJRI, NO_DATES, PARTIAL, SHORT_YEAR, SOLAR, SWAPPED, TABULAR, read_date
from arsearch.model import Article
from arsearch.query import parse_date_range


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-07-21", "2015-07-21"),
        ("2015/07/21", "2015-07-21"),
        ("2015-7-1", "2015-07-01"),
        ("2015-07-21 02:51:32", "2015-07-21T02:51:32"),
        ("2015-07-21T02:51:32.123Z", "2015-07-21T02:51:32.123000+00:00"),
        ("2015-07-21 02:51:32 +0300", "2015-07-21T02:51:32+03:00"),
        ("2015-07-21 02:51:32 UTC", "2015-07-21T02:51:32+00:00"),
        ("21/07/2015", "2015-07-21"),
        ("21.07.2015, 10:30", "2015-07-21T10:30:00"),
        ("٢١/٠٧/٢٠١٥", "2015-07-21"),
        ("21/07/2015 10:30 م", "2015-07-21T22:30:00"),
        ("21/07/2015 12:05 ص", "2015-07-21T00:05:00"),
        ("21/07/2015 - 10:30", "2015-07-21T10:30:00"),
        ("22 يوليو 2015", "2015-07-22"),
        ("22-يوليو-2015", "2015-07-22"),
        ("22 جويلية 2015", "2015-07-22"),
        ("22 يوليوز 2015", "2015-07-22"),
        ("22 من يوليو 2015", "2015-07-22"),
        ("۲۲ ژوئیهٔ ۲۰۱۵", "2015-07-22"),
        ("22 ژانویه 2015", "2015-01-22"),
        ("بتاريخ 21/07/2015", "2015-07-21"),
        ("نُشر في: 21 يوليو 2015 10:30", "2015-07-21T10:30:00"),
        ("آخر تحديث: ٢١ يوليو ٢٠١٥", "2015-07-21"),
        ("21 / 7 / 2015", "2015-07-21"),
        ("21 ـ 7 ـ 2015 - 10:30", "2015-07-21T10:30:00"),
        ("10:30 21-7-2015", "2015-07-21T10:30:00"),
        ("2015\u201107\u201121", "2015-07-21"),
        ("21. 7. 2015.", "2015-07-21"),
        ("5 شوال 1436هـ (21 يوليو 2015م)", "2015-07-21"),
        ("(21 يوليو 2015م) 5 شوال 1436هـ", "2015-07-21"),
        ("الثلاثاء 5 شوال 1436هـ 21 يوليو 2015م", "2015-07-21"),
        ("Tue Jul 21 2015 03:00:00 GMT+0300 (Arabia Standard Time)", "2015-07-21T03:00:00+03:00"),
        ("2015-07-21T03:00:00+03:00[Asia/Riyadh]", "2015-07-21T03:00:00+03:00"),
        ("20150721T103000Z", "2015-07-21T10:30:00+00:00"),
        (20150721.0, "2015-07-21"),
        ("20150721.0", "2015-07-21"),
        ({"date": "2015-07-21 10:30:00.000000", "timezone_type": 3, "timezone": "UTC"}, "2015-07-21T10:30:00"),
        ({"__type": "Date", "iso": "2015-07-21T00:00:00Z"}, "2015-07-21T00:00:00+00:00"),
        ({"@type": "xsd:date", "@value": "2015-07-21"}, "2015-07-21"),
        ({"year": 2015, "month": 7, "day": 21}, "2015-07-21"),
        (["2015-07-21"], "2015-07-21"),
        ("يوم الثلاثاء ٢١ تموز/يوليو ٢٠١٥", "2015-07-21"),
        ("الثلاثاء 21 يوليو 2015 الساعة 3:15 مساءً", "2015-07-21T15:15:00"),
        ("Tuesday, July 21st, 2015 at 3:15 PM", "2015-07-21T15:15:00"),
        ("21 juillet 2015", "2015-07-21"),
        ("21 août 2015", "2015-08-21"),
        ("Tue Jul 21 00:00:00 +0000 2015", "2015-07-21T00:00:00+00:00"),
        ("Tue, 21 Jul 2015 09:30:00 +0300", "2015-07-21T09:30:00+03:00"),
        (1437435000, "2015-07-20T23:30:00+00:00"),
        ("1437435000", "2015-07-20T23:30:00+00:00"),
        (1437435000.25, "2015-07-20T23:30:00.250000+00:00"),
        (1437435000000, "2015-07-20T23:30:00+00:00"),
        (1437435000000000, "2015-07-20T23:30:00+00:00"),
        (20150721, "2015-07-21"),
        ("20150721025132", "2015-07-21T02:51:32"),
        ({"$date": "2015-07-21T00:00:00Z"}, "2015-07-21T00:00:00+00:00"),
        ({"$date": 86400000}, "1970-01-02T00:00:00+00:00"),
        ({"$date": {"$numberLong": "1437435000000"}}, "2015-07-20T23:30:00+00:00"),
        ({"seconds": 1437435000, "nanoseconds": 0}, "2015-07-20T23:30:00+00:00"),
        ("/Date(1437435000000)/", "2015-07-20T23:30:00+00:00"),
        ([2015, 7, 21], "2015-07-21"),
        ([2015, 7, 21, 9, 30], "2015-07-21T09:30:00"),
        ("21 يوليو 1400", "1400-07-21"),
        ("1400-01-01م", "1400-01-01"),
        ("+001400-01-01", "1400-01-01"),
        ("الثلاثاء، 5 شوال 1436 هـ الموافق 21 يوليو 2015 م", "2015-07-21"),
        ("5 شوال 1436هـ - 21 يوليو 2015م", "2015-07-21"),
        ("يوم الثلاثاء الموافق 21/7/2015", "2015-07-21"),
        ("في يوم الثلاثاء الموافق 21 يوليو 2015م", "2015-07-21"),
        ("الثلاثاء، الموافق: 5 شوال 1436هـ الموافق 21 يوليو 2015م", "2015-07-21"),
        ("نشر في الثلاثاء 21/7/2015", "2015-07-21"),
        ("في 21 يوليو 2015", "2015-07-21"),
        (dt.date(1400, 1, 1), "1400-01-01"),
        ("21 ﻳﻮﻟﻴﻮ 2015", "2015-07-21"),
        ("15 ك2 2015", "2015-01-15"),
        ("15 ت١ 2015", "2015-10-15"),
        ("15/ت2/2015", "2015-11-15"),
        ("15-ك1-2015", "2015-12-15"),
        ("15 كانون 2 2015", "2015-01-15"),
        ("15 تشرين1 2015", "2015-10-15"),
        ("أول يناير 2015", "2015-01-01"),
        ("الأول من كانون الثاني 2015", "2015-01-01"),
        ("الثلاثاء الخامس عشر من أيلول 2015", "2015-09-15"),
        ("الحادي والثلاثون من آذار 2015", "2015-03-31"),
        ("غرة شباط 2016", "2016-02-01"),
        ("سلخ شباط 2016", "2016-02-29"),
        ([{"$date": 86400000}], "1970-01-02T00:00:00+00:00"),
    ],
)
def test_dates_are_read_without_assumptions(value: Any, expected: str) -> None:
    read = read_date(value)

    assert read is not None
    assert (read.date.isoformat(), read.assumption) == (expected, "")


@pytest.mark.parametrize(
    ("value", "expected", "assumption"),
    [
        ("1436-10-05", "2015-07-21", HIJRI),
        ("1500-01-01", "2076-11-27", HIJRI),
        (1436.0, "2014-10-25", HIJRI),
        ("05/10/1436", "2015-07-21", HIJRI),
        ("١٤٣٦/١٠/٠٥ هـ", "2015-07-21", HIJRI),
        ("5 شوال 1436هـ", "2015-07-21", HIJRI),
        ("1436-10-05 10:30", "2015-07-21T10:30:00", HIJRI),
        ("14361005", "2015-07-21", HIJRI),
        ("1436", "2014-10-25", HIJRI),
        ("1/1/1300", "1882-11-12", TABULAR),
        (["1436-10-05"], "2015-07-21", HIJRI),
        ("1/1/1501هـ", "2077-11-17", TABULAR),
        ("غرة محرم 1440هـ", "2018-09-11", HIJRI),
        ("سلخ صفر 1440", "2018-11-08", HIJRI),
        ("العشرون من رمضان 1440", "2019-05-25", HIJRI),
        ("1436/10/5 هـ.ق", "2015-07-21", HIJRI),
        ("30 تیر 1394", "2015-07-21", SOLAR),
        ("۳۰ تیر ۱۳۹۴", "2015-07-21", SOLAR),
        ("30 سرطان 1394", "2015-07-21", SOLAR),
        ("1394/4/30 هـ.ش", "2015-07-21", SOLAR),
        ("30 تیر 1394 هجری شمسی", "2015-07-21", SOLAR),
        ("30 تیر 1394 هـ", "2015-07-21", SOLAR),
        ("1 فروردین 1400", "2021-03-21", SOLAR),
        ("30 اسفند 1399", "2021-03-20", SOLAR),
        ("21-JUL-15", "2015-07-21", SHORT_YEAR),
        ("21-Jul-65 10:30", "1965-07-21T10:30:00", SHORT_YEAR),
        ("Tue, 21 Jul 15 09:30:00 GMT", "2015-07-21T09:30:00+00:00", SHORT_YEAR),
        ("2015", "2015-01-01", PARTIAL),
        (2015, "2015-01-01", PARTIAL),
        (2015.0, "2015-01-01", PARTIAL),
        ("يوليو 2015", "2015-07-01", PARTIAL),
        ("7/21/2015", "2015-07-21", SWAPPED),
    ],
)
def test_assumptions_are_told(value: Any, expected: str, assumption: str) -> None:
    read = read_date(value)

    assert read is not None
    assert (read.date.isoformat(), read.assumption) == (expected, assumption)


@pytest.mark.parametrize(
    "value",
    ["", "  ", "غير معروف", "0000-00-00 00:00:00", "0000-00-00", "N/A", "أمس", "2015-02-30", "32/01/2015", "21/07/15",
     "21 يوليو 15", "0101-01-01", "0101-01-01T00:00:00+00:00", "0001-01-01T00:00:00", "9999-12-31 23:59:59",
     "30 اسفند 1400", "31 مهر 1400", "1 مهر 1177", "1 مهر 1634", "30 تیر 1394م", "مستهل رجب 1440", "32 محرم 1440", "سلخ 1440",
     "الثلاثون من فبراير 2015", "15 ك3 2015",
     0, 7, 45000, True, None, float("nan"), float("inf"), {}, {"year": 2015}, [], [2015, 13, 1], "1" * 5000, 10**30,
     [7], [[2015, 7, 21]], ["2015", "2016"]],
)  # fmt: skip
def test_other_values_hold_no_date(value: Any) -> None:
    assert read_date(value) is None


@given(st.dates(dt.date(1, 1, 1)) | st.datetimes(timezones=st.none() | st.just(dt.UTC)))
def test_every_date_comes_back_from_the_mapping_of_its_article(date: dt.date) -> None:
    article = Article("1", title="خبر", date=date)

    assert Article.from_dict(article.to_dict()) == article == Article.from_stored(article.to_dict())


@given(st.dates(dt.date(1, 1, 1)).filter(lambda day: not 1300 <= day.year <= 1500))
def test_articles_and_queries_agree(day: dt.date) -> None:
    for text in (f"{day.day}/{day.month}/{day.year:04}", day.isoformat()):
        read = read_date(text)
        assert (read and read.date) == (None if text in NO_DATES else day)
        assert parse_date_range(text).start == day


@given(st.one_of(st.text(), st.text("0123456789٣-/.:+TZ هـمص", max_size=30), st.integers(), st.floats()))
def test_any_value_is_read_or_refused(value: Any) -> None:
    read = read_date(value)

    assert read is None or isinstance(read.date, dt.date)


@given(st.integers(1, 9600))
def test_the_days_of_a_hijri_year_are_of_that_year(year: int) -> None:
    first, last = hijri_year_days(year)

    assert last - first in range(353, 357)
    if last <= dt.date.max.toordinal():
        assert {hijri_year_of(dt.date.fromordinal(day)) for day in (first, last)} == {year}


def test_solar_hijri_years_begin_in_march_and_follow_each_other() -> None:
    starts = [solar_month(year, 1)[0] for year in SOLAR_YEARS]

    assert {dt.date.fromordinal(start).strftime("%m-%d") for start in starts} <= {"03-19", "03-20", "03-21", "03-22"}
    for year, following in pairwise(SOLAR_YEARS):
        months = [solar_month(year, month) for month in range(1, 13)]
        assert all(last + 1 == first for (_, last), (first, _) in pairwise(months))
        assert months[-1][1] + 1 == solar_month(following, 1)[0]


def test_an_article_keeps_the_text_of_an_assumed_date() -> None:
    remarks: list[tuple[str, str]] = []
    texts = ["أمس", "5 شوال 1436هـ", "2015", "7/21/2015", "2015-07-21", ""]
    articles = [
        Article.from_dict({"id": str(n), "title": "خبر", "date": text}, remarks) for n, text in enumerate(texts)
    ]

    assert [article.extra.get("date_text") for article in articles] == [
        "أمس",
        "5 شوال 1436هـ",
        "2015",
        None,
        None,
        None,
    ]
    assert [kind for kind, _ in remarks] == ["undated", "hijri", "partial_date", "month_first", "undated"]
