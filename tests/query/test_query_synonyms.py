"""Read files of synonyms; a malformed line is rejected with its number, and nothing is loaded."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch import Synonyms
from arsearch.errors import InputError
from arsearch.query import SynonymGroup

Sides = list[tuple[tuple[str, ...], tuple[str, ...]]]


def both(*entries: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return entries, entries


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("سيارة, مركبة, عربة", [both("سيارة", "مركبة", "عربة")]),
        ("سيارة، مركبة", [both("سيارة", "مركبة")]),
        ("أ => ب, ج د", [(("أ",), ("ب", "ج د"))]),
        ("الأمم   المتحدة , هيئة الأمم=>UN", [(("الأمم المتحدة", "هيئة الأمم"), ("UN",))]),
        ("# تعليق\n\n   # آخر\nأ, ب # ولماذا\r\n", [both("أ", "ب")]),
        ("أ, ب #", [both("أ", "ب")]),
        ("كتاب, #وسم", [both("كتاب", "#وسم")]),  # a `#` that touches a word is part of it
        ("أ, ب\nأ, ج", [both("أ", "ب"), both("أ", "ج")]),
        ("", []),
        ("#", []),
    ],
)
def test_lines_become_groups(text: str, groups: Sides) -> None:
    assert [(group.typed, group.also) for group in Synonyms.parse(text, variants=False)] == groups


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("سيارة", "a word alone has no synonym"),
        ("سيارة,, مركبة", "nothing before or after a comma"),
        ("سيارة,", "nothing before or after a comma"),
        ("=> سيارة", "nothing before or after a comma or =>"),
        ("سيارة =>", "nothing before or after a comma or =>"),
        ("أ => ب => ج", "more than one =>"),
        ("سيارة, !!", "'!!' is not a word"),
        ("سيارة, " + "طويل " * 9, "at most 8 words"),
        (", ".join(f"كلمة{n}" for n in range(65)), "65 words and phrases; at most 64"),
    ],
)
def test_the_error_names_a_malformed_line(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "mine.txt"
    file.write_text(f"# good\nأ, ب\n{line}\nج, د\n", encoding="utf-8")

    with pytest.raises(InputError) as error:
        Synonyms.load(file)

    assert str(error.value).startswith(f"{file}, line 3: ")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("bad", [b"\xff\xfe", "سيارة".encode("utf-16")])
def test_bytes_other_than_utf8_are_rejected(tmp_path: Path, bad: bytes) -> None:
    file = tmp_path / "mine.txt"
    file.write_bytes("أ, ب\n".encode() + bad)
    with pytest.raises(InputError, match=r"mine\.txt, line 2: not UTF-8"):
        Synonyms.load(file)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt: cannot be read: No such file"):
        Synonyms.load(tmp_path / "none.txt")


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("\ufeffأ, ب", encoding="utf-8")
    assert Synonyms.load(file, variants=False).groups == (both("أ", "ب"),)


@given(st.text(alphabet="اب ,،=>#\n!", max_size=40))
def test_any_text_gives_groups_or_an_error(text: str) -> None:
    groups: tuple[SynonymGroup, ...] = ()
    with contextlib.suppress(InputError):
        groups = Synonyms.parse(text).groups

    assert all(any(map(str.isalnum, entry)) for group in groups for side in group for entry in side)
    assert len(groups) <= text.count("\n") + 1


def test_shipped_variants_are_groups_of_spellings() -> None:
    groups = list(Synonyms())
    assert len(groups) >= 5
    assert all(group.typed == group.also and len(group.typed) > 1 for group in groups)
    assert list(Synonyms(variants=False)) == []
