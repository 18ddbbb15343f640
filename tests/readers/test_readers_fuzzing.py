"""Damaged files of every format are read, reported or refused: nothing else is raised."""

from __future__ import annotations

import pytest
from document_samples import SAMPLES
from fuzz_files import attempt_file, damaged_file


@pytest.mark.parametrize("format", SAMPLES)
def test_damaged_files_raise_no_other_error(format: str) -> None:
    first = list(SAMPLES).index(format)
    numbers = range(first, 150 * len(SAMPLES), len(SAMPLES))
    assert damaged_file(f"7:{first}")[0] == SAMPLES[format][0]
    outcomes = {attempt_file(f"7:{number}") for number in numbers}
    assert outcomes & {"reported", "refused"}
