"""The serializer of JSON lines for schemathesis."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/jsonl", "application/x-ndjson")
def lines(ctx: Any, value: Any) -> bytes:
    """Return a generated text as the body of a request."""
    return str(value).encode("utf-8", "surrogatepass")
