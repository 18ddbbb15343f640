"""The passages of a text with their highlighted spans, and how they are rendered safely."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from arsearch.kernel import native
from arsearch.model.safety import safe
from arsearch.model.spans import Fragment, Span

__all__ = ["CLOSERS", "SENTENCE_ENDS", "Snippet"]

SENTENCE_ENDS = ".!?؟؛۔…"
"""Signs that end a sentence."""

CLOSERS = "\"'”’»›)]}"
"""Signs that may follow the end of a sentence and still belong to it."""

_ENDS = tuple(SENTENCE_ENDS)
_ELLIPSIS = "…"
_CONTEXT = 64  # characters beside a passage that are read to tell whether a sentence is cut


@dataclass(frozen=True, slots=True)
class Snippet:
    """Passages of one field's original text, with the matched words highlighted.

    `passages` and `spans` are offsets into `source`, in text order and disjoint; every span lies in a passage, and
    covers whole written words.
    The renderings join the passages with an ellipsis, add one where a sentence is cut at the beginning or end, and fold
    white space. They also neutralise the text's control characters, lone surrogates, and bidi embeddings, overrides
    and isolates; `source` keeps them.
    """

    field: str
    source: str = dataclasses.field(repr=False)
    passages: tuple[Fragment, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The passages as plain text."""
        return self._marked("", "")

    @property
    def html(self) -> str:
        """The passages as HTML: all text escaped, also for use in an attribute, and the matches in `<mark>`."""
        if (rendered := self._compiled("<mark>", "</mark>", escaped=True)) is not None:
            return rendered
        shown = "".join([self.source[start:end] for start, end in self.passages])
        if not any(map(shown.__contains__, "&<>\"'")):  # most passages have nothing to escape
            return self.render(str, "<mark>", "</mark>")
        import html  # its table of entities is large

        return self.render(html.escape, "<mark>", "</mark>")

    @property
    def ansi(self) -> str:
        """The passages for a terminal, with the matches in bold."""
        return self._marked("\x1b[1m", "\x1b[22m")

    def _marked(self, before: str, after: str) -> str:
        rendered = self._compiled(before, after, escaped=False)
        return self.render(str, before, after) if rendered is None else rendered

    def _compiled(self, before: str, after: str, *, escaped: bool) -> str | None:
        """Render the passages by the extension; `None` without it, and for texts with unsafe characters."""
        extension = native()
        if extension is None:
            return None
        try:
            rendered: str | None = extension.render(self.source, self.passages, self.spans, escaped, before, after)
        except (TypeError, ValueError):  # passages and spans of a caller may be lists, or end after the text
            return None
        return rendered

    def render(self, escape: Callable[[str], str], before: str, after: str) -> str:
        """Render the passages, with `escape` applied to the text and each match between `before` and `after`."""
        parts = [part for passage in self.passages if (part := self._rendered(passage, escape, before, after))]
        if not parts:
            return ""
        if self._cut_before(self.passages[0].start):
            parts[0] = f"{_ELLIPSIS} {parts[0]}"
        if self._cut_after(self.passages[-1].end):
            parts[-1] += f" {_ELLIPSIS}"
        return f" {_ELLIPSIS} ".join(parts)

    def _rendered(self, passage: Fragment, escape: Callable[[str], str], before: str, after: str) -> str:
        source, (at, stop) = self.source, passage
        show: Callable[[str], str] | None = escape
        if safe(whole := source[at:stop]) != whole:
            show = lambda text: escape(safe(text))  # noqa: E731
        elif escape is str:
            show = None  # the passage and its parts are shown as they are
        out: list[str] = []
        for _, start, end, _ in self.spans:
            if at <= start and end <= stop:
                between, word = source[at:start], source[start:end]
                out += (between, before, word, after) if show is None else (show(between), before, show(word), after)
                at = end
        rest = source[at:stop]
        out.append(rest if show is None else show(rest))
        return "".join(out).strip()

    def _cut_before(self, start: int) -> bool:
        """Tell whether a passage that begins at `start` leaves out the beginning of its sentence."""
        context = self.source[max(0, start - _CONTEXT) : start]
        text = context.rstrip()
        return bool(text) and "\n" not in context[len(text) :] and not text.rstrip(CLOSERS).endswith(_ENDS)

    def _cut_after(self, end: int) -> bool:
        """Tell whether a passage that ends at `end` leaves out the end of its sentence."""
        context = self.source[end : end + _CONTEXT]
        rest = context.lstrip()
        shown = self.source[max(0, end - _CONTEXT) : end].rstrip().rstrip(CLOSERS)
        return bool(rest) and "\n" not in context[: len(context) - len(rest)] and not shown.endswith(_ENDS)
