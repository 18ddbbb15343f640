"""Test the tests: damage one place of the code at a time, and tell which damage no test notices.

    python tools/mutants.py                     every area, 300 mutants each
    python tools/mutants.py filters --count 60  one area
    python tools/mutants.py filters --only 7 31 two mutants of the sample, by the numbers that a run printed

cosmic-ray (https://cosmic-ray.readthedocs.io) makes the mutants: it replaces an operator, a comparison, a number, a keyword
or an exception. The mutants of an area are a seeded sample of all, so that a run can be repeated. They run in a copy of the
committed tree, one at a time. Annotations and protocols are left out, because nothing evaluates them. Root may not run them:
a mutant may remove any file that its user may remove, /dev/null for instance.

mutmut traces the whole suite first and runs it in one process, which our tests of processes and locks do not survive;
mutatest has had no release since 2022. cosmic-ray's own `exec` starts an interpreter for each mutant and runs the tests in
one order for all of them, which takes several times as long as `mutant_runs`.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from mutant_runs import load_libraries, noticed, observe, passes

ROOT = Path(__file__).parent.parent


class Area(NamedTuple):
    """Modules and folders to damage, and the modules of `tests/` that should notice."""

    modules: str
    tests: str


AREAS = {
    "filters": Area(
        "arsearch/search/filters.py arsearch/index/execution/filters.py",
        "contract/test_contract_filters contract/test_contract_exclusions index/test_index_dates index/test_index_filters "
        "contract/test_contract_works cli/test_cli_selection",
    ),
    "writer": Area(
        "arsearch/index/writing",
        "index/test_codec_stored_fields index/test_writing_memory index/test_writing_inverter index/test_writing_hash_table "
        "index/test_writing_vocabulary index/test_index_add index/test_index_merge contract/test_contract_writing "
        "index/test_works_storage index/test_file_format index/test_index_oracle index/test_writing_parallel",
    ),
    "manifest": Area(
        "arsearch/index/commits",
        "index/test_format_versions index/test_index_open index/test_file_format reliability/test_reliability_backup "
        "reliability/test_reliability_durability test_safe_opening index/test_works_storage test_syncing",
    ),
    "storage": Area(
        "arsearch/index/store",
        "index/test_index_directory index/test_store_background reliability/test_reliability_locks index/test_index_open "
        "reliability/test_reliability_durability test_safe_opening reliability/test_reliability_forks "
        "reliability/test_reliability_surroundings",
    ),
    "search": Area(
        "arsearch/search",
        "test_passage_scores test_passage_cutting index/test_concordance_lines index/test_phrase_kinds "
        "contract/test_contract_search contract/test_contract_results "
        "contract/test_contract_values contract/test_contract_filters contract/test_contract_refining "
        "contract/test_contract_recency contract/test_contract_exclusions contract/test_contract_questions "
        "contract/test_contract_names contract/test_contract_spellings contract/test_contract_marks "
        "contract/test_contract_exactness contract/test_contract_numbers contract/test_contract_duplicates "
        "contract/test_contract_limits contract/test_contract_capabilities contract/test_contract_works "
        "contract/test_contract_occurrences contract/test_contract_passages contract/test_contract_batches "
        "index/test_index_search index/test_index_explaining index/test_index_synonyms index/test_index_levels "
        "index/test_index_respelling index/test_index_dates index/test_root_families index/test_sorted_concordance "
        "index/test_near_duplicates index/test_more_like_this test_timeouts test_wrong_parameters "
        "contract/test_contract_equality",
    ),
}
"""The quickest and likeliest tests come first: the first that fails ends the run of a mutant."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"one of {', '.join(AREAS)}; all by default")
    parser.add_argument("--count", type=int, default=300, help="the mutants of an area (300)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample (1)")
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="run only these mutants of the sample")
    parser.add_argument("--least", type=float, default=0.0, help="fail if a smaller share is killed (0)")
    options = parser.parse_args()
    if unknown := set(options.areas) - set(AREAS):
        parser.error(f"no area is called {', '.join(sorted(unknown))}; known: {', '.join(AREAS)}")
    if os.geteuid() == 0:
        parser.error("a mutant may remove any file that its user may remove; run this as another user than root")
    load_libraries()
    wanted = options.count, options.seed, options.only
    shares = [run(name, AREAS[name], *wanted) for name in options.areas or AREAS]
    sys.exit(min(shares) < options.least)


def run(name: str, area: Area, count: int, seed: int, only: Sequence[int] | None) -> float:
    """Run a sample of the mutants of an area, print the survivors, and return the share of killed mutants.

    `only` lists the numbers of the mutants of the sample that run; by default all do.
    """
    modules, files = area.modules.split(), [f"tests/{test}.py" for test in area.tests.split()]
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        copy = Path(scratch).resolve() / "arsearch"
        _clone(copy)
        observation = observe(copy, files, modules)
        every = _mutations(copy, modules)
        shuffled = random.Random(seed).sample(every, len(every))
        sample = list(enumerate(islice(filter(_compiles, shuffled), count), 1))
        sample = [(number, mutation) for number, mutation in sample if only is None or number in only]
        killed = 0
        for done, (number, mutation) in enumerate(sample, 1):
            path = str(mutation.module_path.relative_to(copy))
            place = path, mutation.start_pos[0], mutation.end_pos[0]
            in_call = _lies_in(mutation, _bodies(mutation.module_path))  # else it runs at import, for all tests
            tests = observation.tests(*place) if in_call else observation.every()
            with _applied(mutation) as difference:
                survives = passes(copy, tests, observation)
            killed += not survives
            if survives:
                print(f"Mutant {number} survives:\n{difference.replace(f'{copy}/', '')}", flush=True)
            what = "survives" if survives else f"killed, {noticed(copy)}"
            print(f"{name}: {killed} of {done} mutants killed; {number} {what}", file=sys.stderr, flush=True)
    print(f"{name}: {killed} of {len(sample)} mutants killed, {killed / len(sample):.0%}; {len(every)} are possible")
    return killed / len(sample)


def _clone(copy: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(copy)], check=True)
    for extension in (ROOT / "arsearch" / "kernel").glob("*.so"):
        shutil.copy(extension, copy / "arsearch" / "kernel")
    # A mutant may have the size and the second of the one before; a cache by hash is never stale.
    compiling = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "arsearch", "tests"]
    subprocess.run([sys.executable, *compiling], cwd=copy, check=True)


def _mutations(copy: Path, modules: list[str]) -> list[Any]:
    """Return the mutations of all modules, in an order that does not depend on the machine."""
    from cosmic_ray.commands.init import init
    from cosmic_ray.modules import find_modules
    from cosmic_ray.work_db import WorkDB, use_db

    paths = sorted(find_modules([copy / module for module in modules]))
    unread = {path: list(_annotations(path)) for path in paths}
    signatures = {path: list(_signatures(path)) for path in paths}

    def is_read(mutation: Any) -> bool:
        places = unread[mutation.module_path]
        if "BinaryOperator" in mutation.operator_name:  # takes the * and / of a signature for operators
            places = places + signatures[mutation.module_path]
        if "ExceptionReplacer" in mutation.operator_name and "." in _first_line(mutation):
            return False  # cosmic-ray fails to replace the name of an exception that has a dot
        return not _lies_in(mutation, places)

    with use_db(str(copy / "mutants.sqlite"), WorkDB.Mode.create) as db:
        init(paths, db, {})
        mutations = [mutation for item in db.work_items for mutation in item.mutations]
    return sorted(
        filter(is_read, mutations),
        key=lambda one: (str(one.module_path), one.operator_name, one.occurrence, str(one.operator_args)),
    )


@contextmanager
def _applied(mutation: Any) -> Iterator[str]:
    """Damage the file of a mutation, yield the difference, and restore the file."""
    from cosmic_ray.mutating import use_mutation
    from cosmic_ray.plugins import get_operator

    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as (before, after):
        path = str(mutation.module_path)
        yield "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), path, "mutant", lineterm="", n=2))


def _compiles(mutation: Any) -> bool:
    """Tell whether the damaged file is Python; cosmic-ray also takes the stars of `{**one, **other}` for operators."""
    with _applied(mutation):
        try:
            ast.parse(mutation.module_path.read_text(encoding="utf-8"))
        except SyntaxError:
            return False
    return True


_Region = tuple[tuple[int, int], tuple[int, int]]
"""The line and the column of a start and of an end."""


def _first_line(mutation: Any) -> str:
    line: str = mutation.module_path.read_text(encoding="utf-8").splitlines()[mutation.start_pos[0] - 1]
    return line


def _lies_in(mutation: Any, places: Iterable[_Region]) -> bool:
    return any(start <= mutation.start_pos and mutation.end_pos <= end for start, end in places)


def _annotations(path: Path) -> Iterator[_Region]:
    """Yield the places of annotations, of protocols, and of blocks that only type checkers read."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.AST | None] = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            parts.append(node)
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases):
            parts.append(node)
        for part in parts:
            if isinstance(part, (ast.expr, ast.stmt)):
                yield (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)


def _signatures(path: Path) -> Iterator[_Region]:
    """Yield the places of the parameters of functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield (node.lineno, node.col_offset), (node.body[0].lineno, 0)


def _bodies(path: Path) -> Iterator[_Region]:
    """Yield the places of the statements of functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield (node.body[0].lineno, 0), (node.end_lineno or 0, node.end_col_offset or 0)


if __name__ == "__main__":
    main()
