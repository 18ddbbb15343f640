"""Arabic words with ASCII signs in them (`ا%خبار`, `اiخبار`): glyphs that lost their Unicode values. They cannot be repaired.

An encoding without Arabic makes each letter `?`, and damaged bytes become U+FFFD: these letters are lost as well.

In texts that Ghostscript rewrote, a third of the words mix Arabic with ASCII; in right texts, less than 1 %.
"""

from __future__ import annotations

import re

__all__ = ["MOST_LOST", "is_replaced", "share_of_lost"]

MOST_LOST = 0.05
"""The share of words with ASCII signs above which letters were lost."""

_FEWEST_WORDS = 20
_LOST = re.compile(
    r"[\u0621-\u064a][A-Za-z+*&$<=>\\^`|~]|[A-Za-z+*&$<=>\\^`|~][\u0621-\u064a]|[\u0621-\u064a]['\"()%][\u0621-\u064a]"
)
_ARABIC = re.compile("[\u0621-\u064a]")
_LONGEST_WORD = 60
_LINK = re.compile(r"https?:|www\.|[@#]")


def is_replaced(text: str) -> bool:
    """Return whether letters of a text were replaced: by U+FFFD, or by `?` in half of the first 200 words (two at least)."""
    if "\ufffd" in text:
        return True
    if "??" not in text:
        return False
    words = text[:4000].split(maxsplit=200)[:200]
    lost = sum(len(word) > 1 and not word.strip("?") for word in words)
    return lost > 1 and 2 * lost >= len(words)


def share_of_lost(text: str) -> float:
    """Return the share of Arabic words that have ASCII signs inside, from 0.0 to 1.0; 0.0 for fewer than 20 words.

    Words of more than 60 characters, and those with links, mentions and hashtags do not count.
    """
    words = [
        word for word in text.split() if len(word) <= _LONGEST_WORD and _ARABIC.search(word) and not _LINK.search(word)
    ]
    if len(words) < _FEWEST_WORDS:
        return 0.0
    return sum(_LOST.search(word) is not None for word in words) / len(words)
