"""What only an index on a cluster can promise, on a real node: `$ARSEARCH_OPENSEARCH` holds its URL."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from contract.conftest import CLUSTER, filled, new_location, remove
from contract.corpus import ARTICLES
from contract.test_contract_equality import OPTIONS, PAGES, queries
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import (
    AddError,
    IndexClosedError,
    IndexLockedError,
    IndexUnavailableError,
    NotAnIndexError,
    QueryError,
)
from arsearch.opensearch import paging
from arsearch.opensearch.backend import OpenSearchBackend
from arsearch.opensearch.bulk import workers
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.hits import tiers
from arsearch.opensearch.location import read_location
from arsearch.opensearch.terms import AnalysedField
from arsearch.opensearch.view import OpenSearchView
from arsearch.search.backend import WriterOptions

if not CLUSTER:
    pytest.skip("ARSEARCH_OPENSEARCH does not hold the URL of a node of OpenSearch", allow_module_level=True)

ONE, TWO = {"id": "1", "title": "كتاب قديم"}, {"id": "2", "title": "مدرسة", "body": "كتاب في المدرسة"}


@pytest.fixture
def location() -> Iterator[str]:
    """A location with no index."""
    location = new_location("opensearch", Path(), "")
    yield location
    remove(location)


@pytest.fixture
def index(location: str) -> Iterator[arsearch.Index]:
    """An empty index of two shards."""
    with arsearch.open(f"{location}?shards=2", create=True) as empty:
        yield empty


def connection(index: arsearch.Index) -> Connection:
    """Return the connection of an index, to do what another program could."""
    backend = index.backend
    assert isinstance(backend, OpenSearchBackend)
    return backend._connection


def name(index: arsearch.Index) -> str:
    return connection(index).location.name


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[arsearch.Index, arsearch.Index]]:
    """The corpus in an embedded index, and on three shards."""
    location = new_location("opensearch", Path(), "")
    with filled(":memory:") as embedded, filled(f"{location}?shards=3") as cluster:
        yield embedded, cluster
    remove(location)


@settings(max_examples=60)
@given(text=st.deferred(queries), page=PAGES, options=OPTIONS)
def test_the_answers_are_those_of_the_embedded_index(
    pair: tuple[arsearch.Index, arsearch.Index], text: str, page: tuple[int, int], options: dict[str, Any]
) -> None:
    limit, offset = page
    one, other = (index.search(text, limit=limit, offset=offset, timeout=None, **options) for index in pair)

    assert (one.total_complete, one.total, one.notes) == (other.total_complete, other.total, other.notes)
    assert [(name, list(counts.items())) for name, counts in one.facets.items()] == [
        (name, list(counts.items())) for name, counts in other.facets.items()
    ]
    assert [(hit.id, hit.complete, hit.inner_total) for hit in one] == [
        (hit.id, hit.complete, hit.inner_total) for hit in other
    ]
    assert all(math.isclose(a.score, b.score, rel_tol=1e-5, abs_tol=1e-6) for a, b in zip(one, other, strict=True))
    for hit, same in zip(one.hits[:1], other.hits[:1], strict=True):
        assert math.isclose(hit.explain().score, same.explain().score, rel_tol=1e-5, abs_tol=1e-6)


def test_pages_beyond_the_window_of_the_cluster(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_DEEPEST", 7)
    monkeypatch.setattr(paging, "_STEP", 5)
    index.add({"id": str(number), "title": "كتاب " + "قمر " * (number % 3)} for number in range(40))

    whole = [hit.id for offset in range(0, 40, 3) for hit in index.search("كتاب", limit=3, offset=offset)]

    assert whole == [hit.id for hit in index.search("كتاب", limit=40)]
    assert len({*whole}) == 40
    assert [hit.id for hit in index.search("كتاب", limit=5, offset=38)] == whole[38:]
    assert index.search("كتاب", limit=5, offset=41).hits == ()
    assert [article.id for article in index] == [str(number) for number in range(40)]


def test_hits_of_long_pages_read_their_articles_when_needed(index: arsearch.Index) -> None:
    index.add({"id": str(number), "title": "كتاب", "body": "نص الكتاب"} for number in range(3))

    hits = index.search("كتاب", limit=1000)

    assert [(hit.id, hit.title, hit.article.body) for hit in hits] == [
        (str(number), "كتاب", "نص الكتاب") for number in range(3)
    ]


def test_only_a_commit_makes_articles_visible(index: arsearch.Index) -> None:
    with index.backend.writer(WriterOptions()) as writer:
        writer.delete(["1"])
    seen: list[int] = []

    def source() -> Iterator[dict[str, str]]:
        for article in (ONE, TWO):
            yield article
            connection(index).request("POST", f"/{name(index)}/_flush")
            seen.append(len(index))

    index.add(source())

    assert (seen, len(index)) == ([0, 0], 2)


def test_a_refused_article_is_reported_and_the_others_are_kept(
    index: arsearch.Index, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with arsearch.open(location) as other:
        backend = other.backend
        assert isinstance(backend, OpenSearchBackend)
        # a number that the cluster cannot take stands for whatever it may refuse
        real = backend._analyser.analyse

        def analyse(values: Sequence[str], *, signed: bool = False) -> AnalysedField:
            made = real(values, signed=signed)
            return made._replace(length=2**40) if values == ["يرفض"] else made

        monkeypatch.setattr(backend._analyser, "analyse", analyse)
        report = other.add([ONE, {"id": "bad", "title": "يرفض"}, TWO])

    assert (report.added, report.updated, report.failures, len(index)) == (2, 0, 1, 2)
    (failure,) = report.failed
    assert (failure.where, failure.id) == ("article 2", "bad")
    assert failure.reason.startswith("the cluster refused the article")
    assert "يرفض" not in failure.reason


def test_failed_items_are_sent_again(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    real, bodies = Connection.request, []

    def overloaded(self: Connection, method: str, path: str, body: Any = None, **options: Any) -> Any:
        if not path.endswith("/_bulk"):
            return real(self, method, path, body, **options)
        bodies.append(body)
        lines = body.splitlines()
        if len(bodies) > 1 or len(lines) < 4:
            return real(self, method, path, body, **options)
        answer = real(self, method, path, b"\n".join(lines[:2]) + b"\n", **options)
        refused = {"index": {"status": 429, "error": {"type": "rejected_execution_exception"}}}
        return {"items": [*answer["items"], *[refused] * (len(lines) // 2 - 1)]}

    monkeypatch.setattr(Connection, "request", overloaded)
    report = index.add([ONE, TWO, {"id": "3", "title": "قمر"}])

    assert (report.added, report.failures, len(index), len(bodies)) == (3, 0, 3, 2)
    assert [article.id for article in index] == ["1", "2", "3"]


def test_operations_for_one_document_keep_their_order(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Connection.request
    bodies: list[Any] = []

    def first_refused(self: Connection, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = real(self, method, path, body, **options)
        if path.endswith("/_bulk") and not bodies:
            bodies.append(body)
            answer["items"][0]["index"] |= {"status": 429, "error": {"type": "rejected_execution_exception"}}
        return answer

    monkeypatch.setattr(Connection, "request", first_refused)
    index.add([ONE, ONE | {"title": "قمر"}])

    assert (index.get("1"), len(bodies)) == (arsearch.Article("1", "قمر"), 1)


def items() -> Iterator[Any]:
    """Yield articles, works, and items that are no articles or cannot be sent to another process."""
    for number in range(300):
        yield {"id": str(number), "title": f"كتاب {number}", "body": f"نص المقال رقم {number}", "volume": number}
        if number % 50 == 7:
            parts = [{"heading": f"باب {part}", "body": f"نص الباب {part}"} for part in range(3)]
            yield {"id": f"work {number}", "title": "عمل كبير", "parts": parts}
        if number % 70 == 9:
            yield {"id": f"odd {number}", "title": "قمر", "value": lambda: None}
        if number == 120:
            yield {"id": "empty"}
            yield {"id": "5", "title": "كتاب آخر", "date": "بلا تاريخ"}


def test_workers_add_what_one_process_adds(index: arsearch.Index) -> None:
    alone = index.add(items())
    articles = list(index)
    index.delete([article.id for article in articles if "¶" not in article.id])
    assert len(index) == 0
    together = index.add(items(), workers=2, commit_every=100)

    assert list(index) == articles
    assert together.commits > 2
    for name in ("added", "failed", "failures", "remarks", "characters", "parts", "undeclared"):
        assert getattr(together, name) == getattr(alone, name), name
    index.add([{"id": "last", "title": "قمر"}])
    assert [article.id for article in index][-1] == "last"


def test_corrections_and_completions_end_at_a_deadline(index: arsearch.Index) -> None:
    index.add([ONE, TWO])
    view, late = index.backend.view(), time.perf_counter() - 1
    assert isinstance(view, OpenSearchView)

    assert not view.correct("مدرسية", 3, late).queries
    assert (view.suggest("كت", 3, late), view.respell(["مدرصة"], ["مدرصة"], late)) == ((), {})
    assert view.correct("مدرصة", 3, late + 60).queries == ("مدرسة",)


def test_processes_search_a_cluster(index: arsearch.Index) -> None:
    index.add([ONE, TWO])
    texts = ["كتاب", "مدرسة", "قمر"]
    alone, others = (index.search_many(texts, processes=processes, timeout=30) for processes in (None, 2))

    assert [[(hit.id, hit.score, hit.snippet.text) for hit in results] for results in others] == [
        [(hit.id, hit.score, hit.snippet.text) for hit in results] for results in alone
    ]


def test_a_worker_that_dies_stops_adding(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_START", "import sys; sys.exit(3) # {!r}")
    with pytest.raises(AddError, match="a worker process"):
        index.add([ONE, TWO], workers=2)
    assert len(index) == 0
    assert index.add([ONE]).added == 1


def test_articles_sent_twice_count_as_added(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Connection.request

    def twice(self: Connection, method: str, path: str, body: Any = None, **options: Any) -> Any:
        if path.endswith("/_bulk"):
            real(self, method, path, body, **options)  # its answer is lost
        return real(self, method, path, body, **options)

    index.add([ONE])
    monkeypatch.setattr(Connection, "request", twice)
    report = index.add([ONE, TWO])

    assert (report.added, report.updated, len(index)) == (1, 1, 2)


def test_a_lock_that_expired_is_taken_over(index: arsearch.Index) -> None:
    path = f"/{name(index)}/_doc/@lock"
    connection(index).request("PUT", path, {"owner": "dead", "until": 0})

    assert index.add([ONE]).added == 1


def test_a_writer_whose_lock_was_taken_over_writes_nothing(index: arsearch.Index) -> None:
    def source() -> Iterator[dict[str, str]]:
        yield ONE
        connection(index).request("PUT", f"/{name(index)}/_doc/@lock", {"owner": "other", "until": 0})

    with pytest.raises(AddError, match="another writer has it") as caught:
        index.add(source())

    assert isinstance(caught.value.__cause__, IndexLockedError)
    assert len(index) == 0
    assert index.add([TWO]).added == 1


def end_point_in_time(index: arsearch.Index) -> None:
    """Let the cluster forget the point in time of the newest commit, as it does after a while."""
    view = index.backend.view()
    assert isinstance(view, OpenSearchView)
    ended = connection(index).request("DELETE", "/_search/point_in_time", {"pit_id": [view._point.id]})
    assert [one["successful"] for one in ended["pits"]] == [True]


def test_the_point_in_time_of_the_newest_commit_is_opened_again(index: arsearch.Index) -> None:
    index.add([ONE])
    snapshot = index.snapshot()
    end_point_in_time(index)
    assert snapshot.search("كتاب").total == 1

    end_point_in_time(index)
    index.add([TWO])
    with pytest.raises(IndexClosedError, match="no longer kept"):
        snapshot.search("كتاب")
    assert index.search("كتاب").total == 2


def test_a_merge_may_take_longer_than_a_request(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        index.add([{"id": str(number), "title": "كتاب"}])
    real, polls = Connection.request, []

    def slow(self: Connection, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = real(self, method, path, body, **options)
        if path.startswith("/_tasks/"):
            polls.append(path)
            return answer if len(polls) > 3 else {"completed": False}
        return answer

    monkeypatch.setattr(Connection, "request", slow)
    generation = index.stats().generation
    index.optimize()

    assert index.stats().generation == generation + 1
    found = connection(index).request("GET", f"/{name(index)}/_segments")["indices"][name(index)]["shards"]
    segments = [one["segments"].values() for copies in found.values() for one in copies]
    assert len(polls) > 3
    assert all(sum(segment["search"] and segment["num_docs"] > 0 for segment in of_shard) <= 1 for of_shard in segments)
    assert index.search("كتاب").total == 3


@pytest.mark.parametrize("answer", [None, {"error": {"type": "x"}}, {"response": {"_shards": {"failed": 1}}}])
def test_a_merge_that_fails_is_an_error(
    index: arsearch.Index, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any] | None
) -> None:
    real = Connection.request

    def failing(self: Connection, method: str, path: str, body: Any = None, **options: Any) -> Any:
        if not path.startswith("/_tasks/"):
            return real(self, method, path, body, **options)
        if answer is None:
            return real(self, method, path.replace(path[8:12], "aaaa"), body, **options)  # a node that is not there
        return {"completed": True, **answer}

    index.add([ONE])
    monkeypatch.setattr(Connection, "request", failing)
    with pytest.raises(IndexUnavailableError, match="the index is intact, merge it again"):
        index.optimize()
    assert index.add([TWO]).added == 1  # the lock was released


def test_an_index_that_the_cluster_made_by_itself_is_not_ours(location: str) -> None:
    connection = Connection(read_location(location))
    connection.request("POST", f"/{connection.location.name}/_doc", {"title": "كتاب"})

    with pytest.raises(NotAnIndexError, match="not made by arsearch"):
        arsearch.open(location, create=True)


def test_an_alias_names_an_index(index: arsearch.Index, location: str) -> None:
    index.add([ONE])
    alias = f"{name(index)}-alias"
    connection(index).request("PUT", f"/{name(index)}/_alias/{alias}")

    with arsearch.open(f"{location}-alias") as other:
        other.add([TWO])
        assert other.search("كتاب").total == 2
    assert len(index) == 2


def test_a_long_id_and_a_long_keyword(index: arsearch.Index) -> None:
    id, source = "م" * 1024, "ص" * 40_000
    index.add([{"id": id, "title": "كتاب", "source": source}, {"id": "@commit", "title": "قمر"}])

    assert (id in index, "@commit" in index, len(index)) == (True, True, 2)
    assert [hit.id for hit in index.search("", filters={"source": source})] == [id]
    assert index.search("", filters={"source": source + "ص"}).total == 0
    assert index.delete(id) == 1


@pytest.mark.parametrize("count", [60, 150, 260])
def test_a_query_of_many_words_has_the_answers_of_the_embedded_index(
    pair: tuple[arsearch.Index, arsearch.Index], count: int
) -> None:
    texts = [f"{article.get('title', '')} {article.get('body', '')}" for article in ARTICLES]
    words = list(dict.fromkeys(word for text in texts for word in text.split()))
    text = " ".join(words[:count])
    one, other = (index.search(text, limit=30, correct=False, timeout=None) for index in pair)

    assert len(words) > 260
    assert (one.total, one.total_complete) == (other.total, other.total_complete)
    scores = {hit.id: hit.score for hit in other}
    assert scores == pytest.approx({hit.id: hit.score for hit in one}, rel=1e-5)
    order = [(not hit.complete, -hit.score) for hit in other]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "text", ["كتاب", "النفط القمح", "كتاب -النفط", '"أسعار النفط" البصرة', "(كتاب OR قمح) الوزير", "كتا*"]
)
def test_an_approximate_page_has_exact_scores_and_a_note(
    pair: tuple[arsearch.Index, arsearch.Index], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "_MOST_EXACT", 0)
    how: dict[str, Any] = {"mode": "any", "limit": 30, "exact": False, "correct": False, "timeout": None}
    one, other = (index.search(text, **how) for index in pair)

    scores = {hit.id: hit.score for hit in other}
    assert scores == pytest.approx({hit.id: hit.score for hit in one}, rel=1e-5)
    order = [(not hit.complete, -hit.score) for hit in other]
    assert order == sorted(order)
    assert (other.total, other.total_complete) == (one.total, one.total_complete)
    note = "the page was chosen among 1,000 articles of each shard; exact=True compares all articles"
    assert (note in other.notes, note in one.notes) == (one.total > 0, False)
    exact: list[dict[str, Any]] = [{}, {"exact": False, "sort": "date"}, {"exact": False, "collapse": "source"}]
    for options in exact:
        assert note not in pair[1].search(text, **options).notes


def test_a_query_of_many_words_that_cannot_be_answered_is_an_error(
    pair: tuple[arsearch.Index, arsearch.Index],
) -> None:
    words = " ".join(f"كلمة{number}" for number in range(300))
    with pytest.raises(QueryError, match="too many words"):
        pair[1].search(f"{words} كتاب", sort="date", timeout=None)


def test_a_pattern_of_many_words_counts_all_of_them(index: arsearch.Index) -> None:
    articles = [
        {"id": str(number), "body": f"{f'رقم{number} ' * (number % 7)} رقم{number + 1} كتاب {'رقم7 ' * (number % 3)}"}
        for number in range(1200)
    ]
    index.add(articles)
    with arsearch.open(":memory:", create=True) as embedded:
        embedded.add(articles)
        for text in ("رقم*", "رقم* كتاب", "+رقم* -كتاب~1", "title:رقم* كتاب"):
            one, other = (each.search(text, limit=50, correct=False) for each in (embedded, index))
            assert one.total == other.total
            assert [hit.id for hit in one] == [hit.id for hit in other]
            assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other], rel=1e-5)

    assert index.search("رقم*", limit=5).total == 1200
    assert index.search("رقم* كتاب", sort="-date", limit=5).total == 1200
    assert index.search("* -رقم*").total == 0


def test_the_example_of_the_docs(
    location: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).parent.parent.parent
    monkeypatch.chdir(root)
    block, *_ = re.findall(
        r"^```py\n(.*?)^```$", (root / "docs/cluster.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    exec(block.replace("opensearch://search1:9200,search2:9200/news", location), {})

    assert "النفط" in capsys.readouterr().out
