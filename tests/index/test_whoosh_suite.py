"""Whoosh's own tests, from its source distribution, with our codec in the place of Whoosh's.

They are downloaded with pip when these tests run, and kept in pytest's cache; offline they are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from xml.etree import ElementTree

import pytest

SOURCES = {
    "Whoosh": ("2.7.4", "e0857375f63e9041e03fedd5b7541f97cf78917ac1b6b06c1fcc9b45375dda69"),
    "Whoosh-Reloaded": ("2.7.5", "39ed7dfbd1fec97af33933107bdf78110728375ed0f2abb25dec6dbfdcb279d8"),
}
MODULES = (
    *("classify", "codecs", "collector", "columns", "fields", "highlighting", "indexing", "matching", "misc"),
    *("mpwriter", "nested", "postings", "quality", "queries", "reading", "results", "searching", "sorting", "spans"),
    *("spelling", "vectors", "weightings", "writing"),
)
"""Those that write or read an index; the others test analyzers, parsers and tools that know no codec."""

OTHER_VALUES = "it gives bytes as the values of postings that are none of the field's format, and wants them back"
ROUNDED = "it expects lengths rounded to one byte; ours are exact"
EXCEPTIONS = {
    "codecs": {
        "test_vector": OTHER_VALUES,
        "test_fieldwriter_single_term": OTHER_VALUES,
        "test_fieldwriter_two_terms": OTHER_VALUES,
        "test_fieldwriter_multiblock": OTHER_VALUES,
    },
    "indexing": {"test_lengths": ROUNDED, "test_many_lengths": ROUNDED},
    "mpwriter": {"test_merge_serial": ROUNDED, "test_merge_multi": ROUNDED},
    "quality": {"test_max_field_length": ROUNDED, "test_minmax_field_length": ROUNDED},
}
"""The tests that fail, by module, and why that is right."""

CONFTEST = """
import itertools
import random

import pytest
import whoosh.codec
from arsearch.index.whoosh.codec import ArrayCodec

whoosh.codec.default_codec = lambda *args, **options: ArrayCodec()


@pytest.fixture(autouse=True)
def every_word_is_drawn(request, monkeypatch):
    # It draws 25 times from four words, and fails when one is never drawn: once in 300 times.
    if request.node.name == "test_buffered_threads":
        turns = itertools.count()
        monkeypatch.setattr(random, "choice", lambda words: words[next(turns) % len(words)])
"""


def installed() -> tuple[str, str, str]:
    """The distribution that Whoosh comes from, its version, and the SHA-256 of its source."""
    for name, (number, digest) in SOURCES.items():
        try:
            if version(name) == number:
                return name, number, digest
        except PackageNotFoundError:
            continue
    pytest.skip(f"neither of {', '.join(SOURCES)} is installed in the version whose tests are known")


def downloaded(folder: Path) -> Path:
    """The folder of Whoosh's tests, unpacked below `folder`; skips where pip cannot get them."""
    name, number, digest = installed()
    wanted = folder / "requirement.txt"
    wanted.write_text(f"{name}=={number} --hash=sha256:{digest}\n", encoding="ascii")
    archives = [*folder.glob("*.zip"), *folder.glob("*.tar.gz")]
    if not archives:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        done = subprocess.run([*command, "-d", str(folder), "-r", str(wanted)], capture_output=True, text=True)
        archives = [*folder.glob("*.zip"), *folder.glob("*.tar.gz")]
        if done.returncode or not archives:
            pytest.skip(f"the source of {name} {number} cannot be had: {done.stderr.strip()[-200:]}")
    (archive,) = archives
    unpacked = folder / "source"
    if not unpacked.exists():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python 3.12 wants a filter named, which 3.10 may not know
            shutil.unpack_archive(archive, unpacked)
    (tests,) = unpacked.glob("*/tests")
    return tests


@pytest.fixture(scope="module")
def outcomes(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, str]]:
    """What each test of Whoosh's came to, by module: "passed", "failed" or "skipped"."""
    name, number, _ = installed()
    cache = pytestconfig.cache if pytestconfig.pluginmanager.hasplugin("cacheprovider") else None
    made = cache.mkdir(f"{name}-{number}") if cache is not None else tmp_path_factory.mktemp("source")
    tests = downloaded(Path(made))
    (tests / "conftest.py").write_text(CONFTEST, encoding="ascii")
    report = tmp_path_factory.mktemp("suite") / "report.xml"
    settings = tmp_path_factory.mktemp("settings") / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="ascii")
    # With a temporary folder of their own: Whoosh's storage in memory puts its files there under names that never change.
    # From an empty folder: not the sources beside the tests are tested, but the Whoosh that is installed.
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore",
         "-c", str(settings), f"--rootdir={tests}", f"--junitxml={report}",
         *(str(tests / f"test_{module}.py") for module in MODULES)],
        cwd=report.parent, capture_output=True, text=True, timeout=300,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(report.parent)},  # it uses fixed names there
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout[-3000:]
    found: dict[str, dict[str, str]] = {module: {} for module in MODULES}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        states = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        state = "passed" if not states else "skipped" if states == ["skipped"] else "failed"
        found[str(case.get("classname")).rpartition("test_")[2]][str(case.get("name"))] = state
    return found


@pytest.mark.parametrize("module", MODULES)
def test_whooshs_own_tests_pass_with_our_codec(module: str, outcomes: Mapping[str, Mapping[str, str]]) -> None:
    failed = {test for test, state in outcomes[module].items() if state == "failed"}

    assert failed == set(EXCEPTIONS.get(module, ()))
    assert list(outcomes[module].values()).count("passed") > 1
