"""The decoding of bytes to text: UTF-8, UTF-16, UTF-32 and, where the evidence suffices, two old Arabic code pages.

UTF-8 is tried first, because text in another encoding is practically never valid UTF-8. A byte order mark, or NULs that
decode to readable text, tell UTF-16 and UTF-32. Other bytes are decoded as windows-1256 or ISO-8859-6 only if the
result passes four independent tests for Arabic (`legacy_encoding`). All else is an `InputError`: one reported line does
less harm than one line of mojibake in the index.

Sources: the Unicode mapping tables CP1256.TXT and 8859-6.TXT; RFC 3629 for the form of UTF-8.

Measured on Arabic texts of 50 words or more (news, classical books, an encyclopedia): in 99 of 100, at least 24 % of
the words are in `_COMMON` or have the article. In 15 to 20 words of Russian, Greek or Hebrew bytes, at most one is.
Of 3,000 articles and their headlines in either code page, and of random bytes, none was decoded wrongly. A short
headline alone is often reported as uncertain.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from arsearch.errors import InputError

__all__ = ["Decoder", "Encoding", "guess_encoding", "legacy_encoding", "mojibake", "named_encoding", "transcoded"]

_BOMS = (  # UTF-32-LE first: its mark begins with that of UTF-16-LE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_LEGACY = ("cp1256", "iso8859_6")
_LABELS = {"cp1256": "windows-1256", "iso8859_6": "ISO-8859-6"}
_ASCII_PROBE = '\n\r\t {}[]",:;|az09'

_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_READABLE = re.compile("[\t\n\r -~\u00a0-\u024f\u0600-\u06ff\u0750-\u077f\u2000-\u206f\ufb50-\ufdff\ufe70-\ufeff]")
_FAMILIAR = re.compile("[ -~\u0600-\u06ff]")
_ARABIC = re.compile("[\u0621-\u063a\u0640-\u0652\u0671-\u06d3]")
_MARKS = re.compile("[\u0640\u064b-\u0652]")
_WORD = re.compile("[\u0621-\u064a]+")
# an Arabic and a Latin letter side by side; the letter of an escape such as \n in JSON does not count
_GLUED = re.compile(r"(?:(?<!\\)[A-Za-z]|[\u00c0-\u00ff])(?=[\u0621-\u0652])|[\u0621-\u0652](?=[A-Za-z\u00c0-\u00ff])")
_ARTICLE = ("ال", "وال", "بال", "فال", "كال", "لل")
_COMMON = frozenset((
    "في", "من", "على", "إلى", "الى", "عن", "أن", "ان", "إن", "هذا", "هذه", "التي", "الذي", "كان", "كانت", "قال", "قد",
    "لا", "ما", "لم", "لن", "هو", "هي", "مع", "بين", "بعد", "قبل", "كل", "أو", "او", "ثم", "حتى", "إذا", "اذا",
    "غير", "عند", "عليه", "فيه", "منه", "له", "به", "ذلك", "تلك", "أي", "عبد", "بن", "يوم", "يا",
))  # fmt: skip
_LATIN_LETTER = re.compile("[\u00c0-\u00ff\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u0192]")
_FREQUENT = frozenset("الينمورتهب")


class Encoding(NamedTuple):
    """The encoding of a file, as its first bytes or the caller tell it."""

    codec: str
    """The name of Python's codec."""

    label: str
    """The name that messages show."""

    skip: int = 0
    """The length of the byte order mark."""

    settled: bool = True
    """False while only ASCII has been read, so that a later line may decide."""

    given: bool = False
    """Whether the caller named the encoding."""


_OF_DOMAIN_NAMES = ("idna", "punycode")


def named_encoding(name: str) -> Encoding:
    """Return the encoding of that name. Raises `InputError` if Python has no text encoding `name`."""
    try:
        "a".encode(name)  # raises LookupError for bytes-to-bytes codecs too
        info = codecs.lookup(name)
        if info.name in _OF_DOMAIN_NAMES:
            raise LookupError(name)
    except (LookupError, ValueError):
        raise InputError(f"unknown encoding {name!r}; name one such as utf-8, windows-1256 or iso-8859-6") from None
    return Encoding(info.name, _LABELS.get(info.name.replace("-", "_"), info.name.upper()), given=True)


def guess_encoding(head: bytes, *, complete: bool = False) -> Encoding:
    """Return the encoding of a file that begins with `head`; an empty one is UTF-8, not settled.

    `complete` says that `head` is the whole file, so a character cut at its end is damage.
    """
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return Encoding(codec, codec.upper().removesuffix("-LE").removesuffix("-BE"), len(bom))
    if b"\0" in head and (wide := _wide_encoding(head)):
        return Encoding(wide, wide.upper())
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=complete)
    except UnicodeDecodeError:
        if page := legacy_encoding(head):
            return Encoding(page, _LABELS[page])
        return Encoding("utf-8", "UTF-8 with damaged parts", 0, _mostly_utf8(head))
    return Encoding("utf-8", "UTF-8", 0, not head.isascii())


def legacy_encoding(data: bytes) -> str | None:
    """Return `cp1256` or `iso8859_6` if `data`, which is not UTF-8, is certainly Arabic text in it, else `None`.

    The tests: at least 8 Arabic letters, and 70 % of the non-ASCII characters; an Arabic letter beside a Latin one for
    at most 2 % of the letters; half of the letters among the ten most frequent; two words, and one in ten, common or
    with the article. The score must be twice that of the other code page.
    """
    if _mostly_utf8(data):
        return None
    scores = {codec: _arabic_score(data, codec) for codec in _LEGACY}
    best = max(_LEGACY, key=lambda codec: scores[codec])
    other = min(_LEGACY, key=lambda codec: scores[codec])
    return best if scores[best] >= 0.1 and scores[best] >= 2 * scores[other] else None


def mojibake(text: str) -> str:
    """Return the encoding of Arabic text that was decoded in another one and saved so: `UTF-8`, `windows-1256`, or empty.

    UTF-8 is tested in the 4,000 characters on either side of the first suspicious pair: nine tenths of the non-ASCII ones
    must turn back into valid UTF-8. An old code page is tested in the first 1,000 characters: as Latin letters, they must turn
    back into bytes that are certainly Arabic. An article that merely quotes mojibake passes.
    """
    if text.isascii():
        return ""
    if _is_utf8_mojibake(text):
        return "UTF-8"
    probe = text[:1000]
    high = len(_LATIN_LETTER.findall(probe))
    if high < 8 or 2 * high < len("".join(probe.split())):
        return ""
    page = legacy_encoding(b"".join(_byte(c, "cp1252") for c in probe))
    return _LABELS[page] if page else ""


def _is_utf8_mojibake(text: str) -> bool:
    if b"\xa7" not in text.encode("utf-16-le", "surrogatepass"):  # both pairs end in U+00A7; bytes are found faster
        return False
    for wrong_alef, codec in (("\u00d8\u00a7", "cp1252"), ("\u0637\u00a7", "cp1256")):
        start = text.find(wrong_alef)
        if start < 0:
            continue
        high = [c for c in text[max(0, start - 4000) : start + 4000] if c >= "\x80"]
        data = b"".join(_byte(c, codec) for c in high)
        if len(high) >= 8 and _utf8_bytes(data) >= 0.9 * len(high):
            return True
    return False


def transcoded(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[bytes]:
    """Yield `chunks` without the byte order mark, as UTF-8 if the encoding does not extend ASCII.

    Line ends can be found in the result as bytes. Lone surrogates of UTF-16 stay invalid, so that `Decoder` reports the
    line that has them. Raises `InputError` where the bytes end within a character or cannot be decoded.
    """
    skip = encoding.skip
    extends_ascii = _extends_ascii(encoding.codec)
    errors = "surrogatepass" if encoding.codec.startswith(("utf-16", "utf-32")) else "strict"
    decode = codecs.getincrementaldecoder(encoding.codec)(errors).decode
    try:
        for chunk in chunks:
            if skip:
                chunk, skip = chunk[skip:], max(0, skip - len(chunk))
            yield chunk if extends_ascii else decode(chunk).encode("utf-8", "surrogatepass")
        if not extends_ascii:
            yield decode(b"", True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise InputError(f"not {encoding.label} here ({error.reason}); is the file cut short?") from None
    except UnicodeError as error:  # no byte order mark
        raise InputError(f"not {encoding.label}: {error}") from None


class Decoder:
    """Decodes the lines, or the whole text, of one file. `tell` receives a decision taken after the first bytes."""

    def __init__(self, encoding: Encoding, tell: Callable[[str], None] = lambda _: None) -> None:
        self._given = encoding.codec if encoding.given and _extends_ascii(encoding.codec) else None
        self._legacy = encoding.codec if encoding.codec in _LEGACY and not encoding.given else None
        self._settled = encoding.settled
        self._tell = tell

    def decode(self, data: bytes) -> str:
        """Return the text of `data`. Raises `InputError` with the reason and the place if the text is uncertain."""
        if self._given:
            try:
                return data.decode(self._given)
            except UnicodeDecodeError as error:
                raise InputError(f"not {self._given}: {_place(error, data)}") from None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return self._decode_legacy(data, error)
        if not self._settled and not text.isascii():
            self._settled = True
        return text

    def _decode_legacy(self, data: bytes, error: UnicodeDecodeError) -> str:
        if not self._settled and (legacy := legacy_encoding(data)):
            self._legacy, self._settled = legacy, True
            self._tell(f"read as {_LABELS[legacy]} from here on; until here it was plain ASCII")
        if self._legacy and not _mostly_utf8(data):
            with contextlib.suppress(UnicodeDecodeError):
                text = data.decode(self._legacy)
                if _is_plausible(text):
                    return text
        kind = (
            "damaged UTF-8"
            if _mostly_utf8(data)
            else "neither UTF-8 nor certainly Arabic in windows-1256 or ISO-8859-6"
        )
        raise InputError(f"{kind}: {_place(error, data)}; convert it to UTF-8 or name its encoding") from None


def _place(error: UnicodeDecodeError, data: bytes) -> str:
    """Return the undecodable byte and its place, such as `0xd8 at line 2, byte 7`."""
    line = data.count(b"\n", 0, error.start)
    column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
    where = f"line {line + 1}, byte {column}" if line else f"byte {column}"
    return f"0x{data[error.start]:02x} at {where}"


def _extends_ascii(codec: str) -> bool:
    try:
        return _ASCII_PROBE.encode(codec) == _ASCII_PROBE.encode("ascii")
    except UnicodeEncodeError:
        return False


def _utf8_bytes(data: bytes) -> int:
    """Return the number of bytes in valid multi-byte sequences of UTF-8."""
    return sum(len(match) for match in _UTF8_SEQUENCE.findall(data))


def _mostly_utf8(data: bytes) -> bool:
    # must be tested before the code pages: Arabic UTF-8 decoded as windows-1256 is half tah and zah, Arabic letters too
    return 2 * _utf8_bytes(data) > len(_HIGH.findall(data))


def _wide_encoding(head: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 codec without byte order mark in which `head` is readable, else `None`."""
    for codec in _WIDE:
        unit = 4 if "32" in codec else 2
        try:
            text = codecs.getincrementaldecoder(codec)().decode(head[: len(head) - len(head) % unit])
        except UnicodeDecodeError:
            continue
        readable, familiar = len(_READABLE.findall(text)), len(_FAMILIAR.findall(text))
        if len(text) >= 2 and readable >= 0.95 * len(text) and familiar >= 0.5 * len(text):
            return codec
    return None


def _arabic_score(data: bytes, codec: str) -> float:
    """Return the share of words that are common or have the article, 0.0 if another test fails."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(data)
    except UnicodeDecodeError:
        return 0.0
    letters = _ARABIC.findall(text)
    high = sum(c >= "\x80" for c in text)
    if len(letters) < 8 or len(letters) < 0.7 * high or len(_GLUED.findall(text)) > 0.02 * len(letters):
        return 0.0
    words = _WORD.findall(_MARKS.sub("", text))
    bare = "".join(words)
    if not words or sum(c in _FREQUENT for c in bare) < 0.5 * len(bare):
        return 0.0
    evidence: int = sum(word in _COMMON or (len(word) > 3 and word.startswith(_ARTICLE)) for word in words)
    return evidence / len(words) if evidence > 1 else 0.0


def _is_plausible(text: str) -> bool:
    """Return whether a line, decoded as the old code page of its file, reads as text."""
    if any("\x80" <= c < "\xa0" for c in text):
        return False
    letters, glued = len(_ARABIC.findall(text)), len(_GLUED.findall(text))
    return glued <= letters / 10


def _byte(char: str, codec: str) -> bytes:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return bytes((ord(char),)) if ord(char) < 0x100 else b""
