"""Month names as Arabic writers use them, and the tabular Hijri calendar.

Names are kept folded (see `fold`): hamza carriers, alef maqsura and teh marbuta as plain letters, no marks. They were
written by us: the usage of Egypt and the Gulf, the Levant and Iraq, Algeria and Tunisia, Morocco and Mauritania, with
the spellings common in newspapers. Hijri arithmetic: the tabular calendar of Reingold & Dershowitz, Calendrical
Calculations, ch. 7 (civil epoch, 16 July 622 Julian; leap years 2 5 7 10 13 16 18 21 24 26 29 of 30). Observed months,
and those of Umm al-Qura, mostly begin within a day of it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

__all__ = ["GREGORIAN_MONTHS", "HIJRI_MONTHS", "fold", "gregorian_month", "hijri_month", "hijri_to_ordinal"]

_NAMES = (
    "يناير|كانون الثاني|كانون ثاني|جانفي|january|jan",
    "فبراير|شباط|فيفري|february|feb",
    "مارس|اذار|march|mar",
    "ابريل|نيسان|افريل|april|apr",
    "مايو|ايار|ماي|may",
    "يونيو|يونيه|حزيران|جوان|june|jun",
    "يوليو|يوليه|يوليوز|تموز|جويليه|july|jul",
    "اغسطس|اب|اوت|غشت|اغشت|august|aug",
    "سبتمبر|ايلول|شتنبر|شتمبر|september|sept|sep",
    "اكتوبر|تشرين الاول|تشرين اول|october|oct",
    "نوفمبر|تشرين الثاني|تشرين ثاني|نونبر|november|nov",
    "ديسمبر|كانون الاول|كانون اول|دجنبر|دجمبر|december|dec",
)
_HIJRI_NAMES = (
    "محرم الحرام|محرم|المحرم",
    "صفر",
    "ربيع الاول|ربيع اول",
    "ربيع الثاني|ربيع الاخر|ربيع ثاني|ربيع اخر",
    "جمادي الاولي|جمادي الاول|جمادي اول|جماد اول",
    "جمادي الاخره|جمادي الثانيه|جمادي الثاني|جمادي الاخر|جمادي ثاني|جماد ثاني",
    "رجب",
    "شعبان",
    "رمضان المبارك|رمضان",
    "شوال",
    "ذو القعده|ذي القعده|ذوالقعده|ذيالقعده|ذا القعده",
    "ذو الحجه|ذي الحجه|ذوالحجه|ذيالحجه|ذا الحجه",
)
GREGORIAN_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split("|")}
"""Folded name to month 1-12."""
HIJRI_MONTHS = {name: number for number, names in enumerate(_HIJRI_NAMES, 1) for name in names.split("|")}
"""Folded name to month 1-12."""

_FOLDS = str.maketrans("أإآٱىیةؤئک" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹", "ااااييهويك" + "0123456789" * 2)
_INVISIBLE = re.compile(r"[\u0640\u064b-\u065f\u0670\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_HIJRI_EPOCH = 227015  # ordinal of 1 Muharram 1: 19 July 622, proleptic Gregorian


def fold(text: str) -> str:
    """Fold spelling for names in queries: marks, tatweel and controls off, letters and digits plain, lower case."""
    return _INVISIBLE.sub("", text).translate(_FOLDS).lower()


def gregorian_month(year: int, month: int) -> tuple[int, int]:
    """First and last day of a month, as proleptic ordinals; `ValueError` outside years 1-9999."""
    first = dt.date(year, month, 1).toordinal()
    return first, first + calendar.monthrange(year, month)[1] - 1


def hijri_month(year: int, month: int) -> tuple[int, int]:
    """First and last day of a Hijri month, as proleptic ordinals."""
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return hijri_to_ordinal(year, month, 1), hijri_to_ordinal(*following, 1) - 1


def hijri_to_ordinal(year: int, month: int, day: int) -> int:
    """The proleptic Gregorian ordinal (`date.toordinal`) of a tabular Hijri day."""
    return _HIJRI_EPOCH + (year - 1) * 354 + (11 * year + 3) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
