"""The term dictionary, wildcard patterns and edit distances agree with their plain definitions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arsearch.index.codec.array_file import ArrayFile, ArrayStream, write_arrays
from arsearch.index.codec.term_dictionary import TermDictionary, TermDictionaryWriter, term_arrays
from arsearch.index.matching.fuzzy import terms_within
from arsearch.index.matching.wildcard import matching_terms
from arsearch.index.store.memory import RAMDirectory
from arsearch.snippets import PatternMatcher
from arsearch.snippets.fuzzy import is_within

letters = st.text(alphabet="ابتكوي\u064bab1€😀", min_size=1, max_size=6)
vocabulary = st.sets(letters, max_size=200).map(sorted)  # blocks have 64 terms


def dictionary(terms: list[str]) -> TermDictionary:
    storage = RAMDirectory()
    write_arrays(storage, "file", term_arrays("x", terms), {}, durable=False)
    return TermDictionary(ArrayFile(storage, "file"), "x", len(terms))


@given(vocabulary, letters, st.integers(0, 200), st.integers(0, 200))
@example([], "ا", 0, 0)
@example([f"{n:03}" for n in range(64)], "064", 0, 64)
@example([f"{n:03}" for n in range(129)], "128", 63, 129)
def test_a_dictionary_is_a_sorted_list(terms: list[str], probe: str, low: int, high: int) -> None:
    packed = dictionary(terms)
    low, high = min(low, len(terms)), min(high, len(terms))

    assert list(packed) == packed.slice(0, len(packed)) == terms
    assert list(packed.iterate_from(low)) == terms[low:]
    assert packed.slice(low, high) == terms[low:high]
    assert [packed[n] for n in range(len(terms))] == terms
    assert packed.get_many(np.arange(low, high, 3)) == terms[low:high:3]
    assert [packed.find(term) for term in terms] == list(range(len(terms)))
    assert packed.find(probe) == (terms.index(probe) if probe in terms else -1)
    assert packed.lower_bound(probe.encode()) == sum(term < probe for term in terms)
    first, last = packed.prefix_range(probe[:2])
    assert terms[first:last] == [term for term in terms if term.startswith(probe[:2])]


@pytest.mark.parametrize("text", ["", "\n", "ا\nب", "\ud800", "ا\n", "\nب"])
def test_strings_that_cannot_be_terms_are_not_found(text: str) -> None:
    assert dictionary(["ا", "ب"]).find(text) == -1


@given(vocabulary, st.lists(st.integers(0, 200), max_size=4))
def test_a_dictionary_written_in_runs_is_the_same(terms: list[str], cuts: list[int]) -> None:
    bounds = [0, *sorted(min(cut, len(terms)) for cut in cuts), len(terms)]
    writer = TermDictionaryWriter()
    blob = ArrayStream("u1", [writer.pack(terms[low:high]) for low, high in itertools.pairwise(bounds)])
    storage = RAMDirectory()

    write_arrays(storage, "file", [("x.blob", blob), *writer.index("x").items()], {}, durable=False)

    assert list(TermDictionary(ArrayFile(storage, "file"), "x", len(terms))) == terms


@given(vocabulary, st.text(alphabet="ابa*?", min_size=1, max_size=7))
@example(["اب", "ابا", "ااب"], "*ا?*")
@example(["اب", "با"], "*ب*ا*")
@example(["ا", "ب"], "*ا*ب*")
def test_a_pattern_matches_the_terms_that_the_highlighter_marks(terms: list[str], pattern: str) -> None:
    matched = matching_terms(dictionary(terms), pattern)

    assert [terms[i] for i in matched] == [term for term in terms if PatternMatcher(pattern).fits(term)]


def plain_distance(a: str, b: str) -> int:
    table = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(vocabulary, letters, st.sampled_from([1, 2]))
def test_fuzzy_terms_are_those_within_the_distance(terms: list[str], word: str, distance: int) -> None:
    assert [terms[i] for i in terms_within(dictionary(terms), word, distance)] == [
        term for term in terms if plain_distance(word, term) <= distance
    ]
    for term in terms[:5]:
        assert is_within(word, term, distance) == (plain_distance(word, term) <= distance)
