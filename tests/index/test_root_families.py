"""Postings of root families: in segments that have them, in segments of earlier releases, and in merges of both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from embedded import reader_of
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.root_families import root_of_family, stems_of_family
from arsearch.index.codec import root_postings_writer
from arsearch.index.codec.array_file import ArrayFile, write_arrays
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.store.directory import FSDirectory

WORDS = [
    *("كتاب", "مكتبة", "الكاتب", "يكتبون", "درس", "مدرسة", "المدرسين", "وزير", "وزارة", "فيسبوك", "من", "تمنى", "كان"),
    *("مكان", "تكوين", "علم", "معلومات", "قال", "مقال", "نص"),
]
QUERIES = [
    "كتاب",
    "مدرس",
    "وزراء",
    "تمنى",
    "مكان",
    "علوم",
    "قول",
    "فيسبوك",
    "كتاب مدرسة",
    "كاتب OR معلم",
    "أين كتب العلم؟",
]
FIELDS = {"note": "text"}
ANALYZER = ArabicAnalyzer()


def is_of_roots(name: str) -> bool:
    return name.startswith("root/") or name.rpartition("/")[2] in ("root_of", "root_freqs")


def without_roots(folder: Path, segments: Sequence[Path]) -> None:
    """Rewrite segments as an earlier release has written them."""
    directory = FSDirectory(folder)
    for path in segments:
        file = ArrayFile(directory, path.name)
        arrays = {name: np.array(file.array(name).whole()) for name in file.names() if not is_of_roots(name)}
        write_arrays(directory, path.name, arrays, file.meta, durable=False)


def rows(start: int, count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": str(n),
            "title": " ".join(WORDS[(n * 7 + k) % len(WORDS)] for k in range(n % 3)),
            "body": " ".join(WORDS[(n * n + k * 3) % len(WORDS)] for k in range(1 + n % 9)),
        }
        | ({"note": WORDS[n % len(WORDS)]} if n % 4 == 0 else {})
        for n in range(start, start + count)
    ]


def answers(index: arsearch.Index) -> list[Any]:
    found: list[Any] = []
    for query in QUERIES:
        for match in (None, "root"):
            results = index.search(query, limit=100, match=match)
            found.append((results.total, results.total_complete, {h.id: round(h.score, 4) for h in results}))
        found.append([(hit.level, hit.spans) for hit in index.search(query, limit=5)])
    return found


def test_segments_of_earlier_releases_have_the_same_families(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True, fields=FIELDS) as index:
        for start in (0, 30, 60):
            index.add(rows(start, 30))
        index.delete("31")
        expected = answers(index)
        assert any(total > complete for total, complete, _ in expected[::3])
    paths = sorted(tmp_path.glob("*.seg"))
    assert len(paths) == 3
    for old in (paths[:1], paths[1:2], paths):
        without_roots(tmp_path, old)
        with arsearch.open(tmp_path) as index:
            assert answers(index) == expected
            assert index.check() == []
    with arsearch.open(tmp_path) as index:
        index.add([{"id": "new", "body": "نص آخر"}])
        index.delete("new")
        index.optimize()
        (segment,) = reader_of(index).segments
        assert segment.roots() is not None
        assert index.check() == []
        assert answers(index) == expected


def test_a_search_reads_no_table_of_roots(tmp_path: Path) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        index.add(rows(0, 30))
        index.add(rows(30, 30))
    script = (
        "import sys, arsearch\n"
        "from arsearch.analyzers import roots\n"
        "results = arsearch.open(sys.argv[1]).search('كتاب مدرسة', limit=60)\n"
        "levels = {hit.level for hit in results}\n"
        "print(results.total, len(levels), roots._stems_by_root.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)

    total, levels, reads = map(int, done.stdout.split())
    assert total > 10
    assert levels > 1
    assert reads == 0


@pytest.fixture(params=[1 << 30, 0])
def kept(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(root_postings_writer, "_MAX_KEPT", request.param)
        patch.setattr(root_postings_writer, "_RUN_POSTINGS", 4)
        yield


texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@settings(max_examples=30)
@given(
    batches=st.lists(st.lists(st.tuples(texts, texts), min_size=1, max_size=5), min_size=1, max_size=3),
    gone=st.integers(0, 14),
)
@pytest.mark.usefixtures("kept")
def test_postings_are_those_of_the_family(batches: list[list[tuple[str, str]]], gone: int) -> None:
    with arsearch.open(":memory:", create=True) as index:
        for batch in batches:
            index.add({"id": f"{n} {len(index)}", "title": t, "body": f"{b} نص"} for n, (t, b) in enumerate(batch))
        ids = [article.id for article in index]
        index.delete(ids[gone % len(ids)])
        check_postings(index)
        index.optimize()
        check_postings(index)
        assert index.check() == []


def check_postings(index: arsearch.Index) -> None:
    reader = reader_of(index)
    for word in WORDS:
        term = ANALYZER.form(word).terms[0]
        family = set(stems_of_family(term.stem))
        expected = {}
        for number in reader.all_docs().tolist():
            article = reader.article(number)
            texts_of = (article.title, article.body)
            counts = [sum(token.term.stem in family for token in ANALYZER.analyze(text)) for text in texts_of]
            if any(counts):
                expected[number] = counts
        docs, freqs = reader.family_postings(term.stem, ("title", "body"), SearchBudget())
        assert dict(zip(docs.tolist(), zip(*(own.tolist() for own in freqs), strict=True), strict=True)) == {
            doc: tuple(counts) for doc, counts in expected.items()
        }
        title, (only,) = reader.family_postings(term.stem, ("title",), SearchBudget())
        assert dict(zip(title.tolist(), only.tolist(), strict=True)) == {d: c[0] for d, c in expected.items() if c[0]}
        assert reader.family_stems(term.stem) <= family


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("تمنى", "مني"),
        ("من", ""),
        ("كان", ""),
        ("مكان", "كون"),
        ("كتاب", "كتب"),
        ("فيسبوك", ""),
        ("هذا", ""),
        ("على", ""),
    ],
)
def test_function_words_have_no_family(word: str, root: str) -> None:
    stem = ANALYZER.form(word).terms[0].stem

    assert root_of_family(stem) == root
    assert (len(stems_of_family(stem)) > 1) == bool(root)


def test_families_are_a_partition() -> None:
    stems = {stem for word in WORDS for stem in stems_of_family(ANALYZER.form(word).terms[0].stem)}

    assert len(stems) > 100
    for stem in stems:
        family = stems_of_family(stem)
        assert stem in family
        assert all(stems_of_family(other) == family for other in family)
