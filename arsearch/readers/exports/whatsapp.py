"""A chat that WhatsApp exports as text to records: one article for each message, with its author, date and chat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.exports.whatsapp_lines import DayOrder, Stamp, begins_message, iso_time
from arsearch.readers.lines import LONGEST, too_long
from arsearch.readers.reader import Reader

__all__ = ["WHATSAPP", "is_whatsapp"]

_AUTHOR = re.compile(
    r"[\u200e\u200f\u202a-\u202e\u2066-\u2069~\u00a0 ]*([^:\n]{1,80}?)[\u200e\u200f\u202c\u2069]*:(?: |$)"
)
_TITLE = re.compile(
    r"(?:WhatsApp Chat (?:with|-)|محادثة واتساب مع|دردشة واتساب مع|Discussion WhatsApp avec)\s*(.+)", re.I
)
_NO_TEXT = re.compile(
    r"[\u200e\u200f\s]*(?:<[^<>\n]{1,80}>"
    r"|(?:IMG|VID|AUD|PTT|STK|GIF|DOC)-\d{8}-WA\d+\.\w+ \([^()\n]{1,40}\)"
    r"|[^\n]{1,120}\.\w{1,5} \((?:file attached|(?:ال)?ملف (?:ال)?مرفق|fichier joint)\)"
    r"|(?:image|video|audio|sticker|GIF|document|Contact card) omitted|null"
    r"|تم (?:استبعاد|حذف) (?:ال)?(?:صورة|فيديو|مقطع الفيديو|صوت|ملصق|مستند)"
    r"|(?:This message was deleted|You deleted this message|تم حذف هذه الرسالة|حذفت هذه الرسالة)\.?)\s*",
    re.IGNORECASE,
)
"""Media, which stand in angle brackets in every language, or as the name of a file, and deleted messages."""

_EDGE_MARKS = "\u200e\u200f\u00a0\u202f \t"
_LINES_OF_HEAD = 30


class _Message(NamedTuple):
    number: int
    line: int
    stamp: Stamp
    text: str


def is_whatsapp(head: str) -> bool:
    """Return whether a text is a chat: its first line begins a message, and a line of the first 30 has an author."""
    lines = [line for line in head.split("\n")[:_LINES_OF_HEAD] if line.strip()]
    if not lines or begins_message(lines[0]) is None:
        return False
    starts = [found for line in lines if (found := begins_message(line))]
    return any(_AUTHOR.match(text) for _, text in starts)


def _read(content: Content) -> Iterator[Record]:
    """Yield one record for each message with text, at the line where it begins."""
    data = b"".join(_limited(content))
    text = content.decoder.decode(data).removeprefix("\ufeff").replace("\r\n", "\n")
    del data
    order = DayOrder()
    for message in _messages(text):
        order.add(message.stamp)
    if not order.dates:
        raise InputError("no line begins with a date and a time; is this a chat that WhatsApp exported?")
    before = text[: _start_of_first(text)].strip()
    if before:
        content.tell(f"left out: {before.count(chr(10)) + 1:,} lines before the first message")
    content.tell(f"dates are read as {'day/month' if order.day_first else 'month/day'}/year")
    chat = _chat(content.stem)
    system = without_text = 0
    for message in _messages(text):
        author = _AUTHOR.match(message.text)
        body = message.text[author.end() :].strip(_EDGE_MARKS) if author else ""
        if author is None:
            system += 1
        elif not body.strip() or _NO_TEXT.fullmatch(body):
            without_text += 1
        else:
            article = {
                "id": f"{content.stem}-{message.number}",
                "body": body,
                "author": author[1].strip(_EDGE_MARKS),
                "date": iso_time(message.stamp, order.day_first),
                "source": chat,
            }
            yield Record(f"{content.name}:{message.line}", {name: value for name, value in article.items() if value})
    if system or without_text:
        content.tell(f"left out: {system:,} lines of the system, {without_text:,} messages without text")


def _messages(text: str) -> Iterator[_Message]:
    """Yield the messages one by one: a chat of a million messages must not be in memory as a million objects."""
    message: _Message | None = None
    lines: list[str] = []
    count = 0
    for number, line in enumerate(StringIO(text, newline="\n"), start=1):
        if found := begins_message(line):
            if message:
                yield message._replace(text="".join(lines).rstrip())
            count += 1
            message, lines = _Message(count, number, found[0], ""), [found[1]]
        elif message:
            lines.append(line)
    if message:
        yield message._replace(text="".join(lines).rstrip())


def _start_of_first(text: str) -> int:
    at = 0
    for line in StringIO(text, newline="\n"):
        if begins_message(line):
            break
        at += len(line)
    return at


def _chat(stem: str) -> str:
    name = stem.rpartition("/")[2]
    match = _TITLE.match(name)
    return match[1] if match else name


def _limited(content: Content) -> Iterator[bytes]:
    size = 0
    for chunk in content.chunks:
        size += len(chunk)
        if size > LONGEST:
            raise InputError(too_long("a chat"))
        yield chunk


WHATSAPP = Reader(
    name="whatsapp",
    label="WhatsApp chat",
    sniff=lambda content: 0.8 if is_whatsapp(content.head) else 0.0,
    read=_read,
)
