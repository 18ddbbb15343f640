"""The checks of one source's records: HTML, order, forms and spacing of letters, letters that are lost.

A probe of 300 characters from the middle decides whether a text is looked at in full, so clean texts cost little. Every
repair is a remark of the record, which `Index.add` counts with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from arsearch.model import Record
from arsearch.readers.quality.lost_letters import MOST_LOST, is_replaced, share_of_lost
from arsearch.readers.quality.markup import has_markup, headed_without_markup, without_markup
from arsearch.readers.quality.places import with_places
from arsearch.readers.quality.presentation_forms import has_forms, without_forms
from arsearch.readers.quality.reversed_text import direction_of, is_reversed, repaired
from arsearch.readers.quality.spaced_letters import has_spaced_letters, joined_letters

__all__ = ["FEWEST_IN_TEXT", "PLAIN_FORMATS", "TextChecks", "repaired_text"]

PLAIN_FORMATS = frozenset(
    "html mhtml warc feed wordpress mediawiki pdf docx odt fodt pptx epub rtf eml mbox srt vtt whatsapp openiti".split()
)
"""The readers whose texts are plain: a tag in them is meant."""

FEWEST_IN_TEXT = 3
"""The tags and entities that make a plain text file HTML."""

_PROBE = 300
_SHORT = 80
_SAMPLE = 20
_SAMPLE_CHARACTERS = 1_000_000
_SHARE = 0.2
_PAUSE = 100
"""The articles after which a source that was found plain is looked at again."""

_FIELDS = ("title", "body", "author", "source", "category")
_HARMLESS = b" \t\r\n0123456789.,:;!?-\"'()/[]_"
_SPACED = 0.33


def repaired_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text after the repairs that are certain, and the kinds of remarks on it; the text itself if it is clean."""
    lost = is_replaced(text)
    if text.isascii():
        return text, (("lost_letters",) if lost else ())
    forms = has_forms(text)
    size = len(text)
    probe = text if size <= _PROBE else text[(size - _PROBE) // 2 : (size + _PROBE) // 2]
    spaced = probe.count(" ") > _SPACED * len(probe)
    turned = " ة" in probe or " ى" in probe
    if size < _SHORT and not (forms or spaced or turned or lost):
        return text, ()
    signs = probe.encode("ascii", "ignore").translate(None, _HARMLESS)
    if not (forms or spaced or turned or lost) and 100 * len(signs) <= len(probe):
        return text, ()
    kinds: list[str] = []
    if (spaced or forms) and (joined := joined_letters(text)) != text:
        text = joined
        kinds.append("spaced_letters")
    if spaced and has_spaced_letters(text):
        kinds.append("spaced_letters_left")
    if (forms or turned) and is_reversed(text):
        text = repaired(text)
        kinds.append("reversed")
    if forms:
        text = without_forms(text)
        kinds.append("presentation_forms")
    if lost or (100 * len(signs) > len(probe) and _lost(probe) and _lost(text)):
        kinds.append("lost_letters")
    return text, tuple(kinds)


def _lost(text: str) -> bool:
    return share_of_lost(text) > MOST_LOST


def _turn_title(data: dict[str, Any], given: Mapping[str, Any]) -> None:
    """Turn the title of an article whose body was turned, if the few words of the title tell the same."""
    title = data.get("title") or given.get("title")
    if isinstance(title, str) and (direction := direction_of(title)).reversed > direction.right:
        data["title"] = repaired(title)


class TextChecks:
    """The checks of one source.

    Args:
        html: Whether texts are HTML; `None` decides by the source's articles.
        tell: Receives one message if the source has HTML.
        fewest: The tags and entities that make an article HTML, while that is undecided.
    """

    def __init__(self, html: bool | None, tell: Callable[[str], None], fewest: int = 1) -> None:
        self._html = html
        self._tell = tell
        self._fewest = fewest
        self._clean = 0
        self._pause = 0
        self._told = False

    def records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records in order, with repaired texts. A problem passes as it is."""
        waiting: list[Record] = []
        size = 0
        for record in records:
            if self._pause:
                self._pause -= 1
                yield self.checked(record)
            elif self._html is None and (waiting or (record.data and self._marked(record.data))):
                waiting.append(record)
                size += len(str(record.data.get("body", ""))) if record.data else 0
                if len(waiting) < _SAMPLE and size < _SAMPLE_CHARACTERS:
                    continue
                self._decide(waiting)
                yield from map(self.checked, waiting)
                waiting = []
            else:
                self._clean += record.data is not None
                yield self.checked(record)
        if waiting:
            self._decide(waiting)
            yield from map(self.checked, waiting)

    def _decide(self, waiting: list[Record]) -> None:
        """Decide by the articles that wait and at most as many clean ones before them."""
        marked = sum(record.data is not None and self._marked(record.data) for record in waiting)
        if marked >= _SHARE * (len(waiting) + min(self._clean, _SAMPLE)):
            self._html = True
            self._tell("the texts have HTML, which is turned into plain text; --no-html (html=False) keeps it")
            return
        self._pause, self._clean = _PAUSE, 0
        if not self._told:
            self._told = True
            self._tell("a few texts have HTML tags or entities, which stay; --html (html=True) turns them into text")

    def _marked(self, data: Mapping[str, Any]) -> bool:
        body, title = data.get("body"), data.get("title")
        return (isinstance(body, str) and has_markup(body, self._fewest)) or (
            isinstance(title, str) and has_markup(title, self._fewest)
        )

    def checked(self, record: Record) -> Record:
        """Return a record with the texts of its title and body repaired, and a remark for each kind of repair."""
        if record.data is None:
            return record
        data: dict[str, Any] = {}
        kinds: dict[str, str] = {}
        if self._html:
            for name in _FIELDS:
                text = record.data.get(name)
                if isinstance(text, str) and has_markup(text):
                    if name == "body":
                        data[name], headings = headed_without_markup(text)
                        data |= {"headings": headings} if headings and "headings" not in record.data else {}
                    else:
                        data[name] = without_markup(text, one_line=True)
                    kinds.setdefault("html", f"{name}: {text[:40]}")
        for name in ("title", "body"):
            text = data.get(name) or record.data.get(name)
            if isinstance(text, str) and text:
                better, found = repaired_text(text)
                if found:
                    if name == "body":
                        data = with_places({**record.data, **data}, data, text, better)
                    data[name] = better
                    for kind in found:
                        kinds.setdefault(kind, f"{name}: {text[:40].strip()}")
                    if name == "body" and "reversed" in found:
                        _turn_title(data, record.data)
        if not kinds:
            return record
        return Record(record.where, {**record.data, **data}, None, (*record.remarks, *kinds.items()))
