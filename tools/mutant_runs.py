"""Run tests on a damaged copy of the tree, in forked processes that have the libraries loaded already.

A test process costs two seconds to start, most of them for libraries that no mutant changes. This process loads these, and
never the package under test; each child loads that anew. `observe` learns which tests run which line, how long each
takes, and which start processes, whose lines nobody sees. A child then begins with the quickest tests of the damaged line,
goes on with the other tests that may notice, and ends with the first that fails.
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
RUNNING = "mutants.test"
"""The output of the last run of tests, and the test that began last, in the copy."""

SLOW = 1.0
"""Seconds; a test that takes longer and starts no process is left out where all tests may notice the damage."""

EVERYWHERE = "session"
"""The name in an `Observation` of what tests of several modules share."""

QUICKEST = 20
"""The number of tests that run alone, before the modules of all tests are loaded."""

_forked = multiprocessing.get_context("fork")


class Observation(NamedTuple):
    """The seconds of each test, the tests that run each line of each file, and the tests that start processes."""

    seconds: Mapping[str, float]
    lines: Mapping[str, Mapping[int, Sequence[str]]]
    starters: Sequence[str]

    def tests(self, path: str, start: int, end: int) -> list[str]:
        """Return the tests that run a line from `start` to `end` of a file, the quickest first, and those with processes.

        A line that a shared fixture runs belongs to all tests of its module, or to all tests if all modules share it. If
        no test is known to run the line, all may. Results that tests keep in a cache are not known.
        """
        contexts = {name for line in range(start, end + 1) for name in self.lines.get(path, {}).get(line, ())}
        modules = {name for name in contexts if "::" not in name}
        running = [test for test in self.seconds if test in contexts or test.partition("::")[0] in modules]
        if not running or EVERYWHERE in contexts:
            return self.every()
        running.sort(key=self.seconds.__getitem__)
        return running + [test for test in self.starters if test not in running]

    def every(self) -> list[str]:
        """Return all tests that are not slow, the quickest first, and those with processes."""
        quick = (test for test in self.seconds if self.seconds[test] <= SLOW and test not in self.starters)
        return sorted(quick, key=self.seconds.__getitem__) + list(self.starters)


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


def passes(copy: Path, tests: Sequence[str], observation: Observation) -> bool:
    """Tell whether the tests pass on the copy, in the order given."""

    def run(places: Sequence[str]) -> int:
        return int(pytest.main([*OPTIONS, *SELECTED, *places], plugins=[_Ordered(tests, observation.seconds)]))

    def run_quickest() -> int:
        code = run(tests[:QUICKEST])
        return 0 if code == pytest.ExitCode.USAGE_ERROR else code  # a module of theirs cannot be loaded

    limit = 120 + 5 * sum(observation.seconds.values())
    modules = sorted({test.partition("::")[0] for test in tests})
    return _in_child(copy, run_quickest, limit) and _in_child(copy, lambda: run(modules), limit)


def noticed(copy: Path) -> str:
    """Return the test that failed in the last run, or that ended its process or took too long."""
    output = (copy / OUTPUT).read_text(encoding="utf-8", errors="replace")
    failures = (line.partition(" - ")[0] for line in output.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    return next(failures, f"{(copy / RUNNING).read_text(encoding='utf-8')} took too long")


class _Observer:
    def __init__(self, measured: Any) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}
        self.starters: list[str] = []
        self.test = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.test = item.nodeid
        self.measured.switch_context(self.test)
        start, ended = time.monotonic(), _ended_processes()
        result = yield
        self.seconds[item.nodeid] = time.monotonic() - start
        if _ended_processes() != ended:
            self.starters.append(item.nodeid)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        self.measured.switch_context(request.node.nodeid or EVERYWHERE)  # the node of the scope
        try:
            return (yield)
        finally:
            self.measured.switch_context(self.test)


def _ended_processes() -> int:
    """Return a number that grows when a child process has ended: the page faults of all of them."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt


class _Ordered:
    """Run some tests in their order, and end the process when a test takes much longer than it did."""

    def __init__(self, tests: Sequence[str], seconds: Mapping[str, float]) -> None:
        self.places = {test: place for place, test in enumerate(tests)}
        self.seconds = seconds
        self.running = Path(RUNNING).resolve()
        self.running.write_text("the loading of the tests", encoding="utf-8")

    def pytest_sessionstart(self) -> None:
        # A failing example is as good as the smallest one, and shrinking takes minutes.
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings.get_profile("suite"), phases=phases, report_multiple_bugs=False)
        settings.load_profile("mutants")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self.places), key=lambda one: self.places[one.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.running.write_text(item.nodeid, encoding="utf-8")
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
