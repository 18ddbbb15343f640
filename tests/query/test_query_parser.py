"""Parse queries as people type them into trees and notes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers.tokenizer import Tokenizer
from arsearch.errors import QuerySyntaxError
from arsearch.model import Level
from arsearch.query import (
    MAX_WORDS,
    And,
    Bag,
    Clause,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Node,
    Not,
    Or,
    Parsed,
    Phrase,
    Prefix,
    Range,
    Wildcard,
    Word,
    iter_leaves,
    iter_words,
    parse,
    to_text,
)
from arsearch.query.operands import MAX_PHRASE

FIELDS = {
    "title": "text",
    "body": "text",
    "author": "keyword",
    "source": "keyword",
    "url": "keyword",
    "date": "date",
    "category": "keyword",
    "tags": "keyword",
    "volume": "int",
    "price": "float",
    "isnad": "text",
    "published": "date",
}
TOKENIZER = Tokenizer()
W = Word
SURFACE, ROOT = Level.SURFACE, Level.ROOT
_TOKEN = re.compile(r"[^\W_][\w\u064b-\u0652\u0640\u200c\u200d\u200f]*(?:[-.:][^\W_]+)*")
_CLITIC = re.compile(r"[وفبلك]ـ*(?=[\"«“])")


def tokens(text: str) -> list[str]:
    """Cut words roughly as the analyzer does: without punctuation and without the clitic before a quote."""
    return _TOKEN.findall(_CLITIC.sub("", text))


def read(text: str) -> Parsed:
    return parse(text, fields=FIELDS, words=tokens)


def should(*nodes: Node) -> Bag:
    return Bag(tuple(Clause(node) for node in nodes))


def must(node: Node) -> Clause:
    return Clause(node, "must")


def must_not(node: Node) -> Clause:
    return Clause(node, "must_not")


def words(*texts: str) -> Bag:
    return should(*map(Word, texts))


TREES: list[tuple[str, Node | None]] = [
    # plain words and punctuation
    ("الحرس", W("الحرس")),
    ("الحرس الثوري", words("الحرس", "الثوري")),
    ("  الحرس\n\tالثوري  ", words("الحرس", "الثوري")),
    ("كتاب،قديم", words("كتاب", "قديم")),
    ("كتاب، قديم؛ جديد.", words("كتاب", "قديم", "جديد")),
    ("من هو؟", words("من", "هو")),
    ("الحرس ؟", W("الحرس")),
    ("COVID-19 3.5", words("COVID-19", "3.5")),
    ("", None),
    ("   ", None),
    ("؟!،", None),
    ("\u200f\u202b", None),
    ("\ud800", None),
    ("\u200f\u202bالحرس\u202c \u200eالثوري\u200f", words("الحرس", "الثوري")),
    # phrases
    ('"الحرس الثوري"', Phrase(("الحرس", "الثوري"))),
    ("«الحرس الثوري»", Phrase(("الحرس", "الثوري"))),
    ("»الحرس الثوري«", Phrase(("الحرس", "الثوري"))),
    ("“الحرس الثوري”", Phrase(("الحرس", "الثوري"))),
    ("”الحرس الثوري“", Phrase(("الحرس", "الثوري"))),
    ("„الحرس الثوري“", Phrase(("الحرس", "الثوري"))),
    ('“الحرس الثوري"', Phrase(("الحرس", "الثوري"))),
    ('\u200f"الحرس الثوري"\u200f', Phrase(("الحرس", "الثوري"))),
    ('"كتاب"', Phrase(("كتاب",))),
    ('="أ ب"', Phrase(("أ", "ب"), kind="literal")),
    ('~"أ ب"', Phrase(("أ", "ب"), kind="stemmed")),
    ('"أ ب"~5', Phrase(("أ", "ب"), 5)),
    ('"أ ب"~٥', Phrase(("أ", "ب"), 5)),
    ('"أ ب"~99999', Phrase(("أ", "ب"), 1000)),
    ('~"أ ب"~5', Phrase(("أ", "ب"), 5, "stemmed")),
    ('"أ، ب؟"', Phrase(("أ", "ب"))),
    ('"أ AND ب"', Phrase(("أ", "AND", "ب"))),
    ('"أ ب"ج', should(Phrase(("أ", "ب")), W("ج"))),
    ("لـ«الحرس الثوري» قال", should(Phrase(("الحرس", "الثوري")), W("قال"))),
    ('و"الحرس"', Phrase(("الحرس",))),
    ('"الحرس الثوري', words("الحرس", "الثوري")),
    ('الحرس" الثوري', words("الحرس", "الثوري")),
    ("«الحرس الثوري", words("الحرس", "الثوري")),
    ('"" الحرس', W("الحرس")),
    ('شاشة 55" و 32"', words("شاشة", "55", "و", "32")),
    ("«الحرس «الثوري»", Phrase(("الحرس", "الثوري"))),
    # signs
    ("+أ ب", Bag((must(W("أ")), Clause(W("ب"))))),
    ("+أ", W("أ")),
    ("أ -ب", Bag((Clause(W("أ")), must_not(W("ب"))))),
    ("أ -ب -ج", Bag((Clause(W("أ")), must_not(W("ب")), must_not(W("ج"))))),
    ("أ \u200f-ب", Bag((Clause(W("أ")), must_not(W("ب"))))),
    ('أ -"ب ج"', Bag((Clause(W("أ")), must_not(Phrase(("ب", "ج")))))),
    ("أ -(ب ج)", Bag((Clause(W("أ")), must_not(words("ب", "ج"))))),
    ("أ -title:ب", Bag((Clause(W("أ")), must_not(InField("title", W("ب")))))),
    ("أ -ب،ج", Bag((Clause(W("أ")), must_not(Phrase(("ب", "ج")))))),
    ("COVID-19 -لقاح", Bag((Clause(W("COVID-19")), must_not(W("لقاح"))))),
    ("أ-ب", W("أ-ب")),
    ("أ - ب -ج", words("أ", "ب", "ج")),
    ("أ – ب -ج", words("أ", "ب", "ج")),
    ("-وفق المصدر-", words("وفق", "المصدر")),
    ("أ --ب", words("أ", "ب")),
    ("أ –ب", words("أ", "ب")),
    ("أ- ب -ج", words("أ", "ب", "ج")),
    ('"أ - ب" -ج', Bag((Clause(Phrase(("أ", "ب"))), must_not(W("ج"))))),
    ("-أ", W("أ")),
    ("-أ -ب", words("أ", "ب")),
    ("NOT أ", W("أ")),
    ("NOT أ AND NOT ب", words("أ", "ب")),
    ("-(-أ)", W("أ")),
    ("1 + 1", words("1", "1")),
    ("C++ أ", words("C", "أ")),
    ("+ - أ", W("أ")),
    ("*", Everything()),
    ("* -أ", Bag((Clause(Everything()), must_not(W("أ"))))),
    ("* أ", W("أ")),
    ("أ -*", W("أ")),
    ("-*", None),
    ("أ» د «ب» و«ج»", should(W("أ"), W("د"), Phrase(("ب",)), Phrase(("ج",)))),
    # a minus sign before a digit
    ("كوفيد -19", words("كوفيد", "19")),
    ("درجة الحرارة -5", words("درجة", "الحرارة", "5")),
    ("درجة الحرارة -٥", words("درجة", "الحرارة", "٥")),
    ("درجة الحرارة -۵", words("درجة", "الحرارة", "۵")),
    ("درجة −5", words("درجة", "5")),
    ("درجة －5", words("درجة", "5")),
    ("درجة –5", words("درجة", "5")),
    ("-5 درجات", words("5", "درجات")),
    ("-5", W("5")),
    ("نيوترون -238%", words("نيوترون", "238")),
    ("نمو -0.5", words("نمو", "0.5")),
    ("من 20 -30 ميكرومتر", words("من", "20", "30", "ميكرومتر")),
    ("(كوفيد -19)", words("كوفيد", "19")),
    ("كوفيد -19 -لقاح", Bag((Clause(W("كوفيد")), Clause(W("19")), must_not(W("لقاح"))))),
    ("درجة −٥ -الرياض", Bag((Clause(W("درجة")), Clause(W("٥")), must_not(W("الرياض"))))),
    ("الأهلي -الزمالك", Bag((Clause(W("الأهلي")), must_not(W("الزمالك"))))),
    ("كوفيد NOT 19", Bag((Clause(W("كوفيد")), must_not(W("19"))))),
    ("أ -volume:3", Bag((Clause(W("أ")), must_not(Range("volume", "3", "3"))))),
    ('أ -"5"', Bag((Clause(W("أ")), must_not(Phrase(("5",)))))),
    # numbers in groups
    ("1 500 000", W("1500000")),
    ("١ ٥٠٠ ٠٠٠", W("١٥٠٠٠٠٠")),
    ("بلغ 1\u00a0500\u202f000 ريال", words("بلغ", "1500000", "ريال")),
    ("+1 500 000 ريال", Bag((must(W("1500000")), Clause(W("ريال"))))),
    ("ريال NOT 1 500 000", Bag((Clause(W("ريال")), must_not(W("1500000"))))),
    ("ريال OR 1 500 000", Or((W("ريال"), W("1500000")))),
    ("(1 500) 000", W("1500000")),
    ("1 500 000 2015", words("1", "500", "000", "2015")),
    ("2015 1 500 000", words("2015", "1", "500", "000")),
    ("1 500", words("1", "500")),
    ("010 200 300", words("010", "200", "300")),
    ("100 200 300", should(*[Word(text, also=("100200300",)) for text in ("100", "200", "300")])),
    ("أ 100 200 300 ب", should(W("أ"), *[Word(text, also=("100200300",)) for text in ("100", "200", "300")], W("ب"))),
    ("(100 200 300) 5", words("100", "200", "300", "5")),
    ("=100 200 300", should(W("100", SURFACE), W("200"), W("300"))),
    ('"1 500 000 ريال"', Phrase(("1", "500", "000", "ريال"))),
    ("+966 50 123 4567", W("966501234567")),
    ("+966 (50) 123 4567", W("966501234567")),
    ("+44 (0)20 7946 0958", W("442079460958")),
    ("هاتف +966 50 123 4567", Bag((Clause(W("هاتف")), must(W("966501234567"))))),
    ("00966 50 123 4567", W("00966501234567")),
    ("00966-50-123-4567", W("00966501234567")),
    ("+5 10 15 2015", Bag((must(W("5")), Clause(W("10")), Clause(W("15")), Clause(W("2015"))))),
    # operators and groups
    ("أ | ب", Or((W("أ"), W("ب")))),
    ("أ|ب", Or((W("أ"), W("ب")))),
    ("أ || ب", Or((W("أ"), W("ب")))),
    ("أ ب | ج د", Or((words("أ", "ب"), words("ج", "د")))),
    ("أ AND ب OR ج", Or((And((W("أ"), W("ب"))), W("ج")))),
    ("أ AND (ب OR ج)", And((W("أ"), Or((W("ب"), W("ج")))))),
    ("أ OR ب OR ج", Or((W("أ"), W("ب"), W("ج")))),
    ("(أ OR ب) OR ج", Or((W("أ"), W("ب"), W("ج")))),
    ("أ NOT ب", Bag((Clause(W("أ")), must_not(W("ب"))))),
    ("أ AND NOT ب", And((W("أ"), Not(W("ب"))))),
    ("أ OR NOT ب", Or((W("أ"), Not(W("ب"))))),
    ("أ NOT NOT ب", words("أ", "ب")),
    ("أ NOT -ب", Bag((Clause(W("أ")), must(W("ب"))))),
    ("أ (ب)", words("أ", "ب")),
    ("أ (ب ج)", words("أ", "ب", "ج")),
    ("أ (+ب ج)", should(W("أ"), Bag((must(W("ب")), Clause(W("ج")))))),
    ("أ (-ب)", Bag((Clause(W("أ")), must_not(W("ب"))))),
    ("أ(ب)", words("أ", "ب")),
    ("((أ", W("أ")),
    ("أ) ب", words("أ", "ب")),
    (")(", None),
    ("() أ", W("أ")),
    ("أ AND", W("أ")),
    ("OR أ", W("أ")),
    ("أ AND OR ب", Or((W("أ"), W("ب")))),
    ("أ | | ب", Or((W("أ"), W("ب")))),
    ("أ NOT", W("أ")),
    ("and or not", words("and", "or", "not")),
    ("AND", W("and")),
    ("OR NOT", words("or", "not")),
    ("|", None),
    # patterns
    ("كتا*", Prefix("كتا")),
    ("كِتا*", Prefix("كِتا")),
    ("كتا**", Prefix("كتا")),
    ("*تاب", Wildcard("*تاب")),
    ("ك*ب", Wildcard("ك*ب")),
    ("كت?ب", Wildcard("كت?ب")),
    ("كت?ب?", Wildcard("كت?ب")),
    ("كتا*؟", Prefix("كتا")),
    ("كتاب?", W("كتاب")),
    ("كتاب؟ب", words("كتاب", "ب")),
    ("أ ? ب", words("أ", "ب")),
    ("أ،كتا*", should(W("أ"), Prefix("كتا"))),
    ("COVID-1*", Prefix("COVID-1")),
    ("4*4", words("4", "4")),
    ("http://a.b/c?d", words("http", "a.b", "c", "d")),
    ("كتاب~1", Fuzzy("كتاب", 1)),
    ("كتاب~٢", Fuzzy("كتاب", 2)),
    ("كتاب~", Fuzzy("كتاب", 1)),
    ("كتاب~9", Fuzzy("كتاب", 2)),
    ("كتاب~0", W("كتاب")),
    ("كتاب~1؟", Fuzzy("كتاب", 1)),
    ("~كتاب", W("كتاب")),
    ("كتا*~1", Prefix("كتا")),
    # levels
    ("=كتاب", W("كتاب", SURFACE)),
    ("=كتاب،قديم", Phrase(("كتاب", "قديم"), kind="literal")),
    ("=(كتاب قديم)", should(W("كتاب", SURFACE), W("قديم", SURFACE))),
    ("أ = ب", words("أ", "ب")),
    ("جذر:كتب", W("كتب", ROOT)),
    ("الجذر:كتب", W("كتب", ROOT)),
    ("root:كتب", W("كتب", ROOT)),
    ('root:"كتب درس"', should(W("كتب", ROOT), W("درس", ROOT))),
    ("root:(كتب OR درس)", Or((W("كتب", ROOT), W("درس", ROOT)))),
    ("title:جذر:كتب", InField("title", W("كتب", ROOT))),
    ("جذر:title:كتب", InField("title", W("كتب", ROOT))),
    # fields
    ("title:أ", InField("title", W("أ"))),
    ("Title:أ", InField("title", W("أ"))),
    ("عُنوان:أ", InField("title", W("أ"))),
    ("وسوم:أ tag:ب", should(InField("tags", W("أ")), InField("tags", W("ب")))),
    ("isnad:أ", InField("isnad", W("أ"))),
    ('source:"الشرق الأوسط"', InField("source", Phrase(("الشرق", "الأوسط")))),
    ('title:="أ ب"~2', InField("title", Phrase(("أ", "ب"), 2, "literal"))),
    ("title:=أ", InField("title", W("أ", SURFACE))),
    ("title:كتا*", InField("title", Prefix("كتا"))),
    ("title:أ،ب", InField("title", Phrase(("أ", "ب")))),
    ("title:(أ ب)", InField("title", words("أ", "ب"))),
    ("title:(أ -ب)", InField("title", Bag((Clause(W("أ")), must_not(W("ب")))))),
    ("ج title:(-أ)", Bag((Clause(W("ج")), must_not(InField("title", W("أ")))))),
    ("title:(source:أ)", InField("source", W("أ"))),
    ("source:*", InField("source", Everything())),
    ("source:a..m", Range("source", "a", "m")),
    ("url:http://a.b", InField("url", Phrase(("http", "a.b")))),
    ("عنوان: أ", words("عنوان", "أ")),
    ("أ :ب", words("أ", "ب")),
    ("خبر:عاجل", words("خبر", "عاجل")),
    ("10:30 صباحا", words("10:30", "صباحا")),
    ("title:؟ أ", W("أ")),
    # numbers and dates
    ("volume:3", Range("volume", "3", "3")),
    ("volume:٠٣", Range("volume", "3", "3")),
    ("volume:-3", Range("volume", "-3", "-3")),
    ("volume:3..7", Range("volume", "3", "7")),
    ("volume:7..3", Range("volume", "3", "7")),
    ("volume:3..", Range("volume", "3", None)),
    ("volume:..٧", Range("volume", None, "7")),
    ("volume:>3", Range("volume", "3", None, include_low=False)),
    ("volume:>=3", Range("volume", "3", None)),
    ("volume:<3", Range("volume", None, "3", include_high=False)),
    ("volume:<=3؟", Range("volume", None, "3")),
    ("volume:(3 OR 5)", Or((Range("volume", "3", "3"), Range("volume", "5", "5")))),
    ('volume:"3..7"', Range("volume", "3", "7")),
    ("volume:1,000", Range("volume", "1000", "1000")),
    ("volume:1.500.000", Range("volume", "1500000", "1500000")),
    ("volume:١.٥٠٠.٠٠٠", Range("volume", "1500000", "1500000")),
    ('volume:"1 500 000"', Range("volume", "1500000", "1500000")),
    ("volume:1'500'000", Range("volume", "1500000", "1500000")),
    ("volume:1.400.000..1.600.000", Range("volume", "1400000", "1600000")),
    ("volume:>1.400.000", Range("volume", "1400000", None, include_low=False)),
    ("price:1.500", Range("price", "1.5", "1.5")),
    ("volume:3.5 أ", W("أ")),
    ("volume:*", Range("volume", None, None)),
    ("price:٣٫٥٠", Range("price", "3.5", "3.5")),
    ("price:3.", Range("price", "3", "3")),
    ("date:2015", DateRange("date", dt.date(2015, 1, 1), dt.date(2015, 12, 31))),
    ("published:2015-07-21.", DateRange("published", dt.date(2015, 7, 21), dt.date(2015, 7, 21))),
    ("date:21 يوليو 2015 حرب", should(DateRange("date", dt.date(2015, 7, 21), dt.date(2015, 7, 21)), W("حرب"))),
    ("date:2015 2016", should(DateRange("date", dt.date(2015, 1, 1), dt.date(2015, 12, 31)), W("2016"))),
    ("date:2015-07 .. 2015-08", DateRange("date", dt.date(2015, 7, 1), dt.date(2015, 8, 31))),
    ('date:"يوليو 2015"', DateRange("date", dt.date(2015, 7, 1), dt.date(2015, 7, 31))),
    ("date:(يوليو 2015)", DateRange("date", dt.date(2015, 7, 1), dt.date(2015, 7, 31))),
    ("date:2015..", DateRange("date", dt.date(2015, 1, 1), None)),
    ("date:*", DateRange("date", None, None)),
    ("تاريخ:شاهد", words("تاريخ", "شاهد")),
    ("date:2015-13 أ", W("أ")),
    ("أ -date:2015-07-21", Bag((Clause(W("أ")), must_not(DateRange("date", *[dt.date(2015, 7, 21)] * 2))))),
]


@pytest.mark.parametrize(("text", "expected"), TREES, ids=[repr(text) for text, _ in TREES])
def test_queries_become_trees(text: str, expected: Node | None) -> None:
    assert expected == read(text).root


@pytest.mark.parametrize("text", [text for text, _ in TREES])
def test_canonical_text_round_trips(text: str) -> None:
    root = read(text).root

    assert root == (read(str(root)).root if root else None)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('كتاب "قديم', 6),
        ("\u200f\u200f(كتاب", 3),
        ("كتاب)", 5),
        ("كتاب AND", 6),
        ("OR كتاب", 1),
        ("كتاب NOT", 6),
        ("أ - ب -ج", 7),
        ("foo:bar", 1),
        ("أ date:2015-13", 3),
        ("أ volume:كذا", 3),
        ('أ ""', 3),
        ("(" * 30 + ")" * 30, 21),
    ],
)
def test_strict_parsing_names_the_column_of_a_mistake_that_lenient_parsing_notes(text: str, column: int) -> None:
    assert read(text).notes
    with pytest.raises(QuerySyntaxError, match=f"^column {column}: ") as caught:
        parse(text, fields=FIELDS, words=tokens, strict=True)

    assert column == caught.value.column


@pytest.mark.parametrize(
    "text",
    [
        "الحرس الثوري؟",
        'أ -"ب" +ج | title:(د ه)',
        "date:1436هـ",
        "volume:7..3",
        "عنوان: كذا",
        "+أ -أ",
        "10:30 http://a/b",
    ],
)
def test_strict_parsing_accepts_queries_without_a_mistake(text: str) -> None:
    assert read(text).root == parse(text, fields=FIELDS, words=tokens, strict=True).root


def test_a_number_after_a_minus_sign_has_a_note() -> None:
    assert read("كوفيد -19").notes == ("'-19' was read as a number; write NOT to exclude it",)
    assert read("درجة −5").notes == ()


@pytest.mark.parametrize("text", ["أ", "أ ب؟", '"أ ب" -ج', "title:أ", "أ - ب", "10:30", "عنوان: أ", "4*4"])
def test_queries_without_a_mistake_get_no_note(text: str) -> None:
    assert read(text).notes == ()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("ما هو الحرس الثوري", True),
        ("من قتل الحسين", True),
        ("أين تقع الرياض", True),
        ("اين تقع الرياض", True),
        ("متي بدأت الحرب", True),
        ("وكيف بدأت الحرب", True),
        ("هل انتهت الحرب", True),
        ("في أي عام بدأت", True),
        ("إلى أين نمضي", True),
        ("عاصمة فرنسا الحالية؟", True),
        ("عاصمة فرنسا الحالية ?", True),
        ("«عاصمة فرنسا الحالية؟»", True),
        ("ما هو", False),
        ("الرياض؟", False),
        ("الحرس الثوري الإيراني", False),
        ("واي فاي مجاني", False),
        ("في الرياض اليوم", False),
    ],
)
def test_questions_are_recognised(text: str, question: bool) -> None:
    assert question is read(text).question


def test_a_declared_field_named_root_hides_the_english_name_only() -> None:
    fields = {"title": "text", "root": "keyword"}

    assert parse("root:أ", fields=fields).root == InField("root", W("أ"))
    assert parse("جذر:أ", fields=fields).root == W("أ", ROOT)


def test_aliases_apply_only_to_fields_of_the_index() -> None:
    assert parse("كاتب:أ", fields={"title": "text"}, words=lambda text: text.split(":")).root == words("كاتب", "أ")


@pytest.mark.parametrize("text", ["لـ«الحرس الثوري»", 'و"الحرس الثوري"', "بـ “الحرس الثوري”"])
def test_a_clitic_before_a_quote_is_not_a_word(text: str) -> None:
    assert parse(text, fields=FIELDS, words=TOKENIZER.words).root == Phrase(("الحرس", "الثوري"))


def test_operators_cut_off_at_punctuation_are_words() -> None:
    assert parse("أ،AND", fields={}, words=lambda text: text.split("،")).root == words("أ", "and")


def test_leaves_and_words_leave_exclusions_out_by_default() -> None:
    root = read('أ -ب title:"ج د" (ه* OR و NOT ز)').root

    assert list(iter_words(root)) == ["أ", "ج", "د", "و"]
    assert list(iter_words(root, excluded=True)) == ["أ", "ب", "ج", "د", "و", "ز"]
    assert Prefix("ه") in iter_leaves(root)
    assert list(iter_words(None)) == []


def test_nodes_are_values() -> None:
    assert hash(read("أ (ب | ج)").root) == hash(read("أ (ب | ج)").root)
    assert len({Prefix("أ"), Wildcard("أ"), Prefix("أ")}) == 2


def test_long_queries_keep_their_first_words() -> None:
    for text in ("كلمة " * 3000, "+كلمة " * 3000, '"' + "كلمة " * 3000 + '"', "كلمة OR " * 3000, "volume:3 " * 3000):
        parsed = read(text)

        assert f"kept the first {MAX_WORDS:,} words of the query" in parsed.notes
        kept = sum(len(n.words) if isinstance(n, Phrase) else 1 for n in iter_leaves(parsed.root))
        assert kept == (MAX_PHRASE if text[0] == '"' else MAX_WORDS)


@pytest.mark.parametrize(
    "piece",
    ["(", ")", '"', "«", '="', "(أ ", "title:(", "date:(", "NOT ", "| ", "-أ ", "date:9 ", "أ~", "أ?", "~1", "a-", "."],
)
@pytest.mark.usefixtures("no_hang")
def test_long_runs_of_signs_are_read_in_time(piece: str) -> None:
    parsed = read(piece * (100_000 // len(piece)))

    assert len(parsed.notes) <= 20


@pytest.mark.usefixtures("no_hang")
def test_a_long_run_of_invisible_characters_is_read_in_time() -> None:
    assert read("أ" + "\u200f" * 100_000 + "ب").root is not None


PIECES = st.sampled_from(
    [
        "أ",
        "ب",
        "كتاب",
        "قديم",
        "a",
        "AND",
        "OR",
        "NOT",
        "and",
        "|",
        "||",
        "(",
        ")",
        "((",
        "))",
        '"',
        "«",
        "»",
        "“",
        "”",
        "„",
        "+",
        "-",
        "--",
        "–",
        "=",
        "~",
        "~1",
        '~"أ',
        "~5",
        "*",
        "?",
        "؟",
        "؛",
        "،",
        ".",
        "..",
        ":",
        "title:",
        "عنوان:",
        "source:",
        "date:",
        "volume:",
        "price:",
        "root:",
        "جذر:",
        "x:",
        "2015",
        "2015-07",
        "2015-13",
        "1436هـ",
        "يوليو",
        "رمضان",
        "3",
        "٧",
        "3.5",
        ">3",
        "<=",
        "كتا*",
        "ك?ب",
        "*ب",
        "4*4",
        "http://a?b",
        "C++",
        "لـ",
        "و",
    ]
) | st.sampled_from([" ", " ", " ", "\u200f", "\u200c", "\ud800", "\n", "\0"])
QUERIES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)


NUMBERS = st.lists(
    st.sampled_from("1 10 123 100 000 500 ٥٠٠ 2015 00966 +966 +44 50 4567 أ title: volume: AND OR NOT 0".split())
    | st.sampled_from([" ", " ", " ", "\u00a0", "(", ")", '"', "-", "+", "=", ",", "*"]),
    max_size=25,
).map("".join)


@given(NUMBERS)
@settings(max_examples=1000, deadline=None)
@example("(100 200 300) 5 +966 (0)50 123 4567 +966-50-123-4567")
def test_any_numbers_can_be_parsed(text: str) -> None:
    root = parse(text, fields=FIELDS, words=TOKENIZER.words).root

    assert root == (parse(to_text(root), fields=FIELDS, words=TOKENIZER.words).root if root else None)


@given(QUERIES)
@settings(max_examples=1000, deadline=None)
@example('“أ"')
@example("date:" + "9" * 5000)
@example('"أ"~' + "9" * 5000)
@example("volume:" + "9" * 5000)
@example("أ~" + "9" * 5000)
def test_any_text_can_be_parsed(text: str) -> None:
    for cut in (tokens, None, TOKENIZER.words):
        parsed = parse(text, fields=FIELDS, words=cut)

        assert all(note.isprintable() for note in parsed.notes)
        assert not isinstance(parsed.root, Not)
        if parsed.root is not None:
            assert parsed.root == parse(to_text(parsed.root), fields=FIELDS, words=cut).root


@given(QUERIES)
@settings(max_examples=500, deadline=None)
def test_strict_parsing_raises_syntax_errors_or_agrees_with_lenient_parsing(text: str) -> None:
    lenient = read(text)
    caught: list[QuerySyntaxError] = []
    try:
        assert lenient == parse(text, fields=FIELDS, words=tokens, strict=True)
    except QuerySyntaxError as error:
        caught.append(error)

    assert all(1 <= error.column <= len(text) + 1 for error in caught)
    assert lenient.notes or not caught


@given(QUERIES)
@settings(max_examples=300, deadline=None)
def test_punctuation_never_hides_all_words(text: str) -> None:
    """A query with a letter has a tree, unless it has only names of fields or unreadable values."""
    if any(c.isalpha() for c in text) and ":" not in text:
        assert parse(text, fields=FIELDS).root is not None
