"""Derive the month lengths of the Umm al-Qura calendar from hijridate.

    pip install hijridate==2.3.0                    # MIT
    python tools/build_umm_al_qura.py [--check]

The script writes `arsearch/dates/umm_al_qura.py`.
"""

from __future__ import annotations

import datetime as dt
import sys
from itertools import pairwise
from pathlib import Path

from data_file import arguments, write_or_check
from hijridate import ummalqura

OUTPUT = Path(__file__).parents[1] / "arsearch" / "dates" / "umm_al_qura.py"

MODULE = '''\
"""The months of the Umm al-Qura calendar, the official calendar of Saudi Arabia, from {first} to {last}.

Source: the month lengths of hijridate 2.3.0 (PyPI, Mohammed Alshehri; MIT), which follow the calendar as it was published.
Made by tools/build_umm_al_qura.py; do not edit.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import accumulate

__all__ = ["FIRST_YEAR", "LAST_YEAR", "month_starts"]

FIRST_YEAR = {first}
LAST_YEAR = {last}

_FIRST_DAY = dt.date({day.year}, {day.month}, {day.day})

# A row for each year, with the last digit of the length of each month: 28, 29, 30 or 31 days.
_LENGTHS = """
{rows}
"""


@cache
def month_starts() -> tuple[int, ...]:
    """Return the first day of each month from Muharram {first} on, as a `date` ordinal, and last the day after them all."""
    lengths = [28 + "8901".index(digit) for row in _LENGTHS.split() for digit in row.partition(":")[2]]
    return tuple(accumulate(lengths, initial=_FIRST_DAY.toordinal()))
'''


def build() -> str:
    """Return the text of the generated module."""
    (first, *_), (last, *_) = ummalqura.HIJRI_RANGE
    digits = "".join(str((after - before) % 10) for before, after in pairwise(ummalqura.MONTH_STARTS))
    rows = [f"{year}:{digits[12 * at : 12 * at + 12]}" for at, year in enumerate(range(first, last + 1))]
    first_day = dt.date(*ummalqura.GREGORIAN_RANGE[0])
    return MODULE.format(first=first, last=last, day=first_day, rows="\n".join(rows))


def main() -> int:
    """Write the file, or compare it with `--check`; return the exit code."""
    return write_or_check(arguments(__doc__, OUTPUT).parse_args(), build)


if __name__ == "__main__":
    sys.exit(main())
