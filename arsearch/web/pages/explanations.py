"""The explanation of a hit as the rows of a small table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from arsearch.model import Explanation
from arsearch.model.explanations import WordExplanation
from arsearch.web.pages.interface import Interface

__all__ = ["Row", "explanation_rows"]

_MOST_FORMS = 6


class Row(NamedTuple):
    """A part of the score: the word, the forms that match it with their counts, the strictest level, and the share."""

    word: str
    forms: tuple[tuple[str, str], ...]
    level: str
    remark: str
    score: float
    percent: int


def explanation_rows(explanation: Explanation, ui: Interface) -> list[Row]:
    """Return a row for each word of the query, then one for each bonus that adds to the score."""
    return list(_rows(explanation, ui))


def _rows(explanation: Explanation, ui: Interface) -> Iterator[Row]:
    total = explanation.score or 1.0

    def percent(score: float) -> int:
        return round(100 * score / total)

    for word in explanation.words:
        forms = tuple((form.text, ui.count("times", form.times)) for form in word.forms[:_MOST_FORMS])
        level = ui.level(word.level) if word.level else ui("explain_none")
        yield Row(word.text, forms, level, _remark(word, ui), word.score, percent(word.score))
    for pair in explanation.pairs:
        if pair.score:
            yield Row(ui("explain_near", pair=pair.sought), (), "", "", pair.score, percent(pair.score))
    if explanation.recency is not None:
        yield Row(ui("explain_recent"), (), "", "", explanation.recency.score, percent(explanation.recency.score))


def _remark(word: WordExplanation, ui: Interface) -> str:
    if word.role == "excluded":
        return ui("explain_excluded")
    return ui("explain_extra") if word.role == "extra" else ""
