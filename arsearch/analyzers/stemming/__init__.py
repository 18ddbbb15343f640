"""Stemming: the word without its clitics, and the stem without its inflection.

stem                `Stem`, the result, and `Stemmer`, the protocol of all stemmers
stemmer             `ArabicStemmer`, the default, and `NoStemmer`
named               the stemmers by name
segmenter           the rules of the default stemmer: which letters are clitics
readings            the words of the lexicon with their endings, and which reading of a form is the commonest
affixes             the rules of endings and the stacks of proclitics, read from `data/affixes.txt`
lexicon             the entries of the lexicon, read from `data/lexicon_blocks.txt` and its sources beside it
block_table         a table that reads its file in blocks, for processes that look up few forms
heads               the first letters of words that might begin with a clitic, read from `data/heads.txt`
overlay             the entries of a user's dictionary, laid over the lexicon
light10             `Light10Stemmer`, the rules of Lucene
tashaphyne_stemmer  `TashaphyneStemmer`, the light stemmer of the Tashaphyne library

The package takes normalised forms; it is not for normalising words, splitting texts or indexing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arsearch.analyzers.stemming.stemmer import ArabicStemmer, NoStemmer

if TYPE_CHECKING:
    from arsearch.analyzers.stemming.light10 import Light10Stemmer
    from arsearch.analyzers.stemming.tashaphyne_stemmer import TashaphyneStemmer

__all__ = ["ArabicStemmer", "Light10Stemmer", "NoStemmer", "TashaphyneStemmer"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from arsearch.analyzers.stemming.named import STEMMERS  # few programs need the other stemmers

    return next(stemmer for stemmer in STEMMERS.values() if stemmer.__name__ == name)
