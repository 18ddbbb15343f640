"""A text's passages with their marks, and how they are rendered safely."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Callable
from dataclasses import dataclass

from arsearch.model.safety import safe
from arsearch.model.spans import Passage, Span

__all__ = ["Snippet"]

_SENTENCE_ENDS = tuple(".!?؟؛۔…")
_CLOSERS = "\"'”’»›)]}"
_ELLIPSIS = "…"
_LOOK = 64  # characters beside a passage that tell whether it is cut from a sentence


@dataclass(frozen=True, slots=True)
class Snippet:
    """Passages of one field's original text, with the matched words marked.

    `passages` and `spans` are offsets into `source`, in text order, disjoint, and every span lies in a passage.
    The renderings join the passages with an ellipsis, put one before and after where a sentence is cut, and fold white
    space; control characters, lone surrogates and bidi embeddings, overrides and isolates of the text are neutralised
    in them, never in `source`. Marks stand around whole written words.
    """

    field: str
    source: str = dataclasses.field(repr=False)
    passages: tuple[Passage, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The passages as plain text."""
        return self.render(str, "", "")

    @property
    def html(self) -> str:
        """The passages with everything escaped, also for use in an attribute, and the matches in `<mark>`."""
        return self.render(html.escape, "<mark>", "</mark>")

    @property
    def ansi(self) -> str:
        """The passages for a terminal, the matches in bold."""
        return self.render(str, "\x1b[1m", "\x1b[22m")

    def render(self, escape: Callable[[str], str], before: str, after: str) -> str:
        """The passages with `escape` applied to the text and each match between `before` and `after`."""
        pieces = [piece for passage in self.passages if (piece := self._marked(passage, escape, before, after))]
        if not pieces:
            return ""
        if self._cut_before(self.passages[0].start):
            pieces.insert(0, _ELLIPSIS)
            pieces[:2] = [" ".join(pieces[:2])]
        if self._cut_after(self.passages[-1].end):
            pieces[-1] += f" {_ELLIPSIS}"
        return f" {_ELLIPSIS} ".join(pieces)

    def _marked(self, passage: Passage, escape: Callable[[str], str], before: str, after: str) -> str:
        out, at = [], passage.start
        for span in self.spans:
            if at <= span.start and span.end <= passage.end:
                out += [escape(safe(self.source[at : span.start]))]
                out += [before, escape(safe(self.source[span.start : span.end])), after]
                at = span.end
        out.append(escape(safe(self.source[at : passage.end])))
        return "".join(out).strip()

    def _cut_before(self, start: int) -> bool:
        """True unless a sentence, or the text, begins at `start`."""
        look = self.source[max(0, start - _LOOK) : start]
        text = look.rstrip()
        return bool(text) and "\n" not in look[len(text) :] and not text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)

    def _cut_after(self, end: int) -> bool:
        """True unless a sentence, or the text, ends at `end`."""
        look = self.source[end : end + _LOOK]
        rest = look.lstrip()
        shown = self.source[max(0, end - _LOOK) : end].rstrip().rstrip(_CLOSERS)
        return bool(rest) and "\n" not in look[: len(look) - len(rest)] and not shown.endswith(_SENTENCE_ENDS)
