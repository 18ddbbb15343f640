"""The readers of subtitles: SubRip (srt) and WebVTT (vtt), one article for each file, with the time of each cue.

Numbers, positions, tags, styles and comments are removed. A line that repeats the line before it counts once: captions
that roll up show each line twice.
Sources: WebVTT: The Web Video Text Tracks Format (W3C), sections 4 and 6; SubRip has no specification, only its program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.documents.document import name_of
from arsearch.readers.lines import whole
from arsearch.readers.reader import Reader

__all__ = ["SRT", "VTT", "read_subtitles"]

_TIME = r"(?:(\d{1,4})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,:]\s*(\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-{{1,2}}>\s*(?:\d{{1,4}}\s*:\s*)?\d{{1,2}}\s*:\s*\d{{1,2}}", re.ASCII)
_RUBY = re.compile(r"<rt\b[^<>]{0,200}>[^<]{0,200}(?:</rt>)?")
_NUMBER = re.compile(r"\s*\d+\s*", re.ASCII)
_TAG = re.compile(r"</?(?:[A-Za-z][^<>\n]{0,200}|\d[\d:.,]{0,20})?>|\{\\[^{}\n]{0,200}\}")
_HEADER = re.compile(r"WEBVTT(?:[ \t]+-?[ \t]*(.*))?$")


class _Cue(NamedTuple):
    """A cue: its start in seconds, and its lines without tags."""

    time: float
    lines: list[str]


def read_subtitles(content: Content) -> Iterator[Record]:
    """Yield the file as one record with `cues`, a list of `{"time": seconds, "start": offset}` in the order of the file.

    Offsets are code points into the body, whose lines are those of the cues. Raises `InputError` if there is no cue with
    text.
    """
    title, cues = _parse(_text(content))
    lines: list[str] = []
    times: list[dict[str, Any]] = []
    at = 0
    for cue in cues:
        start = at
        for line in cue.lines:
            if lines and lines[-1] == line:
                continue
            lines.append(line)
            at += len(line) + 1
        if at > start:
            times.append({"time": cue.time, "start": start})
    if not lines:
        raise InputError("no cue with a time and a text in it")
    data = {"id": content.source.id, "title": title or name_of(content), "body": "\n".join(lines), "cues": times}
    yield Record(content.name, data)


def _text(content: Content) -> str:
    data = whole(content.chunks, "a file of subtitles")
    text = content.decoder.decode(data).removeprefix("\ufeff").replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parse(text: str) -> tuple[str, Iterator[_Cue]]:
    """Return the title in the header of WebVTT, or "", and the cues."""
    first, _, rest = text.partition("\n")
    if match := _HEADER.match(first):
        return (match[1] or "").strip(), _cues(rest.split("\n"), blank_ends=True)
    return "", _cues(text.split("\n"), blank_ends=False)


def _cues(lines: list[str], *, blank_ends: bool) -> Iterator[_Cue]:
    """Yield the cues. The time of the next cue, and a number before it, end a cue; in WebVTT, a blank line does too.

    In SubRip, careless files have blank lines inside cues. In WebVTT, comments and styles follow a blank line.
    """
    cue: _Cue | None = None
    for place, line in enumerate(lines):
        if timing := _TIMING.match(line):
            if cue is not None:
                yield cue
            cue = _Cue(_seconds(timing), [])
        elif cue is None:
            continue  # a number, an identifier, or a block that is not a cue
        elif (blank_ends and not line.strip()) or (_NUMBER.fullmatch(line) and _time_follows(lines, place + 1)):
            yield cue
            cue = None
        elif text := _plain(line):
            cue.lines.append(text)
    if cue is not None:
        yield cue


def _time_follows(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place : place + 3] if line.strip()), "")
    return _TIMING.match(following) is not None


def _plain(line: str) -> str:
    """Return a line of a cue without tags and positions."""
    from html import unescape

    return " ".join(unescape(_TAG.sub("", _RUBY.sub("", line))).split())


def _seconds(timing: re.Match[str]) -> float:
    hours, minutes, seconds, fraction = timing.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int((fraction or "0").ljust(3, "0")) / 1000


def _sniff_srt(content: Content) -> float:
    lines = [line for line in content.head[:2000].lstrip("\ufeff").split("\n") if line.strip()][:2]
    return 0.8 if len(lines) == 2 and _NUMBER.fullmatch(lines[0]) and _TIMING.match(lines[1]) else 0.0


SRT = Reader(name="srt", label="SubRip subtitles", suffixes=(".srt",), sniff=_sniff_srt, read=read_subtitles)
VTT = Reader(
    name="vtt",
    label="WebVTT subtitles",
    suffixes=(".vtt",),
    sniff=lambda content: 0.9 if _HEADER.match(content.head.lstrip("\ufeff").partition("\n")[0].rstrip("\r")) else 0.0,
    read=read_subtitles,
)
