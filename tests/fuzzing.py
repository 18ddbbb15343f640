"""Damage the files of an index at random, and look for defects in reading them.

    python tests/fuzzing.py                                  # 10,000 mutations, in one process
    python tests/fuzzing.py --mutations 1000000 --processes 2
    python tests/fuzzing.py --only 1:4711                    # one mutation again, with the traceback
    python tests/fuzzing.py --files --mutations 10000        # so many files of each format that is read
    python tests/fuzzing.py --files --formats html,warc      # files of these formats
    python tests/fuzzing.py --pdf --mutations 10000          # so many PDFs

A mutation damages one file of a small index: as a disk may do, or as an attacker would who then computes all checksums
anew. The index is then opened, searched and written to. It is a defect if this raises an error that is not one of
arsearch, takes longer than `SECONDS` or more memory than `MEMORY`, or ends the process. A defect is printed with its
seed, which makes the same mutation again. With `--files`, files of every format are damaged and read instead.

fuzz_specimen   the sound index     fuzz_mutations, fuzz_arrays, fuzz_bytes   the damage
fuzz_reading    the use of it       fuzz_children                             the processes
fuzz_files      damaged files of the formats of `document_samples` and `export_samples`, and their reading
fuzz_pdf        damaged PDFs of the fixtures, and their reading
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from functools import partial

from fuzz_children import run
from fuzz_files import SAMPLES, attempt_file, format_of, try_files
from fuzz_pdf import attempt_pdf, try_pdfs
from fuzz_reading import attempt
from fuzz_specimen import specimen


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="stop after this time")
    parser.add_argument("--files", action="store_true", help="damage files of each format, not an index")
    parser.add_argument("--formats", metavar="NAMES", help=f"with --files: only these of {', '.join(SAMPLES)}")
    parser.add_argument("--pdf", action="store_true", help="damage PDFs, not an index")
    parser.add_argument("--only", metavar="SEED:NUMBER", help="one mutation, with the traceback")
    options = parser.parse_args()
    if options.only:
        again = attempt_pdf if options.pdf else attempt_file if options.files else partial(attempt, specimen())
        print(again(options.only))  # noqa: T201
        return
    formats = frozenset(options.formats.split(",") if options.formats else SAMPLES)
    if unknown := formats - SAMPLES.keys():
        parser.error(f"no sample is called {', '.join(sorted(unknown))}; the samples are {', '.join(SAMPLES)}")
    mutations = options.mutations * len(SAMPLES) if options.files else options.mutations
    until = time.monotonic() + 60 * options.minutes if options.minutes else None
    outcomes: Counter[str] = Counter()
    by_format: defaultdict[str, Counter[str]] = defaultdict(Counter)
    longest = 0.0
    child = try_pdfs if options.pdf else partial(try_files, formats=formats) if options.files else None
    for result in run(options.seed, mutations, options.processes, until, child=child):
        if options.files and (format := format_of(result.number)) not in formats:
            continue
        outcomes[result.outcome] += 1
        if options.files:
            by_format[format][result.outcome] += 1
        longest = max(longest, result.seconds)
        if result.defect:
            print(f"defect {options.seed}:{result.number} {result.defect}", flush=True)  # noqa: T201
        if outcomes.total() % 50_000 == 0:
            print(f"{outcomes.total():,} mutations, {outcomes['defect']} defects", file=sys.stderr, flush=True)  # noqa: T201
    for format, counts in by_format.items():
        print(f"{format:<10} {_listed(counts)}")  # noqa: T201
    print(f"{outcomes.total():,} mutations of seed {options.seed}: {_listed(outcomes)}; longest {longest:.2f} s")  # noqa: T201
    print(f"{outcomes['defect']} defects")  # noqa: T201
    sys.exit(bool(outcomes["defect"]))


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


if __name__ == "__main__":
    main()
