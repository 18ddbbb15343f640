"""Highlighting: the spans of a text that match a query, and the passages that show the match best.

    targets        `HighlightTarget`, a word or phrase to highlight, the matchers of its words, and analyzers of words
    matcher_table  `MatcherTable`, which looks up the matchers that may match a term
    vocalisation   whether two spellings of a word agree in their vowel marks
    highlighter    `Highlighter`, which finds the words of a text that match
    prefilter      `Prefilter`, which rules out words without analysing them
    occurrences    occurrences of targets, given the matches of their words
    columns        the same for a long text, in arrays
    phrases        occurrences of a phrase, given the positions of its words
    windows        the parts of a text around its matches, their scores, and the choice of the best
    passages       the expansion of the best windows to passages, and the snippet made of them
    sentences      offsets at which a text may be cut
    boilerplate    `Boilerplate`, the menus, link lists and copyright lines around an article

The package reads texts, not indexes: `arsearch.search` turns a query into targets, and `arsearch.model.Snippet` renders
passages.
"""

from arsearch.snippets.highlighter import Highlighter, Reading
from arsearch.snippets.occurrences import Matches, Occurrence
from arsearch.snippets.passages import (
    LENGTH,
    PASSAGES,
    choose_passages,
    find_spans,
    make_snippet,
    mark_all,
    snippet_of,
)
from arsearch.snippets.targets import (
    AnyMatcher,
    HighlightTarget,
    PatternMatcher,
    SetMatcher,
    TermMatcher,
    WordAnalyzer,
    WordMatcher,
)

__all__ = [
    "LENGTH",
    "PASSAGES",
    "AnyMatcher",
    "HighlightTarget",
    "Highlighter",
    "Matches",
    "Occurrence",
    "PatternMatcher",
    "Reading",
    "SetMatcher",
    "TermMatcher",
    "WordAnalyzer",
    "WordMatcher",
    "choose_passages",
    "find_spans",
    "make_snippet",
    "mark_all",
    "snippet_of",
]
