"""The description of the API is true: every route is described, and schemathesis finds no answer that contradicts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_clients import Connect  # skips without the extra

import arsearch
from arsearch.web.api.status import openapi
from arsearch.web.settings import WebSettings

FOLDER = Path(__file__).parent


@pytest.fixture
def server(tmp_path: Path, samples: list[dict[str, Any]], token: str) -> Iterator[str]:
    """Yield the URL of a server in a process, over the sample articles."""
    with arsearch.open(tmp_path / "samples", create=True) as index:
        index.add(samples)
    command = [sys.executable, "-m", "arsearch", "serve", "-i", "samples", "--port", "0", "--rate", "0"]
    environment = os.environ | {"ARSEARCH_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split(" at ")[1].split()[0]
        process.terminate()


def test_schemathesis_finds_no_contradiction(server: str, token: str, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml")),
        *("run", f"{server}api/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "1", "--generation-database", "none"),
        *("--no-color", "--wait-for-schema", "20"),
    ]  # fmt: skip
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(FOLDER)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    generated = re.search(r"(\d[\d,]*) generated", done.stdout)
    assert generated
    assert int(generated[1].replace(",", "")) > 200


def test_every_route_of_the_api_is_described(connect: Connect, index: arsearch.Index) -> None:
    described = {
        (method.upper(), path)
        for path, item in openapi()["paths"].items()
        for method in item
        if method in ("get", "post", "put", "delete", "patch")
    }
    app: Any = connect(index).app
    for version in ("/api/v1", "/api"):
        routes = {
            (method, route.path.removeprefix(version).replace(":article}", "}"))
            for route in app.routes
            if route.path.startswith("/api/v1/") == (version == "/api/v1") and route.path.startswith("/api/")
            for method in route.methods - {"HEAD"}
        }
        assert routes == described


def test_the_bounds_in_the_description_are_those_of_the_settings() -> None:
    search = {one["name"]: one["schema"] for one in _resolved("/search") if "schema" in one}
    settings = WebSettings()

    assert search["q"]["maxLength"] == settings.max_query
    assert (search["limit"]["maximum"], search["limit"]["default"]) == (settings.max_limit, settings.default_limit)
    assert search["offset"]["maximum"] == settings.max_offset


def _resolved(path: str) -> list[dict[str, Any]]:
    description = openapi()
    parameters = description["paths"][path]["get"]["parameters"]
    return [
        description["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for one in parameters
    ]
