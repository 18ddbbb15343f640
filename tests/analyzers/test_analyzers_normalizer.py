"""The steps of the normalizer: the rows of docs/analysis.md, each with its step on and off."""

from __future__ import annotations

import pickle
from itertools import combinations

import pytest
from analysis_tables import tables

from arsearch.analyzers import Normalizer
from arsearch.analyzers.letters import EXTENDED, HARAKAT, LOOKALIKES, QURANIC_MARKS, SHADDA, TANWEEN
from arsearch.analyzers.normalizer import NORMALISE_STEPS, SURFACE_STEPS
from arsearch.analyzers.uthmani import SIGNS
from arsearch.errors import AnalyzerError

NORMALIZER = Normalizer()


@pytest.mark.parametrize(("step", "before", "after", "remarks"), tables()["Step"])
def test_a_surface_step_works_only_when_it_is_on(step: str, before: str, after: str, remarks: str) -> None:
    uthmani = step == "uthmani"  # where it is on, words with its signs do not reach the steps after it
    normalizer = Normalizer(uthmani=uthmani)

    assert normalizer.surface(before) == NORMALIZER.surface(before) == after
    assert step in dict(normalizer.steps(before))
    assert Normalizer(**{"uthmani": uthmani, step: False}).surface(before) != after


@pytest.mark.parametrize(("step", "before", "after", "remarks"), tables()["Fold"])
def test_a_fold_works_only_when_it_is_on(step: str, before: str, after: str, remarks: str) -> None:
    assert NORMALIZER.normalise(before) == after
    assert step in dict(NORMALIZER.steps(before))
    assert Normalizer(**{step: False}).normalise(before) != after


def test_the_documentation_has_a_row_for_every_step_in_order() -> None:
    steps = list(dict.fromkeys(row[0] for row in tables()["Step"]))
    folds = list(dict.fromkeys(row[0] for row in tables()["Fold"]))

    assert steps == [name for name, _ in SURFACE_STEPS]
    assert folds == [name for name, _ in NORMALISE_STEPS] + ["function_words"]
    assert sorted([*steps, *folds]) == sorted(NORMALIZER.config())


@pytest.mark.parametrize("row", tables()["Meet"])
def test_spellings_of_one_word_share_a_normalised_form(row: tuple[str]) -> None:
    words = row[0].split()

    assert len(words) > 1
    assert len({NORMALIZER.normalise(word) for word in words}) == 1


@pytest.mark.parametrize("row", tables()["Apart"])
def test_reserved_words_stay_apart(row: tuple[str]) -> None:
    keys = [NORMALIZER.normalise(word) for word in row[0].split()]
    folded = [Normalizer(function_words=False).normalise(word) for word in row[0].split()]

    assert len(set(keys)) == len(keys)
    assert len(set(folded)) == 1


@pytest.mark.parametrize("word", ["أحمد", "مدرسة", "مستشفى", "مؤتمر", "قائد", "سماء", "پاريس"])
def test_the_surface_form_keeps_the_spelling(word: str) -> None:
    assert NORMALIZER.surface(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("رأس", "رؤوس"),
        ("سماء", "سما"),
        ("مائة", "ماءة"),
        ("السبائك", "السباءك"),
        ("كائنا", "كاءنا"),
        ("تائه", "تاءه"),
        ("بيئي", "بي"),
        ("جميل", "جمل"),
        ("ممر", "مر"),
        ("3.5", "35"),
        ("1.234", "1234"),
        ("منظمة", "منظمات"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert NORMALIZER.normalise(one) != NORMALIZER.normalise(other)


@pytest.mark.parametrize(
    ("word", "normalised"),
    [
        ("بيئي", "بيي"),
        ("أبنائنا", "ابناءنا"),
        ("كائنا", "كاينا"),
        ("ثلاثمائة", "ثلاثمايه"),
        ("وبمائه", "وبمايه"),
        ("مئتا", "مايتا"),
        ("للمئة", "للمايه"),
        ("مئات", "ميات"),
        ("فئة", "فئه"),
        ("علمائه", "علماءه"),
        ("شاطئ", "شاطي"),
        ("هدوء", "هدوء"),
        ("بطيء", "بطيء"),
        ("اللللله", "الله"),
        ("هلللا", "هلا"),
        ("والللجنة", "واللجنه"),
        ("2,300,000.50", "2300000.50"),
        ("3.000,5", "3.000.5"),
        ("Ⅷ", "viii"),
        ("ﬁne", "fine"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("Страны", "страны"),
        ("ЙОД", "йод"),
        ("ﹷ", ""),
        ("", ""),
        ("ًٌٍ", ""),
    ],
)
def test_normalised_form(word: str, normalised: str) -> None:
    assert NORMALIZER.normalise(word) == normalised


@pytest.mark.parametrize(
    "table", [HARAKAT, SHADDA, TANWEEN, QURANIC_MARKS], ids=["harakat", "shadda", "tanween", "quran"]
)
def test_every_mark_of_a_table_is_dropped(table: dict[int, str | None]) -> None:
    assert {NORMALIZER.surface(f"ك{chr(mark)}تاب") for mark in table if chr(mark) not in SIGNS} == {"كتاب"}
    assert {Normalizer(uthmani=False).surface(f"ك{chr(mark)}تاب") for mark in table} == {"كتاب"}


def test_every_foreign_letter_becomes_a_plain_one() -> None:
    plain = set("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")

    assert {NORMALIZER.normalise(f"د{chr(letter)}و")[1:-1] for letter in {**LOOKALIKES, **EXTENDED}} <= plain


def test_steps_end_in_the_normalised_form_and_name_only_changes() -> None:
    steps = NORMALIZER.steps("وَبِالمَسْئُولِيَّة")

    assert steps == [
        ("harakat", "وبالمسئوليّة"),
        ("shadda", "وبالمسئولية"),
        ("teh_marbuta", "وبالمسئوليه"),
        ("hamza_seats", "وبالمسووليه"),
    ]
    assert NORMALIZER.steps("كتاب") == []


def test_a_normalizer_is_a_value() -> None:
    other = Normalizer(teh_marbuta=False)

    assert pickle.loads(pickle.dumps(other)) == other != NORMALIZER
    assert eval(repr(other), {"Normalizer": Normalizer}) == other
    assert Normalizer.from_config(other.config()) == other
    assert len({Normalizer(), NORMALIZER, other}) == 2
    assert pickle.loads(pickle.dumps(other)).normalise("مدرسة") == "مدرسة"


@pytest.mark.parametrize(("config", "named"), [({"taa": True}, "'taa'"), ({"alef": "yes"}, "'yes'")])
def test_the_error_for_a_wrong_config_names_the_value(config: dict[str, object], named: str) -> None:
    with pytest.raises(AnalyzerError, match=named):
        Normalizer.from_config(config)


@pytest.mark.parametrize("off", [(), *combinations(("harakat", "composition", "elongation", "alef", "digits"), 2)])
def test_the_shortcut_and_the_steps_agree_with_any_steps_off(off: tuple[str, ...]) -> None:
    normalizer = Normalizer(**dict.fromkeys(off, False))

    for word in ("كِتَابٌ", "أحمد", "ا\u0654حمد", "جميييل", "١٩٦٧", "ـٔ", "على", "سـؤال", "آاا", "بيئي"):
        assert dict(enumerate(normalizer.steps(word))).get(len(normalizer.steps(word)) - 1, ("", word))[1] == (
            normalizer.normalise(word)
        )
