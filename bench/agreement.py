"""How far do two passes of relevance judgements agree?

    python -m bench.agreement

The script reads bench/data/archive/judged.tsv: need, document, first grade, second grade, final grade. It prints
Cohen's kappa ("A Coefficient of Agreement for Nominal Scales", 1960) and weighted kappa ("Weighted Kappa", 1968). The
weight of a disagreement is the distance between the grades. Kappa is 1 for perfect agreement and 0 for chance.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from arsearch.errors import InputError
from bench.machine import run, table
from bench.relevance.sets import OWN

__all__ = ["Judged", "kappa", "main", "read_judged"]

_COLUMNS = ("need", "document", "first", "second", "grade")
_GRADES = ("0", "1", "2")


class Judged(NamedTuple):
    """A document judged twice for a need, with the final grade."""

    need: str
    document: str
    first: int
    second: int
    grade: int


def read_judged(path: Path) -> list[Judged]:
    """Return the judgements of a file, in order. Raise `InputError` with the line number and the reason."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != _COLUMNS:
        raise InputError(f"{path}, line 1: the columns are not {', '.join(_COLUMNS)}")
    judged = []
    for number, line in enumerate(lines[1:], 2):
        need, document, *grades = line.split("\t")
        if len(grades) != 3 or not set(grades) <= set(_GRADES):
            raise InputError(f"{path}, line {number}: not two ids and three grades of 0, 1 or 2: {line!r}")
        judged.append(Judged(need, document, *map(int, grades)))
    return judged


def kappa(first: list[int], second: list[int], *, weighted: bool) -> float:
    """Return Cohen's kappa of two lists of grades from 0 to 2. The lists have the same length and are not empty."""
    observed = np.zeros((len(_GRADES), len(_GRADES)))
    np.add.at(observed, (first, second), 1)
    observed /= observed.sum()
    chance = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    distance = np.abs(np.subtract.outer(range(len(_GRADES)), range(len(_GRADES))))
    weight = distance if weighted else distance > 0
    expected = float((weight * chance).sum())
    return 1 - float((weight * observed).sum()) / expected if expected else 1.0


def main(arguments: list[str] | None = None) -> None:
    """Print the agreement of the two passes."""
    parser = argparse.ArgumentParser(prog="python -m bench.agreement", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--judged", type=Path, default=OWN / "archive" / "judged.tsv", help="file of judgements (default ours)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    judged = read_judged(options.judged)
    if not judged:
        raise InputError(f"{options.judged}: no judgements")
    first, second = [one.first for one in judged], [one.second for one in judged]
    figures = {
        "judged": len(judged),
        "needs": len({one.need for one in judged}),
        "relevant": sum(one.grade > 0 for one in judged),
        "differ": sum(one.first != one.second for one in judged),
        "kappa": kappa(first, second, weighted=False),
        "weighted kappa": kappa(first, second, weighted=True),
    }
    print(json.dumps(figures) if options.json else table([figures], tuple(figures)))


if __name__ == "__main__":
    run(main)
