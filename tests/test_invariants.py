"""The invariants of the whole library, from the text of an article to the hit, as ARCHITECTURE.md lists them.

They are exact offsets, determinism, agreement of indexing and searching, the fingerprint, and harmless punctuation. Each
package has tests of its own in its folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
import arsearch.analyzers.analyzer
from arsearch.cli import main
from arsearch.errors import AnalyzerMismatchError
from arsearch.snippets.vocalisation import letters

# 1. Offsets are code points into the original text

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form | None, ...] = (None, "NFC", "NFD", "NFKC", "NFKD")
WRITTEN = [
    ("كتاب", "كِتَابٌ"),
    ("كتاب", "وَبِالْكِتَـــابِ"),
    ("كتاب", "ﻛﺘﺎﺏ"),
    ("كتاب", "ك\u200dتا\u200cب"),
    ("المدينة", "المدينـــــة"),
    ("الله", "ﷲ"),
    ("سلام", "ﺳﻼﻡ"),
    ("القرآن", "ٱلْقُـرْآنِۖ"),
    ("هذا", "هَـٰذَا"),
    ("مسؤول", "مسئُول"),
    ("أحمد", "ا\u0654حمد"),
    ("قرآن", "القرا\u0653ن"),
    ("غير", "غیر"),
    ("عبد الله", "عبدالله"),
    ("كوفيد", "#كوفيد_جديد"),
    ("صلى", "ﷺ"),
    ("3.5", "٣٫٥"),
    ("covid-19", "COVID‑19"),
    ("cafe", "Café"),
]
BEFORE = "🙂 𐰀 e\u0301 لا\u200f شيءَ هنـا، "
FAR = "وقف الناس على الطريق. " * 1600  # past 32,768 characters, where Whoosh's own highlighter stops


@pytest.mark.parametrize(("query", "written"), WRITTEN, ids=[f"{q}-{w}" for q, w in WRITTEN])
@pytest.mark.parametrize(
    ("before", "form"),
    [*(("", form) for form in FORMS), *((BEFORE, form) for form in FORMS), (FAR, None), (FAR, "NFD")],
    ids=[*(f"first-{form}" for form in FORMS), *(f"wide-{form}" for form in FORMS), "far-None", "far-NFD"],
)
def test_a_mark_covers_exactly_the_written_word(
    query: str, written: str, before: str, form: Form | None, index: arsearch.Index
) -> None:
    def shape(text: str) -> str:
        return unicodedata.normalize(form, text) if form else text

    word, before = shape(written), shape(before)
    text = f"{before}{word}{shape('؛ ثُمَّ انتهى.')}"
    index.add([{"id": "1", "title": text[-120:], "body": text}])

    hit = index.search(query)[0]

    start = len(before)
    word = word.partition(" ")[0]  # ﷺ is four words in NFKC
    assert [(span.start, span.end) for span in hit.snippet.spans] == [(start, start + len(word))]
    data = hit.to_dict(body=True)
    assert f"<mark>{word}</mark>" in data["snippet"]["html"]
    assert f"<mark>{word}</mark>" in data["title_html"]
    for span in data["snippet"]["spans"]:
        assert data["article"][span["field"]][span["start"] : span["end"]] == word


SPELLINGS = ["كتاب", "الكِتَابُ", "وكتابهم", "کتـاب", "ﻛﺘﺎﺏ", "ك\u064dتا\u200dب"]
FILLERS = ["قال", "🙂", "e\u0301", "ﻻ", "«", "\u200f", "ـ", "\u064b", "ثُمّ", "مكتب", "3٫5", "&<b>", "\n"]


@settings(max_examples=25)
@given(st.lists(st.sampled_from([*SPELLINGS, *FILLERS]), max_size=14))
def test_marks_are_at_the_offsets_of_the_words(pieces: list[str]) -> None:
    text, expected = "", []
    for piece in pieces:
        if piece in SPELLINGS:
            expected.append((len(text), len(text) + len(piece)))
        text += f"{piece} "
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": text, "body": "كتاب"}])
        hit = index.search("كتاب")[0]

        assert [(span.start, span.end) for span in hit.title_snippet.spans] == expected


# 2. Analysis is deterministic

DUMP = """
import json, sys
import arsearch, whoosh.index
articles = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
queries = [line.split("\\t")[0] for line in open(sys.argv[2], encoding="utf-8")][1::3]
if sys.argv[4] == "reversed":
    articles.reverse()
with arsearch.open(sys.argv[3], create=True) as index:
    index.add(articles, commit_every=int(sys.argv[5]))
    index.optimize()
    with whoosh.index.open_dir(sys.argv[3]).reader() as reader:
        terms = [(field, term.hex()) for field, term in reader.all_terms()]
    answers = [[(hit.id, round(hit.score, 4), hit.snippet.html) for hit in index.search(query, limit=20)]
               for query in queries]
    print(json.dumps({"terms": sorted(terms), "answers": answers, "analyzer": index.analyzer.fingerprint}))
"""


def test_an_index_is_the_same_for_every_hash_seed_commit_size_and_order_of_input(
    examples: Path, tmp_path: Path
) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", DUMP, *map(str, (examples / "articles.jsonl", examples / "queries.tsv")),
             str(tmp_path / seed), order, commit_every],
            stdout=subprocess.PIPE, env=os.environ | {"PYTHONHASHSEED": seed},
        )
        for seed, order, commit_every in (("1", "given", "1000"), ("2", "given", "50"), ("3", "reversed", "1000"))
    ]  # fmt: skip
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    first, second, backwards = map(json.loads, outputs)

    assert len(first["terms"]) > 5000
    assert sum(map(len, first["answers"])) > 200
    assert second == first
    assert backwards["terms"] == first["terms"]
    # Equal scores are in the order of the input; otherwise the ranking is the same.
    for hits, others in zip(first["answers"], backwards["answers"], strict=True):
        if len(hits) < 20:
            assert sorted(hits) == sorted(others)
        assert [score for _, score, _ in hits] == [score for _, score, _ in others]


# 3. Articles and queries are analysed alike

SPELLING_GROUPS = [
    ["كتاب", "كِتَابٌ", "كـــتاب", "کتاب", "ﻛﺘﺎﺏ", "ك\u200dتاب", "كتـاب\u200f"],
    ["أحمد", "احمد", "إحمد", "ا\u0654حمد", "أَحْمَدُ"],
    ["القرآن", "القران", "القرا\u0653ن", "ٱلْقُرْآنَ"],
    ["مستشفى", "مستشفي", "مستشفی", "مستشفے"],
    ["مدرسة", "مدرسه", "مدرسۃ", "مَدْرَسَةٌ"],
    ["مسؤولية", "مسئولية", "مسووليه", "مسؤوليّة"],
    ["شيء", "شئ", "شىء"],
    ["الله", "ﷲ", "ٱللّٰه", "اللَّهِ"],
    ["عبدالله", "عبد الله", "عبدُ اللهِ", "عبدﷲ"],
    ["أبوظبي", "أبو ظبي", "ابوظبى"],
    ["إن شاء الله", "إنشاءالله", "ان شاء الله"],
    ["جميل", "جميييل", "جمـيـل"],
    ["COVID-19", "covid-19", "Covid‑19", "COVID19"],
    ["café", "CAFE", "cafe\u0301", "Café"],
    ["3.5", "٣٫٥", "۳٫۵", "٣.٥", "3,5"],
    ["1,200", "١٬٢٠٠", "1200", "۱۲۰۰"],
    ["#وسم_مركب", "#وَسْم_مُركّب"],
    ["باريس", "پاريس", "پاریس"],
]


@pytest.fixture(scope="module")
def spellings() -> Iterator[arsearch.Index]:
    """Each spelling in an article of its own, whose id is the spelling."""
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": word, "body": f"ورد «{word}»، ثم انتهى."} for group in SPELLING_GROUPS for word in group])
        yield index


@pytest.mark.parametrize("group", SPELLING_GROUPS, ids=[group[0] for group in SPELLING_GROUPS])
@pytest.mark.parametrize("shape", ["={}", '="{}"'])
def test_a_literal_query_finds_the_written_form(group: list[str], shape: str, spellings: arsearch.Index) -> None:
    form = spellings.analyzer.form
    # If terms share a position, like COVID-19 and its first part, the query looks for the part.
    surfaces = {word: {term.offset: term.surface for term in form(word).terms} for word in group}
    for word in group:
        found = {hit.id for hit in spellings.search(shape.format(word), limit=100, mode="all")} & set(group)
        assert word in found
        if " " not in word:
            assert all(surfaces[other] == surfaces[word] for other in found if " " not in other), (word, found)
            if not any(marks for _, marks in letters(word)):
                assert found >= {other for other in group if surfaces[other] == surfaces[word]}, word


@pytest.mark.parametrize("group", SPELLING_GROUPS, ids=[group[0] for group in SPELLING_GROUPS])
@pytest.mark.parametrize("shape", ["{}", '"{}"', "«{}»", "+{}", "body:({})", "{}؟"])
def test_a_word_is_found_in_any_of_its_spellings(group: list[str], shape: str, spellings: arsearch.Index) -> None:
    for word in group:
        found = {hit.id for hit in spellings.search(shape.format(word), limit=100, mode="all")}
        assert found >= set(group), word


@pytest.mark.parametrize("group", SPELLING_GROUPS[:7], ids=[group[0] for group in SPELLING_GROUPS[:7]])
@pytest.mark.parametrize("shape", ["{}*", "*{}", "{}~1"])
def test_patterns_are_normalised_like_words(group: list[str], shape: str, spellings: arsearch.Index) -> None:
    for word in group:
        assert {hit.id for hit in spellings.search(shape.format(word), limit=100)} >= set(group), word


@settings(max_examples=40)
@given(st.data())
def test_any_run_of_words_of_an_article_finds_it(
    samples: list[dict[str, Any]], sample_index: arsearch.Index, data: st.DataObject
) -> None:
    article = data.draw(st.sampled_from(samples))
    spans = sample_index.analyzer.tokenizer.spans(article["body"])
    first = data.draw(st.integers(0, len(spans) - 1))
    last = min(first + data.draw(st.integers(0, 5)), len(spans) - 1)
    run = article["body"][spans[first][0] : spans[last][1]].replace('"', " ")

    for query in (f'="{run}"', f'"{run}"', f'~"{run}"'):
        assert article["id"] in {hit.id for hit in sample_index.search(query, limit=200)}, query


# 4. The fingerprint of the analyzer is stored, and a mismatch is an error with a next step


def test_an_index_of_another_analysis_version_is_refused_until_it_is_rebuilt(
    tmp_path: Path, samples: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    location = str(tmp_path / "x")
    with arsearch.open(location, create=True) as index:
        index.add(samples)
        before = [hit.id for hit in index.search("الحرس الثوري")]
    module = arsearch.analyzers.analyzer
    monkeypatch.setattr(module, "ANALYSIS_VERSION", module.ANALYSIS_VERSION + 1)  # an upgrade

    with pytest.raises(AnalyzerMismatchError, match=r"another version of the analyzer.*`arsearch reindex"):
        arsearch.open(location)
    for command in (["query", "الحرس"], ["index", "-"], ["delete", "news-001"], ["optimize"]):
        refused = CliRunner().invoke(main, [*command, "-i", location], input='{"id": "1", "title": "ت"}')
        assert refused.exit_code == 1
        assert "`arsearch reindex" in refused.stderr
    rebuilt = CliRunner().invoke(main, ["reindex", "-i", location])

    assert rebuilt.exit_code == 0, rebuilt.stderr
    with arsearch.open(location) as index:
        assert len(index) == len(samples)
        assert [hit.id for hit in index.search("الحرس الثوري")] == before


def test_a_release_that_analyses_alike_needs_no_reindex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with arsearch.open(tmp_path / "x", create=True) as index:
        index.add([{"id": "1", "title": "خبر"}])
    monkeypatch.setattr(arsearch, "__version__", "99.0")

    with arsearch.open(tmp_path / "x") as index:
        assert index.search("خبر").total == 1


# 6. Punctuation changes no result

WRAPPINGS = [
    "{}؟",
    "؟ {}",
    "{} ؟!",
    "{}،",
    "، {} ؛",
    "« {}",
    "{} »",
    "{}…",
    "…{}",
    "({}",
    "{})",
    "{}.",
    "– {} –",
    "{}:",
    '{}"',
    "{} / &",
]


@pytest.fixture(scope="module")
def queries(examples: Path) -> list[str]:
    """The sample queries."""
    lines = (examples / "queries.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_punctuation_around_a_query_keeps_its_first_hit(
    wrapping: str, queries: list[str], sample_index: arsearch.Index
) -> None:
    for query in queries:
        plain, wrapped = sample_index.search(query, limit=1), sample_index.search(wrapping.format(query), limit=1)

        assert [hit.id for hit in wrapped] == [hit.id for hit in plain], wrapping.format(query)


HARMLESS = st.text(st.sampled_from("؟،؛…!.»)]}–—/&؍٪\u200f\u200e"), max_size=3)


@settings(max_examples=100)
@given(st.data())
def test_punctuation_between_words_changes_no_hit(
    queries: list[str], sample_index: arsearch.Index, data: st.DataObject
) -> None:
    words = data.draw(st.sampled_from([query for query in queries if query.replace(" ", "").isalpha()])).split()
    sprinkled = " ".join(word + data.draw(HARMLESS) for word in words)

    plain = sample_index.search(" ".join(words), limit=200, mode="any")
    found = sample_index.search(sprinkled, limit=200, mode="any")

    assert [(hit.id, hit.score) for hit in found] == [(hit.id, hit.score) for hit in plain], sprinkled
