"""The analyzer that --stemmer asks for."""

from __future__ import annotations

import arsearch
from arsearch.errors import AnalyzerError

__all__ = ["analyzer_with"]


def analyzer_with(stemmer: str | None) -> arsearch.ArabicAnalyzer:
    """The default analyzer, with the stemmer of that name instead of its own; AnalyzerError lists the names."""
    if stemmer is None:
        return arsearch.ArabicAnalyzer()
    from arsearch.analyzers.stemming.stemmer import STEMMERS

    if stemmer not in STEMMERS:
        raise AnalyzerError(f"no stemmer {stemmer!r}; known: {', '.join(STEMMERS)}")
    return arsearch.ArabicAnalyzer(stemmer=STEMMERS[stemmer]())
