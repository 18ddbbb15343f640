"""Run tests on a damaged copy of the tree, in forked processes that have the libraries loaded already.

A test process costs two seconds to start, most of them for libraries that no mutant changes. This process loads these, and
never the package under test; each child loads that anew. `observe` learns which tests run which line, how long each
takes, and which start processes, whose lines nobody sees. A child then begins with the quickest tests of the damaged line,
goes on with the modules of tests that may notice, and ends with the first test that fails.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

LIBRARIES = "click coverage hypothesis numpy rich.console starlette.testclient whoosh.index whoosh.qparser zstandard"
OPTIONS = "-x -q --no-header --tb=line --assert=plain -p no:cacheprovider -p no:schemathesis -p no:xdist".split()
# The back-ends of one machine share most of their code. Two tests take a minute, some check the default timeout, and the
# processes of the fuzzer take half of the time of all tests of storage.
SELECTED = [
    "-k",
    (
        "not toy and (not embedded-folder or test_contract_batches)"
        " and not two_hundred_segments and not whose_threads_search and not two_seconds"
        " and not test_mutations_are_detected and not test_a_mutation_that"
    ),
]
OUTPUT = "mutants.log"
"""The output of the last run of tests, in the copy."""

SLOW = 1.0
"""Seconds; a test that takes longer, runs no damaged line and starts no process is left out."""

QUICKEST = 20
"""The number of tests that run alone, before the modules of all tests are loaded."""

_forked = multiprocessing.get_context("fork")


class Observation(NamedTuple):
    """The seconds of each test, the tests that run each line of each file, and the tests that start processes."""

    seconds: Mapping[str, float]
    lines: Mapping[str, Mapping[int, Sequence[str]]]
    starters: Sequence[str]

    def first(self, path: str, start: int, end: int) -> list[str]:
        """Return the tests that run a line from `start` to `end` of a file, the quickest first, and those with processes."""
        tests = self._tests(path, start, end)
        return sorted(tests, key=self.seconds.__getitem__) + [test for test in self.starters if test not in tests]

    def modules(self, path: str, start: int, end: int) -> list[str]:
        """Return the modules of tests that run a line of a function, or that start processes; all if no test is known.

        A module is whole, because its tests may share what one of them computed.
        """
        tests = self._tests(path, start, end)
        return sorted({test.partition("::")[0] for test in (*tests, *self.starters) if tests} or self._modules())

    def _modules(self) -> set[str]:
        return {test.partition("::")[0] for test in self.seconds}

    def _tests(self, path: str, start: int, end: int) -> set[str]:
        tests = {test for line in range(start, end + 1) for test in self.lines.get(path, {}).get(line, ())}
        return tests & self.seconds.keys()


def load_libraries() -> None:
    """Load what the tests import besides the package, as far as it is installed."""
    for name in LIBRARIES.split():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def observe(copy: Path, files: Sequence[str], modules: Sequence[str]) -> Observation:
    """Run all tests on the undamaged copy. Raise RuntimeError if one fails, or if none runs a line of the modules."""
    import coverage

    data, report = copy / "mutants.coverage", copy / "mutants.json"

    def run() -> int:
        measured = coverage.Coverage(
            data_file=str(data),
            include=[f"{copy}/{module}{'' if module.endswith('.py') else '/*'}" for module in modules],
        )
        observer = _Observer(measured)
        measured.start()
        code = pytest.main([*OPTIONS, *SELECTED, *files], plugins=[observer])
        measured.stop()
        measured.save()
        report.write_text(json.dumps([observer.seconds, observer.starters]), encoding="utf-8")
        return int(code)

    if not _in_child(copy, run, None):
        output = (copy / OUTPUT).read_text(encoding="utf-8")
        raise RuntimeError(f"the tests fail on the undamaged tree: pytest {' '.join(files)}\n{output[-2000:]}")
    kept = coverage.CoverageData(str(data))
    kept.read()
    lines = {str(Path(path).relative_to(copy)): kept.contexts_by_lineno(path) for path in kept.measured_files()}
    if not lines:
        raise RuntimeError(f"no test runs a line of {' '.join(modules)}")
    seconds, starters = json.loads(report.read_text(encoding="utf-8"))
    return Observation(seconds, lines, starters)


def passes(copy: Path, files: Sequence[str], first: Sequence[str], observation: Observation) -> bool:
    """Tell whether the `first` tests pass on the copy, and then the others that are not slow."""

    def run(places: Sequence[str]) -> int:
        return int(pytest.main([*OPTIONS, *SELECTED, *places], plugins=[_Ordered(first, observation.seconds)]))

    def run_quickest() -> int:
        code = run(first[:QUICKEST])
        return 0 if code == pytest.ExitCode.USAGE_ERROR else code  # a module of theirs cannot be loaded

    limit = 120 + 5 * sum(observation.seconds.values())
    return (not first or _in_child(copy, run_quickest, limit)) and _in_child(copy, lambda: run(files), limit)


class _Observer:
    def __init__(self, measured: Any) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}
        self.starters: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measured.switch_context(item.nodeid)
        start, ended = time.monotonic(), _ended_processes()
        result = yield
        self.seconds[item.nodeid] = time.monotonic() - start
        if _ended_processes() != ended:
            self.starters.append(item.nodeid)
        return result


def _ended_processes() -> int:
    """Return a number that grows when a child process has ended: the page faults of all of them."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt


class _Ordered:
    """Run some tests first, and end the process when a test takes much longer than it did."""

    def __init__(self, first: Sequence[str], seconds: Mapping[str, float]) -> None:
        self.places = {test: place for place, test in enumerate(first)}
        self.seconds = seconds

    def pytest_sessionstart(self) -> None:
        # A failing example is as good as the smallest one, and shrinking takes minutes.
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings.get_profile("suite"), phases=phases, report_multiple_bugs=False)
        settings.load_profile("mutants")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if one.nodeid in self.places or self.seconds.get(one.nodeid, 0) <= SLOW]
        items.sort(key=lambda item: self.places.get(item.nodeid, len(self.places)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        signal.alarm(round(60 + 10 * self.seconds.get(item.nodeid, 0)))
        try:
            return (yield)
        finally:
            signal.alarm(0)


def _in_child(copy: Path, run: Callable[[], int], limit: float | None) -> bool:
    """Tell whether `run` returns 0 in a forked child in the folder `copy`, within `limit` seconds."""
    child = _forked.Process(target=_quietly, args=(copy, run))
    child.start()
    child.join(limit)
    assert child.pid is not None
    with contextlib.suppress(ProcessLookupError):  # the child, and what its tests left running
        os.killpg(child.pid, signal.SIGKILL)
    child.join()
    return child.exitcode == 0


def _quietly(copy: Path, run: Callable[[], int]) -> None:
    os.setsid()
    os.chdir(copy)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "ARSEARCH_PATIENT": "1"}
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(copy))
    os._exit(run())
