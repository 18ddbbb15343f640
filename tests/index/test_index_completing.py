"""Complete a query with words and phrases of headlines, by frequency; any text is accepted and the work is bounded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch import Suggestion
from arsearch.suggest import completer

TITLES = [
    "الحرس الثوري يعلن مناورات",
    "الحَرَسُ الثوريّ: أسماء جديدة",
    "قائد الحرس الثوري",
    "الحرس الوطني في جدة",
    "الحرس الوطني في الرياض",
    "أسعار النفط ترتفع",
    "اسعار النفط تهبط",
    "أسعار الذهب",
    "الحر يشتد",
    "عبدالله في الحرم",
]


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True) as index:
        rows = [
            {"id": str(n), "title": title, "body": "نص عن الحرائق والأسهم والأسهم"} for n, title in enumerate(TITLES)
        ]
        index.add(rows[:6])
        index.add([*rows[6:], {"id": "body", "body": "مطالعات في أسواق قديمة وأسواق الحرف"}])
        yield index


def suggestions_of(index: arsearch.Index, prefix: str, limit: int = 10) -> list[tuple[str, int]]:
    return [(one.text, one.articles) for one in index.suggest(prefix, limit=limit)]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("الحرس ا", [("الحرس الثوري", 3), ("الحرس الوطني", 2)]),
        ("الحرس الث", [("الحرس الثوري", 3)]),
        ("الحَرس الثَّو", [("الحرس الثوري", 3)]),  # vowel marks are ignored
        ("الحرس ", [("الحرس الثوري", 3), ("الحرس الوطني", 2)]),  # a space: any word may follow
        ("قائد الحرس ا", [("قائد الحرس الثوري", 1)]),  # one headline only: words side by side, not a phrase
        ("اسعا", [("أسعار", 3), ("أسعار النفط", 2)]),  # headlines mostly write أ
        ("أسعا", [("أسعار", 3), ("أسعار النفط", 2)]),
        ("إسعا", [("أسعار", 3), ("أسعار النفط", 2)]),
        ("أسوا", [("أسواق", 1)]),  # in no headline
        ("عبد", [("عبد", 1)]),
        ("في ا", [("في أسواق", 1), ("في الحرم", 1), ("في الرياض", 1)]),
        ("مطا", [("مطالعات", 1)]),
        ("لاشيء", []),
        ("الحرس لا", []),
        ("لاشيء ا", []),
        ("", []),
        ("   ", []),
        ("؟!", []),
        ("َ", []),
    ],
)
def test_suggestions(library: arsearch.Index, prefix: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(suggestions_of(library, prefix)) == sorted(expected)
    assert suggestions_of(library, prefix)[:1] == expected[:1]


@pytest.fixture(scope="module")
def mosque() -> Iterator[arsearch.Index]:
    """Articles whose words mostly have the article."""
    titles = [
        *("الصلاة في المسجد", "أوقات الصلاة", "الصلاة في المسجد الحرام", "صلة الرحم", "صلاح الدين"),
        *(
            "سورة الأحقاف",
            "رمال الأحقاف",
            "أحقية الورثة",
            "وزارة الصحة",
            "وزارة الصحة تحذر",
            "وزارة الصناعة",
            "وزارة صديقة",
        ),
        *("اللغة العربية", "لجنة اللغة", "الآثار القديمة", "آثار قديمة", "المدينة المنورة", "مدينة جدة", "للصلاة آداب"),
        *("الالتزام بالوقت", "التزام", "١٢ كتابا", "ال12"),
    ]
    with arsearch.open(":memory:", create=True) as index:
        index.add({"id": str(at), "title": title} for at, title in enumerate(titles))
        yield index


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("صل", ["صلاح", "صلة", "الصلاة", "الصلاة في المسجد"]),
        ("صلا", ["صلاح", "الصلاة", "الصلاة في المسجد"]),
        ("الصل", ["الصلاة", "الصلاة في المسجد"]),
        ("احق", ["أحقية", "الأحقاف"]),
        ("أحقا", ["الأحقاف"]),
        ("سورة احق", ["سورة الأحقاف"]),
        ("وزارة ص", ["وزارة الصحة", "وزارة الصناعة", "وزارة صديقة"]),
        ("وزارة صح", ["وزارة الصحة"]),
        ("لغ", ["اللغة"]),
        ("لجنة لغ", ["لجنة اللغة"]),
        ("اثا", ["آثار", "الآثار"]),
        ("آث", ["آثار", "الآثار"]),
        ("مدين", ["مدينة", "المدينة"]),
        ("مِدين", ["مدينة", "المدينة"]),
        ("التز", ["التزام", "الالتزام"]),
        ("صحة", ["الصحة"]),
        ("منو", ["المنورة"]),
        ("1", ["12"]),  # the article before a number is no word
        ("والصل", []),  # only the article is optional, not other proclitics
        ("صلاةة", []),
    ],
)
def test_the_article_is_optional(mosque: arsearch.Index, prefix: str, expected: list[str]) -> None:
    assert [text for text, _ in suggestions_of(mosque, prefix)] == expected


def test_words_as_typed_are_not_drowned(index: arsearch.Index) -> None:
    rare = [f"كتا{letter}" for letter in "بتثجح"]
    common = [f"الكتا{letter}" for letter in "خدذرزسشص" for _ in range(9)]
    index.add({"id": str(at), "title": word} for at, word in enumerate([*rare, *common]))

    texts = [text for text, _ in suggestions_of(index, "كتا", limit=6)]

    assert [text.startswith("ال") for text in texts] == [False] * 3 + [True] * 3
    assert suggestions_of(index, "كتا", limit=1) == [("كتاب", 1)]


def test_words_come_first_and_phrases_take_half(library: arsearch.Index) -> None:
    suggestions = library.suggest("الحر", limit=6)

    assert suggestions[:2] == (Suggestion("الحرائق", 10), Suggestion("الحرس", 5))
    assert [one.phrase for one in suggestions] == [False] * 4 + [True] * 2
    assert suggestions[4:] == (Suggestion("الحرس الثوري", 3, phrase=True), Suggestion("الحرس الوطني", 2, phrase=True))
    assert len(library.suggest("الحر", limit=2)) == 2
    assert library.suggest("الحر", limit=0) == ()


def test_phrases_stop_at_punctuation(library: arsearch.Index) -> None:
    assert not any("أسماء" in one.text for one in library.suggest("الحرس "))


def test_stop_words_are_not_suggested_alone(library: arsearch.Index) -> None:
    assert library.suggest("ف") == ()


def test_deleted_articles_are_not_counted(index: arsearch.Index) -> None:
    index.add({"id": str(n), "title": title} for n, title in enumerate(TITLES))
    index.delete(["0", "3", "4"])

    assert suggestions_of(index, "الحرس ا") == [("الحرس الثوري", 2)]
    assert ("الحرس", 2) in suggestions_of(index, "الحرس")


def test_a_suggestion_finds_its_articles(library: arsearch.Index) -> None:
    for prefix in ("ا", "الح", "أس", "م", "الحرس ا"):
        for one in library.suggest(prefix):
            if " " not in one.text:
                assert library.search(one.text, match="normalised").total == one.articles
            elif one.phrase:
                assert library.search(f'title:"{one.text}"').total == one.articles


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch, index: arsearch.Index) -> None:
    names = [f"كتا{one}{other}" for one in "بتثجحخدذرزسشصض" for other in "بتثجحخدذرزسشصض"]
    index.add({"id": str(n), "title": f"{name} جديد", "body": name} for n, name in enumerate(names * 3))
    keyed: list[str] = []
    key = completer.Completer._key

    def recorded(self: completer.Completer, word: str) -> str:
        keyed.append(word)
        return key(self, word)

    monkeypatch.setattr(completer.Completer, "_key", recorded)

    assert len(index.suggest("ك", limit=10)) == 10
    assert 0 < len(keyed) <= 2 * completer._MAX_TITLES


@given(st.text(alphabet='ال حرسثويأَ؟"*:-ﷺ1a', max_size=12), st.integers(0, 5))
def test_any_text_can_be_completed(library: arsearch.Index, prefix: str, limit: int) -> None:
    suggestions = library.suggest(prefix, limit=limit)

    assert len(suggestions) <= limit
    assert all(one.articles > 0 and one.text.strip() for one in suggestions)
    assert len({one.text for one in suggestions}) == len(suggestions)
