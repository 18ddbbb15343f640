"""Numbers in groups and telephone numbers: each spelling of a number has its whole term, and other numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, Normalizer
from arsearch.analyzers.numbers import is_inside_number

ANALYZER = ArabicAnalyzer()
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
GROUPED = [
    ("1500000", "1.500.000 1,500,000 1'500'000 1’500’000 1،500،000 1٬500٬000".split()),
    ("1500000", ["1 500 000", "1\u00a0500\u00a0000", "1\u202f500\u202f000", "1\u2009500\u2009000", "1\u2007500 000"]),
    ("13914300", ["13.914.300", "13 914 300", "13'914'300", "١٣٫٩١٤٫٣٠٠"]),
    ("1340700000", ["1.340.700.000", "1 340 700 000", "1'340'700'000"]),
    ("1500000.50", ["1,500,000.50", "1'500'000.50", "1٬500٬000٫50"]),
    ("12345678901234", ["12 345 678 901 234", "12.345.678.901.234"]),
]
PHONES = [
    ("966501234567", ["+966 50 123 4567", "00966 50 123 4567", "+966-50-123-4567", "+966 (50) 123-4567"]),
    ("966501234567", ["00966501234567", "+966501234567", "966501234567", "00966-50-1234567", "+966 50\u00a01234567"]),
    ("97128188181", ["+971 2 818 8181", "00971 2 8188181", "+971(2)8188181"]),
    ("442079460958", ["+44 20 7946 0958", "+44 (0)20 7946 0958", "0044 20 79460958"]),
    ("33123456789", ["+33 1 23 45 67 89", "0033 1 23 45 67 89"]),
]
STAY = [
    ("0.580", ["0.580"]),
    ("1.044 مليون", ["1.044", "مليون"]),
    ("14.9.1436", ["14.9.1436"]),
    ("21.07.2015", ["21.07.2015"]),
    ("2.7.5", ["2.7.5"]),
    ("3.11.142 1.25.1000", ["3.11.142", "1.25.1000"]),
    ("10.0.0.1", ["10.0.0.1"]),
    ("192.168.100.200", ["192.168.100.200"]),
    ("255.255.255.255", ["255.255.255.255"]),
    ("0.123.456", ["0.123.456"]),
    ("150 300 ريال", ["150", "300", "ريال"]),
    ("سنة 1955 120 فيلما", ["سنه", "1955", "120", "فيلما"]),
    ("7840 2749 10589", ["7840", "2749", "10589"]),
    ("0 574 574", ["0", "574", "574"]),
    ("2012 100 200 300", ["2012", "100", "200", "300"]),
    ("100 200 300 400 500 600", ["100", "200", "300", "400", "500", "600"]),
    ("1 500\n000", ["1", "500", "000"]),
    ("1  500 000", ["1", "500", "000"]),
    ("1 500 000kg", ["1", "500", "000kg"]),
    ("5+1", ["5", "1"]),
    ("x+966 50 123 4567", ["x", "966", "50", "123", "4567"]),
    ("و+966 50 123 4567 و00966 50 1234567", ["و", "966501234567", "966501234567"]),
    ("+5 10 15 2015", ["5", "10", "15", "2015"]),
    ("0501234567", ["0501234567"]),
    ("050 123 4567", ["050", "123", "4567"]),
    ("00:30 007", ["00", "30", "007"]),
    ("+966 50 123 4567 8901234567", ["966", "50", "123", "4567", "8901234567"]),
]


def wholes(text: str) -> list[str]:
    """Return the first normalised form of each written word."""
    return [ANALYZER.form(word).terms[0].normalised for word in ANALYZER.tokenizer.words(text)]


def in_script(text: str, digits: str) -> str:
    return text.translate(str.maketrans(SCRIPTS[0], digits))


@pytest.mark.parametrize("digits", SCRIPTS, ids=["european", "arabic-indic", "extended"])
@pytest.mark.parametrize(("whole", "spellings"), [*GROUPED, *PHONES])
def test_the_spellings_of_a_number_share_a_term(whole: str, spellings: list[str], digits: str) -> None:
    for spelling in spellings:
        written = in_script(spelling, digits)
        (word,) = ANALYZER.tokenizer.words(f"بلغ {written}، ثم")[1:-1]
        terms = ANALYZER.form(word).terms

        assert whole in [term.normalised for term in terms if term.offset == 0], written
        assert whole in [term.stem for term in terms if term.offset == 0], written


@pytest.mark.parametrize(("text", "expected"), STAY)
def test_other_numbers_stay(text: str, expected: list[str]) -> None:
    assert wholes(text) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1 500 000", ["1", "500", "000"]),
        ("100 200 300", ["100", "200", "300"]),
        ("١٠٠\u00a0٢٠٠\u00a0٣٠٠", ["100", "200", "300"]),
        ("+966 50 123 4567", ["966", "50", "123", "4567"]),
        ("00966-50-123-4567", ["00966", "50", "123", "4567"]),
        ("+44 (0)20 7946 0958", ["44", "0", "20", "7946", "0958"]),
    ],
)
def test_the_groups_of_a_number_are_terms_at_positions_of_their_own(text: str, parts: list[str]) -> None:
    whole, *groups = ANALYZER.analyze(text)

    assert [token.term.normalised for token in groups] == parts
    assert [token.position for token in groups] == list(range(len(parts)))
    assert {(token.start, token.end) for token in (whole, *groups)} == {(0, len(text))}
    assert ANALYZER.analyze(f"{text} ريال")[-1].position == len(parts)


@pytest.mark.parametrize("text", ["1 500 000", "+966 50 123 4567"])
def test_a_number_keeps_its_groups_if_the_digits_stay_as_written(text: str) -> None:
    analyzer = ArabicAnalyzer(normalizer=Normalizer(digits=False))

    assert [token.term.surface for token in analyzer.analyze(text)][1:] == text.lstrip("+").split()


@pytest.mark.parametrize(("whole", "spellings"), [*GROUPED, *PHONES])
def test_a_joined_number_is_not_joined_again(whole: str, spellings: list[str]) -> None:
    normalizer = Normalizer()

    for spelling in spellings:
        surface = normalizer.surface(spelling)
        assert normalizer.surface(surface) == surface
        assert normalizer.normalise(surface) == normalizer.normalise(spelling)


@given(st.lists(st.sampled_from([*"0 1 12 123 1234 + - ( ) . ' 00966 كتاب".split(), " ", "\u00a0", "\n"])).map("".join))
def test_a_cut_outside_numbers_changes_no_word(text: str) -> None:
    words = ANALYZER.tokenizer.words
    for at, character in enumerate(text):
        if character.isspace() and not is_inside_number(text, at):
            assert words(text) == [*words(text[:at]), *words(text[at:])]
