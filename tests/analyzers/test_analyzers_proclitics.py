"""The spellings of a word with proclitics before it."""

from __future__ import annotations

import pytest

import arsearch
from arsearch.analyzers.proclitics import proclitic_variants
from arsearch.analyzers.stemming.affixes import noun_proclitics

# Before a form without the article, and before a form with it.
BARE = "ال ب بال ف فال فب فبال فك فكال فل فلل ك كال ل لل و وال وب وبال وك وكال ول ولل"
DEFINITE = "بالكتاب فالكتاب فبالكتاب فكالكتاب فللكتاب كالكتاب للكتاب والكتاب وبالكتاب وكالكتاب وللكتاب"


@pytest.mark.parametrize("stack", BARE.split())
def test_a_bare_form_takes_every_stack(stack: str) -> None:
    assert stack + "كتاب" in proclitic_variants("كتاب")


@pytest.mark.parametrize("variant", DEFINITE.split())
def test_a_definite_form_takes_the_stacks_with_the_article(variant: str) -> None:
    assert variant in proclitic_variants("الكتاب")


@pytest.mark.parametrize(
    ("form", "variants"),
    [("كتاب", [stack + "كتاب" for stack in BARE.split()]), ("الكتاب", DEFINITE.split())],
)
def test_there_are_no_other_variants_and_the_form_comes_first(form: str, variants: list[str]) -> None:
    assert proclitic_variants(form) == (form, *variants)


@pytest.mark.parametrize("form", ["ال", "الب", "", "ا"])
def test_a_form_too_short_for_an_article_is_bare(form: str) -> None:
    assert proclitic_variants(form) == (form, *(stack + form for stack in noun_proclitics()))


@pytest.mark.parametrize("written", ["كالكتاب", "وكالكتاب", "فبالكتاب", "فككتاب", "فكالكتاب", "للكتاب"])
def test_a_quoted_phrase_finds_its_first_word_after_every_stack(written: str) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "", "body": f"قال {written} الجديد"}])

        assert [hit.id for hit in index.search('"كتاب الجديد"')] == ["1"]
