"""A bounded crash campaign breaks no promise, and it detects a library that breaks one."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from arsearch.errors import IndexOpenError
from arsearch.index.commits import manifest
from arsearch.index.commits import publish as commits
from arsearch.index.commits.manifest import Manifest
from arsearch.index.store.directory import Directory, FSDirectory

ROOT = Path(__file__).parents[2]
if not (ROOT / "bench").is_dir():
    pytest.skip("the campaign is not beside the tests", allow_module_level=True)

from bench.crash.campaign import KINDS, losses  # noqa: E402 (only if it is there)
from bench.crash.verifying import PromiseError  # noqa: E402

POWER = [kind for kind in KINDS if kind.startswith("power")]
OTHERS = [kind for kind in KINDS if kind not in POWER]


def run(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module of `bench`, which must exit with 0, and return its report."""
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments), "--json"]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"COLUMNS": "80"})
    assert process.returncode == 0, process.stderr[-5000:]
    report: dict[str, Any] = json.loads(process.stdout)
    return report


@pytest.mark.parametrize(("kinds", "faults"), [(OTHERS, 120), (POWER, 60)], ids=["processes and disks", "power"])
def test_no_fault_breaks_a_promise(kinds: list[str], faults: int) -> None:
    report = run("crash", "--faults", faults, *itertools.chain.from_iterable(("--kind", kind) for kind in kinds))

    assert (report["faults"], report["broken"]) == (faults, 0)
    assert {row["fault"] for row in report["kinds"]} == set(kinds)
    assert all(row["faults"] for row in report["kinds"])


def no_flush(directory: FSDirectory, names: Iterable[str] = ()) -> None:
    """Replace `FSDirectory.sync`: flush nothing."""


def remove_old_first(directory: Directory, current: Manifest, *, flushed: bool) -> None:
    """Replace `write_manifest`: remove the old manifest before the new one is written."""
    directory.remove(f"manifest-{current.generation - 1}.json")
    manifest.write_manifest(directory, current, flushed=flushed)


DEFECTS = {
    "names are not flushed": ("power loss", FSDirectory, "sync", no_flush),
    "the old commit is removed first": ("power loss", commits, "write_manifest", remove_old_first),
}


@pytest.mark.parametrize(("kind", "owner", "name", "defect"), DEFECTS.values(), ids=DEFECTS)
def test_the_campaign_detects_a_broken_library(kind: str, owner: object, name: str, defect: object) -> None:
    source = losses(kind, 1)
    with mock.patch.object(owner, name, defect):
        met = itertools.islice(source, 200)
        with pytest.raises((PromiseError, IndexOpenError)):
            list(met)
    source.close()  # type: ignore[attr-defined]


def test_concurrent_readers_and_writers_are_never_wrong() -> None:
    looks = commits = 0
    for _ in range(8):  # a busy machine needs more than one run
        report = run("crowd", "--seconds", 8)
        assert report["errors"] == 0
        looks += report["looks"]
        commits += report["commits"]
        if looks > 100 and commits > 10:
            break

    assert looks > 100
    assert commits > 10
