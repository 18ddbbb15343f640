"""Damaged files of every format are read, reported or refused: nothing else is raised."""

from __future__ import annotations

import pytest
from fuzz_files import SAMPLES, attempt_file, damaged_file


@pytest.mark.parametrize("format", SAMPLES)
def test_damaged_files_raise_no_other_error(format: str) -> None:
    first = list(SAMPLES).index(format)
    count = 10 if format == "parquet" else 100  # each file of Parquet has a process of its own
    numbers = range(first, count * len(SAMPLES), len(SAMPLES))
    assert damaged_file(f"7:{first}")[0] == SAMPLES[format][0]
    outcomes = {attempt_file(f"7:{number}") for number in numbers}
    assert outcomes & {"reported", "refused"}
