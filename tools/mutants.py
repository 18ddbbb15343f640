"""Test the tests: damage one place of the code at a time, and tell which damage no test notices.

    python tools/mutants.py                     every area, 300 mutants each
    python tools/mutants.py filters --count 60  one area

cosmic-ray (https://cosmic-ray.readthedocs.io) makes the mutants: it replaces an operator, a comparison, a number, a keyword
or an exception. The mutants of an area are a seeded sample of all, so that a run can be repeated. They run in a copy of the
committed tree, one process at a time. Annotations are left out, because nothing evaluates them.

mutmut traces the whole suite first and runs it in one process, which our tests of processes and locks do not survive;
mutatest has had no release since 2022.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Area(NamedTuple):
    """Modules and folders to damage, and the modules of `tests/` that should notice."""

    modules: str
    tests: str


AREAS = {
    "filters": Area(
        "arsearch/search/filters.py arsearch/index/execution/filters.py",
        "contract/test_contract_filters contract/test_contract_exclusions index/test_index_dates cli/test_cli_selection",
    ),
    "writer": Area(
        "arsearch/index/writing",
        "index/test_writing_inverter index/test_writing_hash_table index/test_writing_vocabulary index/test_index_add "
        "index/test_index_merge contract/test_contract_writing index/test_works_storage index/test_file_format "
        "index/test_index_oracle index/test_writing_parallel",
    ),
    "manifest": Area(
        "arsearch/index/commits",
        "index/test_format_versions index/test_index_open index/test_file_format reliability/test_reliability_backup "
        "reliability/test_reliability_durability test_safe_opening",
    ),
    "storage": Area(
        "arsearch/index/store",
        "index/test_index_directory index/test_store_background reliability/test_reliability_locks index/test_index_open "
        "reliability/test_reliability_durability reliability/test_reliability_surroundings",
    ),
    "search": Area(
        "arsearch/search",
        "contract/test_contract_search contract/test_contract_results contract/test_contract_values "
        "contract/test_contract_filters contract/test_contract_refining contract/test_contract_recency "
        "contract/test_contract_occurrences contract/test_contract_passages contract/test_contract_batches "
        "index/test_index_search index/test_index_explaining index/test_more_like_this test_wrong_parameters "
        "contract/test_contract_equality",
    ),
}
"""The quickest and likeliest tests come first: the first that fails ends the run of a mutant."""

TEST = "{python} -m pytest -x -q -p no:cacheprovider --no-header --tb=no -k 'not toy and not folder' {tests}"
CONFIG = """
[cosmic-ray]
module-path = {modules}
timeout = {timeout}
excluded-modules = []
test-command = "{command}"

[cosmic-ray.distributor]
name = "local"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"one of {', '.join(AREAS)}; all by default")
    parser.add_argument("--count", type=int, default=300, help="the mutants of an area (300)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample (1)")
    parser.add_argument("--least", type=float, default=0.0, help="fail if a smaller share is killed (0)")
    options = parser.parse_args()
    if unknown := set(options.areas) - set(AREAS):
        parser.error(f"no area is called {', '.join(sorted(unknown))}; known: {', '.join(AREAS)}")
    shares = [run(name, AREAS[name], options.count, options.seed) for name in options.areas or AREAS]
    sys.exit(min(shares) < options.least)


def run(name: str, area: Area, count: int, seed: int) -> float:
    """Run a sample of the mutants of an area, print those that survive, and return the share of killed ones."""
    from cosmic_ray.work_db import WorkDB, use_db

    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        copy = Path(scratch) / "arsearch"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(copy)], check=True)
        # A mutant may have the size and the second of the one before; a cache by hash is never stale.
        compiling = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "arsearch", "tests"]
        subprocess.run([sys.executable, *compiling], cwd=copy, check=True)
        environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        tests = " ".join(f"tests/{test}.py" for test in area.tests.split())
        command = TEST.format(python=sys.executable, tests=tests)
        start = time.monotonic()
        subprocess.run(command, cwd=copy, env=environment, shell=True, check=True, stdout=subprocess.DEVNULL)
        timeout = 30 + 4 * (time.monotonic() - start)
        (copy / "mutants.toml").write_text(
            CONFIG.format(modules=area.modules.split(), timeout=timeout, command=command)
        )
        cosmic_ray = [shutil.which("cosmic-ray", path=str(Path(sys.executable).parent)) or "cosmic-ray"]
        subprocess.run([*cosmic_ray, "init", "mutants.toml", "mutants.sqlite"], cwd=copy, env=environment, check=True)
        with use_db(str(copy / "mutants.sqlite"), WorkDB.Mode.open) as db:
            items = sorted(
                (item for item in db.work_items if not _in_annotation(copy, item)),
                key=lambda item: [
                    (str(m.module_path), m.operator_name, m.occurrence, str(m.operator_args)) for m in item.mutations
                ],
            )
            sample = random.Random(seed).sample(items, min(count, len(items)))
            db.clear()
            db.add_work_items(sample)
        subprocess.run([*cosmic_ray, "exec", "mutants.toml", "mutants.sqlite"], cwd=copy, env=environment, check=True)
        with use_db(str(copy / "mutants.sqlite"), WorkDB.Mode.open) as db:
            results = [result for _, result in db.results]
    survivors = [result for result in results if not result.is_killed]
    killed = len(results) - len(survivors)
    for result in survivors:
        print(result.diff)
    print(f"{name}: {killed} of {len(results)} mutants killed, {killed / len(results):.0%}; {len(items)} are possible")
    return killed / len(results)


def _in_annotation(copy: Path, item: object) -> bool:
    mutations = item.mutations  # type: ignore[attr-defined]
    return any(
        start <= mutation.start_pos and mutation.end_pos <= end
        for mutation in mutations
        for start, end in _annotations(copy / mutation.module_path)
    )


def _annotations(path: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the places of annotations, and of blocks that only type checkers read."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.AST | None] = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            parts.append(node)
        for part in parts:
            if isinstance(part, (ast.expr, ast.stmt)):
                yield (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)


if __name__ == "__main__":
    main()
