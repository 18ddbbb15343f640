"""Derived queries keep judgements and groups, and tuning on them varies only the constant that they decide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arsearch.errors import InputError
from arsearch.evaluation import Query

pytest.importorskip("bench.derived_queries", reason="the bench folder is missing")

from bench.collection import Collection
from bench.derived_queries import derive, readings

GIVEN = Collection(
    "set",
    "set",
    ({"id": "1", "title": "", "body": "زيارة أوباما إلى سوريا"}, {"id": "2", "title": "", "body": "علم البلاد"}),
    (Query("a", "أين تقع أوكرانيا؟"), Query("b", "ما هو العِلم"), Query("c", "البلاد")),
    {"a": {"1": 1}, "b": {"2": 1}, "c": {"2": 1}},
    {"a": "a", "b": "b", "c": "b"},
    0,
)
TEXTS = [
    ("1", "علم الناس بالخبر أمس", "عَلِمَ النَّاسُ بِالْخَبَرِ أَمْسِ"),
    ("2", "طلب علم نافع للناس", "طَلَبَ عِلْمًا نَافِعًا لِلنَّاسِ"),
    ("3", "رفع علم البلاد عاليا", "رَفَعَ عَلَمَ الْبِلَادِ عَالِيًا"),
    ("4", "قرأ كتاب النحو كله", "قَرَأَ كِتَابَ النَّحْوِ كُلَّهُ"),
]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Return a file of texts, plain and vocalised."""
    file = tmp_path / "pairs.jsonl"
    rows = [{"id": id, "plain": plain, "vocalised": vocalised} for id, plain, vocalised in TEXTS]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_respelt_queries_follow_the_original_and_share_its_judgements() -> None:
    derived = derive(GIVEN, "variants", 1)

    assert [(query.id, query.text) for query in derived.queries] == [
        ("a", "أين تقع أوكرانيا؟"),
        ("a~1", "أين تقع أكرانيا؟"),
    ]
    assert derived.qrels == {"a": {"1": 1}, "a~1": {"1": 1}}
    assert derived.groups == {"a": "a", "a~1": "a"}
    assert derived.docs == GIVEN.docs


def test_marked_keeps_only_queries_with_vowel_marks() -> None:
    assert [query.id for query in derive(GIVEN, "marked", 1).queries] == ["b"]
    assert derive(GIVEN, "given", 1) is GIVEN


def test_a_set_without_derivable_queries_is_an_error() -> None:
    with pytest.raises(InputError, match=r"set: no query can be derived as 'variants'"):
        derive(Collection("set", "set", (), GIVEN.queries[2:], GIVEN.qrels, GIVEN.groups, 0), "variants", 1)


def test_readings_of_one_spelling_compete(texts: Path) -> None:
    vocalised, mixed = readings(texts, 1)

    words = {query.text.split()[0]: vocalised.qrels[query.id] for query in vocalised.queries}
    assert words == {"عَلِم": {"1": 1}, "عَلَم": {"3": 1}}, "كتاب has one reading, and عِلْمًا other letters"
    assert [doc["body"] for doc in vocalised.docs] == [row[2] for row in TEXTS]
    assert all(doc["body"] in row for doc, row in zip(mixed.docs, TEXTS, strict=True))
    assert mixed.queries == vocalised.queries
    assert all(len(query.text.split()) == 3 for query in vocalised.queries)


def test_the_same_seed_gives_the_same_queries(texts: Path) -> None:
    assert readings(texts, 7) == readings(texts, 7)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}'])
def test_a_malformed_line_is_reported_with_its_number(texts: Path, line: str) -> None:
    texts.write_text(texts.read_text("utf-8") + line, encoding="utf-8")

    with pytest.raises(InputError, match=r"line 5: not an object with `id`, `plain` and `vocalised`"):
        readings(texts, 1)


def test_tuning_on_derived_queries_varies_one_constant(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ir_measures")
    from bench.tune import main

    main(["--asked", "marked", "--readings", str(texts), "--folds", "2", "--quick", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert [row["constant"] for row in report["constants"]] == ["vocalised weight"]
    assert [row["set"] for row in report["folds"]] == ["readings", "readings, half plain"]
    assert report["constants"][0]["in force"] in [row["value"] for row in report["effects"]]
