"""The stemmers that the configuration of an analyzer can name. Most indexes have the default and need no other."""

from __future__ import annotations

from arsearch.analyzers.stemming.light10 import Light10Stemmer
from arsearch.analyzers.stemming.stemmer import ArabicStemmer, NoStemmer
from arsearch.analyzers.stemming.tashaphyne_stemmer import TashaphyneStemmer

__all__ = ["STEMMERS"]

STEMMERS: dict[str, type[ArabicStemmer] | type[Light10Stemmer] | type[TashaphyneStemmer] | type[NoStemmer]] = {
    stemmer.name: stemmer for stemmer in (ArabicStemmer, Light10Stemmer, TashaphyneStemmer, NoStemmer)
}
