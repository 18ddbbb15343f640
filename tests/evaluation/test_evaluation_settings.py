"""A setting is parsed from names and values, and unknown ones are refused."""

from __future__ import annotations

import pytest

import arsearch
from arsearch import Ranking
from arsearch.errors import InputError
from arsearch.evaluation import Setting, read_setting

PAIRS = [
    pytest.param([], Setting(), id="none"),
    pytest.param([("stemmer", "light10")], Setting(stemmer="light10", given=("stemmer=light10",)), id="stemmer"),
    pytest.param(
        [("mode", "any"), ("match", "word")],
        Setting(mode="any", match="word", given=("mode=any", "match=word")),
        id="mode_and_match",
    ),
    pytest.param([("k1", "1.5")], Setting(ranking=Ranking(k1=1.5), given=("k1=1.5",)), id="number_of_the_ranking"),
    pytest.param([("k1", "1"), ("k1", "2")], Setting(ranking=Ranking(k1=2), given=("k1=2",)), id="last_one_wins"),
]


@pytest.mark.parametrize(("pairs", "expected"), PAIRS)
def test_settings_are_parsed(pairs: list[tuple[str, str]], expected: Setting) -> None:
    assert read_setting(pairs) == expected


def test_a_setting_changes_another() -> None:
    base = read_setting([("mode", "any"), ("title_weight", "3")])
    setting = read_setting([("title_weight", "2"), ("body_b", "0.5")], base)

    assert str(Setting()) == "default"
    assert str(setting) == "mode=any title_weight=2 body_b=0.5"
    assert setting.mode == "any"
    assert setting.ranking.field_weight == {**Ranking().field_weight, "title": 2}
    assert setting.ranking.field_b == {**Ranking().field_b, "body": 0.5}
    assert base.ranking.field_weight["title"] == 3


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("k2", "1", "no setting 'k2'; known: stemmer, mode, match, k1"),
        ("", "1", "no setting ''"),
        ("_weight", "1", "no setting '_weight'"),
        ("mode", "some", "mode 'some' is unknown; known: auto"),
        ("match", "root", "match 'root' is unknown; known: stem"),
        ("k1", "much", "k1 is 'much'; it must be a number"),
        ("k1", "-1", "k1 is '-1'"),
        ("k1", "nan", "k1 is 'nan'"),
        ("title_weight", "inf", "title_weight is 'inf'"),
    ],
)
def test_unknown_names_and_values_are_refused(name: str, value: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_setting([(name, value)])

    assert reason in str(caught.value)


def test_a_search_uses_its_setting() -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "body": "كتاب جديد"}, {"id": "2", "body": "الكتب والكتاب"}, {"id": "3", "body": "جديد"}])

        def ids(*pairs: tuple[str, str]) -> set[str]:
            search = read_setting(pairs).searching(index).search
            return {hit.id for hit in search("كتاب جديد", limit=10, mode="auto")}

        assert ids(("mode", "all")) == {"1"}
        assert ids(("mode", "any")) == {"1", "2", "3"}
        assert ids(("mode", "any"), ("match", "normalised")) == {"1", "3"}
