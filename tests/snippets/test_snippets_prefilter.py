"""The prefilter rules out words that cannot match, and never a word that does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer, NoStemmer
from arsearch.analyzers.joined_words import joined_words, split_joined
from arsearch.analyzers.normalizer import Normalizer
from arsearch.model import Level
from arsearch.snippets import Highlighter, HighlightTarget, PatternMatcher, SetMatcher, TermMatcher
from arsearch.snippets.prefilter import Prefilter
from arsearch.snippets.targets import candidate_forms

PLAIN = ArabicAnalyzer()
ANALYZERS = [
    PLAIN,
    ArabicAnalyzer(compounds=False, names=False),
    ArabicAnalyzer(stemmer=NoStemmer()),
    ArabicAnalyzer(stemmer=Light10Stemmer()),
    *(ArabicAnalyzer(normalizer=Normalizer.from_config({name: False})) for name in Normalizer().config()),
]


def regions(text: str, *forms: str, counting: bool = False) -> list[tuple[str, int]]:
    prefilter = Prefilter(forms, counting=counting)
    found = prefilter.regions(text, 0, len(text))
    prefilter.compiled = None  # the form without the compiled extension
    assert prefilter.regions(text, 0, len(text)) == found
    return [(text[start:end], skipped) for start, end, skipped in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("قلم كتاب ورق", ["كتاب"], id="plain"),
        pytest.param("قلم الكتاب ورق كتابه", [], id="other_forms_must_be_candidates_too"),
        pytest.param("(كتاب)، «كتاب» كتاب/قلم", ["(كتاب)،", "«كتاب»", "كتاب/قلم"], id="punctuation"),
        pytest.param("قَلَمٌ كِتَابٌ وَرَقٌ", ["كِتَابٌ"], id="marks"),
        pytest.param("قلـم كتــاب", ["قلـم", "كتــاب"], id="tatweel"),
        pytest.param("كتااااب قلمممم ق   ق", ["كتااااب", "قلمممم"], id="elongation"),
        pytest.param("#كتاب #قلم", ["#كتاب", "#قلم"], id="hashtags"),
        pytest.param("سؤال مسئول شيء", [], id="hamza_on_a_seat"),
        pytest.param("كتؤب كتائب كتاب كتابئ كتاؤؤئب", ["كتاب", "كتابئ", "كتاؤؤئب"], id="hamza_that_folding_may_remove"),
        pytest.param("عبدالله عبد والله", ["عبدالله", "والله"], id="compounds"),
        pytest.param("ﻛﺘﺎﺏ کتاب ﷺ", ["ﻛﺘﺎﺏ", "کتاب", "ﷺ"], id="rare_characters"),
        pytest.param("book 2015, كتاب", ["كتاب"], id="latin_and_digits"),
        pytest.param("قلم\u2003كتاب\u00a0ورق", ["قلم\u2003كتاب"], id="spaces"),
        pytest.param("", [], id="empty"),
    ],
)
def test_regions_to_analyse(text: str, expected: list[str]) -> None:
    assert [region for region, _ in regions(text, "كتاب")] == expected


def test_a_hamza_on_a_seat_may_be_any_letter_it_folds_to() -> None:
    found = [region for region, _ in regions("مسؤول مسئول مسءول مَسْؤُول سؤال مسال", "مسوول")]

    assert found == ["مسؤول", "مسئول", "مسءول", "مَسْؤُول"]


def test_skipped_words_are_counted_for_phrases() -> None:
    found = regions("قلم، ورق كتاب/قلم و«ورق» قلم 17 ورق ورق", "كتاب", counting=True)

    assert found == [("كتاب/قلم", 2), ("و«ورق»", 0), ("17", 1), ("", 2)]


def test_latin_words_are_analysed_if_a_candidate_is_latin() -> None:
    assert regions("قلم book 2015", "pen") == [("book", 0), ("2015", 0)]


def test_a_number_in_groups_is_one_region() -> None:
    text = "قلم 1 500 000 ورق +966 (50) 123 4567، ثم 5 قلم 7"

    assert regions(text, "1500000") == [("1 500 000", 0), ("+966 (50) 123 4567،", 0), ("5", 0), ("7", 0)]
    assert regions(text, "قلم", counting=True)[1:3] == [("1 500 000", 0), ("+966 (50) 123 4567،", 1)]


def test_the_candidate_forms_of_a_matcher_are_listed_if_possible() -> None:
    term = PLAIN.form("كتابه").terms[0]
    stems: list[str] = []

    def spellings(of: Collection[str]) -> list[str]:
        stems.extend(of)
        return ["كتابها"]

    assert candidate_forms([TermMatcher.of(term, "كتابه")], spellings) == {"كتابها"}
    assert stems == [term.stem]
    assert candidate_forms([TermMatcher.of(term, "كتابه", Level.NORMALISED)], spellings) == {"كتابه"}
    assert candidate_forms([SetMatcher(frozenset({"قلم"}))], spellings) == {"قلم"}
    assert candidate_forms([PatternMatcher("كت*")], spellings) is None


_HEADS = ["عبد", "أبو", "ابو", "ذو", "ذي", "ذى", "نصر", "جاد", "نور", "ضياء", "شاء", "إنشاء", "وعبد", "لأبو", "بهاء"]
_TAILS = ["الله", "اللة", "الدين", "الرحمن", "ظبي", "علي", "الفقار", "عبدالله", "الحسن"]


@pytest.mark.parametrize("word", list(map("".join, product(_HEADS, _TAILS))))
def test_every_compound_is_analysed(word: str) -> None:
    assert not split_joined(word) or regions(word, "كتاب")


def test_every_joined_word_is_analysed() -> None:
    text = " ".join(joined_words())

    assert " ".join(region for region, _ in regions(text, "قلم")) == text


def test_every_stack_of_proclitics_that_the_tokenizer_drops_is_analysed() -> None:
    letters = ["".join(letters) for size in range(1, 5) for letters in product("وفبكلا", repeat=size)]
    stacks = [stack for stack in letters if PLAIN.tokenizer.words(f"{stack}«قلم»") == ["قلم"]]

    assert len(stacks) == 23
    for stack in stacks:
        assert regions(f"{stack}«قلم»", "كتاب", counting=True)[0] == (f"{stack}«قلم»", 0)


_WORDS = """
    كتاب الكتاب كتابه وكتابها كُتُب كِتَابًا كـتـاب كتااااب كتــــاب مسؤول مسئول مسؤولون أبناء أبناؤه أبنائه ابناءه شيء شئ شي
    على علي إلى الي إلي آلي آلى آل ال كأن كان عبدالله عبد الله والله أبوظبي أبو ابو ابي نورالدين نور الدين ﷺ صلى
    #كتاب_جديد #عبدالله @كتاب و«كتاب» وـ«كتاب» الـ17 و4 ل"كتاب" ب(علي) و ف ب لل بال (كتاب) كتاب/علي كتاب،علي كتاب_علي
    1 500 000 ٥٠٠ 1500000 +966 00966 50 (50) 1'500'000 1.500.000 966501234567
    کتاب ﻛﺘﺎﺏ کتابی 2015 ٢٠١٥ COVID-19 covid كتاب19 covidكتاب é ? ؟ - ًٌ ههههه هههة لجنة لجنه اللجنة للجنة شكراً شكرا
    كتا\u200bب كتا\u200cب \u200fكتاب\u200e ٱلكتاب موسى موسي مدينة مدينه رءوس رؤوس شيءٌ ييء
    ءامنوا آمنوا ءَادم أَءِذَا أإذا ءَأنت أأنت يستهزِءُون يستهزئون رُءْيا رؤيا أرَءَيت أرأيت قرءان قرآن جَآءُو جاءوا يٰقوم قوم
    الصلوٰة الصلاة ٱلكتٰب لابد لا بد ومازال زال فيسبوك بوك رأسمالها مالها ثلاثمائة مئة بالمئتين مائة
""".split()
_SPACES = [" ", "\n", "\u00a0", "\u2003", "  ", "\x85", "", "،", "\x1c"]
_LETTERS = "كتابعلي ءىةوأآ\u064f\u0652\u064e\u0640؟?«#"
_texts = st.lists(st.sampled_from(_WORDS) | st.sampled_from(_SPACES) | st.text(_LETTERS, max_size=8))


@settings(max_examples=300)
@given(words=_texts, forms=st.lists(st.sampled_from(_WORDS), max_size=4), counting=st.booleans())
def test_both_forms_find_the_same_regions(words: list[str], forms: list[str], counting: bool) -> None:
    regions("".join(words), *map(PLAIN.normalizer.normalise, forms), counting=counting)


_queries = st.lists(
    st.tuples(
        st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3),
        st.sampled_from([Level.STEM, Level.STEM, Level.WORD, Level.NORMALISED, Level.SURFACE]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=3,
)


def targets_of(analyzer: ArabicAnalyzer, queries: list[tuple[list[str], Level, int]]) -> list[HighlightTarget]:
    targets = []
    for words, floor, slop in queries:
        matchers = [
            TermMatcher.of(term, word, floor)
            for text in words
            for word in analyzer.tokenizer.words(text)
            for term in analyzer.form(word).terms
        ]
        if matchers:
            targets.append(HighlightTarget(tuple(matchers), slop, ordered=slop < 2))
    return targets


def spellings_in(text: str, analyzer: ArabicAnalyzer) -> Callable[[Collection[str]], set[str]]:
    """Return the spellings of stems that an index of the text has."""
    terms = [token.term for token in analyzer.analyze(text)]
    return lambda stems: {term.normalised for term in terms if term.stem in stems}


@given(st.lists(_texts, max_size=3), _queries, st.sampled_from(ANALYZERS))
@settings(max_examples=400)
def test_no_match_is_lost(
    texts: list[list[str]], queries: list[tuple[list[str], Level, int]], analyzer: ArabicAnalyzer
) -> None:
    text = " ".join("".join(words) for words in texts) + " ".join(word for words in texts for word in words)
    targets = targets_of(analyzer, queries)
    filtered = Highlighter(targets, analyzer, spellings=spellings_in(text, analyzer))

    assert filtered.matches(text, "body") == Highlighter(targets, analyzer).matches(text, "body")
