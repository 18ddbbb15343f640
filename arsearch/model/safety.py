"""Text of articles made safe to display, and JSON that is safe to display.

An article must not be able to rewrite the screen, or to reorder the text next to it:

- control characters (C0, DEL and C1, and so every escape sequence) and lone surrogates become U+FFFD; in JSON they are
  escaped.
- bidi embeddings, overrides and isolates (U+202A-202E, U+2066-2069), the deprecated shaping controls (U+206A-206F),
  U+FEFF, annotation anchors (U+FFF9-FFFB) and tags (U+E0000-E007F) are removed; in JSON they are escaped. Their effect
  could reach beyond the text, and without them nothing needs balancing.
- the marks U+200E, U+200F and U+061C, the joiners U+200C and U+200D, and soft hyphens stay: Arabic is written with them,
  and their effect is no greater than that of a letter in their place (UAX #9, 2.6).
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from arsearch.concurrency import on_whole_stack

__all__ = ["json_text", "safe"]

_SPACE_LIKE = "\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
_INVISIBLE = "\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # bidi, shaping, tags
_CONTROL = "\x00-\x1f\x7f-\x9f\ud800-\udfff"
_UNSAFE = re.compile(f"([{_SPACE_LIKE}])|([{_INVISIBLE}])|[{_CONTROL}]")
_ESCAPED = re.compile(f"[\x7f-\x9f\ud800-\udfff\u2028\u2029{_INVISIBLE}]")
_SPACES = re.compile(r"\s+")


def safe(text: str) -> str:
    """Return `text` on one line: white space folded, unsafe characters replaced or, if invisible, removed."""
    if text.isprintable() and "  " not in text:
        return text  # nearly every text: of white space only U+0020 is printable, of unsafe characters none
    text = _UNSAFE.sub(lambda match: " " if match[1] else "" if match[2] else "\ufffd", text)
    return _SPACES.sub(" ", text)


def json_text(value: Any) -> str:
    """Return a JSON value on one line, with Arabic readable and unsafe characters escaped; UTF-8 can encode it.

    Raises `ValueError` for NaN and infinite numbers.
    """
    dumps = partial(json.dumps, value, ensure_ascii=False, allow_nan=False)
    try:
        text = dumps()
    except RecursionError:
        text = on_whole_stack(dumps)
    return text if text.isprintable() else _ESCAPED.sub(lambda match: json.dumps(match[0])[1:-1], text)
