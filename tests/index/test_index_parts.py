"""The parts of the engine against their plain definitions."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.analyzers.tokenizer import Tokenizer
from arsearch.analyzers.tokens import Form, Term
from arsearch.errors import CorruptIndexError
from arsearch.index.arrays import ArrayFile, smallest_uint, write_arrays
from arsearch.index.finds import _expression
from arsearch.index.fuzzy import distance, within
from arsearch.index.matches import Matches, intersect, subtract, unite
from arsearch.index.postings import PostingLists, invert
from arsearch.index.storage import FileStorage, MemoryStorage, Storage
from arsearch.index.terms import TermDictionary, pack_terms
from arsearch.index.vocabulary import Vocabulary
from arsearch.snippets import PatternMatcher

letters = st.text(alphabet="ابتكوي\u064bab1😀", min_size=1, max_size=6)
vocabulary = st.sets(letters, max_size=40).map(sorted)


def dictionary(terms: list[str]) -> TermDictionary:
    blob, ends = pack_terms(terms)
    return TermDictionary(memoryview(blob.tobytes()), ends)


@given(vocabulary, letters)
def test_a_dictionary_finds_terms_and_prefixes(terms: list[str], probe: str) -> None:
    packed = dictionary(terms)

    assert list(packed) == packed.slice(0, len(packed)) == terms
    assert [packed.find(term) for term in terms] == list(range(len(terms)))
    assert packed.find(probe) == (terms.index(probe) if probe in terms else -1)
    low, high = packed.prefix_range(probe[:2])
    assert terms[low:high] == [term for term in terms if term.startswith(probe[:2])]
    pattern = re.escape(probe[0]) + "[^\n]*"
    assert [terms[i] for i in packed.matching(pattern, probe[0])] == [t for t in terms if t.startswith(probe[0])]
    assert [terms[i] for i in packed.matching("[^\n]*" + re.escape(probe[-1]), "")] == [
        t for t in terms if t.endswith(probe[-1])
    ]


def plain_distance(a: str, b: str) -> int:
    table = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(vocabulary, letters, st.sampled_from([1, 2]))
def test_fuzzy_terms_are_those_within_the_distance(terms: list[str], word: str, most: int) -> None:
    assert [terms[i] for i in within(dictionary(terms), word, most)] == [
        term for term in terms if plain_distance(word, term) <= most
    ]
    for term in terms[:5]:
        assert distance(word, term) == plain_distance(word, term)


occurrence = st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9))


@given(st.lists(occurrence, max_size=60))
def test_inversion_is_a_dict_of_dicts(found: list[tuple[int, int, int]]) -> None:
    expected: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for doc, position, term in found:
        expected[term][doc].add(position)
    columns = np.array(sorted(found), np.uint32).reshape(-1, 3)

    arrays = invert(columns[:, 2], columns[:, 0], columns[:, 1], 10)

    lists = PostingLists(dictionary([]), *(arrays[name] for name in PostingLists._fields[1:]))
    for term in range(10):
        docs, freqs = lists.postings(term)
        assert docs.tolist() == sorted(expected[term])
        assert freqs.tolist() == [len(expected[term][doc]) for doc in docs.tolist()]
        where, positions = lists.occurrences(term)
        assert list(zip(where.tolist(), positions.tolist(), strict=True)) == [
            (doc, position) for doc in sorted(expected[term]) for position in sorted(expected[term][doc])
        ]


scored = st.dictionaries(st.integers(0, 50), st.floats(0.5, 9), max_size=30)


@given(st.lists(scored, min_size=1, max_size=4), st.sampled_from([51, 100_000]))
def test_the_algebra_of_matches(sets: list[dict[int, float]], total: int) -> None:
    parts = [Matches(np.array(sorted(each), np.int64), np.array([each[doc] for doc in sorted(each)])) for each in sets]

    def as_dict(matches: Matches) -> dict[int, float]:
        return dict(zip(matches.docs.tolist(), matches.scores.tolist(), strict=True))

    everywhere = set.intersection(*(set(each) for each in sets))
    anywhere = sorted(set().union(*sets))
    assert as_dict(unite(parts, total)) == pytest.approx({d: sum(each.get(d, 0) for each in sets) for d in anywhere})
    assert as_dict(intersect(parts)) == pytest.approx({d: sum(each[d] for each in sets) for d in sorted(everywhere)})
    assert set(as_dict(subtract(parts[0], parts[-1].docs))) == set(sets[0]) - set(sets[-1])


@pytest.mark.parametrize("make", [MemoryStorage, FileStorage])
def test_arrays_come_back_as_written(make: Any, tmp_path: Path) -> None:
    storage: Storage = make(tmp_path) if make is FileStorage else make()
    arrays = {
        "empty": np.empty(0, np.uint8),
        "small": smallest_uint(np.array([0, 255])),
        "wide": smallest_uint(np.array([0, 70_000])),
        "signed": np.array([-(2**63), 5]),
        "float": np.array([np.nan, 1.5]),
    }

    write_arrays(storage, "x", arrays, {"answer": "نعم"}, durable=True)

    file = ArrayFile(storage, "x")
    file.verify()
    assert file.meta == {"answer": "نعم"}
    for name, values in arrays.items():
        np.testing.assert_array_equal(file.array(name), values)
    assert (file.array("small").itemsize, file.array("wide").itemsize) == (1, 4)
    with pytest.raises(CorruptIndexError, match="lacks the array"):
        file.array("other")
    with pytest.raises(ValueError, match="read-only"):
        file.array("signed")[0] = 1


def test_the_vocabulary_does_not_change_what_is_indexed(samples: list[dict[str, Any]]) -> None:
    """One segment, many segments, merged segments, small and large batches: the same answers."""
    texts = ["الحرس الثوري", '"وزارة الصحة"', "محكم*", "كتاب", "شركة~1", "source:الأفق", "في"]
    answers = []
    for options in ({}, {"memory_limit": 1}, {"commit_every": 10}, {"commit_every": 3}):
        with arsearch.open(":memory:", create=True) as index:
            index.add(samples, **options)  # type: ignore[arg-type]
            if options.get("commit_every") == 3:
                index.optimize()
            answers.append([[(hit.id, round(hit.score, 5)) for hit in index.search(text, limit=200)] for text in texts])

    assert answers[1:] == answers[:-1]
    assert all(answers[0])


def test_readers_never_wait_and_never_see_half_a_commit(tmp_path: Path) -> None:
    """Each commit replaces every article: a reader must see ten of one round, whatever the writer does."""
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        with arsearch.open(tmp_path) as reader:
            while not done.is_set():
                rounds = {hit.article.extra["round"] for hit in reader.search("نص", limit=100)}
                if len(rounds) != 1:
                    wrong.append(f"{rounds}")

    with arsearch.open(tmp_path, create=True) as index:
        index.add([{"id": str(n), "body": "نص", "round": 0} for n in range(10)])
        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for round in range(1, 30):
                index.add([{"id": str(n), "body": "نص", "round": round} for n in range(10)], durable=False)
        finally:
            done.set()
            for thread in threads:
                thread.join()

    assert wrong == []


def test_a_form_may_be_wider_than_65535_positions() -> None:
    class Wide:
        tokenizer = Tokenizer()

        def form(self, word: str) -> Form:
            return Form((Term(0, word, word, word, word, False), Term(69_999, "z", "z", "z", "z", False)), 70_000)

    vocabulary = Vocabulary(Wide())  # type: ignore[arg-type]

    expansion = vocabulary.expand(vocabulary.tokens(["a"]))

    assert (expansion.offset.tolist(), expansion.width.tolist()) == ([0, 69_999], [70_000])


@given(vocabulary, st.text(alphabet="ابa*?", min_size=1, max_size=7))
def test_a_pattern_chooses_what_the_highlighter_marks(terms: list[str], pattern: str) -> None:
    start = re.split("[*?]", pattern)[0]

    chosen = dictionary(terms).matching(_expression(pattern), start)

    assert [terms[i] for i in chosen] == [term for term in terms if PatternMatcher(pattern).fits(term)]
