"""Ids for articles of JSON and databases that have none: the url, else a digest of the content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["has_id", "with_id"]

_MESSAGE = "articles without an id: the url is the id, else a digest of the content"


def has_id(data: Mapping[str, Any]) -> bool:
    """Return whether `data` has an id that is neither missing nor blank."""
    id = data.get("id")
    return id is not None and not (isinstance(id, str) and not id.strip())


def with_id(data: Mapping[str, Any], tell_once: Callable[[str], None]) -> Mapping[str, Any]:
    """Return `data` with an id. The digest depends on all values and not on their order: equal articles are one article."""
    if has_id(data):
        return data
    tell_once(_MESSAGE)
    url = data.get("url")
    if isinstance(url, str) and url.strip():
        return {**data, "id": url.strip()[:1024]}
    further = {name: value for name, value in data.items() if name != "id"}
    content = json.dumps(further, sort_keys=True, ensure_ascii=True, default=str)
    return {**data, "id": hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}
