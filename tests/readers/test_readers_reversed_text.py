"""Arabic in visual order is found with certainty, and turned back."""

from __future__ import annotations

from pathlib import Path

import pytest

from arsearch.readers.quality.reversed_text import Direction, direction_of, is_reversed, repaired

FOLDER = Path(__file__).parents[1] / "fixtures" / "pdf"
TEXTS = [(FOLDER / f"{name}.txt").read_text(encoding="utf-8") for name in ("news", "columns", "running")]


def visual(text: str) -> str:
    get_display = pytest.importorskip("bidi.algorithm").get_display
    return "\n".join(str(get_display(line, base_dir="R")) for line in text.split("\n"))


@pytest.mark.parametrize("text", TEXTS, ids=["news", "columns", "running"])
def test_a_right_text_is_right_and_a_turned_one_is_found(text: str) -> None:
    assert not is_reversed(text)
    assert direction_of(text).share < 0.2
    assert is_reversed(visual(text))
    assert is_reversed(text[::-1])


def test_a_text_in_visual_order_is_turned_with_its_numbers_and_brackets() -> None:
    assert repaired(visual(TEXTS[0])) == TEXTS[0]


def test_a_text_whose_digits_are_reversed_too_is_turned_whole() -> None:
    text = "افتتحت المكتبة سنة 2015 في المدينة القديمة\nوزارها الناس سنة 2016 من القرية"
    reversed_lines = "\n".join(line[::-1] for line in text.split("\n"))
    assert repaired(reversed_lines) == text


def test_marks_return_to_their_letters() -> None:
    vocalised = (FOLDER / "vocalised.txt").read_text(encoding="utf-8").replace("(", "").replace(")", "")
    lines = [line.replace("«", "").replace("»", "") for line in vocalised.split("\n")]
    assert repaired("\n".join(line[::-1] for line in lines)) == "\n".join(lines)


def test_presentation_forms_count_as_letters() -> None:
    assert direction_of("ﺔﺒﺘﻜﻤﻟﺍ ﺔﺳﺭﺪﻤﻟﺍ") == direction_of("ةبتكملا ةسردملا") == Direction(0, 4)


@pytest.mark.parametrize(
    "text", ["", "Latin only", "ةبتكملا", "قال نعم", "لا ولا إلا علا خلا"], ids=["empty", "latin", "few", "none", "la"]
)
def test_few_words_are_never_certain(text: str) -> None:
    assert not is_reversed(text)
