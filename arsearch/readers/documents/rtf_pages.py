r"""Where the pages of an RTF document end: at `\page`, at the end of a section, and before a paragraph with `\pagebb`.

The properties of a section follow the `\sect` that ends the one before it, so the break between them waits for the next text. A
section begins a page unless it has `\sbknone` or `\sbkcol`. `\softpage` is where a page was full when the text was last laid out.
Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008): section formatting, paragraph formatting, special characters.
"""

from __future__ import annotations

from arsearch.readers.documents.flow import Flow

__all__ = ["PAGING", "Paging"]

_GOING_ON = ("sbknone", "sbkcol")

PAGING = frozenset(("page", "softpage", "sect", "sectd", "pagebb", "sbkpage", "sbkeven", "sbkodd", *_GOING_ON))
"""The words that `Paging` takes."""


class Paging:
    """The pages of one document, whose breaks go to its flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._on_new_page = False  # whether each paragraph begins a page
        self._section_on_new_page = True
        self._waits = False  # whether a section has ended and the next one has no text yet
        self._fresh = True  # whether the paragraph has no text yet
        self._began = False  # whether a paragraph with text has ended

    def take(self, word: str, number: int | None, *, shown: bool) -> None:
        """Take a word of `PAGING`. A break in hidden text ends no page."""
        match word:
            case "page" | "softpage":
                if shown:
                    self.begin_section()
                    self._flow.page_break(soft=word == "softpage")
            case "sect":
                self.begin_section()
                self._waits = True
            case "pagebb":
                self._on_new_page = number != 0
            case _:
                self._section_on_new_page = word not in _GOING_ON

    def begin_section(self) -> None:
        """End a page where a section has ended, unless the next one goes on there."""
        if self._waits and self._section_on_new_page:
            self._flow.page_break()
        self._waits = False

    def begin_text(self) -> None:
        """End a page before a text that is the first one of its section, or of a paragraph that begins a page."""
        self.begin_section()
        if self._fresh and self._on_new_page and self._began:
            self._flow.page_break()
        self._fresh = False

    def reset(self) -> None:
        """Begin paragraphs without properties."""
        self._on_new_page = False

    def end_paragraph(self) -> None:
        """Note the end of a paragraph."""
        self._began = self._began or not self._fresh
        self._fresh = True
