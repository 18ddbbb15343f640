"""The fixtures of all tests: the sample articles, indexes, a time limit, and the folder of large real corpora."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import arsearch

HANG = 60
"""Seconds of processor time after which `no_hang` fails a test. Every such test takes far less unless it hangs."""

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

# Seeded, so a failing run fails again; bounded, so the suite stays fast.
settings.register_profile(
    "suite", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


LONGEST = {
    "test_schemathesis_finds_no_contradiction",
    "test_no_fault_breaks_a_promise",
    "test_concurrent_readers_and_writers_are_never_wrong",
    "test_arsearch_sqlite_and_whoosh",
    "test_lucene",
    "test_relevance",
    "test_spelling",
    "test_extraction",
    "test_answers_names_the_one_item_that_differs",
}
"""The tests that take five seconds or more of a processor or of waiting."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: one of them at the end would leave the other processes without work."""
    items.sort(key=lambda item: item.name.partition("[")[0] not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Restore Ctrl-C. A pytest that runs in the background ignores it, and so would the processes that tests interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def own_temporary_folder() -> Iterator[None]:
    """Give each pytest process a temporary folder of its own. Whoosh's RamStorage writes to a fixed name in it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)  # some tests become another user, who must be able to read it
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("TMPDIR", folder)  # for child processes
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # compiling takes a third of the start of each of them
        yield


@pytest.fixture(scope="module", autouse=True)
def unflushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let commits not wait for the disk, which would take half of the time, except in the tests of reliability."""
    from arsearch.index.store import filesystem

    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name != "reliability":
            patch.setattr(filesystem, "_fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_searches() -> Iterator[None]:
    """Give searches 30 seconds on nodes of OpenSearch and in `tools/mutants.py`: 2, the default, is short on a busy machine."""
    if not (os.environ.get("ARSEARCH_OPENSEARCH") or os.environ.get("ARSEARCH_PATIENT")):
        yield
        return
    from arsearch.search.batches import single, transport
    from arsearch.search.searchable import Searchable

    with pytest.MonkeyPatch.context() as patch:
        for name in ("search", "explain", "correct", "suggest", "more_like", "passages", "spans"):
            patch.setitem(getattr(Searchable, name).__kwdefaults__, "timeout", 30.0)
        for module in (single, transport):
            patch.setattr(module, "TIMEOUT", 30.0)
        yield


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the sample articles."""
    return EXAMPLES


@pytest.fixture(scope="session")
def samples() -> list[dict[str, Any]]:
    """Return the sample articles as mappings."""
    lines = (EXAMPLES / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def sample_index(samples: list[dict[str, Any]]) -> Iterator[arsearch.Index]:
    """Yield an in-memory index of the sample articles. The tests share it and must not write to it."""
    with arsearch.open(":memory:", create=True) as index:
        index.add(samples)
        yield index


@pytest.fixture
def index() -> Iterator[arsearch.Index]:
    """Yield an empty in-memory index."""
    with arsearch.open(":memory:", create=True) as empty:
        yield empty


@pytest.fixture
def no_hang() -> Iterator[None]:
    """Fail a test that hangs. This is no assertion about its speed."""

    def stop(*_: object) -> None:
        pytest.fail(f"more than {HANG} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, HANG)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real corpora in $ARSEARCH_DATA, or skip the test."""
    folder = os.environ.get("ARSEARCH_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("ARSEARCH_DATA is not the path of a folder")
    return Path(folder)
