"""Stems: what a word is without its clitics and inflection.

stem                the result, and the protocol of a stemmer
stemmer             the stemmers, from the default one to none
segmenter           the cut of a word into prefixes, stem and endings
affixes             the tables of affixes, read from `data/affixes.txt`
lexicon             the words of Arabic, read from `data/lexicon.txt`
light10             Lucene's light10
tashaphyne_stemmer  Tashaphyne's own stemmer
"""

from arsearch.analyzers.stemming.stemmer import ArabicStemmer, Light10Stemmer, NoStemmer, TashaphyneStemmer

__all__ = ["ArabicStemmer", "Light10Stemmer", "NoStemmer", "TashaphyneStemmer"]
