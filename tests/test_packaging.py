"""The built wheel has exactly the files of the package, and the extension where there is a compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import arsearch

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="installed, not a checkout")
@pytest.mark.parametrize("compiler", [None, "/nonexistent/cc"], ids=["with a compiler", "without one"])
def test_the_wheel_has_the_package_and_nothing_else(tmp_path: Path, compiler: str | None) -> None:
    pytest.importorskip("build")
    # Build from a copy: a `build/` folder of an earlier version would add its old modules to the wheel.
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "arsearch", source / "arsearch", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
        env=os.environ if compiler is None else {**os.environ, "CC": compiler},
    )
    wheel = next(tmp_path.glob("*.whl"))
    built = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    extensions = {name for name in built if name.endswith(".so")}
    package = ROOT / "arsearch"
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    expected = {str(path.relative_to(ROOT)) for path in files if path.suffix != ".so"}

    assert built - extensions == expected
    assert len(extensions) == (1 if compiler is None and shutil.which("cc") else 0)
    assert arsearch.__version__ in wheel.name
