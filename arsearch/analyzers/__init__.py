"""Arabic text analysis: words and their keys, from plain strings; knows no index.

The public names are imported when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.analyzers.analyzer import ArabicAnalyzer
    from arsearch.analyzers.normalizer import Normalizer
    from arsearch.analyzers.stemming.stem import Stem, Stemmer
    from arsearch.analyzers.stemming.stemmer import ArabicStemmer, Light10Stemmer, NoStemmer, TashaphyneStemmer
    from arsearch.analyzers.stopwords import default_stopwords, read_stopwords
    from arsearch.analyzers.tokenizer import Tokenizer
    from arsearch.analyzers.tokens import Form, Term, Token

__all__ = [
    "ArabicAnalyzer",
    "ArabicStemmer",
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
    "default_stopwords",
    "read_stopwords",
]

_MODULES = {
    "analyzer": ("ArabicAnalyzer",),
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
