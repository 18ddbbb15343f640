"""A new index is loaded from many processes and takes the name of the old one."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from contract.conftest import CLUSTER, new_location, remove
from contract.corpus import ARTICLES, FIELDS
from contract.test_contract_works import FIQH, RIVERS

import arsearch
from arsearch.errors import AddError, IndexExistsError, IndexWriteError
from arsearch.opensearch import begin_load, discard_load, feed, finish_load
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.location import read_location

if not CLUSTER:
    pytest.skip("ARSEARCH_OPENSEARCH does not hold the URL of a node of OpenSearch", allow_module_level=True)

ROOT = Path(__file__).parent.parent.parent
ALL = [*ARTICLES, FIQH, RIVERS]


@pytest.fixture
def location() -> Iterator[str]:
    """A location with no index; whatever stands there afterwards, or was made for it, is deleted."""
    location = new_location("opensearch", Path(), "")
    yield location
    for name in indexes(location):
        remove(location.replace(read_location(location).name, name))


def indexes(location: str) -> list[str]:
    """Return the names of the indexes that were made for a location."""
    connection = Connection(read_location(location))
    return sorted(connection.request("GET", f"/{connection.location.name}*/_mapping"))


def settings_of(location: str) -> Any:
    connection = Connection(read_location(location))
    ((_, found),) = connection.request("GET", f"/{connection.location.name}/_settings").items()
    return found["settings"]["index"]


def test_partitions_become_one_index_in_their_order(location: str) -> None:
    new = begin_load(f"{location}?shards=2&replicas=0-1", fields=FIELDS)
    assert settings_of(new)["number_of_replicas"] == "0"
    parts = [ALL[at : at + 7] for at in range(0, len(ALL), 7)]
    with ThreadPoolExecutor(3) as threads:
        reports = list(threads.map(lambda numbered: feed(numbered[1], new, part=numbered[0]), enumerate(parts)))
    report = finish_load(new, location, reports)

    with arsearch.open(location) as index, arsearch.open(":memory:", create=True, fields=FIELDS) as embedded:
        embedded.add(ALL)
        assert list(index) == list(embedded)
        for text in ("نفط", "كتاب الطهارة", "الماء الطهور"):
            found, expected = index.search(text, correct=False), embedded.search(text, correct=False)
            assert [hit.id for hit in found] == [hit.id for hit in expected]
            assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-5)
        assert (report.added, report.parts, report.failures) == (len(ALL), 4, 0)
        assert settings_of(location)["number_of_shards"] == "2"
        index.add([{"id": "later", "title": "لاحق"}])
        assert [article.id for article in index][-1] == "later"


def test_the_old_index_answers_until_the_end_and_gives_its_analyzer_and_fields(location: str) -> None:
    light = arsearch.ArabicAnalyzer.from_config({"stemmer": {"name": "light10"}})
    with arsearch.open(location, create=True, fields={"volume": "int"}, analyzer=light) as index:
        index.add([{"id": "old", "title": "قديم"}])
        new = begin_load(location)
        report = feed([{"id": "new", "title": "جديد", "volume": 3}], new)
        assert (index.search("قديم").total, index.search("جديد").total) == (1, 0)

        finish_load(new, location, [report])

        assert (index.search("قديم").total, index.search("جديد", filters={"volume": 3}).total) == (0, 1)
        assert index.analyzer.fingerprint == light.fingerprint
        assert index.add([{"id": "more", "title": "مزيد"}]).added == 1
    assert len(indexes(location)) == 1


def test_feeding_again_replaces_and_the_last_article_of_an_id_counts(location: str) -> None:
    new = begin_load(location)
    articles = [{"id": "1", "title": "أول"}, FIQH, {"id": "1", "title": "ثان"}, {**FIQH, "parts": FIQH["parts"][:1]}]
    feed(articles, new, part=0)
    report = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(feed))(articles, new, part=0)))

    assert (report.added, report.updated, report.parts) == (2, 2, 1)
    assert finish_load(new, location, [report]).added == 2
    with arsearch.open(location) as index:
        assert [(article.id, article.title, len(article.parts)) for article in index] == [
            ("1", "ثان", 0),
            ("fiqh", FIQH["title"], 1),
        ]


def test_bad_articles_are_reported_and_strict_stops(location: str) -> None:
    new = begin_load(location)
    report = feed([{"id": "1", "title": "خبر"}, {"id": "2", "title": ""}], new)
    assert (report.added, report.failures, report.failed[0].id) == (1, 1, "2")
    with pytest.raises(AddError):
        feed([{"id": "2", "title": ""}], new, strict=True)
    assert finish_load(new, location, [report]).failures == 1


def test_a_refused_document_takes_its_work_with_it(location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Connection.request

    def refusing(self: Connection, method: str, path: str, body: Any = None, **options: Any) -> Any:
        if path.endswith("/_bulk") and b"rivers" not in body:
            body = body.replace(b'"len":{', b'"len":{"title":"x",')
        return real(self, method, path, body, **options)

    monkeypatch.setattr(Connection, "request", refusing)
    new = begin_load(location)
    reports = [feed([FIQH], new), feed([{"id": "rivers", "title": "أنهار"}], new)]

    assert (reports[0].added, reports[0].parts, reports[0].failures) == (0, 0, 1)
    assert "refused" in reports[0].failed[0].reason
    assert finish_load(new, location, reports).added == 1


def test_a_load_with_another_number_of_documents_is_not_finished(location: str) -> None:
    with arsearch.open(location, create=True) as index:
        index.add([{"id": "old", "title": "قديم"}])
    new = begin_load(location)
    reports = [feed([{"id": "1", "title": "خبر"}], new), feed([{"id": "1", "title": "مكرر"}], new)]

    with pytest.raises(IndexWriteError, match="has 1 documents, and the reports name 2"):
        finish_load(new, location, reports)
    with pytest.raises(IndexWriteError):
        finish_load(new, location, [])
    with arsearch.open(location) as index:
        assert index.search("قديم").total == 1
    finish_load(new, location, reports[:1])
    with arsearch.open(location) as index:
        assert index.search("مكرر").total == 1


def test_only_an_index_that_is_being_loaded_is_fed(location: str) -> None:
    with arsearch.open(location, create=True) as index:
        with pytest.raises(IndexExistsError, match="not being loaded"):
            feed([{"id": "1", "title": "خبر"}], location)
        with pytest.raises(IndexExistsError, match="not being loaded"):
            discard_load(location)
        assert len(index) == 0
    new = begin_load(location)
    finish_load(new, location, [feed([{"id": "1", "title": "خبر"}], new)])
    with pytest.raises(IndexExistsError, match="not being loaded"):
        feed([{"id": "2", "title": "خبر"}], new)
    with pytest.raises(ValueError, match="part is -1"):
        feed([], new, part=-1)


def test_a_discarded_load_leaves_nothing(location: str) -> None:
    new = begin_load(location)
    feed([{"id": "1", "title": "خبر"}], new)
    discard_load(new)

    assert indexes(location) == []
    with pytest.raises(IndexExistsError, match="not being loaded"):
        feed([{"id": "1", "title": "خبر"}], new)
    assert indexes(location) == []


def test_the_figures_of_a_load(tmp_path: Path) -> None:
    pytest.importorskip("psutil")
    lines = (ROOT / "examples" / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "docs.jsonl").write_text("".join(lines[:24]), encoding="utf-8")
    command = [sys.executable, "-m", "bench.feeding", "--corpus", str(tmp_path), "--processes", "2", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [row["way"] for row in report["rows"]] == ["embedded", "cluster, add", "cluster, feed, 2"]
    assert all(row["articles/s"] > 0 and row["MB"] > 0 for row in report["rows"])
    assert len(report["extrapolated"]) == 9


def test_the_example_of_the_docs(location: str, capsys: pytest.CaptureFixture[str]) -> None:
    section = (ROOT / "docs" / "cluster.md").read_text("utf-8").partition("## Loading from many processes")[2]
    block = section.partition("```py\n")[2].partition("```")[0]

    exec(block.replace("opensearch://search1:9200/news", location), {})

    assert capsys.readouterr().out == "2\n"


def test_the_example_with_dask(location: str, tmp_path: Path) -> None:
    pytest.importorskip("dask")
    lines = (ROOT / "examples" / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    files = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text("".join(lines[number * 42 : (number + 1) * 42]), encoding="utf-8")
    script = ROOT / "examples" / "cluster" / "load_with_dask.py"

    done = subprocess.run(
        [sys.executable, str(script), f"{location}?shards=2", *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )

    assert done.stdout == "126 articles added, 0 failed\n"
    with arsearch.open(location) as index:
        assert [article.id for article in index] == [str(json.loads(line)["id"]) for line in lines]
