"""The notes of a search in Arabic. The library writes its notes in English.

The patterns follow the texts of `arsearch.query`, `arsearch.search` and `arsearch.dates`. A note without a pattern stays
English.
"""

from __future__ import annotations

import re

__all__ = ["arabic_note"]

_W = "(.+)"
_NOTES = tuple(
    (re.compile(pattern, re.DOTALL), text)
    for pattern, text in (
        (
            r"time ran out after ([\d.e+-]+) s: words may .*",
            "انتهى الوقت بعد {0} ث: قد تنقص كلمات، والدرجة قد تكون أقل.",
        ),
        (
            r"time ran out after ([\d.e+-]+) s: .*",
            "انتهى الوقت بعد {0} ث: قد تنقص نتائج أو يختلف ترتيبها، والأعداد قد تكون أقل.",
        ),
        ("no article has these words; other words of .*", "لا مقالة فيها هذه الكلمات؛ بحثنا عن كلمات أخرى من جذورها."),
        ("the query has no Arabic letter, and nothing was found", "ليس في البحث حرف عربي، ولم نجد شيئا."),
        ("the query has no words to look for", "ليس في البحث كلمات."),
        ("the query has only stop words; .*", "ليس في البحث إلا كلمات وظيفية؛ بحثنا عنها كما هي."),
        ("the query has only exclusions, .*", "ليس في البحث إلا كلمات مستبعدة؛ بحثنا عنها نفسها."),
        (f"{_W} is both searched for and excluded", "{0} مطلوبة ومستبعدة معا."),
        (f"no article has the phrase {_W}; its words .*", "لا مقالة فيها العبارة {0}؛ بحثنا عن كلماتها من غير تنصيص."),
        (f"no article has {_W} in the field {_W}, so .*", "لا مقالة فيها {0} في الحقل {1}؛ بحثنا عنها ككلمات."),
        (f"no article has {_W}; searched also for {_W}", "لا مقالة فيها {0}؛ بحثنا أيضا عن {1}."),
        (f"{_W}: also looked for {_W}", "{0}: بحثنا أيضا عن {1}."),
        (f"{_W} matches many words; the ([\\d,]+) most .*", "{0} يطابق كلمات كثيرة؛ بحثنا عن أكثرها ورودا ({1})."),
        (f"{_W} was read as a number; .*", "قرأنا {0} عددا؛ اكتب NOT لاستبعاده."),
        (f"{_W} is not a field, so it was .*", "{0} ليس حقلا؛ بحثنا عنه ككلمة."),
        (f"between quotes \\* stands for itself: {_W}", "علامة * بين علامتي التنصيص حرف كغيره: {0}"),
        (f"~(\\d+) was read as ~(\\d+), {_W}", "قرأنا ‎~{0}‎ على أنه ‎~{1}‎، وهو أوسع مسافة."),
        (f"range {_W} runs backwards; .*", "طرفا المدى {0} معكوسان؛ بدّلناهما."),
        (f"{_W}; the range was left out", "تركنا مدى لم نفهمه: {0}"),
        (f"no root of {_W} is known; .*", "لا نعرف جذر {0}؛ بحثنا عن جذعه."),
        (f"the pattern {_W} has no letters .*", "النمط {0} بلا حروف؛ تركناه."),
        ("a pattern of ([\\d,]+) letters was left out; .*", "تركنا نمطا من {0} حرف لطوله."),
        ("a word of ([\\d,]+) letters was not matched loosely", "كلمة من {0} حرف لم نطابقها إلا كما هي."),
        (f"{_W} is several words; only the first .*", "{0} عدة كلمات؛ الأولى وحدها طوبقت بتساهل."),
        (f"Hijri date read by the Umm al-Qura calendar as {_W}", "قرأنا التاريخ الهجري بتقويم أم القرى: ‎{0}‎."),
        (f"Hijri date read by the tabular calendar, .* as {_W}", "قرأنا التاريخ الهجري بالحساب، بفارق يوم: ‎{0}‎."),
        ("(\\d+) was read as a Hijri year; .*", "قرأنا {0} سنة هجرية؛ اكتب {0}م للميلادية."),
        (f"{_W} was read as day (\\d+) of month (\\d+)", "قرأنا {0} اليوم {1} من الشهر {2}."),
        (f"nothing is left: {_W} excludes? .*", "لم يبق شيء: {0} يستبعد كل ما يجده البحث من غيره."),
        ("there are no words to compare articles by", "ليس في المقالة كلمات تُقارن بها."),
    )
)


def arabic_note(note: str) -> str:
    """Return a note in Arabic, or an empty text if it has no translation."""
    for pattern, text in _NOTES:
        if match := pattern.fullmatch(note):
            return text.format(*match.groups())
    return ""
