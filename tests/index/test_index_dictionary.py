"""An index with a user's own dictionary: it is stored, searched with, and part of the fingerprint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import arsearch
from arsearch import ArabicAnalyzer, Dictionary
from arsearch.errors import AnalyzerMismatchError

TEXT = """
تطبيقات
حواسيب => حاسوب
عبدالله
[names]
لودريان
[stop words]
وأضاف
"""
ANALYZER = ArabicAnalyzer(dictionary=Dictionary.parse(TEXT))
ARTICLES = [
    {"id": "apps", "title": "تطبيقات الهواتف", "body": "وأضاف أن تطبيقاتها كثيرة"},
    {"id": "law", "title": "تطبيق القانون", "body": "وجب التطبيق"},
    {"id": "computers", "title": "أسعار الحواسيب", "body": "حواسيبهم غالية"},
    {"id": "computer", "title": "حاسوب جديد", "body": "اشترى الحاسوب أمس"},
    {"id": "minister", "title": "زيارة لودريان", "body": "التقى بلودريان وفد"},
    {"id": "whole", "title": "مقابلة مع عبدالله", "body": "تحدث وعبدالله حاضر"},
    {"id": "split", "title": "قصة عبد الله", "body": "قصة قصيرة"},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with arsearch.open(tmp_path / "index", create=True, analyzer=ANALYZER) as index:
        index.add(ARTICLES)
    return tmp_path / "index"


QUERIES = [
    ("التطبيقات", {"apps"}),
    ("تطبيق", {"law"}),
    ("للحاسوب", {"computers", "computer"}),
    ("بحواسيبنا", {"computers", "computer"}),
    ("ولودريان", {"minister"}),
    ("لعبدالله", {"whole"}),
    ("عبد الله", {"split"}),
]


@pytest.mark.parametrize(("query", "ids"), QUERIES)
def test_a_search_uses_the_dictionary_of_the_index(path: Path, query: str, ids: set[str]) -> None:
    with arsearch.open(path) as index:
        hits = index.search(query, mode="all", match="stem")

        assert {hit.id for hit in hits} == ids
        assert all(hit.snippet.spans or hit.snippet.text for hit in hits)


def test_the_dictionary_is_stored_as_json_values(path: Path) -> None:
    manifest = max(path.glob("manifest-*.json"), key=lambda file: int(file.stem.partition("-")[2]))
    stored = json.loads(manifest.read_bytes().rpartition(b"\n#")[0])

    assert stored["analyzer"]["dictionary"] == ANALYZER.dictionary.config()
    assert stored["fingerprint"] == ANALYZER.fingerprint
    with arsearch.open(path) as index:
        assert index.analyzer == ANALYZER
        assert Dictionary.parse(index.analyzer.dictionary.text) == ANALYZER.dictionary


@pytest.mark.parametrize("text", ["", "تطبيقات", TEXT + "مشيرا", TEXT.replace("حاسوب\n", "جهاز\n")])
def test_another_dictionary_asks_for_a_reindex(path: Path, text: str) -> None:
    with pytest.raises(AnalyzerMismatchError, match=r"dictionary given.*arsearch reindex --dictionary FILE"):
        arsearch.open(path, analyzer=ArabicAnalyzer(dictionary=Dictionary.parse(text)))

    arsearch.open(path, analyzer=ArabicAnalyzer(dictionary=Dictionary.parse("# other\n" + TEXT))).close()


def test_reindex_replaces_the_dictionary_alone(path: Path) -> None:
    other = Dictionary.parse("تطبيقات => تطبيق")

    assert arsearch.reindex(path, options={"dictionary": other.config()}).added == len(ARTICLES)

    with arsearch.open(path) as index:
        assert index.analyzer == ArabicAnalyzer(dictionary=other)
        assert {hit.id for hit in index.search("تطبيق", mode="all", match="stem")} == {"apps", "law"}
    arsearch.reindex(path)
    assert arsearch.open(path).analyzer.dictionary == other


def test_workers_use_the_dictionary(tmp_path: Path) -> None:
    many = [article | {"id": f"{article['id']}-{n}"} for n in range(60) for article in ARTICLES]
    with arsearch.open(tmp_path / "index", create=True, analyzer=ANALYZER) as index:
        index.add(many, workers=2)

        assert index.search("للحاسوب", mode="all", match="stem").total == 120
        assert index.search("تطبيقات", mode="all", match="stem").total == 60


def test_whoosh_opens_the_index_with_its_dictionary(path: Path) -> None:
    import whoosh.index

    schema = whoosh.index.open_dir(str(path)).schema

    assert schema["body_stem"].analyzer.dictionary == ANALYZER.dictionary


def test_a_backup_keeps_the_dictionary(path: Path, tmp_path: Path) -> None:
    arsearch.backup(path, tmp_path / "copy")

    assert arsearch.open(tmp_path / "copy").analyzer == ANALYZER


def test_a_word_of_the_dictionary_has_only_cheap_corrections() -> None:
    articles = [{"id": str(at), "body": "نادي كامبياسو"} for at in range(90)]
    own = ArabicAnalyzer(dictionary=Dictionary.parse("[names]\nكامبياكو"))
    for analyzer, queries in ((ArabicAnalyzer(), ("كامبياسو",)), (own, ())):
        with arsearch.open(":memory:", create=True, analyzer=analyzer) as index:
            index.add(articles)
            assert index.correct("كامبياكو").queries == queries


def test_an_explanation_names_the_dictionary(path: Path) -> None:
    with arsearch.open(path) as index:
        for query, id, reasons in (
            ("بالتطبيقات", "apps", ("تطبيقات is a word of the dictionary", "whole in the dictionary")),
            ("وحواسيبهم", "computers", ("حواسيب is a word of the dictionary", "the stem that the dictionary gives")),
            ("للودريان", "minister", ("لودريان is a name of the dictionary", "whole in the dictionary")),
        ):
            why = [step.why for step in index.explain(query, id).words[0].steps]
            assert why[-2].endswith(reasons[0])
            assert why[-1] == reasons[1]


def test_the_largest_dictionary_is_stored_and_read(tmp_path: Path) -> None:
    letters = "بتثجحخدذرز"
    words = ["".join(letters[int(digit)] + "م" for digit in f"{n:05}") for n in range(25_000)]
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse("\n".join(words)))
    with arsearch.open(tmp_path / "index", create=True, analyzer=analyzer) as index:
        index.add(ARTICLES)

    assert arsearch.open(tmp_path / "index").analyzer == analyzer
