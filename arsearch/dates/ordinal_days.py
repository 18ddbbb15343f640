"""Days of a month that are written in words: الخامس من يوليو, غرة محرم, سلخ صفر.

غرة is the first day of a month and سلخ its last one. Vaguer words (مستهل, منتصف, أواخر) are no days.
Source: al-Qalqashandi, Subh al-a'sha, vol. 6, on the dating of letters, for غرة and سلخ.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["LAST_DAY", "split_day"]

LAST_DAY = -1
"""The number that stands for the last day of a month, whatever its length."""

_ONES = "الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع".split()
_FIRST_DAY = ("غره", "اول")
_LAST_DAYS = ("سلخ", "منسلخ")


def split_day(folded: str) -> tuple[int, str]:
    """Return the number of the day whose words begin a folded text, and the rest; 0 and the whole text without one."""
    match = _pattern().match(folded)
    return (_days()[match[1]], folded[match.end() :]) if match else (0, folded)


@cache
def _days() -> dict[str, int]:
    """Return the numbers of days by their folded words, from 1 to 31, and `LAST_DAY` for the last one."""
    days = {word: number for number, word in enumerate(_ONES, 1)}
    days |= {f"{word} عشر": number for number, word in enumerate(["الحادي", *_ONES[1:]], 11)}
    days["العاشر"] = 10
    for tens, number in (("العشر", 20), ("الثلاث", 30)):
        for ending in ("ين", "ون"):
            days[tens + ending] = number
            for one, word in enumerate(["الحادي", *_ONES[1:]], 1):
                if number + one <= 31:
                    days[f"{word} و{tens}{ending}"] = number + one
    days |= dict.fromkeys(_FIRST_DAY, 1)
    return days | dict.fromkeys(_LAST_DAYS, LAST_DAY)


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_days(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(longest_first)})\s+(?:من\s+)?(?=\D)")
