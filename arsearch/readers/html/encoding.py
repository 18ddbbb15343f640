"""The bytes of a page decoded by its byte order mark, its declaration or the look of its bytes.

Source: HTML Living Standard, 13.2.3 (determining the character encoding); XML 1.0, appendix F.
"""

from __future__ import annotations

import re

from arsearch.readers.encodings import guess_encoding, legacy_encoding

__all__ = ["declared_charset", "decode_html"]

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)""", re.I
)


def decode_html(data: bytes) -> str:
    """Return the text of a page by its byte order mark, its declaration, or the encoding that its bytes suggest.

    Bytes that are not in the encoding become U+FFFD.
    """
    guess = guess_encoding(data, complete=True)
    codec = declared_charset(data)
    if guess.skip or codec is None:
        codec = guess.codec
    else:
        if guess.codec == "utf-8" and guess.settled and not data.isascii() and not legacy_encoding(data):
            codec = "utf-8"  # valid UTF-8 is UTF-8, whatever the declaration says
    try:
        return data[guess.skip :].decode(codec, "replace")
    except (LookupError, UnicodeError):
        return data[guess.skip :].decode(guess.codec, "replace")


def declared_charset(data: bytes) -> str | None:
    """Return the encoding that the XML declaration or a `meta` element at the beginning of a page names, or `None`."""
    match = _DECLARED.search(data[:2048])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None
