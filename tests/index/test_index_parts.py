"""Parts of the engine agree with their plain definitions, and readers see whole commits."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.analyzers.tokenizer import Tokenizer
from arsearch.analyzers.tokens import Form, Term
from arsearch.index.docsets.scored import ScoredDocs, intersect, subtract, union
from arsearch.index.writing.vocabulary import Vocabulary

scored = st.dictionaries(st.integers(0, 50), st.floats(0.5, 9), max_size=30)


@given(st.lists(scored, min_size=1, max_size=4), st.sampled_from([51, 100_000]))
def test_union_intersection_and_difference_of_scored_documents(sets: list[dict[int, float]], total: int) -> None:
    parts = [
        ScoredDocs(np.array(sorted(each), np.int64), np.array([each[doc] for doc in sorted(each)])) for each in sets
    ]

    def as_dict(matches: ScoredDocs) -> dict[int, float]:
        return dict(zip(matches.docs.tolist(), matches.scores.tolist(), strict=True))

    everywhere = set.intersection(*(set(each) for each in sets))
    anywhere = sorted(set().union(*sets))
    assert as_dict(union(parts, total)) == pytest.approx({d: sum(each.get(d, 0) for each in sets) for d in anywhere})
    assert as_dict(intersect(parts)) == pytest.approx({d: sum(each[d] for each in sets) for d in sorted(everywhere)})
    assert set(as_dict(subtract(parts[0], parts[-1].docs))) == set(sets[0]) - set(sets[-1])


def test_batches_and_segments_do_not_change_the_answers(samples: list[dict[str, Any]]) -> None:
    """One segment, many segments, merged segments, small and large batches give the same answers."""
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


def test_readers_never_see_half_a_commit(tmp_path: Path) -> None:
    """Each commit replaces every article, so a reader must see ten articles of one round."""
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
        nested = True

        def form(self, word: str) -> Form:
            return Form((Term(0, word, word, word, word, False), Term(69_999, "z", "z", "z", "z", False)), 70_000)

    vocabulary = Vocabulary(Wide())  # type: ignore[arg-type]

    tokens, _ = vocabulary.tokens(["a"])

    assert vocabulary.groups.expand(tokens).positions.tolist() == [0, 69_999]
    assert vocabulary.groups.widths(tokens, np.array([1]))[0].tolist() == [70_000]
