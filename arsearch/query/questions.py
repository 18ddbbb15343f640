"""Recognise questions and their frames.

`mode="auto"` does not require all words of a question, and the words of its frame weigh less than others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_frame_word", "is_question"]

# Folded, so that أين and اين, متى and متي are one word. We compiled the list: the interrogatives of any Arabic grammar,
# their common joined spellings (ماهو, لمن) and the most common ones of the dialects.
_INTERROGATIVES = frozenset(
    """
ما ماذا ماهو ماهي ماهم مالذي مالفرق من منذا لمن ممن بمن متي اين كيف لماذا هل كم بكم اي ايه ايهما باي لاي بماذا علام الام
فيم ايان وين ليش ليه ايش شو مين امتي ازاي فين what who whom whose when where which why how
""".split()
)
_WITH_CONJUNCTION = frozenset(("وما", "فما", "ومن", "فمن", "وكم", "وهل", "فهل"))  # a rule strips و ف off longer ones
_PREPOSITIONS = frozenset(("في", "من", "الي", "علي", "عن", "منذ", "حتي"))
_AFTER_PREPOSITION = _INTERROGATIVES - frozenset(("ما", "من"))
# Folded too. We compiled the list: nouns and verbs that grammars put after an interrogative to ask for a definition, a
# name, a number, a cause, a kind, a place or a time, with the persons and genders that are usual there.
_FRAME_WORDS = frozenset(
    """
تعريف معني مفهوم مقصود مراد اسم عدد تعداد نسبه مقدار سبب اسباب فرق نوع انواع عام سنه تاريخ
يبلغ تبلغ بلغ بلغت يصل تصل يقدر تقدر يعد تعد يعتبر تعتبر يسمي تسمي سمي سميت يطلق تطلق يقصد نقصد تقصد يعني تعني نعني
يعرف تعرف نعرف يوجد توجد يقع تقع يكون تكون تم يتم يمكن يمكننا حدث يحدث
""".split()
)
_CLITICS = re.compile("^[وف]?(?:ال)?")
_AFTER_QUESTION_MARK = ' \t\r\n"“”„‟＂″«»()[].!…\u200e\u200f\u061c\u202c\u2069'


def is_question(text: str, words: Sequence[str]) -> bool:
    """Return whether a query is a question; `words` are the words of `text`.

    A question has three words or more. It ends in a question mark or begins with an interrogative.
    """
    if len(words) < 3:
        return False
    if text.rstrip(_AFTER_QUESTION_MARK)[-1:] in ("؟", "?"):
        return True
    from arsearch.dates.calendars import fold  # short queries need no calendars

    first = fold(words[0])
    return (
        first in _INTERROGATIVES
        or (first[:1] in "وف" and len(first) > 3 and first[1:] in _INTERROGATIVES)
        or first in _WITH_CONJUNCTION
        or (first in _PREPOSITIONS and fold(words[1]) in _AFTER_PREPOSITION)
    )


def is_frame_word(word: str) -> bool:
    """Return whether a written word, of a question, belongs to the frame: ما تعريف, ماذا نقصد ب, كم يبلغ عدد, في أي عام.

    Frame words say what kind of answer is wanted and seldom stand in the answer. Articles may therefore lack them more
    easily than the words that name the subject. The conjunctions و and ف and the article may precede a frame word.
    """
    from arsearch.dates.calendars import fold

    folded = fold(word)
    return folded in _INTERROGATIVES or _CLITICS.sub("", folded, count=1) in _FRAME_WORDS
