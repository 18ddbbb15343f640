"""Passages and exact spans from the original text; knows no index.

targets.py       what to mark: matchers of single words, targets of one or several
vocalisation.py  do two spellings agree in their vowel marks
phrases.py       where a phrase occurs, given where its words stand
sieve.py         what of a text need not be analysed: a quick test that errs on one side only
occurrences.py   where targets occur, given where their words stand
marking.py       which written words of a text are meant, and where they stand
sentences.py     where a text may be cut
furniture.py     what scraping left around the article
passages.py      which stretches to show
"""

from arsearch.snippets.highlighter import Highlighter, WordAnalyzer, find_spans, mark_all
from arsearch.snippets.occurrences import Matches, Occurrence
from arsearch.snippets.passages import LENGTH, PASSAGES, choose_passages, make_snippet, snippet_of
from arsearch.snippets.targets import AnyMatcher, HighlightTarget, PatternMatcher, SetMatcher, TermMatcher, WordMatcher

__all__ = [
    "LENGTH",
    "PASSAGES",
    "AnyMatcher",
    "HighlightTarget",
    "Highlighter",
    "Matches",
    "Occurrence",
    "PatternMatcher",
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
