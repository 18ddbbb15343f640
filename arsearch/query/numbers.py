"""Numbers of a query whose digits are typed in groups: 1 500 000 and +966 50 123 4567.

An index has such a number whole and in its groups. Words of digits side by side become the whole number where they can mean
nothing else: a later group begins with 0, or they are a telephone number. The words of `100 200 300` stay words, and the
number 100200300 may match in the place of all three. A phrase is searched with the number whole and in groups, because the
groups take several positions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from arsearch.analyzers.letters import DIGITS
from arsearch.analyzers.numbers import digit_groups, is_phone, is_spaced, join_groups
from arsearch.query.tree import Clause, Word

__all__ = ["cut_numbers", "number_spellings", "with_numbers"]

_DIGIT = re.compile(r"\d").search
_IS_LARGE = re.compile("[1-9][0-9]{6,14}").fullmatch
_GROUPS_OF_THREE = re.compile("[0-9]{1,3}(?=(?:[0-9]{3})*$)")
_ZEROS = ("0", "٠", "۰")


def cut_numbers(words: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """Wrap a function that cuts text, to cut a number in groups into its groups."""

    def cut(text: str) -> list[str]:
        pieces = words(text)
        return [part for piece in pieces for part in _groups(piece)] if _DIGIT(text) else pieces

    return cut


def _groups(word: str) -> list[str]:
    """Return the groups of a number that has several; return another word as it is."""
    groups = digit_groups(word)
    return groups if len(groups) > 1 else [word]


def with_numbers(clauses: Sequence[Clause]) -> list[Clause]:
    """Return clauses that stand side by side, with the words of a number joined.

    Words that may also be a list stay, and each has the number as a synonym.
    """
    if not any(map(_is_word_of_digits, clauses)):
        return list(clauses)
    joined: list[Clause] = []
    for word_of_digits, group in groupby(clauses, _is_word_of_digits):
        run = list(group)
        joined += _with_number(run) if word_of_digits else run
    return joined


def _is_word_of_digits(clause: Clause) -> bool:
    node = clause.node
    return isinstance(node, Word) and node.text.isdecimal() and node.level is None


def _with_number(run: Sequence[Clause]) -> list[Clause]:
    """Return neighbouring words of digits, joined if they are one number. A sign before the first counts for all."""
    words = [replace(clause.node, also=()) for clause in run if isinstance(clause.node, Word)]
    texts = [word.text for word in words]
    sign, others = run[0].occur, {clause.occur for clause in run[1:]}
    whole = ""
    if others == {"should"}:
        phone = _whole(texts, plus=True) if sign != "should" else ""
        whole = phone or _whole(texts, plus=False)
        if whole and (phone or any(text.startswith(_ZEROS) for text in texts)):
            return [Clause(Word(whole), sign)]
    if whole and sign == "should":
        words = [replace(word, also=(whole,)) for word in words]
    return [Clause(word, clause.occur) for word, clause in zip(words, run, strict=True)]


def _whole(texts: Sequence[str], *, plus: bool) -> str:
    """Return the number that words of digits form together, `""` if they form none; `plus` means that + precedes them."""
    text = " ".join(texts)
    if plus:
        trunk = len(texts) > 1 and texts[1] in _ZEROS  # +44 (0)20 7946 0958
        text = " ".join([texts[0], *texts[2 if trunk else 1 :]])
        return text.replace(" ", "") if is_phone()(f"+{text}") else ""
    return text.replace(" ", "") if is_spaced()(text) or is_phone()(text) else ""


def number_spellings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words of a phrase with its numbers spelled in other ways; `[]` for a phrase without such a number.

    A number is spelled as one word, and in groups of three digits if the phrase has other words too.
    """
    if not _DIGIT("".join(words)):
        return []
    typed = tuple(words)
    spellings: list[tuple[str, ...]] = []
    for spelling in (_joined(words), _in_groups(words) if len(words) > 1 else typed):
        if spelling != typed and spelling not in spellings:
            spellings.append(spelling)
    return spellings


def _joined(words: Sequence[str]) -> tuple[str, ...]:
    joined: list[str] = []
    for digits, group in groupby(words, str.isdecimal):
        run = list(group)
        whole = digits and len(run) > 1 and (_whole(run, plus=False) or _whole(run, plus=True))
        joined += [whole] if whole else run
    return tuple(joined)


def _in_groups(words: Sequence[str]) -> tuple[str, ...]:
    parts: list[str] = []
    for word in words:
        number = join_groups(word.translate(DIGITS))
        parts += _GROUPS_OF_THREE.findall(number) if _IS_LARGE(number) else [word]
    return tuple(parts)
