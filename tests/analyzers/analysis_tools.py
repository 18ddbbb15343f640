"""The data files of the package, and the scripts that write them."""

from __future__ import annotations

import importlib.util
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

DATA = files("arsearch.analyzers").joinpath("data")
TOOLS = Path(__file__).parents[2] / "tools"
HUNSPELL = Path("/usr/share/hunspell")


def tool(name: str) -> ModuleType:
    """Return a script of the tools folder as a module; skip the test where the folder is missing."""
    path = TOOLS / f"{name}.py"
    if not path.is_file():
        pytest.skip("the tools are not beside the tests")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def arramooz() -> Path:
    """Return the folder of Arramooz's tables; skip the test where the package is not installed."""
    package = pytest.importorskip("arramooz", reason="needs arramooz-pysqlite, the source of the data files")
    return Path(package.__file__).parent / "data"


def ayaspell() -> Path:
    """Return the folder of Ayaspell's dictionary; skip the test where Debian's hunspell-ar is not installed."""
    if not (HUNSPELL / "ar.dic").is_file():
        pytest.skip("needs Debian's hunspell-ar, a source of the lexicon")
    return HUNSPELL
