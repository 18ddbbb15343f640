"""The type of the fixture that makes clients, and functions on their answers. Skips its importer without the extra `web`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("starlette", reason='needs pip install "arsearch[web]"')
pytest.importorskip("jinja2", reason='needs pip install "arsearch[web]"')
pytest.importorskip("httpx2", reason='needs pip install "arsearch[test]"')

from starlette.testclient import TestClient

__all__ = ["Connect", "comparable"]

Connect = Callable[..., TestClient]
"""Makes a client of an application over an index, or several; keywords are settings."""


def comparable(value: Any) -> Any:
    """Return an answer without times, and with rounded scores: a score may change in its last digit once it is cached."""
    if isinstance(value, dict):
        kept = {name: comparable(item) for name, item in value.items() if name != "took"}
        return kept | ({"score": round(value["score"], 4)} if "score" in value else {})
    return [comparable(item) for item in value] if isinstance(value, list) else value
