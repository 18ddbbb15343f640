"""The examples beside the docs work: the Flask application, the systemd unit and the Dockerfile."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

import arsearch
from arsearch.cli.serve import command

DEPLOY = Path(__file__).parents[2] / "examples" / "deploy"


def test_the_flask_application_searches(
    tmp_path: Path, samples: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("flask", reason="needs pip install flask")
    with arsearch.open(tmp_path / "index", create=True) as index:
        index.add([*samples, {"id": "evil", "title": "<script>شرير</script>"}])
    monkeypatch.setenv("ARSEARCH_INDEX", str(tmp_path / "index"))
    spec = importlib.util.spec_from_file_location("flask_app", DEPLOY.parent / "flask_app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    client = module.app.test_client()

    assert "<mark>الحرس</mark>" in client.get("/", query_string={"q": "الحرس"}).text
    assert "&lt;script&gt;<mark>شرير</mark>" in client.get("/", query_string={"q": "شرير"}).text
    assert "&lt;b&gt;" in client.get("/", query_string={"q": "<b>"}).text
    assert client.get("/").status_code == 200
    assert "الحرس" in json.loads(client.get("/suggest", query_string={"q": "الحر"}).text)


def options(line: str) -> list[str]:
    """Return the arguments after `serve` in a line of a unit or a Dockerfile."""
    return re.sub(r'[\[\]",]', " ", line).partition("serve")[2].split()


@pytest.mark.parametrize(("name", "start"), [("arsearch.service", "ExecStart="), ("Dockerfile", "ENTRYPOINT")])
def test_the_command_of_a_deployment_has_valid_options(name: str, start: str) -> None:
    lines = [line for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines() if line.startswith(start)]

    assert len(lines) == 1
    context = command.make_context("serve", options(lines[0]))
    assert isinstance(context, click.Context)


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    unit = (DEPLOY / "arsearch.service").read_text(encoding="utf-8")
    # systemd checks that the program exists.
    (tmp_path / "arsearch.service").write_text(unit.replace("/opt/arsearch/bin/arsearch", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "arsearch.service")], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
