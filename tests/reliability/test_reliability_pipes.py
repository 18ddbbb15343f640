"""A worker whose answers nobody reads any more ends without a word, as after the death of the process that started it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import arsearch
from arsearch.index.writing.parallel import pool
from arsearch.index.writing.parallel.protocol import encode
from arsearch.model.schema import Schema
from arsearch.opensearch.bulk import workers
from arsearch.search.backend import AddOptions
from arsearch.search.batches import processes
from arsearch.search.batches.worker import Setup

CONFIG = arsearch.ArabicAnalyzer().config()


def adding(folder: Path) -> bytes:
    setup = encode(("setup", str(folder), CONFIG, {}, b"", 1, True, False, False, None))
    batch = encode(("batch", 1, [{"id": "1", "body": "نص"}]))
    return b"".join(len(message).to_bytes(8, "little") + message for message in (setup, batch))


def searching(folder: Path) -> bytes:
    with arsearch.open(folder, create=True) as index:
        index.add([{"id": "1", "body": "نص"}])
        session = index._session()
        setup = Setup(session.backend, session.planner.synonyms, session.view.generation, ["نص"], True, {})
        return pickle.dumps(setup) + pickle.dumps((0, 1))


def feeding(folder: Path) -> bytes:
    items = [(pickle.dumps({"id": "1", "body": "نص"}), 1)]
    return pickle.dumps((CONFIG, Schema(None).declared, AddOptions())) + pickle.dumps(items)


PROGRAMS = {
    "adding": (pool._START, adding),
    "searching": (processes._START, searching),
    "feeding": (workers._START, feeding),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_worker_whose_answers_nobody_reads_ends_in_silence(name: str, tmp_path: Path) -> None:
    program, request = PROGRAMS[name]
    # the mode for developers reports what Python 3.13 and later always report: files that cannot be closed
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-c", program.format(sys.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as worker:  # type: ignore[call-overload]
        worker.stdout.close()
        worker.stdin.write(request(tmp_path / "index"))
        worker.stdin.flush()

        assert (worker.wait(60), worker.stderr.read()) == (0, b"")
