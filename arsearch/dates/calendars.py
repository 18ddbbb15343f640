"""Month names as Arabic writers use them, and the days of Hijri months.

The tables hold folded names (see `fold`): hamza carriers, alef maqsura and teh marbuta as plain letters, no marks. We
compiled them from the usage of Egypt and the Gulf, the Levant and Iraq, Algeria and Tunisia, Morocco and Mauritania,
with the spellings common in newspapers and honorific epithets (رمضان المبارك, صفر الخير), and Persian, English and French names.
The months of the solar Hijri calendar have their Iranian names and the Afghan ones.

Hijri dates follow the Umm al-Qura calendar in the years of its table (`umm_al_qura`). Before and after them they follow the
tabular calendar of Reingold & Dershowitz, Calendrical Calculations, ch. 7 (civil epoch, 16 July 622 Julian; leap years 2 5 7
10 13 16 18 21 24 26 29 of 30). Observed months mostly begin within a day of the tabular ones.

The solar Hijri calendar has its leap years by the rule of 33 years, which agrees with the astronomical calendar of Iran in
the years 1178 to 1633: Heydari-Malayeri, "A concise review of the Iranian calendar", 2004.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from arsearch.dates.umm_al_qura import FIRST_YEAR, LAST_YEAR, month_starts

__all__ = [
    "LIKELY_HIJRI",
    "SOLAR_YEARS",
    "Calendar",
    "Month",
    "fold",
    "gregorian_month",
    "hijri_month",
    "hijri_to_ordinal",
    "hijri_year_days",
    "hijri_year_of",
    "hijri_year_starts",
    "is_tabulated",
    "month_names",
    "solar_month",
    "tabular_to_ordinal",
]

_GREGORIAN_NAMES = (
    "يناير|كانون الثاني|كانون ثاني|كانون 2|كانون2|ك 2|ك2|جانفي|ژانويه|january|jan|janvier",
    "فبراير|شباط|فيفري|فوريه|february|feb|fevrier|février",
    "مارس|اذار|march|mar|mars",
    "ابريل|نيسان|افريل|اوريل|april|apr|avril",
    "مايو|ايار|ماي|may|mai",
    "يونيو|يونيه|حزيران|جوان|ژوين|june|jun|juin",
    "يوليو|يوليه|يوليوز|تموز|جويليه|ژوييه|july|jul|juillet",
    "اغسطس|اب|اوت|غشت|اغشت|august|aug|aout|août",
    "سبتمبر|ايلول|شتنبر|شتمبر|سپتامبر|september|sept|sep|septembre",
    "اكتوبر|تشرين الاول|تشرين اول|تشرين 1|تشرين1|ت 1|ت1|اكتبر|october|oct|octobre",
    "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين 2|تشرين2|ت 2|ت2|نونبر|نوامبر|november|nov|novembre",
    "ديسمبر|كانون الاول|كانون اول|كانون 1|كانون1|ك 1|ك1|دجنبر|دجمبر|دسامبر|december|dec|decembre|décembre",
)
_JUMADA = ("جمادي", "جماد", "جمادا")
_HIJRI_NAMES = (
    "محرم الحرام|محرم|المحرم الحرام|المحرم",
    "صفر|صفر الخير|صفر المظفر",
    "ربيع الاول|ربيع اول|ربيع الانور",
    "ربيع الثاني|ربيع الاخر|ربيع ثاني|ربيع اخر|ربيع الثانيه|ربيع الاخره",
    "|".join(f"{name} {which}" for name in _JUMADA for which in "الاولي الاول اولي اول".split()),
    "|".join(
        f"{name} {which}" for name in _JUMADA for which in "الاخره الاخر الثانيه الثاني اخره اخر ثانيه ثاني".split()
    ),
    "رجب|رجب الفرد|رجب الاصب|رجب المرجب|رجب الحرام",
    "شعبان|شعبان المعظم|شعبان الكريم|شعبان المبارك",
    "رمضان المبارك|رمضان|رمضان الكريم|رمضان المعظم",
    "شوال|شوال المكرم|شوال المبارك",
    "ذو القعده|ذي القعده|ذوالقعده|ذيالقعده|ذا القعده|ذو قعده|ذي قعده|ذو القعده الحرام|ذي القعده الحرام",
    "ذو الحجه|ذي الحجه|ذوالحجه|ذيالحجه|ذا الحجه|ذو حجه|ذي حجه|ذو الحجه الحرام|ذي الحجه الحرام",
)
_SOLAR_NAMES = (
    "فروردين|حمل",
    "ارديبهشت|ثور",
    "خرداد|جوزا",
    "تير|سرطان",
    "مرداد|امرداد|اسد",
    "شهريور|سنبله",
    "مهر|ميزان",
    "ابان|عقرب",
    "اذر|قوس",
    "دي|جدي",
    "بهمن|دلو",
    "اسفند|حوت",
)
_FOLDS = str.maketrans("أإآٱىیةؤئک" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹", "ااااييهويك" + "0123456789" * 2)
_INVISIBLE = re.compile(r"[\u0640\u064b-\u065f\u0670\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
LIKELY_HIJRI = range(1300, 1501)
"""The years that are taken for Hijri ones unless the text says otherwise."""

SOLAR_YEARS = range(1178, 1634)
"""The years of the solar Hijri calendar that are converted."""

_SOLAR_EPOCH = 226895  # ordinal of 1 Farvardin 1, by the rule of 33 years
_HIJRI_EPOCH = 227015  # ordinal of 1 Muharram 1: 19 July 622, proleptic Gregorian


Calendar = Literal["gregorian", "hijri", "solar"]


class Month(NamedTuple):
    """A month of one of the three calendars, 1 to 12."""

    calendar: Calendar
    number: int


@cache
def month_names() -> Mapping[str, Month]:
    """Return the months of the calendars by folded name."""
    calendars: tuple[tuple[Calendar, tuple[str, ...]], ...] = (
        ("gregorian", _GREGORIAN_NAMES),
        ("hijri", _HIJRI_NAMES),
        ("solar", _SOLAR_NAMES),
    )
    return {
        name: Month(calendar, number)
        for calendar, months in calendars
        for number, names in enumerate(months, 1)
        for name in names.split("|")
    }


def fold(text: str) -> str:
    """Return the spelling by which names in queries are compared.

    Drops marks, tatweel and control characters. Makes letters plain and lower case, and digits ASCII.
    """
    return _INVISIBLE.sub("", text).translate(_FOLDS).lower()


def gregorian_month(year: int, month: int) -> tuple[int, int]:
    """Return the first and the last day of a month as `date` ordinals. Raises ValueError outside the years 1-9999."""
    first = dt.date(year, month, 1).toordinal()
    return first, first + calendar.monthrange(year, month)[1] - 1


def solar_month(year: int, month: int) -> tuple[int, int]:
    """Return the first and the last day of a solar Hijri month as `date` ordinals. Raises ValueError outside `SOLAR_YEARS`."""
    if year not in SOLAR_YEARS:
        raise ValueError(f"{year} is not a solar Hijri year from {SOLAR_YEARS[0]} to {SOLAR_YEARS[-1]}")
    first = _solar_year_start(year) + 31 * (month - 1) - max(0, month - 7)
    length = 31 if month < 7 else 30 if month < 12 else _solar_year_start(year + 1) - first
    return first, first + length - 1


def _solar_year_start(year: int) -> int:
    return _SOLAR_EPOCH + 365 * (year - 1) + (8 * year + 21) // 33


def is_tabulated(year: int) -> bool:
    """Return whether the Umm al-Qura calendar has a Hijri year, so that its days are exact."""
    return FIRST_YEAR <= year <= LAST_YEAR


def hijri_month(year: int, month: int) -> tuple[int, int]:
    """Return the first and the last day of a Hijri month as `date` ordinals."""
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return hijri_to_ordinal(year, month, 1), hijri_to_ordinal(*following, 1) - 1


def hijri_to_ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a Hijri day, as `date.toordinal` counts days."""
    if is_tabulated(year):
        return month_starts()[12 * (year - FIRST_YEAR) + month - 1] + day - 1
    return tabular_to_ordinal(year, month, day)


def tabular_to_ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a day of the tabular Hijri calendar."""
    return _HIJRI_EPOCH + (year - 1) * 354 + (11 * year + 3) // 30 + (59 * (month - 1) + 1) // 2 + day - 1


@cache
def hijri_year_starts() -> tuple[int, ...]:
    """Return the ordinals of the first days of the Hijri years 1 to 9666, which covers the years of `datetime`."""
    return tuple(hijri_to_ordinal(year, 1, 1) for year in range(1, 9667))


def hijri_year_of(day: dt.date) -> int:
    """Return the Hijri year of a day; 0 for a day before the first year."""
    return bisect_right(hijri_year_starts(), day.toordinal())


def hijri_year_days(year: int) -> tuple[int, int]:
    """Return the first and the last day of a Hijri year as `date` ordinals. Raises ValueError outside 1 to 9665."""
    starts = hijri_year_starts()
    if not 1 <= year < len(starts):
        raise ValueError(f"{year} is not a Hijri year from 1 to {len(starts) - 1}")
    return starts[year - 1], starts[year] - 1
