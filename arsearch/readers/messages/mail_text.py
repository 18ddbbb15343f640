"""Headers and bodies of mail decoded to text.

An encoding that others extend is read as the longest of these, as browsers do: mail programs declare the shorter one.
Sources: the Encoding Standard (WHATWG), section 4.2 (labels); RFC 2047 (encoded words), RFC 2231 section 5 (their
languages), RFC 3676 (flowed text), RFC 1556 (iso-8859-6-i and -e, whose letters are those of iso-8859-6).
"""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

from arsearch.readers.encodings import legacy_encoding

__all__ = ["Decoded", "decode_bytes", "decode_header", "unflowed"]

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_ALIASES = {
    "x-mac-arabic": "mac_arabic", "macarabic": "mac_arabic", "unicode-1-1-utf-7": "utf-7", "x-cp1256": "cp1256",
    "cp-1256": "cp1256", "windows1256": "cp1256", "x-windows-1256": "cp1256", "ansi-1256": "cp1256", "dos-720": "cp720",
    "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "shift_jis": "cp932",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874",
    "x-user-defined": "", "unknown-8bit": "", "unknown": "", "default": "", "8bit": "", "binary": "",
}  # fmt: skip
_DIRECTIONAL = re.compile("(iso-8859-[68])-[ie]")
_VAGUE = frozenset(("ascii", "iso8859-1", "cp1252"))  # declared by programs for text in any code page
_NOT_ASCII = frozenset(("utf-7", "utf-16", "utf-16-le", "utf-16-be", "iso2022_jp", "hz"))
_MOST_BAD = 0.01


class Decoded(NamedTuple):
    """A text, and the problem if not all of its bytes could be decoded."""

    text: str
    problem: str | None = None


def decode_bytes(data: bytes, charset: str | None) -> Decoded:
    """Return the text of bytes that a message says to be in `charset`, `None` if it does not say.

    Valid UTF-8, and Arabic that is certainly in an old code page, is read so where the charset is missing, unknown or a
    vague one that programs put everywhere. Up to one byte in a hundred that the charset lacks becomes U+FFFD, with a
    problem; with more of them the text is empty.
    """
    codec = _codec(charset)
    if data.isascii() and codec not in _NOT_ASCII:
        return Decoded(data.decode("ascii"))
    if codec is None or codec in _VAGUE or codec == "utf-8":
        try:
            return Decoded(data.decode("utf-8").removeprefix("\ufeff"))
        except UnicodeDecodeError:
            codec = legacy_encoding(data) or codec or "utf-8"
    try:
        if codec != "ascii":
            return Decoded(data.decode(codec))
    except UnicodeError:
        pass
    other = legacy_encoding(data)
    if other and other != codec:
        return Decoded(data.decode(other, "replace"))
    named = charset or codec
    text = data.decode(codec, "replace")
    bad = text.count("\ufffd")
    if bad <= max(1, _MOST_BAD * len(text)):
        return Decoded(text, f"{bad} characters of its text are not {named}; each is read as U+FFFD")
    return Decoded("", f"its text is not {named}, nor certainly in another encoding; left out")


def _codec(charset: str | None) -> str | None:
    """Return the name of Python's codec, or `None` if there is no such text encoding."""
    import codecs

    name = (charset or "").strip().strip("\"'").lower().partition("*")[0]
    name = _DIRECTIONAL.sub(r"\1", _ALIASES.get(name, name))
    try:
        codec = codecs.lookup(name).name
        "a".encode(codec)  # raises LookupError for codecs that are no encodings of text
    except (LookupError, ValueError):
        return None
    return codec if codec not in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined") else None


def decode_header(raw: str) -> str:
    """Return the text of a header's value: unfolded, with encoded words and undeclared 8-bit characters decoded."""
    text = _FOLD.sub("", raw)
    if not text.isascii():
        text = decode_bytes(text.encode("utf-8", "surrogateescape"), None).text
    pieces: list[str] = []
    pending, pending_charset = b"", ""
    at = 0
    text = _BETWEEN.sub("", text)
    for match in _ENCODED_WORD.finditer(text):
        charset, encoding, word = match.groups()
        if match.start() > at or charset.lower() != pending_charset:
            pieces.append(decode_bytes(pending, pending_charset).text)
            pieces.append(text[at : match.start()])
            pending, pending_charset = b"", charset.lower()
        pending += _word(word, encoding)  # a character may be cut between two words
        at = match.end()
    pieces += [decode_bytes(pending, pending_charset).text, text[at:]]
    return " ".join("".join(pieces).split())


def _word(word: str, encoding: str) -> bytes:
    data = word.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data


def unflowed(text: str, *, delete_space: bool) -> str:
    """Return format=flowed text with its paragraphs on one line each."""
    lines: list[str] = []
    flowing = False
    for line in text.split("\n"):
        line = line.removeprefix(" ")
        goes_on = line.endswith(" ") and line != "-- "
        part = line[:-1] if goes_on and delete_space else line
        if flowing:
            lines[-1] += part
        else:
            lines.append(part)
        flowing = goes_on
    return "\n".join(lines)
