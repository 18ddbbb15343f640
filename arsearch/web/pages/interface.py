"""The language of a page: its messages, numbers and dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from arsearch.dates.calendars import hijri_month, hijri_year_of
from arsearch.model import Level
from arsearch.model.spans import LEVEL_WORDS, Language
from arsearch.web.pages.messages import MESSAGES
from arsearch.web.pages.notes import arabic_note
from arsearch.web.pages.plurals import plural_category

__all__ = ["HIJRI_MONTHS", "MONTHS", "Interface"]

MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
    "en": "January February March April May June July August September October November December".split(),
}
HIJRI_MONTHS = {
    "ar": (
        *("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة"),
        *("رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    ),
    "en": (
        *("Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II"),
        *("Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qada", "Dhu al-Hijja"),
    ),
}


class Interface:
    """The messages of one language. Digits are written as 0-9 in both."""

    def __init__(self, language: str) -> None:
        self.language: Language = "en" if language == "en" else "ar"
        self._messages = MESSAGES[self.language]

    @property
    def direction(self) -> str:
        """The direction of the page."""
        return "ltr" if self.language == "en" else "rtl"

    @property
    def other(self) -> str:
        """The other language of the page."""
        return "ar" if self.language == "en" else "en"

    def __call__(self, key: str, *values: Any, **named: Any) -> str:
        """Return a message of one text."""
        message = self._messages[key]
        assert isinstance(message, str)
        return message.format(*values, **named) if values or named else message

    def has(self, key: str) -> bool:
        """Tell whether a message of one text has this key."""
        return isinstance(self._messages.get(key), str)

    def count(self, key: str, number: int) -> str:
        """Return a message with a number, in the right plural form."""
        message = self._messages[key]
        assert not isinstance(message, str)
        return message[plural_category(self.language, number)].format(n=f"{number:,}")

    def level(self, level: Level) -> str:
        """Return the meaning of a level."""
        return LEVEL_WORDS[self.language][level.label]

    def field(self, name: str) -> str:
        """Return the name of a field; a declared field has its own."""
        return self(name) if name in ("source", "category", "author", "tags", "date", "id", "hijri_year") else name

    def date(self, date: dt.date) -> str:
        """Return a date in the Gregorian calendar: 21 يوليو 2015."""
        return f"{date.day} {MONTHS[self.language][date.month - 1]} {date.year}"

    def hijri_date(self, date: dt.date) -> str:
        """Return a date in the Umm al-Qura calendar, outside its years in the tabular one: 5 شوال 1436هـ.

        A date before the first Hijri year gives an empty text.
        """
        ordinal = date.toordinal()
        day = dt.date.fromordinal(ordinal)
        try:
            year = hijri_year_of(day)
            months = [hijri_month(year, month) for month in range(1, 13)]
        except ValueError:
            return ""
        for number, (first, last) in enumerate(months):
            if year > 0 and first <= ordinal <= last:
                name = HIJRI_MONTHS[self.language][number]
                return f"{ordinal - first + 1} {name} {self.hijri_year(year)}"
        return ""

    def hijri_year(self, year: int | str) -> str:
        """Return a Hijri year: 1436هـ."""
        return f"{year}{'هـ' if self.language == 'ar' else ' AH'}"

    def period(self, period: str) -> str:
        """Return the name of a year or month, given as 2015 or 2015-07."""
        year, dash, month = period.partition("-")
        return f"{MONTHS[self.language][int(month) - 1]} {int(year)}" if dash else str(int(year))

    def note(self, note: str) -> tuple[str, str]:
        """Return a note of a search and its language: Arabic notes are translations of the library's English ones."""
        if self.language == "ar" and (translated := arabic_note(note)):
            return translated, "ar"
        return note, "en"
