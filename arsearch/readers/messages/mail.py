"""The readers of single messages (eml) and of mailboxes (mbox)."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.lines import LONGEST
from arsearch.readers.messages.mailboxes import begins_mailbox, messages
from arsearch.readers.messages.mime import parse_mail
from arsearch.readers.reader import Reader

__all__ = ["EML", "MBOX", "read_eml", "read_mbox"]

_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):")
_OF_MAIL = frozenset(
    (
        b"from", b"to", b"subject", b"date", b"message-id", b"received", b"mime-version", b"return-path", b"content-type",
        b"delivered-to", b"reply-to", b"cc", b"sender", b"x-mailer", b"dkim-signature", b"content-transfer-encoding",
    )
)  # fmt: skip
_COUNT = re.compile(rb"(\d{1,10})\s*\n")  # before a message that Apple Mail stores (.emlx)
_CUT = f"longer than {LONGEST:,} bytes; its first {LONGEST:,} were read"


def read_eml(content: Content) -> Iterator[Record]:
    """Yield a message as one record, then a problem for each part of its text that is damaged."""
    data = bytearray()
    failure: InputError | None = None
    try:
        for chunk in content.stream:
            data += chunk[: LONGEST + 1 - len(data)]
    except InputError as error:
        failure = error
    message = bytes(data[:LONGEST])
    if match := _COUNT.match(message):  # a property list follows the message
        message = message[match.end() : match.end() + int(match[1])]
    if not message.strip():
        raise failure or InputError("the file is empty")
    attachments = yield from _records(message, content.name, content.source.id, len(data) <= LONGEST)
    _tell_attachments(content, attachments)
    if failure:
        raise failure


def read_mbox(content: Content) -> Iterator[Record]:
    """Yield the messages of a mailbox at `file:message n`, from 1. Memory is bounded by the longest message."""
    attachments = 0
    number = 0
    try:
        for number, (message, complete) in enumerate(messages(content.stream), start=1):
            where = f"{content.name}:message {number}"
            attachments += yield from _records(message, where, f"{content.stem}-{number}", complete)
    except InputError as problem:
        yield Record(f"{content.name}:message {number + 1}", None, str(problem))
    if not number:
        raise InputError("no message in it")
    _tell_attachments(content, attachments)


def _records(message: bytes, where: str, id: str, complete: bool) -> Generator[Record, None, int]:
    """Yield the record and the problems of a message. Return the number of its attachments."""
    mail = parse_mail(message)
    problems = mail.problems if complete else [*mail.problems, _CUT]
    if mail.data["title"] or mail.data["body"]:
        yield Record(where, {"id": id, **mail.data})
    elif not problems:
        names = f" but attachments: {', '.join(mail.attachments)[:200]}" if mail.attachments else ""
        problems = [f"neither a subject nor a text{names}"]
    for problem in problems:
        yield Record(where, None, problem)
    return len(mail.attachments)


def _tell_attachments(content: Content, count: int) -> None:
    if count:
        content.tell(f"attachments are not read, but named in the field attachments: {count}")


def _sniff_eml(content: Content) -> float:
    """Return a high confidence if the first lines are headers and two of them are those of mail."""
    head = _COUNT.sub(b"", content.stream.head[:16_384].lstrip(b"\r\n"), count=1)
    known: set[bytes] = set()
    for line in head.split(b"\n")[:60]:
        if line[:1] in (b" ", b"\t"):
            continue
        if not (match := _FIELD.match(line)):
            break
        known.add(match[1].lower())
    return 0.8 if len(known & _OF_MAIL) > 1 else 0.0


EML = Reader(name="eml", label="mail", suffixes=(".eml", ".emlx"), binary=True, sniff=_sniff_eml, read=read_eml)
MBOX = Reader(
    name="mbox",
    label="mailbox",
    suffixes=(".mbox", ".mbx", ".mboxrd"),
    binary=True,
    sniff=lambda content: 0.85 if begins_mailbox(content.stream.head) else 0.0,
    read=read_mbox,
)
