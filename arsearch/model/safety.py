"""Text of articles made harmless where it is shown, and JSON that is harmless as it is.

An article must not rewrite the screen, nor the order of what stands beside it:

- controls (C0, DEL, C1, and with them every escape sequence) and lone surrogates become U+FFFD, in JSON escapes;
- bidi embeddings, overrides and isolates (U+202A-202E, U+2066-2069), the deprecated shaping controls (U+206A-206F),
  U+FEFF, annotation anchors (U+FFF9-FFFB) and tags (U+E0000-E007F) are dropped, in JSON escaped: they may reach beyond
  the text, and nothing is left to balance;
- the marks U+200E, U+200F and U+061C, the joiners U+200C and U+200D and soft hyphens stay: Arabic is written with them,
  and they do no more than a letter in their place would (UAX #9, 2.6).
"""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["json_text", "safe"]

_SPACE_LIKE = "\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
_INVISIBLE = "\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # bidi, shaping, tags
_CONTROL = "\x00-\x1f\x7f-\x9f\ud800-\udfff"
_UNSAFE = re.compile(f"([{_SPACE_LIKE}])|([{_INVISIBLE}])|[{_CONTROL}]")
_ESCAPED = re.compile(f"[\x7f-\x9f\ud800-\udfff\u2028\u2029{_INVISIBLE}]")
_SPACES = re.compile(r"\s+")


def safe(text: str) -> str:
    """`text` on one line: white space folded, what is unsafe replaced or, if invisible, dropped."""
    if text.isprintable() and "  " not in text:
        return text  # nearly always; of white space only the plain space is printable, of what is unsafe nothing
    text = _UNSAFE.sub(lambda found: " " if found[1] else "" if found[2] else "\ufffd", text)
    return _SPACES.sub(" ", text)


def json_text(value: Any) -> str:
    """A JSON value on one line, Arabic readable, what is unsafe as escapes; always encodable as UTF-8.

    Raises ValueError for NaN and infinite numbers.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else _ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1], text)
