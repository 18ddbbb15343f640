"""Read dates as people type them, and the pairs that filters take."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import build_umm_al_qura
import pytest
from hijridate import ummalqura
from hijridate.convert import Hijri
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.dates import umm_al_qura
from arsearch.dates.calendars import (
    _GREGORIAN_NAMES,
    _HIJRI_NAMES,
    _SOLAR_NAMES,
    LIKELY_HIJRI,
    fold,
    hijri_month,
    is_tabulated,
    month_names,
    tabular_to_ordinal,
)
from arsearch.dates.periods import read_dates
from arsearch.errors import QueryError
from arsearch.query import DateRange, parse_date_range


def span(text: object) -> str:
    start, end, _ = parse_date_range(text)
    if start == end and start is not None:
        return start.isoformat()
    return f"{start.isoformat() if start else ''}..{end.isoformat() if end else ''}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015", "2015-01-01..2015-12-31"),
        ("٢٠١٥", "2015-01-01..2015-12-31"),
        ("۲۰۱۵", "2015-01-01..2015-12-31"),
        ("عام 2015م", "2015-01-01..2015-12-31"),
        ("2015 ميلادية", "2015-01-01..2015-12-31"),
        ("2015-07", "2015-07-01..2015-07-31"),
        ("2016-02", "2016-02-01..2016-02-29"),
        ("7/2015", "2015-07-01..2015-07-31"),
        ("2015-07-21", "2015-07-21"),
        ("2015/7/21", "2015-07-21"),
        ("21/7/2015", "2015-07-21"),
        ("21.7.2015", "2015-07-21"),
        ("٢١-٧-٢٠١٥", "2015-07-21"),
        ("\u200f٢١/٧/٢٠١٥\u200f", "2015-07-21"),
        ("7/21/2015", "2015-07-21"),
        ("2015-07-21 02:51:32", "2015-07-21"),
        ("2015-07-21T02:51:32Z", "2015-07-21"),
        ("0622-07-19", "0622-07-19"),
        ("21 يوليو 2015", "2015-07-21"),
        ("21 يوليو، 2015", "2015-07-21"),
        ("الثلاثاء 21 تموز (يوليو) 2015", "2015-07-21"),
        ("21 يوليو/تموز 2015", "2015-07-21"),
        ("21 July 2015", "2015-07-21"),
        ("July 21, 2015", "2015-07-21"),
        ("يوليو 2015", "2015-07-01..2015-07-31"),
        ("شهر يوليو عام 2015", "2015-07-01..2015-07-31"),
        ("2015 يوليو", "2015-07-01..2015-07-31"),
        ("أيلول 2015", "2015-09-01..2015-09-30"),
        ("آذار ٢٠١٥", "2015-03-01..2015-03-31"),
        ("آب 2015", "2015-08-01..2015-08-31"),
        ("كانون الثاني 2015", "2015-01-01..2015-01-31"),
        ("3 تشرين الأول 2015", "2015-10-03"),
        ("جانفي 2015", "2015-01-01..2015-01-31"),
        ("غشت 2015", "2015-08-01..2015-08-31"),
        ("1436هـ", "2014-10-25..2015-10-13"),
        ("١٤٣٦ هـ", "2014-10-25..2015-10-13"),
        ("1436 هجرية", "2014-10-25..2015-10-13"),
        ("1436-10-05هـ", "2015-07-21"),
        ("5/10/1436هـ", "2015-07-21"),
        ("5 شوّال 1436", "2015-07-21"),
        ("رمضان 1436", "2015-06-18..2015-07-16"),
        ("رمضان 1436هـ", "2015-06-18..2015-07-16"),
        ("ذو الحجة 1436", "2015-09-14..2015-10-13"),
        ("ذي القِعدة 1436", "2015-08-16..2015-09-13"),
        ("2015-07..2015-08", "2015-07-01..2015-08-31"),
        ("2015-07 .. 2015-08", "2015-07-01..2015-08-31"),
        ("2015-07…2015-08", "2015-07-01..2015-08-31"),
        ("من 2014 إلى 2015", "2014-01-01..2015-12-31"),
        ("2014-2015", "2014-01-01..2015-12-31"),
        ("1435-1436هـ", "2013-11-04..2015-10-13"),
        ("[2014 TO 2015]", "2014-01-01..2015-12-31"),
        ("يوليو 2015..أغسطس 2015", "2015-07-01..2015-08-31"),
        ("2015-08..2015-07", "2015-07-01..2015-08-31"),
        ("..2015", "..2015-12-31"),
        ("2015..", "2015-01-01.."),
        ("..", ".."),
        (">2015-07", "2015-08-01.."),
        (">=2015-07", "2015-07-01.."),
        ("<2015-07", "..2015-06-30"),
        ("<=2015-07", "..2015-07-31"),
        (("2015-07", "2015-08"), "2015-07-01..2015-08-31"),
        (["2015-08", "2015-07"], "2015-07-01..2015-08-31"),
        (("2015-07", None), "2015-07-01.."),
        ((None, "يوليو 2015"), "..2015-07-31"),
        ((None, None), ".."),
        (dt.date(2015, 7, 21), "2015-07-21"),
        (dt.datetime(2015, 7, 21, 23, 59), "2015-07-21"),
        ((dt.datetime(2015, 7, 21, 2, 51), dt.date(2015, 8, 1)), "2015-07-21..2015-08-01"),
    ],
)
def test_dates_become_days(text: object, expected: str) -> None:
    assert expected == span(text)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "كذا",
        "15",
        "2015-13",
        "2015-02-30",
        "21 يوليو",
        "32 يوليو 2015",
        "21 يوليو آب 2015",
        "يوليو 15",
        "1 محرم 1",
        "رمضان 2015م",
        "1-2-3-4",
        "2015-07..كذا",
        "2015..2016..2017",
        "9999999999",
        "9999هـ..",
        "0000",
        ">9999",
        "2" * 5000,
        "١" * 5000,
        2015,
        None,
        ("2015",),
        ("2015", "2016", "2017"),
        ("2015..", "2016"),
        ("2015", 2016),
    ],
)
def test_other_values_are_rejected_with_the_forms_to_write(value: object) -> None:
    with pytest.raises(QueryError, match=r"2015-07"):
        parse_date_range(value)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1436هـ", "Umm al-Qura calendar as 2014-10-25..2015-10-13"),
        ("1300هـ", "tabular calendar, with a day before and after, as 1882-11-11..1883-11-02"),
        ("2015-08..2015-07", "swapped"),
        ("1436", "write 1436م"),
        ("7/21/2015", "day 21 of month 7"),
    ],
)
def test_notes_tell_the_assumptions(text: str, note: str) -> None:
    assert note in " ".join(parse_date_range(text).notes)


def test_plain_dates_have_no_note() -> None:
    assert parse_date_range("2015-07..21 يوليو 2016").notes == ()


@pytest.mark.parametrize(
    ("hijri", "day"),
    # the epoch of Reingold & Dershowitz, a date of their sample table (1362-10-07), and two first days of a month
    [
        ((1, 1, 1), "0622-07-19"),
        ((1362, 10, 7), "1943-10-07"),
        ((1400, 1, 1), "1979-11-21"),
        ((1445, 9, 1), "2024-03-11"),
    ],
)
def test_hijri_days_follow_the_tabular_calendar(hijri: tuple[int, int, int], day: str) -> None:
    assert day == dt.date.fromordinal(tabular_to_ordinal(*hijri)).isoformat()


def test_the_umm_al_qura_calendar_has_the_months_of_hijridate() -> None:
    (first, *_), (last, *_) = ummalqura.HIJRI_RANGE
    months = [(year, month) for year in range(first, last + 1) for month in range(1, 13)]

    assert len(months) == len(ummalqura.MONTH_STARTS) - 1
    for year, month in months:
        day = Hijri(year, month, 1)
        start = day.to_gregorian().toordinal()
        assert hijri_month(year, month) == (start, start + day.month_length() - 1)
    assert [year for year in (first - 1, first, last, last + 1) if is_tabulated(year)] == [first, last]


def test_the_generated_calendar_is_current() -> None:
    assert Path(umm_al_qura.__file__).read_text(encoding="utf-8") == build_umm_al_qura.build()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 محرم 1400هـ", "1979-11-20"),  # the seizure of the Grand Mosque
        ("10 ذو الحجة 1436", "2015-09-23"),
        ("1 رمضان 1445", "2024-03-11"),
        ("1 شوال 1446", "2025-03-30"),
        ("29 شعبان 1436هـ", "2015-06-16"),
        ("30 شعبان 1436هـ", "2015-06-17"),
        ("30 رمضان 1436هـ", "2015-07-17"),  # the month had 29 days, but not everywhere
        ("1343-01-01هـ", "1924-08-01"),
        ("30 ذو الحجة 1500هـ", "2077-11-16"),
        ("31 جمادى الأولى 1345", "1926-12-06"),
    ],
)
def test_hijri_days_are_exact(text: str, day: str) -> None:
    period = read_dates(text)

    assert period is not None
    assert period.start == period.end == dt.date.fromisoformat(day)
    assert period.notes == (f"Hijri date read by the Umm al-Qura calendar as {day}",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 محرم 1300هـ", "1882-11-11..1882-11-13"),
        ("5 شوال 1342هـ", "1924-05-09..1924-05-11"),
        ("رمضان 1299", "1882-07-16..1882-08-16"),
        ("1250هـ", "1834-05-09..1835-04-29"),
        ("1501هـ", "2077-11-16..2078-11-06"),
        ("12 ربيع الأول 132هـ", "0749-11-01..0749-11-03"),
    ],
)
def test_hijri_dates_beyond_the_calendar_have_a_day_before_and_after(text: str, expected: str) -> None:
    assert expected == span(text)
    assert "tabular calendar, with a day before and after" in " ".join(parse_date_range(text).notes)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("محرم الحرام", 1),
        ("صفر الخير", 2),
        ("صفر المظفر", 2),
        ("ربيع الأنور", 3),
        ("ربيع الأول", 3),
        ("ربيع الآخر", 4),
        ("ربيع الثاني", 4),
        ("ربيع ثاني", 4),
        ("جمادى الأولى", 5),
        ("جماد الأول", 5),
        ("جماد أول", 5),
        ("جمادي الأول", 5),
        ("جماد الثاني", 6),
        ("جماد الآخر", 6),
        ("جماد ثاني", 6),
        ("جمادى الآخرة", 6),
        ("جمادى الثانية", 6),
        ("جمادا الثاني", 6),
        ("رجب الفرد", 7),
        ("شعبان المعظم", 8),
        ("رمضان المبارك", 9),
        ("شوال المكرم", 10),
        ("ذي القعدة الحرام", 11),
        ("ذو قعدة", 11),
        ("ذي الحجة الحرام", 12),
        ("ذى الحجة", 12),
    ],
)
def test_the_names_of_hijri_months_are_read(name: str, month: int) -> None:
    first, last = map(dt.date.fromordinal, hijri_month(1436, month))

    assert span(f"{name} 1436") == f"{first}..{last}"
    assert span(f"3 {name} 1436هـ") == str(first + dt.timedelta(days=2))


@given(st.integers(1, 1600), st.integers(1, 12))
@settings(max_examples=100)
def test_hijri_months_follow_each_other_and_have_28_to_31_days(year: int, month: int) -> None:
    first, last = hijri_month(year, month)

    assert last - first + 1 in (range(28, 32) if is_tabulated(year) else (29, 30)) or (year, month) == (1342, 12)
    assert last + 1 == hijri_month(year + month // 12, month % 12 + 1)[0]


def test_month_names_are_folded_and_belong_to_one_calendar() -> None:
    names = [
        name for months in (_GREGORIAN_NAMES, _HIJRI_NAMES, _SOLAR_NAMES) for row in months for name in row.split("|")
    ]

    assert all(name == fold(name) for name in names)
    assert len(set(names)) == len(names) == len(month_names())


@given(
    st.dates().filter(lambda day: day.year not in LIKELY_HIJRI),
    st.sampled_from(["{0.year:04}-{0.month}-{0.day}", "{0.day}/{0.month}/{0.year:04}"]),
)
@settings(max_examples=100)
def test_every_day_round_trips(day: dt.date, form: str) -> None:
    era = "م" if 1300 <= day.year <= 1500 else ""

    assert (day, day, ()) == parse_date_range(form.format(day) + era)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1436-10-05", "2015-07-21"),
        ("1436", "2014-10-25..2015-10-13"),
        ("1435-1436", "2013-11-04..2015-10-13"),
        ("1500-12-30", "2077-11-16"),
        ("1299-12-30", "1299-12-30"),
        ("1501-01-01", "1501-01-01"),
        ("1436م", "1436-01-01..1436-12-31"),
        ("1436-10-05م..1437م", "1436-10-05..1437-12-31"),
        ("21 يوليو 1436", "1436-07-21"),
    ],
)
def test_years_from_1300_to_1500_are_hijri_unless_they_say_otherwise(text: str, expected: str) -> None:
    assert expected == span(text)


@given(st.dates(dt.date(1299, 1, 1), dt.date(1502, 1, 1)))
def test_canonical_texts_of_old_days_are_read_as_these_days(day: dt.date) -> None:
    assert parse_date_range(str(DateRange("date", day, day)).removeprefix("date:"))[:2] == (day, day)


@given(st.text(alphabet="0123456789٣۴-/.<>=~ هـمرضانيوليو…\u200f()", max_size=30))
@settings(max_examples=300)
def test_any_text_can_be_read_as_dates(text: str) -> None:
    period = read_dates(text)

    assert period is None or period.start is None or period.end is None or period.start <= period.end
