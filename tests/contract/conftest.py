"""The back-ends that the promises are tested on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.search.backend import Capability
from contract.corpus import ARTICLES, FIELDS

CLUSTER = os.environ.get("ARSEARCH_OPENSEARCH", "").partition(",")[0]
"""The URL of a node of OpenSearch, such as http://127.0.0.1:9200; empty without a cluster, which is then not tested."""

BACKENDS = ("embedded-memory", "embedded-folder", "toy", *(["opensearch"] if CLUSTER else []))

_numbers = count()


@pytest.fixture(scope="session")
def toy_scheme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Install the toy back-end as a distribution with an entry point, and return its scheme."""
    folder = tmp_path_factory.mktemp("toy-distribution")
    (folder / "toy_distribution.py").write_text(
        "from contract.toy import ToyServer\n\nserver = ToyServer()\nopen_toy = server.open\n", encoding="utf-8"
    )
    metadata = folder / "toy_distribution-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-distribution\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[arsearch.backends]\ntoy = toy_distribution:open_toy\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield "toy"
    sys.modules.pop("toy_distribution", None)


def new_location(backend: str, folder: Path, scheme: str) -> str:
    """Return a location of a back-end with no index."""
    if backend == "embedded-memory":
        return ":memory:"
    if backend == "opensearch":
        return f"opensearch{CLUSTER.removeprefix('http')}/test-{os.getpid()}-{time.time_ns()}"
    return str(folder / "news.arsearch") if backend == "embedded-folder" else f"{scheme}://index-{next(_numbers)}"


def remove(location: str) -> None:
    """Delete the index at a location of a cluster or of the toy back-end; pytest removes folders."""
    if location.startswith("toy:") and "toy_distribution" in sys.modules:
        sys.modules["toy_distribution"].server.remove(location)
    if location.startswith("opensearch"):
        from arsearch.opensearch.connection import Connection, RequestFailedError
        from arsearch.opensearch.location import read_location

        connection = Connection(read_location(location))
        try:
            connection.request("DELETE", f"/{connection.location.name}")
        except RequestFailedError as error:
            if error.status != 404:
                raise


@pytest.fixture(params=BACKENDS)
def location(request: pytest.FixtureRequest, tmp_path: Path, toy_scheme: str) -> Iterator[str]:
    """A location with no index, for each back-end."""
    location = new_location(request.param, tmp_path, toy_scheme)
    yield location
    remove(location)


@pytest.fixture(params=BACKENDS[1:])
def shared_location(request: pytest.FixtureRequest, tmp_path: Path, toy_scheme: str) -> Iterator[str]:
    """A location with no index, for each back-end whose indexes can be opened twice."""
    location = new_location(request.param, tmp_path, toy_scheme)
    yield location
    remove(location)


@pytest.fixture
def index(location: str) -> Iterator[arsearch.Index]:
    """An empty index."""
    with arsearch.open(location, create=True, fields=FIELDS) as empty:
        yield empty


@pytest.fixture(scope="module", params=BACKENDS)
def shared_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, toy_scheme: str
) -> Iterator[Callable[..., arsearch.Index]]:
    """A function that makes an index of articles for the tests of a module, which do not write to it."""
    with ExitStack() as stack:

        def make(articles: list[dict[str, Any]], fields: Mapping[str, str] = FIELDS) -> arsearch.Index:
            location = new_location(request.param, tmp_path_factory.mktemp("shared"), toy_scheme)
            stack.callback(remove, location)
            index = stack.enter_context(arsearch.open(location, create=True, fields=fields))
            index.add(articles)
            return index

        yield make


@pytest.fixture(scope="session", params=BACKENDS)
def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, toy_scheme: str
) -> Iterator[arsearch.Index]:
    """An index of the corpus, not to be written to."""
    folder = tmp_path_factory.mktemp("contract")
    location = new_location(request.param, folder, toy_scheme)
    with filled(location) as index:
        yield index
    remove(location)


def filled(location: str) -> arsearch.Index:
    """Return a new index of the corpus, made by several commits, with articles replaced and deleted on the way."""
    index = arsearch.open(location, create=True, fields=FIELDS)
    index.add([{"id": "trip", "title": "نص قديم", "body": "هذا النص يستبدل."}, {"id": "gone", "title": "يحذف"}])
    index.add(ARTICLES, commit_every=10)
    index.delete("gone")
    if Capability.OPTIMIZE in index.capabilities:
        # Deleted articles count in the statistics of terms until they are merged away.
        index.optimize()
    return index
