"""The compiled extension and the array operations give the same hits, totals and scores, whatever the index holds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from embedded import both_forms, reader_of, view_of
from hypothesis import given
from hypothesis import strategies as st
from long_runs import examples

import arsearch
from arsearch import kernel
from arsearch.errors import CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.compiled import pages
from arsearch.index.reader.budget import SearchBudget
from arsearch.kernel import native
from arsearch.model.schema import NORMALISED, STEM
from arsearch.search.clauses import PhraseClause, ScoredClause, TermsClause, UnionClause
from arsearch.search.planner import Plan

pytestmark = pytest.mark.skipif(native() is None, reason="the extension was not built")

WORDS = [
    *("كتاب", "الكتاب", "كتب", "مكتبة", "وزير", "الوزير", "وزارة", "مدرسة", "مدارس", "درس", "معلم", "العلم", "علم"),
    *(
        "بيت",
        "البيوت",
        "سوق",
        "أسواق",
        "نهر",
        "بحر",
        "جبل",
        "قلم",
        "أقلام",
        "باب",
        "أبواب",
        "يوم",
        "أيام",
        "ليل",
        "قمر",
    ),
    *("في", "من", "على", "إلى", "عبدالله", "ﷺ", "كِتَابٌ", "جاتوزو", "غاتوزو", "2015", "1 500 000", "covid-19"),
]


def articles(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield articles whose words are the rarer, the later they stand in `WORDS`."""
    chosen = random.Random(seed)
    weights = [1 / (rank + 2) for rank in range(len(WORDS))]

    def text(most: int) -> str:
        return " ".join(chosen.choices(WORDS, weights, k=chosen.randrange(most)))

    for number in range(count):
        date = f"20{chosen.randrange(10, 16)}-0{chosen.randrange(1, 9)}-01"
        yield {"id": str(number), "title": text(6), "body": text(40), "summary": text(8), "date": date}


@pytest.fixture(scope="module", params=["one segment", "several", "another ranking"])
def index(request: pytest.FixtureRequest) -> Iterator[arsearch.Index]:
    ranking = arsearch.Ranking(
        k1=0.9, b=0.4, root_weight=0.3, pair_weight=4.0, field_weight={"title": 2.5, "body": 0.5}
    )
    with arsearch.open(
        ":memory:",
        create=True,
        fields={"summary": "text"},
        ranking=ranking if request.param == "another ranking" else arsearch.Ranking(),
    ) as made:
        rows = list(articles(2500, 1))
        if request.param == "one segment":
            made.add(rows)
        else:
            for part in (rows[:1700], rows[1600:2100], rows[2100:]):
                made.add(part)
            for number in range(0, 2500, 7):
                made.delete(str(number))
        yield made


words = st.sampled_from(WORDS)
texts = st.one_of(
    words,
    st.lists(words, min_size=2, max_size=4).map(" ".join),
    st.lists(words, min_size=5, max_size=9).map(" ".join),
    st.builds("{} -{}".format, st.lists(words, min_size=1, max_size=3).map(" ".join), words),
    st.builds('"{} {}" {}'.format, words, words, words),
    st.lists(words, min_size=1, max_size=4).map(lambda some: '"' + " ".join(some) + '"'),
    st.builds('"و{} {}"~{} {}'.format, words, words, st.integers(0, 2), words),
    st.builds("{} {}*".format, words, words.map(lambda word: word[:2])),
    st.builds("ما معنى {} {}؟".format, words, words),
)


@examples(100)
@given(
    text=texts,
    mode=st.sampled_from(["auto", "all", "any"]),
    page=st.sampled_from([(10, 0), (1, 0), (3, 4), (50, 0), (5000, 0), (10, 95)]),
    filters=st.sampled_from([None, {"date": ("2012", "2014")}, {"id": [str(n) for n in range(0, 2500, 3)]}]),
    match=st.sampled_from([None, None, "stem", "normalised", "root"]),
    window=st.sampled_from([64, 300, 1 << 16]),
)
def test_both_forms_agree(
    index: arsearch.Index,
    text: str,
    mode: Any,
    page: tuple[int, int],
    filters: Any,
    match: str | None,
    window: int,
) -> None:
    limit, offset = page
    forms = []
    with mock.patch.object(pages, "_WINDOW", window):
        for _ in both_forms(index):
            results = index.search(text, limit=limit, offset=offset, mode=mode, filters=filters, match=match)
            forms.append(results)
    one, other = forms

    assert (one.total, one.total_complete, one.notes) == (other.total, other.total_complete, other.notes)
    assert [hit.complete for hit in one] == [hit.complete for hit in other]
    assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other], rel=2e-6)
    scores = {hit.id: hit.score for hit in other}
    for hit in one:  # scores that differ in the last bit may change places
        assert hit.score == pytest.approx(scores.get(hit.id, other[-1].score), rel=2e-6)


def test_most_searches_use_the_extension(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    compiled = view_of(index).compiled
    assert compiled is not None
    best = type(compiled).best

    def spy(*args: Any) -> Any:
        asked.append(best(*args))
        return asked[-1]

    monkeypatch.setattr(type(compiled), "best", spy)
    for text in (
        "كتاب",
        "كتاب وزير",
        "في كتاب الوزير",
        '"كتاب وزير" مدرسة',
        "كتاب -وزير",
        "كت*",
        "كِتَابٌ",
        "ما معنى كتاب العلم؟",
    ):
        index.search(text)

    assert len(asked) == 8
    assert None not in asked


@pytest.mark.parametrize(
    "options",
    [{"sort": "date"}, {"facets": ["year"]}, {"recency": "30d"}, {"limit": 0}, {"collapse": "duplicates"}],
    ids=str,
)
def test_other_searches_do_not_need_it(index: arsearch.Index, options: dict[str, Any]) -> None:
    for _ in both_forms(index):
        assert index.search("كتاب وزير", **options).total > 10


def test_threads_share_a_commit(index: arsearch.Index) -> None:
    queries = [f"{one} {other}" for one in WORDS[:12] for other in WORDS[12:20]]
    expected = [[(hit.id, hit.score) for hit in index.search(text)] for text in queries]
    view_of(index).forget_scores()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: [(hit.id, hit.score) for hit in index.search(text)], queries))

    assert found == expected


def test_a_term_whose_frequencies_do_not_fit_its_positions_is_damage(
    index: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffers = VerifiedArray.buffers
    freqs = names.part(names.part(names.field_array("body", STEM), names.FREQS), names.PACKED)

    def damaged(self: VerifiedArray) -> tuple[Any, ...]:
        values, *others = buffers(self)
        return values * (self._name != freqs), *others

    monkeypatch.setattr(VerifiedArray, "buffers", damaged)
    view = view_of(index)
    view.forget_scores()
    with pytest.raises(CorruptIndexError):
        index.search("كتاب وزير")
    view.forget_scores()


def test_the_environment_switches_the_extension_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSEARCH_KERNEL", "numpy")

    assert native() is None
    with arsearch.open(":memory:", create=True) as made:
        made.add([{"id": "1", "body": "كتاب"}])
        assert view_of(made).compiled is None
        assert made.search("كتاب").total == 1


DOCS = np.array([1, 4], np.uint16)
FREQS = np.array([2, 1], np.uint8)
NORMS = np.ones(10, np.float32)


@pytest.mark.parametrize(
    "lists",
    [
        ((np.array([1, 10], np.uint16), ((FREQS, NORMS),)),),  # a document beyond the index
        ((DOCS, ((FREQS[:1], NORMS),)),),  # a frequency too few
        ((DOCS, ((FREQS, NORMS[:5]),)),),  # norms of other documents
        ((DOCS, ((FREQS, NORMS.astype(np.int32)),)),),
        ((DOCS.astype(np.float32), ((FREQS, NORMS),)),),
        ((DOCS.astype(">u2"), ((FREQS, NORMS),)),),
        ((DOCS.reshape(1, 2), ((FREQS, NORMS),)),),
        ((DOCS[::-1], ((FREQS, NORMS),)),),  # not contiguous
        (("docs", ((FREQS, NORMS),)),),
        ((DOCS, ((FREQS, NORMS),)),) * 100,
    ],
    ids=range(10),
)
def test_a_word_needs_arrays_that_fit_together(lists: Any) -> None:
    extension: Any = native()
    with pytest.raises((ValueError, TypeError, BufferError)):
        extension.Word(((1.0, lists),), False, 1.2, 10, 10)


def test_arrays_of_all_types_count_the_same() -> None:
    extension: Any = native()
    expected = None
    for docs in (np.uint8, np.uint16, np.uint32, np.uint64, np.int64):
        for freqs in (np.uint8, np.uint16, np.uint32, np.int64, np.float32, np.float64):
            word = extension.Word(((1.0, ((DOCS.astype(docs), ((FREQS.astype(freqs), NORMS),)),)),), False, 1.2, 10, 10)
            found = extension.search((word,), (), (), 2, 10, 5, 10, 3, 0.0, 1.2, None, 99)
            expected = expected or found
            assert found == expected
            assert (found[0], found[2:], word.count) == ([1, 4], (2, 2, 2), 2)


def test_a_word_of_another_index_is_an_error(index: arsearch.Index) -> None:
    extension: Any = native()
    word = extension.Word(((1.0, ((DOCS, ((FREQS, NORMS),)),)),), False, 1.2, 10, 10)
    with pytest.raises(TypeError):
        extension.search((word,), (), (), 2, reader_of(index).docs, 5, 10, 3, 0.0, 1.2, None, 99)


def test_phrases_of_terms_have_the_postings_of_the_reader(index: arsearch.Index) -> None:
    """Words at any places, of any terms: some are rare, some have a term twice, some have none that the index knows."""
    view, chosen = view_of(index), random.Random(4)
    compiled, fields = view.compiled, ("title", "body", "summary")
    assert compiled is not None
    terms = {
        level: [*sorted({getattr(term, level) for word in WORDS for term in index.analyzer.form(word).terms}), "zzz"]
        for level in (NORMALISED, STEM)
    }

    def word(level: str) -> TermsClause:
        return TermsClause(level, tuple(chosen.choices(terms[level], k=chosen.choice((1, 1, 2, 5)))))

    found = 0
    for _ in range(400):
        places = sorted(chosen.choices(range(4), k=chosen.choice((2, 2, 3))))
        rows = [PhraseClause(tuple((at, word(chosen.choice((NORMALISED, STEM)))) for at in places)) for _ in range(2)]
        level = rows[0] if chosen.random() < 0.6 else UnionClause((*rows, word(STEM)))
        context = view.context(SearchBudget(), Plan(None))
        own = compiled._words.word(context, ScoredClause(((1.0, level),), fields))
        docs = [context.lookup.postings(level, field)[0] for field in fields]
        assert own.count == len(np.unique(np.concatenate(docs)))
        found += own.count > 0
    assert found > 200


ODD_TERMS = ["", "\n", "ك", "كتاب\nكتب", "zzz", "\U0010ffff", "\ud800", "0", "كتابكتاب", "ء"]


def test_a_dictionary_of_the_extension_finds_the_same_terms(index: arsearch.Index) -> None:
    extension: Any = native()
    for segment in reader_of(index).segments:
        for level in (NORMALISED, STEM):
            postings = segment.postings("body", level)
            assert postings is not None
            terms = extension.Terms(*postings.terms.arrays())
            texts = [*postings.terms, *ODD_TERMS, *(term + "ا" for term in postings.terms)]
            assert [terms.find(text) for text in texts] == list(map(postings.terms.find, texts))


def test_frequencies_of_stems_are_those_of_the_reader(index: arsearch.Index) -> None:
    compiled, reader = view_of(index).compiled, reader_of(index)
    assert compiled is not None
    stems = [term.stem for word in WORDS for term in index.analyzer.form(word).terms] + ODD_TERMS
    for field in ("title", "body", "summary", "source"):
        assert compiled.doc_frequencies(field, stems) == reader.doc_frequencies(field, STEM, stems)


def test_ids_and_titles_are_those_of_the_reader(index: arsearch.Index) -> None:
    compiled, reader = view_of(index).compiled, reader_of(index)
    assert compiled is not None
    docs = [0, reader.docs - 1, *random.Random(3).sample(range(reader.docs), 200)]
    listed = compiled.listed(docs)
    assert listed is not None
    assert [(id, title) for _, _, id, title in listed] == [(reader.id(doc), reader.title(doc)) for doc in docs]
    assert [(reader.segments[number], local) for number, local, _, _ in listed] == list(map(reader.resolve, docs))
    for beyond in (reader.docs, -1, 2**70):
        with pytest.raises((ValueError, OverflowError)):
            view_of(index).compiled.listed([beyond])  # type: ignore[union-attr]


def test_damage_is_found_when_a_block_is_first_read(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "news", create=True) as made:
        made.add(articles(300, 2))
        files = [(segment.file.name, segment.file) for segment in reader_of(made).segments]
    for name, file in files:
        packed = [names.part(name, names.PACKED) for name in (names.FREQS, names.POSITIONS)]
        for array in (names.DOCS, *packed, names.BLOB, names.POSTING_OFFSETS):
            *_, offset = file._entries[names.part(names.field_array("body", STEM), array)]
            path = tmp_path / "news" / name
            sound = path.read_bytes()
            path.write_bytes(sound[:offset] + bytes([sound[offset] ^ 1]) + sound[offset + 1 :])
            with arsearch.open(tmp_path / "news") as damaged, pytest.raises(CorruptIndexError):
                damaged.search("كتاب وزير")
            path.write_bytes(sound)


@pytest.mark.parametrize(
    "levels",
    [
        (),
        ((1.0, ("stem", ())),),
        ((0.0, ("stem", ("كتاب",))),),
        ((1.0, "كتاب"),),
        ((1.0, ("كتاب",)), (1.0, ("stem", ("كتاب",)))),  # the root is not the last
        ((1.0, ("stem", ("كتاب",) * 1000)),),
        ((1.0, ("stem", ("كتاب",))),) * 100,
        ((1.0, ("phrase", ((0, ("stem", ("كتاب",))), (1, ("stem", ()))))),),
        ((1.0, ("phrase", ((0, ("stem", ("كتاب",))),) * 200)),),
    ],
    ids=range(9),
)
def test_other_levels_are_left_to_python(index: arsearch.Index, levels: Any) -> None:
    compiled = view_of(index).compiled
    assert compiled is not None
    commit = compiled._commits.of(("title", "body", "summary"))
    assert commit.word(levels, False) is None


@pytest.mark.parametrize(
    "levels",
    [
        ((1.0, ("stem", (1,))),),
        ((1.0, (2, ("a",))),),
        ((1.0, ("phrase", (("stem", ("كتاب",)),))),),
        ((1.0, ("phrase", ((0, ("stem", "كتاب")),))),),
    ],
    ids=range(4),
)
def test_wrong_levels_are_an_error(index: arsearch.Index, levels: Any) -> None:
    compiled = view_of(index).compiled
    assert compiled is not None
    with pytest.raises((TypeError, ValueError)):
        compiled._commits.of(("title", "body", "summary")).word(levels, False)


def test_an_extension_with_another_interface_is_left_out_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    extension = native()
    monkeypatch.setattr("arsearch.kernel._native.API", 0)
    with pytest.warns(RuntimeWarning, match="run `pip install` again"):
        assert kernel._extension.__wrapped__() is None

    monkeypatch.undo()
    assert native() is extension
