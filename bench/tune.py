"""Which constants of the ranking are best?

    python -m bench.tune --distractors news/docs.jsonl.xz --data arcd --data tydiqa \\
        --alone arcd --alone tydiqa --alone abudawud

Coordinate search: from the constants in force, each in turn takes the candidate with the best mean nDCG@10 over the
sets (each weighs the same, whatever its size; the forms of one with and without distractors share its weight), until a
round changes nothing. Of those within `--margin` of the best the one nearest to what the constant has is taken, so that
noise does not move it. How much of the gain is luck is told by folds: the search is run again without each fold's
queries, and the constants it finds are measured on them. Folds take whole groups of queries (those about one document
or article). The harder question, what the constants are worth on a collection of another kind, is asked by leaving out
whole sets. Measure a set of short passages without distractors as well: beside long articles, any constant
that favours short documents seems to help. The same `--seed` gives the same folds and thus the same result.

The stem's weight stays 1: only the proportion of the levels' weights can change an order.

Three constants do not matter to the queries as they are given; each is varied alone, on queries asked another way:

    python -m bench.tune --asked root --distractors news --data arcd --data tydiqa --alone abudawud
    python -m bench.tune --asked variants --distractors news --data arcd --data tydiqa
    python -m bench.tune --asked marked --alone arcd --alone tydiqa --readings tashkeel_pairs.jsonl
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Container, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch import Ranking
from arsearch.evaluation import Setting as Searching
from arsearch.evaluation import compare, evaluate
from bench.asked import ASKED, ask, readings
from bench.collection import Collection, add_distractor_arguments, load_collection
from bench.constants import GRID, Setting, candidates, changed, ranking_of, setting_of, shown, started, varied
from bench.machine import describe_machine, print_report, run, table

__all__ = ["Tuner", "main"]

_METRIC = "nDCG@10"
Mask = Sequence[Any]


def main(arguments: list[str] | None = None) -> None:
    """Search the constants, check them by folds, print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.tune", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, action="append", default=[], help="a test set's folder; may be repeated")
    parser.add_argument("--alone", type=Path, action="append", default=[], help="one to measure without distractors")
    parser.add_argument("--asked", choices=ASKED, default=ASKED[0], help="how queries are asked; see bench.asked")
    parser.add_argument("--readings", type=Path, help="JSON lines of texts, plain and vocalised, to make two sets of")
    add_distractor_arguments(parser)
    parser.add_argument("--folds", type=int, default=5, help="default 5; 0 leaves both checks out")
    parser.add_argument("--rounds", type=int, default=2, help="most rounds over all constants (default 2)")
    parser.add_argument("--margin", type=float, default=0.0005, help="gain that counts as none (default .0005)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--start",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="search from this value, not the one in force",
    )
    parser.add_argument("--only", choices=GRID, action="append", help="vary this constant; may be repeated")
    parser.add_argument("--quick", action="store_true", help="three candidates a constant, for a first look")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    if not options.data and not options.alone and not options.readings:
        parser.error("give at least one test set with --data, --alone or --readings")
    start = started(options.start)
    sets = [
        ask(
            load_collection(
                folder,
                distractors=distractors,
                distractors_limit=options.distractors_limit,
                queries_limit=options.queries_limit,
            ),
            options.asked,
            options.seed,
        )
        for folders, distractors in ((options.data, options.distractors), (options.alone, None))
        for folder in folders
    ]
    sets += readings(options.readings, options.seed) if options.readings else []
    with ExitStack() as stack:
        places = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in sets]
        for place, one in zip(places, sets, strict=True):
            with arsearch.open(place, create=True) as index:
                index.add(one.docs)
                index.optimize()
        tuner = Tuner(
            sets,
            places,
            quick=options.quick,
            rounds=options.rounds,
            margin=options.margin,
            start=start,
            names=options.only or varied(options.asked),
            match="root" if options.asked == "root" else None,
        )
        report = _report(tuner, options.folds, options.seed)
    constants, effects = report["constants"], report["effects"]
    names = [one.name for one in sets]
    sections = [
        (
            "Constants",
            table(constants, ("constant", "in force", "chosen", *(f"fold {at}" for at in range(options.folds)))),
        ),
        (f"{_METRIC} with one constant changed from the chosen", table(effects, ("constant", "value", "mean", *names))),
    ]
    for heading, rows in (
        ("gain over the constants in force on the folds left out", report["folds"]),
        ("gain with constants chosen on the other sets alone", report["sets"]),
    ):
        if rows:
            sections.append((f"{_METRIC}, {heading}", table(rows, _CHECKS)))
    print_report(report, sections, as_json=options.json)


_CHECKS = ("set", "in force", "chosen", "left out", "gain", "low", "high", "constants")


class Tuner:
    """Measures settings over the sets, each only once, and searches among them."""

    def __init__(
        self,
        sets: Sequence[Collection],
        places: Sequence[Path],
        *,
        quick: bool,
        rounds: int,
        margin: float,
        start: Setting,
        names: Container[str],
        match: str | None = None,
    ) -> None:
        self.sets = sets
        self.base = setting_of(Ranking())
        self.start = start
        self.grid = {name: values for name, values in candidates(dict(self.base), quick).items() if name in names}
        self._places = places
        self._match = match
        self._rounds = rounds
        self._margin = margin
        self._known: dict[Setting, list[Any]] = {}

    def varied(self, setting: Setting) -> Setting:
        """The constants searched for, of all."""
        return tuple((name, value) for name, value in setting if name in self.grid)

    def values(self, setting: Setting) -> list[Any]:
        """The measure of each query of each set."""
        if setting not in self._known:
            start = time.perf_counter()
            ranking = ranking_of(setting)
            found = []
            for one, place in zip(self.sets, self._places, strict=True):
                with arsearch.open(place, ranking=ranking) as index:
                    asked = Searching(match=self._match).searching(index)
                    result = evaluate(asked, one.queries, one.qrels, limit=10)
                found.append(np.array([result.per_query[_METRIC][query.id] for query in one.queries]))
            self._known[setting] = found
            means = " ".join(f"{values.mean():.4f}" for values in found)
            print(
                f"{len(self._known):4} {time.perf_counter() - start:5.1f} s  {means}  {shown(self.varied(setting))}",
                file=sys.stderr,
            )
        return self._known[setting]

    def mean(self, setting: Setting, masks: Mask | None = None) -> float:
        """The mean over the sets of the mean over their queries, or over those that `masks` selects of each."""
        values = self.values(setting)
        chosen = values if masks is None else [one[mask] for one, mask in zip(values, masks, strict=True)]
        families: dict[str, list[float]] = {}
        for one, scores in zip(self.sets, chosen, strict=True):
            if len(scores):
                families.setdefault(one.family, []).append(float(scores.mean()))
        return float(np.mean([np.mean(means) for means in families.values()]))

    def search(self, masks: Mask | None = None) -> Setting:
        """The setting that coordinate search comes to."""
        best = self.start
        for _ in range(self._rounds):
            before = best
            for name in self.grid:
                best = self._improve(best, name, masks)
            if best == before:
                break
        return best

    def _improve(self, setting: Setting, name: str, masks: Mask | None) -> Setting:
        now = dict(setting)[name]
        means = {value: self.mean(changed(setting, name, value), masks) for value in {*self.grid[name], now}}
        least = max(means.values()) - self._margin
        good = [value for value, mean in means.items() if mean >= least]
        return changed(setting, name, min(good, key=lambda value: (abs(value - now), value)))


def _report(tuner: Tuner, folds: int, seed: int) -> dict[str, Any]:
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
            setting = changed(chosen, name, value)
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
    tuner: Tuner, chosen: Setting, by_fold: Sequence[Setting], members: Sequence[Any]
) -> list[dict[str, Any]]:
    rows = []
    for at in range(len(tuner.sets)):
        left_out = np.empty(len(members[at]))
        for fold, setting in enumerate(by_fold):
            here = members[at] == fold
            left_out[here] = tuner.values(setting)[at][here]
        rows.append(_check(tuner, at, chosen, left_out))
    return rows


def _set_checks(tuner: Tuner, chosen: Setting) -> list[dict[str, Any]]:
    """For each set, what the constants chosen without its family are worth on it."""
    families = {one.family for one in tuner.sets}
    if len(families) < 2:
        return []
    rows = []
    for family in sorted(families):
        setting = tuner.search([np.full(len(one.queries), one.family != family) for one in tuner.sets])
        for at, one in enumerate(tuner.sets):
            if one.family == family:
                values = tuner.values(setting)[at]
                rows.append(_check(tuner, at, chosen, values) | {"constants": shown(tuner.varied(setting))})
    return rows


def _check(tuner: Tuner, at: int, chosen: Setting, left_out: Any) -> dict[str, Any]:
    one, base = tuner.sets[at], tuner.values(tuner.base)[at]
    ids = [query.id for query in one.queries]
    ours, theirs = (dict(zip(ids, values.tolist(), strict=True)) for values in (left_out, base))
    gain = compare(ours, theirs, groups=one.groups)
    return {
        "set": one.name,
        "in force": float(base.mean()),
        "chosen": float(tuner.values(chosen)[at].mean()),
        "left out": float(left_out.mean()),
        "gain": gain.difference,
        "low": gain.low,
        "high": gain.high,
    }


def _by_set(tuner: Tuner, setting: Setting) -> dict[str, float]:
    return {one.name: float(values.mean()) for one, values in zip(tuner.sets, tuner.values(setting), strict=True)}


def _folds(one: Collection, folds: int, seed: int) -> Any:
    """Each query's fold; groups stay whole and the folds about equal."""
    sizes: dict[str, int] = {}
    for query in one.queries:
        sizes[one.groups[query.id]] = sizes.get(one.groups[query.id], 0) + 1
    groups = sorted(sizes)
    random.Random(seed).shuffle(groups)
    loads = [0] * max(folds, 1)
    place = {}
    for group in groups:
        fold = loads.index(min(loads))
        place[group] = fold
        loads[fold] += sizes[group]
    return np.array([place[one.groups[query.id]] for query in one.queries])


if __name__ == "__main__":
    run(main)
