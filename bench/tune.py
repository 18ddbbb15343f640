"""Which constants of the ranking are best?

    python -m bench.tune --distractors news/docs.jsonl.xz --data arcd --data tydiqa \\
        --alone arcd --alone tydiqa --alone abudawud

The script runs a coordinate search. It starts with the default constants. Each constant in turn takes the candidate
with the best mean nDCG@10 over the sets, until a round changes nothing. Sets have equal weights, whatever their size; a
set with and without distractors shares one weight. Among the candidates within `--margin` of the best, the one nearest
to the current value wins, so noise does not move a constant.

Two checks show how much of the gain is luck. The search runs again without the queries of each fold, and the constants
that it chooses are measured on these queries. A fold has whole groups of queries (about one document or article). Then
the search runs without each set, which shows what the constants are worth on a collection of another kind. The same
`--seed` gives the same folds and the same result.

Measure a set of short passages without distractors too: with long distractors, every constant that favours short
documents seems to help. The stem weight stays 1 because only the proportions of the levels' weights affect the order of
hits.

Two constants have no effect on the given queries. Each is varied alone, on derived queries (`bench.derived_queries`):

    python -m bench.tune --asked variants --distractors news --data arcd --data tydiqa
    python -m bench.tune --asked marked --alone arcd --alone tydiqa --readings tashkeel_pairs.jsonl
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch.evaluation import compare
from bench.collection import Collection, add_distractor_arguments, load_collection
from bench.constants import GRID, Setting, format_setting, parse_start, varied_constants, with_value
from bench.coordinate_search import METRIC, CoordinateSearch
from bench.derived_queries import DERIVATIONS, derive, readings
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_CHECK_COLUMNS = ("set", "in force", "chosen", "left out", "gain", "low", "high", "constants")


def main(arguments: list[str] | None = None) -> None:
    """Search the constants, check them on the queries and sets left out, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.tune", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, action="append", default=[], help="folder of a test set; may be repeated")
    parser.add_argument(
        "--alone",
        type=Path,
        action="append",
        default=[],
        help="folder of a test set without distractors; may be repeated",
    )
    parser.add_argument(
        "--asked", choices=DERIVATIONS, default=DERIVATIONS[0], help="derive the queries; see bench.derived_queries"
    )
    parser.add_argument("--readings", type=Path, help="JSON lines with id, plain and vocalised; adds two sets of them")
    add_distractor_arguments(parser)
    parser.add_argument("--folds", type=int, default=5, help="folds of queries; 0 omits both checks (default 5)")
    parser.add_argument("--rounds", type=int, default=2, help="maximum rounds over all constants (default 2)")
    parser.add_argument("--margin", type=float, default=0.0005, help="gain that counts as none (default .0005)")
    parser.add_argument("--seed", type=int, default=1, help="seed of folds and derived queries (default 1)")
    parser.add_argument(
        "--start", action="append", default=[], metavar="NAME=VALUE", help="start with VALUE instead of the default"
    )
    parser.add_argument("--only", choices=GRID, action="append", help="vary only this constant; may be repeated")
    parser.add_argument("--quick", action="store_true", help="three candidates for each constant, for a first look")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    if not options.data and not options.alone and not options.readings:
        parser.error("give at least one test set with --data, --alone or --readings")
    start = parse_start(options.start)
    sets = _sets(options)
    with ExitStack() as stack:
        paths = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in sets]
        for path, one in zip(paths, sets, strict=True):
            with arsearch.open(path, create=True) as index:
                index.add(one.docs)
                index.optimize()
        tuner = CoordinateSearch(
            sets,
            paths,
            quick=options.quick,
            rounds=options.rounds,
            margin=options.margin,
            start=start,
            names=options.only or varied_constants(options.asked),
        )
        report = _report(tuner, options.folds, options.seed)
    _print(report, sets, options)


def _sets(options: argparse.Namespace) -> list[Collection]:
    limits = {"distractors_limit": options.distractors_limit, "queries_limit": options.queries_limit}
    given = [
        load_collection(folder, distractors=distractors, **limits)
        for folders, distractors in ((options.data, options.distractors), (options.alone, None))
        for folder in folders
    ]
    sets = [derive(one, options.asked, options.seed) for one in given]
    return [*sets, *(readings(options.readings, options.seed) if options.readings else [])]


def _print(report: dict[str, Any], sets: Sequence[Collection], options: argparse.Namespace) -> None:
    constants, effects = report["constants"], report["effects"]
    names = [one.name for one in sets]
    sections = [
        (
            "Constants",
            table(constants, ("constant", "in force", "chosen", *(f"fold {at}" for at in range(options.folds)))),
        ),
        (f"{METRIC} of the chosen constants, with one changed", table(effects, ("constant", "value", "mean", *names))),
    ]
    for heading, rows in (
        ("queries left out, constants chosen on the other folds", report["folds"]),
        ("sets left out, constants chosen on the other sets", report["sets"]),
    ):
        if rows:
            sections.append((f"{METRIC} of {heading}", table(rows, _CHECK_COLUMNS)))
    print_report(report, sections, as_json=options.json)


def _report(tuner: CoordinateSearch, folds: int, seed: int) -> dict[str, Any]:
    chosen = tuner.search()
    members = [_folds(one, folds, seed) for one in tuner.sets]
    by_fold = [tuner.search([member != fold for member in members]) for fold in range(folds)]
    constants = [
        {"constant": name, "in force": value, "chosen": dict(chosen)[name]}
        | {f"fold {at}": dict(setting)[name] for at, setting in enumerate(by_fold)}
        for name, value in tuner.base
        if name in tuner.grid
    ]
    effects = []
    for name, values in tuner.grid.items():
        for value in values:
            setting = with_value(chosen, name, value)
            row: dict[str, Any] = {"constant": name, "value": value, "mean": tuner.mean(setting)}
            effects.append(row | _by_set(tuner, setting))
    return {
        "machine": describe_machine(),
        "corpus": {one.name: f"{len(one.docs):,} documents, {len(one.queries):,} queries" for one in tuner.sets},
        "constants": constants,
        "effects": effects,
        "folds": _fold_checks(tuner, chosen, by_fold, members) if folds else [],
        "sets": _set_checks(tuner, chosen) if folds else [],
    }


def _fold_checks(
    tuner: CoordinateSearch, chosen: Setting, by_fold: Sequence[Setting], members: Sequence[Any]
) -> list[dict[str, Any]]:
    rows = []
    for at in range(len(tuner.sets)):
        left_out = np.empty(len(members[at]))
        for fold, setting in enumerate(by_fold):
            mask = members[at] == fold
            left_out[mask] = tuner.values(setting)[at][mask]
        rows.append(_check(tuner, at, chosen, left_out))
    return rows


def _set_checks(tuner: CoordinateSearch, chosen: Setting) -> list[dict[str, Any]]:
    """Return the check of each set with the constants chosen without the sets of its family."""
    families = {one.family for one in tuner.sets}
    if len(families) < 2:
        return []
    rows = []
    for family in sorted(families):
        setting = tuner.search([np.full(len(one.queries), one.family != family) for one in tuner.sets])
        for at, one in enumerate(tuner.sets):
            if one.family == family:
                values = tuner.values(setting)[at]
                rows.append(_check(tuner, at, chosen, values) | {"constants": format_setting(tuner.varied(setting))})
    return rows


def _check(tuner: CoordinateSearch, at: int, chosen: Setting, left_out: Any) -> dict[str, Any]:
    """Compare the values of the queries left out with those of the default constants."""
    one, base = tuner.sets[at], tuner.values(tuner.base)[at]
    ids = [query.id for query in one.queries]
    new, default = (dict(zip(ids, values.tolist(), strict=True)) for values in (left_out, base))
    gain = compare(new, default, groups=one.groups)
    return {
        "set": one.name,
        "in force": float(base.mean()),
        "chosen": float(tuner.values(chosen)[at].mean()),
        "left out": float(left_out.mean()),
        "gain": gain.difference,
        "low": gain.low,
        "high": gain.high,
    }


def _by_set(tuner: CoordinateSearch, setting: Setting) -> dict[str, float]:
    return {one.name: float(values.mean()) for one, values in zip(tuner.sets, tuner.values(setting), strict=True)}


def _folds(one: Collection, folds: int, seed: int) -> Any:
    """Return an array of each query's fold. Groups stay whole, and folds have about equal numbers of queries."""
    sizes = Counter(one.groups[query.id] for query in one.queries)
    groups = sorted(sizes)
    random.Random(seed).shuffle(groups)
    loads = [0] * max(folds, 1)
    fold_of = {}
    for group in groups:
        fold = loads.index(min(loads))
        fold_of[group] = fold
        loads[fold] += sizes[group]
    return np.array([fold_of[one.groups[query.id]] for query in one.queries])


if __name__ == "__main__":
    run(main)
