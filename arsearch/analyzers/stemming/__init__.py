"""Stemming: the word without its clitics, and the stem without its inflection.

stem                `Stem`, the result, and `Stemmer`, the protocol of all stemmers
stemmer             `ArabicStemmer`, the default; `NoStemmer`; the stemmers by name
segmenter           the rules of the default stemmer: which letters are clitics
readings            the words of the lexicon with their endings, and which reading of a form is the commonest
affixes             the rules of endings and the stacks of proclitics, read from `data/affixes.txt`
lexicon             the entries of the lexicon, read from `data/lexicon.txt` and the lists beside it
heads               the first letters of words that might begin with a clitic, read from `data/heads.txt`
overlay             the entries of a user's dictionary, laid over the lexicon
light10             `Light10Stemmer`, the rules of Lucene
tashaphyne_stemmer  `TashaphyneStemmer`, the light stemmer of the Tashaphyne library

The package takes normalised forms; it is not for normalising words, splitting texts or indexing.
"""

from arsearch.analyzers.stemming.stemmer import ArabicStemmer, Light10Stemmer, NoStemmer, TashaphyneStemmer

__all__ = ["ArabicStemmer", "Light10Stemmer", "NoStemmer", "TashaphyneStemmer"]
