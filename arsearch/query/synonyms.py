"""Words to look for in one another's place: a file of groups, one a line.

    # a comment
    سيارة, مركبة, عربة                 each is looked for where another is typed
    الأمم المتحدة => هيئة الأمم, UN     one way: what stands on the right is looked for too where the left is typed

Commas are , or ، and words and phrases may be mixed. A `#` begins a comment at the start of a line or between spaces.
What is typed is never replaced, and groups do not chain: of `a, b` and `b, c`, a finds b and not c.
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
_LONGEST = 8  # words of an entry
_LARGEST = 64  # entries of a group: each is looked up
_SHOWN = 80


class SynonymGroup(NamedTuple):
    """What is `typed`, and what is looked for then `also`; the same entries twice where each stands for each."""

    typed: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of synonyms; iterating gives them in order.

    With `variants` those that come with arsearch follow: spellings of foreign names and loanwords (أمريكا, أميركا).
    """

    groups: tuple[SynonymGroup, ...] = ()
    variants: bool = True

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, variants: bool = True) -> Synonyms:
        """Read a UTF-8 file. Raises InputError with file, line and reason, also where it cannot be read."""
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
        """Read the text of such a file; `name` is what errors call it. Raises InputError with line and reason."""
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
            shown = line.strip()[:_SHOWN]
            raise InputError(f"{name}, line {number}: {error}: {shown!r}") from None
        yield SynonymGroup(sides[0], sides[-1])


def _entries(side: str) -> tuple[str, ...]:
    """The words and phrases of one side; ValueError says what is wrong with it."""
    entries = tuple(" ".join(entry.split()) for entry in _COMMA.split(side))
    for entry in entries:
        if not any(map(str.isalnum, entry)):
            raise ValueError(f"{entry!r} is no word" if entry else "nothing before or after a comma or =>")
        if entry.count(" ") >= _LONGEST:
            raise ValueError(f"a phrase has at most {_LONGEST} words")
    if len(entries) > _LARGEST:
        raise ValueError(f"{len(entries)} words and phrases; at most {_LARGEST} stand together")
    return entries
