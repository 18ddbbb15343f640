"""Pickles of analyzers: they name classes and plain data only, and those of older versions load."""

from __future__ import annotations

import pickle
import pickletools
from pathlib import Path

import pytest

from arsearch.analyzers import (
    ArabicAnalyzer,
    ArabicStemmer,
    Light10Stemmer,
    Normalizer,
    NoStemmer,
    TashaphyneStemmer,
    Tokenizer,
)

FIXTURE = Path(__file__).parents[1] / "fixtures" / "format-1" / "index"

# `OPTIONS` as a version before `ArabicAnalyzer.__reduce__` pickled it, with the modules of that version.
OLD_PICKLE = (
    b"\x80\x02carsearch.analyzers.analyzer\nArabicAnalyzer\nq\x00)\x81q\x01]q\x02(carsearch.analyzers.normalizer\n"
    b"Normalizer\nq\x03(\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x88\x89\x88\x88\x88\x88\x89t"
    b"q\x04Rq\x05carsearch.analyzers.stemming\nArabicStemmer\nq\x06c__builtin__\nfrozenset\nq\x07]q\x08X\x08\x00\x00"
    b"\x00\xd9\x85\xd8\xb1\xd9\x83\xd8\xb2q\ta\x85q\nRq\x0b\x85q\x0cRq\rh\x07]q\x0eX\x06\x00\x00\x00\xd9\x82\xd8\xa7"
    b"\xd9\x84q\x0fa\x85q\x10Rq\x11\x89\x88carsearch.analyzers.tokenizer\nTokenizer\nq\x12)\x81q\x13]q\x14beb."
)
OPTIONS = ArabicAnalyzer(
    normalizer=Normalizer(teh_marbuta=False, uthmani=False),
    stemmer=ArabicStemmer(frozenset({"مركز"})),
    stopwords=frozenset({"قال"}),
    compounds=False,
)

VALUES = [
    ArabicAnalyzer(),
    OPTIONS,
    *(ArabicAnalyzer(stemmer=stemmer()) for stemmer in (Light10Stemmer, NoStemmer, TashaphyneStemmer)),
    Normalizer(uthmani=False),
    ArabicStemmer(frozenset({"مركز"})),
    Tokenizer(),
]


def named_classes(pickled: bytes) -> set[str]:
    """Return the classes that a pickle of protocol 2 names."""
    return {str(argument) for opcode, argument, _ in pickletools.genops(pickled) if opcode.name == "GLOBAL"}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_an_unpickled_value_is_equal(value: object, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_pickle_names_only_classes_of_the_package(value: object) -> None:
    names = named_classes(pickle.dumps(value, 2))

    assert all(name.startswith("arsearch.analyzers.") for name in names), names


def test_equal_analyzers_have_equal_pickles() -> None:
    words = [f"كلمة{number}" for number in range(100)]
    one, other = ArabicAnalyzer(stopwords=frozenset(words)), ArabicAnalyzer(stopwords=frozenset(reversed(words)))

    assert pickle.dumps(one, 2) == pickle.dumps(other, 2)


def test_an_older_pickle_loads() -> None:
    analyzer = pickle.loads(OLD_PICKLE)

    assert analyzer == OPTIONS
    assert analyzer.fingerprint == OPTIONS.fingerprint
    assert analyzer.form("والمدرسة") == OPTIONS.form("والمدرسة")


@pytest.mark.parametrize("toc", sorted(FIXTURE.glob("_MAIN_*.toc")), ids=lambda path: path.name)
def test_the_schema_of_an_older_table_of_contents_loads(toc: Path) -> None:
    content = toc.read_bytes()
    schema = pickle.loads(content[content.index(b"\x80\x02") :])  # the schema is the first pickle of the file

    analyzer = ArabicAnalyzer(normalizer=Normalizer(uthmani=False))  # as the defaults were
    assert schema["body_stem"].analyzer == analyzer
    assert schema["body"].analyzer.analyzer == analyzer
