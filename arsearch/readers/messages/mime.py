"""The text and the attachments of one message.

Parts are found by their boundaries in the bytes of the message, in linear time; attachments are named, never decoded.
`email` parses only headers, because its parser of bodies takes many times the memory of a message.
Sources: RFC 5322 (headers), RFC 2045 and 2046 (parts), RFC 2183 (dispositions), RFC 2387 (related parts).
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from arsearch.errors import InputError
from arsearch.readers.documents.flow import stripped_lines
from arsearch.readers.encodings import legacy_encoding
from arsearch.readers.html.encoding import declared_charset
from arsearch.readers.html.text import html_text
from arsearch.readers.messages.mail_text import decode_bytes, decode_header, unflowed

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["Mail", "parse_mail"]

_HEADERS = re.compile(
    rb"(?:(?:[!-9;-~]{1,200}[ \t]*:|[ \t]+\S|>?From )[^\n]*(?:\n|\Z)|[^\r\n][^\n]*\n(?=[!-9;-~]{1,60}:[ \t]))*"
)
"""The headers with their continuations; a line that is neither stands among them if a header follows it."""

_BLANK_LINE = re.compile(rb"[ \t]*\r?\n")
_BOUNDARY = re.compile(rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\n(?=[A-Za-z][A-Za-z-]{1,60}:)", re.MULTILINE)
_EMPTY_WORD = re.compile(r"=\?[^?\s]*\?[bBqQ]\?\?=")
_LONGEST_HEADERS = 1 << 20
_LONGEST_SAMPLE = 1 << 16
"""The most bytes of a message that tell the encoding of its headers."""

_DEEPEST = 30
_MOST_PARTS = 10_000
_LONGEST_TEXT = 1 << 24
"""The most bytes of text in one message: a character of text may take four bytes in memory, and lines more."""

_LONGEST_VALUE = 10_000
_LONGEST_ID = 1024
_MOST_LINES = 1_000_000
_TEXTS_ATTACHED = frozenset(("text/calendar", "text/vcard", "text/x-vcard", "text/rtf", "text/css", "text/csv"))


@dataclass(slots=True)
class Mail:
    """What is read of one message."""

    data: dict[str, Any] = field(default_factory=dict)
    """Our fields; `id` only if the message has one."""

    attachments: list[str] = field(default_factory=list)
    """The names of the attachments, or their types if they have no names."""

    problems: list[str] = field(default_factory=list)
    """The reasons why parts of the text are missing or changed."""


def parse_mail(message: bytes) -> Mail:
    """Return what can be read of a message. Nothing in it raises an error: all that is unreadable becomes a problem."""
    mail = Mail()
    headers, body = _headers(message, 0, len(message))
    reader = _Parts(message, mail)
    texts = [text for text in reader.texts(headers, body, len(message), 0) if text]
    values = {
        "id": _id(_header(headers, "message-id").strip("<> ")),
        "title": _header(headers, "subject"),
        "body": "\n\n".join(texts),
        "author": _author(_raw(headers, "from") or _raw(headers, "sender")),
        "date": _date(_header(headers, "date")),
        "to": _header(headers, "to"),
    }
    if not values["title"] and _EMPTY_WORD.sub("", _raw(headers, "subject")).strip():
        mail.problems.append("its subject has characters of an uncertain encoding; left out")
    mail.data = {name: value for name, value in values.items() if value or name in ("title", "body")}
    if mail.attachments:
        mail.data |= {"attachments": mail.attachments, "attachment_count": len(mail.attachments)}
    return mail


def _headers(data: bytes, start: int, end: int) -> tuple[Message, int]:
    """Return the headers of the part that begins at `start`, and where its body begins."""
    from email.parser import BytesHeaderParser, HeaderParser
    from email.policy import compat32

    match = _HEADERS.match(data, start, min(end, start + _LONGEST_HEADERS))
    stop = match.end() if match else start
    blank = _BLANK_LINE.match(data, stop, end)
    body = blank.end() if blank else stop  # a message may lack the blank line
    block = data[start:stop]
    whole = decode_bytes(block, None)  # undeclared 8-bit characters are told best by all headers together
    if whole.problem:
        undecoded = BytesHeaderParser(policy=compat32).parsebytes(block)
        charset = _parameter(undecoded, "charset") or legacy_encoding(data[start : min(end, start + _LONGEST_SAMPLE)])
        whole = decode_bytes(block, charset)
        if charset is None or whole.problem:
            return undecoded, body
    return HeaderParser(policy=compat32).parsestr(whole.text), body


def _raw(headers: Message, name: str) -> str:
    """Return the first header of that name as it stands, with undecodable bytes as surrogates."""
    return next((str(value) for key, value in headers.raw_items() if key.lower() == name), "")[: _LONGEST_VALUE * 10]


def _header(headers: Message, name: str) -> str:
    return _clean(decode_header(_raw(headers, name))[:_LONGEST_VALUE])


def _id(value: str) -> str:
    """Return an id that an article may have, or "" for a longer one."""
    return value if len(value) <= _LONGEST_ID else ""


def _clean(text: str) -> str:
    """Return text without NULs and lone surrogates, which no article may have."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _author(value: str) -> str:
    """Return the name in an address, else the address."""
    from email.utils import parseaddr

    name, address = parseaddr(" ".join(value[:_LONGEST_VALUE].split()))
    return _clean(decode_header(name) or decode_header(address) or decode_header(value))[:1000]


def _date(value: str) -> str:
    """Return a date of RFC 5322 as ISO 8601, and another one as it is."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return value


class _Parts:
    """The walk over the parts of one message."""

    def __init__(self, data: bytes, mail: Mail) -> None:
        self._data = data
        self._mail = mail
        self._count = 0
        self._left = _LONGEST_TEXT

    def texts(self, headers: Message, start: int, end: int, depth: int) -> list[str]:
        """Return the texts of a part whose body is `data[start:end]`, and note its attachments."""
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_PARTS:
            if self._count <= _MOST_PARTS + 1:
                self._mail.problems.append("not read to its end: too many parts, or parts inside each other")
            return []
        kind = headers.get_content_type()
        boundary = _boundary(headers) if kind.startswith("multipart/") else ""
        if boundary and (parts := self._split(boundary, start, end) or self._split_by_guess(start, end)):
            return self._multipart(kind, parts, depth)
        if kind == "message/rfc822":
            inner, body = _headers(self._data, start, end)
            texts = self.texts(inner, body, end, depth + 1)
            subject = _header(inner, "subject")
            return [subject, *texts] if subject else texts
        name = _file_name(headers)
        attached = headers.get_content_disposition() == "attachment"
        if attached or kind in _TEXTS_ATTACHED or not kind.startswith(("text/", "multipart/")):
            self._mail.attachments.append(name or kind)
            return []
        text = self._text(headers, kind, start, end)
        return [text] if text else []

    def _multipart(self, kind: str, parts: list[tuple[Message, int, int]], depth: int) -> list[str]:
        """Return the texts of the parts: of one alternative, of the root of related parts, or of all."""
        if kind == "multipart/alternative":
            return self._alternative(parts, depth)
        if kind == "multipart/digest":
            for headers, _, _ in parts:
                headers.set_default_type("message/rfc822")
        texts = [self.texts(*part, depth + 1) for part in parts]
        if kind == "multipart/related":
            return next((text for text in texts if text), [])
        return [text for several in texts for text in several]

    def _alternative(self, parts: list[tuple[Message, int, int]], depth: int) -> list[str]:
        """Return the plain text if there is some, else the last alternative that has text."""
        plain = [part for part in parts if part[0].get_content_type() == "text/plain"]
        others = [part for part in parts if part[0].get_content_type() != "text/plain"]
        found: list[str] = []
        for part in [*plain, *reversed(others)]:
            known = len(self._mail.problems)
            texts = self.texts(*part, depth + 1)
            if found:
                del self._mail.problems[known:]  # of a text that is not needed
            found = found or texts
        return found

    def _split(self, boundary: str, start: int, end: int) -> list[tuple[Message, int, int]]:
        """Return the headers and the ends of the body of each part between the boundaries."""
        pattern = re.compile(
            rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?$", re.MULTILINE
        )
        parts: list[tuple[Message, int, int]] = []
        open_at = -1
        for match in pattern.finditer(self._data, start, end):
            if open_at >= 0:
                parts.append(self._part(open_at, match.start()))
            open_at = -1 if match[1] else match.end() + 1
            if match[1] or len(parts) > _MOST_PARTS:
                break
        if 0 <= open_at < end:
            parts.append(self._part(open_at, end))
        return parts

    def _split_by_guess(self, start: int, end: int) -> list[tuple[Message, int, int]]:
        """Return the parts by the first line that looks like a boundary, for a message that declares another one."""
        match = _BOUNDARY.search(self._data, start, end)
        return self._split(match[1].decode("utf-8", "replace"), start, end) if match else []

    def _part(self, start: int, end: int) -> tuple[Message, int, int]:
        headers, body = _headers(self._data, start, end)
        return headers, min(body, end), end

    def _text(self, headers: Message, kind: str, start: int, end: int) -> str:
        encoding = str(headers.get("content-transfer-encoding", "")).strip().lower()
        raw = _unpacked(self._data[start : min(end, start + 2 * self._left + 4)], encoding)
        if len(raw) > self._left:
            self._mail.problems.append(f"its text is longer than {_LONGEST_TEXT:,} bytes; the part before was read")
            raw = raw[: self._left]
        self._left -= len(raw)
        if not raw:
            return ""
        charset = _parameter(headers, "charset") or (declared_charset(raw) if kind == "text/html" else None)
        decoded = decode_bytes(raw, charset)
        if decoded.problem:
            self._mail.problems.append(decoded.problem)
        text = _clean(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
        try:
            if kind == "text/html":
                return html_text(text)
        except InputError as error:
            self._mail.problems.append(str(error))
            return ""
        if (_parameter(headers, "format") or "").lower() == "flowed" and text.count("\n") < _MOST_LINES:
            text = unflowed(text, delete_space=(_parameter(headers, "delsp") or "").lower() == "yes")
        return stripped_lines(text, str.rstrip).strip()


def _unpacked(data: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        return binascii.a2b_base64(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==")
    return data


def _parameter(headers: Message, name: str) -> str | None:
    """Return a parameter of the content type; `None` if there is none, or none that `email` can parse."""
    from email.utils import collapse_rfc2231_value

    try:
        value = headers.get_param(name)
        return None if value is None else collapse_rfc2231_value(value)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _boundary(headers: Message) -> str:
    return (_parameter(headers, "boundary") or "").rstrip()


def _file_name(headers: Message) -> str:
    try:
        name = headers.get_filename("")
    except (ValueError, LookupError, TypeError, AttributeError):
        name = "unnamed"
    return _clean(decode_header(name))[:1000]
