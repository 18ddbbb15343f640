"""A user's own dictionary: words that stay whole, stems, names and stop words, one a line.

    # a comment
    جمعيات                   a word that stays whole: it is its own stem
    حواسيب => حاسوب          a form with the stem of another word

    [names]                  or [أسماء]
    ياسين                    a name: it takes proclitics and the article, and no endings

    [stop words]             or [كلمات الوقف]
    قال                      a stop word, in this form alone

A heading counts until the next one; [words] or [كلمات] returns to the words. A `#` begins a comment. Words, stems and
names are compared in normalised form, as the words of the lexicon are, and stop words by surface form. The last line of
a word counts.

dictionary  `Dictionary`, the value that an analyzer takes
entries     `DictionaryEntry`, one line, and the check that its words are words
parser      the lines of a file's text
check       `check_dictionary`: the lines that contradict the tables of arsearch

`stemming.overlay` lays the entries over the lexicon.

Source: the format follows Elasticsearch's `stemmer_override` (a => b) and `keyword_marker` (a list of whole words).
"""

from arsearch.analyzers.dictionary.dictionary import Dictionary
from arsearch.analyzers.dictionary.entries import DictionaryEntry

__all__ = ["Dictionary", "DictionaryEntry"]
