"""The analysis of Arabic text: from a string to its words, and from each word to the keys it is found by.

analyzer           `ArabicAnalyzer`: all steps from a text to its tokens, and the fingerprint of their configuration
tokenizer          `Tokenizer`: where words begin and end
normalizer         `Normalizer`: the surface form and the normalised form of a word
foldings           the normalizer's steps, one pure function each
numbers            numbers in groups (1 500 000) and telephone numbers
letters            the code points of Arabic text, as character classes and translation tables
uthmani            the spelling of the printed Quran, rewritten as modern spelling
joined_words       words that are written together or apart
names              compound names written as one word, and the cases of أبو and ابن
dictionary         a user's own dictionary, its file format and its check
stemming           the stemmers, with their lexicon and affix tables
stopwords          the default stop word list, and the reader of stop word files
proclitics         the spellings of a word with proclitics before it
phrase_spellings   the spellings of a phrase and of its words
foreign_spellings  the other spellings of a foreign name
roots              the root table: the roots of a stem, and the stems of a root
root_families      the stems that a search by root looks for
batch              the analysis of many words at once, for indexing
reasons            the steps of an analysis with their reasons, for explanations
whoosh_adapter     the analyzer's tokens as Whoosh tokens
tokens             `Term`, `Form` and `Token`, the results of analysis
shipped            the reader of the data files in `data/`

The package works on strings alone: it parses no queries, and reads and writes no index. The public names load lazily.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.dictionary import Dictionary
    from arsearch.analyzers.dictionary.check import Contradiction, check_dictionary
    from arsearch.analyzers.normalizer import Normalizer
    from arsearch.analyzers.stemming.light10 import Light10Stemmer
    from arsearch.analyzers.stemming.stem import Stem, Stemmer
    from arsearch.analyzers.stemming.stemmer import ArabicStemmer, NoStemmer
    from arsearch.analyzers.stemming.tashaphyne_stemmer import TashaphyneStemmer
    from arsearch.analyzers.stopwords import default_stopwords, read_stopwords
    from arsearch.analyzers.tokenizer import Tokenizer
    from arsearch.analyzers.tokens import Form, Term, Token

__all__ = [
    "ArabicAnalyzer",
    "ArabicStemmer",
    "Contradiction",
    "Dictionary",
    "Form",
    "Light10Stemmer",
    "NoStemmer",
    "Normalizer",
    "Stem",
    "Stemmer",
    "TashaphyneStemmer",
    "Term",
    "Token",
    "Tokenizer",
    "check_dictionary",
    "default_stopwords",
    "read_stopwords",
]

_MODULES = {
    "analyzer": ("ArabicAnalyzer",),
    "dictionary": ("Dictionary",),
    "dictionary.check": ("Contradiction", "check_dictionary"),
    "normalizer": ("Normalizer",),
    "stemming.stem": ("Stem", "Stemmer"),
    "stemming": ("ArabicStemmer", "Light10Stemmer", "NoStemmer", "TashaphyneStemmer"),
    "stopwords": ("default_stopwords", "read_stopwords"),
    "tokenizer": ("Tokenizer",),
    "tokens": ("Form", "Term", "Token"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
