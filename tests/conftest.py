"""What all tests share: the sample articles, an index of them, and the place of large real corpora if there is one."""

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
"""Seconds of processor time that no test with `no_hang` takes, by far: what takes longer would take for ever."""

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

# Seeded, so that a red run is red again; bounded, so that the suite stays quick.
settings.register_profile(
    "suite", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """What is started in the background ignores Ctrl-C, and so would the processes that tests interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def own_temporary_folder() -> Iterator[None]:
    """One for each process: Whoosh's RamStorage writes to a folder of one fixed name in it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)  # as the one for all: some tests become another user
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("TMPDIR", folder)  # for the processes that tests start
        yield


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of the sample articles."""
    return EXAMPLES


@pytest.fixture(scope="session")
def samples() -> list[dict[str, Any]]:
    """The sample articles as mappings."""
    lines = (EXAMPLES / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def sample_index(samples: list[dict[str, Any]]) -> Iterator[arsearch.Index]:
    """An index of the sample articles, in memory; not to be written to."""
    with arsearch.open(":memory:", create=True) as index:
        index.add(samples)
        yield index


@pytest.fixture
def index() -> Iterator[arsearch.Index]:
    """An empty index in memory."""
    with arsearch.open(":memory:", create=True) as empty:
        yield empty


@pytest.fixture
def no_hang() -> Iterator[None]:
    """Fails a test that hangs; how quick it is, is not asked."""

    def stop(*_: object) -> None:
        pytest.fail(f"more than {HANG} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, HANG)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real corpora that $ARSEARCH_DATA names; skips the test if there is none."""
    folder = os.environ.get("ARSEARCH_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("ARSEARCH_DATA names no folder of corpora")
    return Path(folder)
