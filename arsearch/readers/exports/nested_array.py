"""A large array inside one JSON object, such as `hits.hits` of a search response, as a stream of its elements.

A file may be one object of gigabytes. The text before the array is dropped except for its line ends; the array is then
one at the top level. Where the array begins too late to be seen in the head, the object is read as a whole.
Sources: the Elasticsearch search and scroll API; the `result.json` of Telegram Desktop; the archive of Twitter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

__all__ = ["NestedArray", "from_array", "nested_array"]

_BEFORE_HITS = r"""(?:[^\[\]"]|"(?!hits")[^"\\]*")*"hits"\s*:\s*"""
_HITS = re.compile(rf"\s*\{{{_BEFORE_HITS}\{{{_BEFORE_HITS}(?=\[)")
_MEMBER = r"""\s*"(?:name|type|id)"\s*:\s*(?:"(?:[^"\\]|\\.)*"|-?\d+|null)\s*,"""
_MESSAGES = re.compile(rf"""\s*\{{(?:{_MEMBER})*\s*"messages"\s*:\s*(?=\[)""")
_SCRIPT = re.compile(r"\s*window\.YTD\.\w+\.part\d+\s*=\s*(?=\[)")


class NestedArray(NamedTuple):
    """Where an array begins, and what stands before it."""

    kind: str
    """`hits`, `messages` or `script`."""

    prefix: str
    """The text before the bracket."""

    @property
    def header(self) -> dict[str, Any]:
        """The members before the array."""
        try:
            value = json.loads(re.sub(r',?\s*"messages"\s*:\s*$', "", self.prefix) + "}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def nested_array(head: str) -> NestedArray | None:
    """Return the array that holds the articles of a file with this beginning, or `None`."""
    start = len(head) - len(head.lstrip("\ufeff"))
    for kind, pattern in (("hits", _HITS), ("messages", _MESSAGES), ("script", _SCRIPT)):
        if match := pattern.match(head, start):
            return NestedArray(kind, match[0])
    return None


def from_array(chunks: Iterable[bytes], prefix: str) -> Iterator[bytes]:
    """Yield `chunks` with `prefix` replaced by its line ends. The chunks are in an encoding that extends ASCII.

    The prefix is found again by its last bracket, because its bytes depend on the encoding.
    """
    skip = prefix.count("[")  # brackets in names of chats
    buffer = b""
    chunks = iter(chunks)
    for chunk in chunks:
        buffer += chunk
        places = [match.start() for match in re.finditer(rb"\[", buffer[: 4 * len(prefix) + 16])]
        if len(places) > skip:
            at = places[skip]
            yield b"\n" * buffer.count(b"\n", 0, at) + buffer[at:]
            break
    else:
        yield buffer
    yield from chunks
