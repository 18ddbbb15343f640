"""Write the data file that a script builds, or compare the file with what the script builds."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

__all__ = ["arguments", "write_or_check"]


def arguments(description: str | None, output: Path) -> argparse.ArgumentParser:
    """Return a parser with the options `--output`, by default `output`, and `--check`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=output)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file differs")
    return parser


def write_or_check(options: argparse.Namespace, build: Callable[[], str]) -> int:
    """Write the text of `build` to `options.output`, or compare the two if `options.check`; return the exit code."""
    text = build()
    if options.check:
        return 0 if options.output.read_text(encoding="utf-8") == text else 1
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: {len(text.encode()):,} bytes")
    return 0
