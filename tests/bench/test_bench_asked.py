"""Queries asked another way keep judgements and groups, and the constants chosen on them are those they matter to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arsearch.errors import InputError
from arsearch.evaluation import Query

pytest.importorskip("bench.asked", reason="the benchmarks are not beside the tests")

from bench.asked import ask, readings
from bench.collection import Collection

GIVEN = Collection(
    "set",
    "set",
    ({"id": "1", "title": "", "body": "زيارة أوباما إلى سوريا"}, {"id": "2", "title": "", "body": "علم البلاد"}),
    (Query("a", "أين تقع سوريا؟"), Query("b", "ما هو العِلم"), Query("c", "البلاد")),
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
    """A file of texts, plain and vocalised."""
    file = tmp_path / "pairs.jsonl"
    rows = [{"id": id, "plain": plain, "vocalised": vocalised} for id, plain, vocalised in TEXTS]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_other_spellings_stand_beside_the_query_and_share_its_judgements() -> None:
    found = ask(GIVEN, "variants", 1)

    assert [(query.id, query.text) for query in found.queries] == [("a", "أين تقع سوريا؟"), ("a~1", "أين تقع سورية؟")]
    assert found.qrels == {"a": {"1": 1}, "a~1": {"1": 1}}
    assert found.groups == {"a": "a", "a~1": "a"}
    assert found.docs == GIVEN.docs


def test_only_queries_with_marks_are_marked() -> None:
    assert [query.id for query in ask(GIVEN, "marked", 1).queries] == ["b"]
    assert ask(GIVEN, "root", 1) is GIVEN


def test_a_set_without_such_queries_is_refused() -> None:
    with pytest.raises(InputError, match=r"set: no query can be asked as 'variants'"):
        ask(Collection("set", "set", (), GIVEN.queries[2:], GIVEN.qrels, GIVEN.groups, 0), "variants", 1)


def test_readings_of_one_spelling_compete(texts: Path) -> None:
    vocalised, mixed = readings(texts, 1)

    words = {query.text.split()[0]: vocalised.qrels[query.id] for query in vocalised.queries}
    assert words == {"عَلِم": {"1": 1}, "عَلَم": {"3": 1}}, "كتاب has one reading, and عِلْمًا other letters"
    assert [doc["body"] for doc in vocalised.docs] == [row[2] for row in TEXTS]
    assert all(doc["body"] in row for doc, row in zip(mixed.docs, TEXTS, strict=True))
    assert mixed.queries == vocalised.queries
    assert all(len(query.text.split()) == 3 for query in vocalised.queries)


def test_the_same_seed_makes_the_same_queries(texts: Path) -> None:
    assert readings(texts, 7) == readings(texts, 7)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}'])
def test_a_malformed_text_is_told_with_its_line(texts: Path, line: str) -> None:
    texts.write_text(texts.read_text("utf-8") + line, encoding="utf-8")

    with pytest.raises(InputError, match=r"line 5: not a text plain and vocalised"):
        readings(texts, 1)


def test_tuning_on_them_varies_the_constant_that_matters(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ir_measures")
    from bench.tune import main

    main(["--asked", "marked", "--readings", str(texts), "--folds", "2", "--quick", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert [row["constant"] for row in report["constants"]] == ["vocalised weight"]
    assert [row["set"] for row in report["folds"]] == ["readings", "readings, half plain"]
    assert report["constants"][0]["in force"] in [row["value"] for row in report["effects"]]
