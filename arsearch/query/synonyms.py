"""Read groups of synonyms from a file, one group a line.

    # a comment
    سيارة, مركبة, عربة                 each entry also finds the others
    الأمم المتحدة => هيئة الأمم, UN     one way: the entry on the left also finds those on the right

The comma is , or ، and an entry is a word or a phrase. A `#` begins a comment at the start of a line or between spaces.
Synonyms never replace the typed words. Groups do not chain: with `a, b` and `b, c`, a finds b but not c.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from arsearch.analyzers.shipped import shipped
from arsearch.errors import InputError

__all__ = ["SynonymGroup", "Synonyms"]

VARIANTS = "variants.txt"
_COMMENT = re.compile(r"^\s*#.*|\s#(\s.*)?$", re.DOTALL)
_COMMA = re.compile("[,،]")
_MAX_WORDS = 8  # of an entry
_MAX_ENTRIES = 64  # of a group: a search looks each entry up
_MAX_SHOWN = 80


class SynonymGroup(NamedTuple):
    """The entries that a user may have `typed`, and those to search `also`; a symmetric group has the same in both."""

    typed: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of synonyms, in order.

    With `variants`, the groups that come with arsearch follow: spellings of foreign names and loanwords (أمريكا, أميركا).
    """

    groups: tuple[SynonymGroup, ...] = ()
    variants: bool = True

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, variants: bool = True) -> Synonyms:
        """Read a UTF-8 file. Raises InputError, with file, line and reason, if it is unreadable or malformed."""
        name = os.fspath(path)
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise InputError(f"{name}: cannot be read: {error.strerror or error}") from error
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(f"{name}, line {line}: not UTF-8; save the file as UTF-8") from error
        return cls.parse(text, name=name, variants=variants)

    @classmethod
    def parse(cls, text: str, *, name: str = "synonyms", variants: bool = True) -> Synonyms:
        """Read the text of a file, which errors call `name`. Raises InputError, with line and reason, if it is malformed."""
        return cls(tuple(_groups(text, name)), variants)

    def __iter__(self) -> Iterator[SynonymGroup]:
        yield from self.groups
        if self.variants:
            yield from _groups(shipped(VARIANTS), VARIANTS)


def _groups(text: str, name: str) -> Iterator[SynonymGroup]:
    for number, line in enumerate(text.split("\n"), 1):
        content = _COMMENT.sub("", line)
        if not content.strip():
            continue
        try:
            sides = [_entries(side) for side in content.split("=>")]
            if len(sides) > 2:
                raise ValueError("more than one =>; give each its own line")
            if len(sides) == 1 and len(sides[0]) < 2:
                raise ValueError("a word alone has no synonym; write `a, b` or `a => b`")
        except ValueError as error:
            shown = line.strip()[:_MAX_SHOWN]
            raise InputError(f"{name}, line {number}: {error}: {shown!r}") from None
        yield SynonymGroup(sides[0], sides[-1])


def _entries(side: str) -> tuple[str, ...]:
    """Return the entries of one side. Raises ValueError with the reason if it is malformed."""
    entries = tuple(" ".join(entry.split()) for entry in _COMMA.split(side))
    for entry in entries:
        if not any(map(str.isalnum, entry)):
            raise ValueError(f"{entry!r} is not a word" if entry else "nothing before or after a comma or =>")
        if entry.count(" ") >= _MAX_WORDS:
            raise ValueError(f"a phrase has at most {_MAX_WORDS} words")
    if len(entries) > _MAX_ENTRIES:
        raise ValueError(f"{len(entries)} words and phrases; at most {_MAX_ENTRIES} are allowed in a group")
    return entries
