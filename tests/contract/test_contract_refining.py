"""Changes of a query by what the index has: statistics from one call, and phrases that no article has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pytest

import arsearch
from arsearch.query import Node, Word
from arsearch.search.clauses import PhraseClause, ScoredClause, TermsClause
from arsearch.search.refining.refinement import Frequency, Refined, refine
from arsearch.search.statistics import StatisticsKey, TermKey

BOOK = TermKey("body", "normalised", "كتاب")
MOON = TermKey("body", "normalised", "قمر")
SEA = TermKey("body", "stem", "بحر")


@dataclass
class Statistics:
    """Knows how many articles have some terms, and keeps what it was asked."""

    frequencies: Mapping[TermKey, int]
    calls: list[set[StatisticsKey]] = field(default_factory=list)
    count: int = 100

    def doc_frequencies(
        self, keys: Collection[StatisticsKey], deadline: float | None = None
    ) -> Mapping[StatisticsKey, int]:
        self.calls.append(set(keys))
        return {key: self.frequencies[key] for key in keys if isinstance(key, TermKey) and key in self.frequencies}


@dataclass(frozen=True)
class Counting:
    """Adds a letter to the word, and notes how many articles have its terms."""

    own: tuple[TermKey, ...]

    def keys(self, root: Node) -> Iterable[StatisticsKey]:
        return self.own

    def refine(self, root: Node, frequency: Frequency) -> Refined:
        return Refined(Word(f"{root}+"), tuple(f"{key.term}: {frequency(key)}" for key in self.own))


def test_refinements_share_one_call_and_merge_their_notes() -> None:
    statistics = Statistics({BOOK: 3, MOON: 5})

    root, notes = refine(Word("ك"), [Counting((BOOK, MOON)), Counting((MOON, SEA))], statistics)

    assert statistics.calls == [{BOOK, MOON, SEA}]
    assert notes == ("كتاب: 3", "قمر: 5", "بحر: None")
    assert root == Word("ك++"), "each refinement gets the tree of the one before"


def test_no_statistics_are_read_if_no_refinement_needs_terms() -> None:
    statistics = Statistics({})

    assert refine(Word("ك"), [Counting(())], statistics) == (Word("ك+"), ())
    assert statistics.calls == []


def test_the_statistics_of_every_back_end(library: arsearch.Index) -> None:
    view = library._session().view
    stems = {term.stem for term in view.analyzer.form("النفط").terms}
    keys: list[StatisticsKey] = [TermKey(field, "stem", stem) for field in ("title", "body") for stem in stems]
    absent = TermKey("body", "stem", "لاشيءكهذا")

    assert view.statistics.count == len(view)
    assert dict(view.statistics.doc_frequencies([*keys, absent])) == {**dict.fromkeys(keys, 2), absent: 0}


def phrase(*words: str, fields: tuple[str, ...] = ("title", "body")) -> ScoredClause:
    parts = [(at, TermsClause("normalised", (word,))) for at, word in enumerate(words)]
    return ScoredClause(((1.0, PhraseClause(tuple(parts)) if len(parts) > 1 else parts[0][1]),), fields)


def test_the_statistics_of_phrases_in_every_back_end(library: arsearch.Index) -> None:
    statistics = library._session().view.statistics
    counts: dict[StatisticsKey, int] = {
        phrase("وزير", "النفط"): 1,
        phrase("اسعار", "النفط"): 1,
        phrase("النفط", "وزير"): 0,
        phrase("محكمه", "النقض", fields=("body",)): 0,
        phrase("محكمه", "النقض", fields=("title",)): 1,
        phrase("النفط"): 2,
    }

    for _ in range(2):
        assert dict(statistics.doc_frequencies(counts)) == counts
    assert dict(statistics.doc_frequencies(counts, deadline=float("inf"))) == counts


def test_phrases_are_not_counted_after_the_deadline(library: arsearch.Index) -> None:
    statistics = library._session().view.statistics
    late, count = phrase("يزور", "البصره"), dict(statistics.doc_frequencies([BOOK]))

    assert dict(statistics.doc_frequencies([late, BOOK], deadline=0.0)) == count
    assert dict(statistics.doc_frequencies([late])) == {late: 1}, "a count that time cut short is not kept"


RELAXED = [
    ('متى زار "النفط وزير" المدينة؟', '"النفط وزير"', "oil-visit"),
    ('من هو صاحب "العلم والنور"؟', '"العلم والنور"', "quote"),
    ('"أسعار الذهب" العالمية', '"أسعار الذهب"', "oil-prices"),
    ("ماذا قال «الحكيم قال» في العلم؟", '"الحكيم قال"', "quote"),
    ('"مناورات الحرس البحرية" الخليج', '"مناورات الحرس البحرية"', "guard"),
    ('مدرسة "القرية معلم"', '"القرية معلم"', "village"),
    ('~"قمح حصاد" الشمال', '~"قمح حصاد"', "harvest"),
    ('"البصرة يزور"~2 أعلن بغداد', None, "oil-visit"),
    ('"قصر قرطبة"~3 غرناطة', '"قصر قرطبة"~3', "blue-car"),
    ('title:(محكمة "الطعن في الاستئناف")', '"الطعن في الاستئناف"', "appeal"),
    ('"لاشيءكهذا" دجلة', '"لاشيءكهذا"', "long"),
    ('+محكمة "الحكم الثاني"', '"الحكم الثاني"', "appeal"),
    ('"دمشق بغداد القاهرة" سافر -غرناطة', '"دمشق بغداد القاهرة"', "trip"),
    ('"مدينة المكتبة" "الكتب القديمة"', '"مدينة المكتبة"', "library"),
]


@pytest.mark.parametrize(("text", "relaxed", "first"), RELAXED, ids=[row[0] for row in RELAXED])
def test_a_phrase_that_no_article_has_is_read_as_words(
    library: arsearch.Index, text: str, relaxed: str | None, first: str
) -> None:
    results = library.search(text)

    notes = [note for note in results.notes if "no article has the phrase" in note]
    assert notes[:1] == (
        [f"no article has the phrase {relaxed}; its words were searched without the quotes"] if relaxed else []
    )
    assert results[0].id == first
    assert results[0].explain().score == pytest.approx(results[0].score, rel=1e-5)


STRICT = [
    '"النفط وزير"',  # a phrase alone
    '"النفط وزير" source:الأفق',  # beside a condition
    '"النفط وزير" date:2015 volume:1',
    'زار +"النفط وزير"',
    'زار AND "النفط وزير"',
    'title:"النفط وزير" -غرناطة',
]


@pytest.mark.parametrize("text", STRICT)
def test_a_phrase_with_a_sign_of_its_own_stays(library: arsearch.Index, text: str) -> None:
    results = library.search(text, mode="all")

    assert results.total == 0
    assert not any("no article has the phrase" in note for note in results.notes)


KEPT = ['متى زار "وزير النفط" البصرة؟', 'وزير "أسعار النفط"', 'أمطار "حصاد القمح"', 'زار ="النفط وزير" البصرة']


@pytest.mark.parametrize("text", KEPT)
def test_a_phrase_that_some_article_has_stays(library: arsearch.Index, text: str) -> None:
    results = library.search(text)

    assert not any("no article has the phrase" in note for note in results.notes)
    assert any(word.text.endswith('"') for word in results[0].explain().words)
