"""The bytes of a page or feed decoded to text.

A byte order mark decides, then valid UTF-8, then the declared encoding, then the guess for Arabic. Valid UTF-8 comes
before the declaration: pages converted to UTF-8 often keep their old one, and other encodings are hardly ever valid UTF-8.
Sources: HTML Living Standard, 13.2.3 (byte streams); the WHATWG Encoding Standard (labels); XML 1.0, appendix F.
"""

from __future__ import annotations

import codecs
import re

from arsearch.errors import InputError
from arsearch.readers.encodings import guess_encoding, legacy_encoding

__all__ = ["declared_charset", "decode_html", "decoded_markup"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_WIDE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_SEARCHED = 8192
_LABELS = {"x-cp1256": "cp1256", "windows-874": "cp874", "x-mac-arabic": "mac_arabic", "iso-8859-6-i": "iso8859_6",
           "iso-8859-6-e": "iso8859_6", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
           "ascii": "cp1252"}  # fmt: skip


def decoded_markup(data: bytes, transport: str | None = None) -> str:
    """Return the text of markup without its byte order mark. `transport` is the encoding that an HTTP header names.

    Raises `InputError` if no encoding is certain.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    for start, codec in _WIDE:
        if data.startswith(start):
            return data.decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        failure = error
    guess = legacy_encoding(_text_bytes(data))
    for label in (transport, declared_charset(data)):
        codec_name = _codec(label)
        # a page that says Latin but reads as Arabic was declared wrongly; browsers show such pages as mojibake
        if codec_name and not (guess and codec_name == "cp1252"):
            if codec_name == "utf-8":  # a few damaged bytes in a page of UTF-8
                if failure.start > len(data) // 100 or not guess:
                    return data.decode("utf-8", "replace")
                continue
            return data.decode(codec_name, "replace")
    if guess:
        return data.decode(guess)
    raise InputError("its encoding is neither declared nor certain; convert it to UTF-8")


def decode_html(data: bytes) -> str:
    """Return the text of a page as `decoded_markup` does, or by the likeliest encoding where none is certain.

    Bytes that are not in the encoding become U+FFFD.
    """
    try:
        return decoded_markup(data)
    except InputError:
        guess = guess_encoding(data, complete=True)
        return data[guess.skip :].decode(guess.codec, "replace")


def declared_charset(data: bytes) -> str | None:
    """Return the encoding that the XML declaration or a `meta` element at the beginning of a page names, or `None`."""
    match = _DECLARED.search(data[:_SEARCHED])
    return (match[1] or match[2]).decode("ascii") if match else None


def _codec(label: str | None) -> str | None:
    if not label:
        return None
    name = label.strip().lower()
    name = _LABELS.get(name, name)
    try:
        "a".encode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return "utf-8" if found.startswith(("utf-16", "utf-32")) else found


def _text_bytes(data: bytes) -> bytes:
    """Return the first bytes outside of tags, for the guess of the encoding."""
    return re.sub(rb"<[^<>]{0,1000}>", b" ", data[: 1 << 20])
