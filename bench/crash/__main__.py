"""Run the crash campaign: `python -m bench.crash --faults 10000`.

`verifying.verify` runs after every fault. A fault that came too late for its operation is not counted. A seed always draws
the same faults, except those at a random moment, which depend on the clock.
"""

from __future__ import annotations

import argparse
import itertools
import math
import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads should not fork

from bench.crash.campaign import CREWS, KINDS, campaign
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Run the campaign and print the report; exit with 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=int, default=300, help="number of faults (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the faults (default %(default)s)")
    parser.add_argument("--kind", action="append", choices=KINDS, help="run only faults of this kind; repeatable")
    parser.add_argument(
        "--processes", type=int, default=1, help="kinds that run at the same time (default %(default)s)"
    )
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="stop after this time, an equal share for each kind"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    if options.faults < 1 or options.processes < 1:
        parser.error("--faults and --processes must be at least 1")
    shares = _shares(options.kind or KINDS, options.faults)
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool:
        seconds = 60 * options.minutes * options.processes / len(shares)
        rows = list(pool.map(campaign, shares, shares.values(), *map(itertools.repeat, (options.seed, seconds))))
    broken = sum(row["broken"] for row in rows)
    report = {
        "machine": describe_machine(),
        "seed": options.seed,
        "faults": sum(row["faults"] for row in rows),
        "broken": broken,
        "kinds": rows,
    }
    columns = ("fault", "faults", "recovered", "missed", "seconds", "broken")
    print_report(
        report, [(f"{report['faults']:,} faults, {broken} promises broken", table(rows, columns))], as_json=options.json
    )
    if broken:
        sys.exit(1)


def _shares(kinds: Sequence[str], faults: int) -> dict[str, int]:
    """Return the number of faults of each kind: equal shares, but 1 % for kinds with workers, which take seconds each."""
    shares = dict.fromkeys(kinds, 0)
    if not set(kinds) <= CREWS.keys():
        shares |= {kind: -(-faults // 100) for kind in kinds if kind in CREWS}
    rest = [kind for kind, share in shares.items() if not share]
    left = faults - sum(shares.values())
    return shares | {kind: left // len(rest) + (number < left % len(rest)) for number, kind in enumerate(rest)}


if __name__ == "__main__":
    run(main)
