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
            r"time ran out after (\S+) s: lines are missing",
            "انتهى الوقت بعد {0} ث: تنقص مواضع لم نصل إليها.",
        ),
        (
            r"time ran out after (\S+) s: counts may be too low",
            "انتهى الوقت بعد {0} ث: قد تكون الأعداد أقل من الواقع.",
        ),
        (
            r"time ran out after (\S+) s: words may .*",
            "انتهى الوقت بعد {0} ث: قد تنقص كلمات، والدرجة قد تكون أقل.",
        ),
        (
            r"time ran out after (\S+) s: .*",
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
        (r"kept the first ([\d,]+) characters of the query", "أخذنا أول {0} حرف من البحث."),
        (r"kept the first ([\d,]+) words of the query", "أخذنا أول {0} كلمة من البحث."),
        (r"kept the first ([\d,]+) words of a phrase", "أخذنا أول {0} كلمة من العبارة."),
        ("the query has only operators, .*", "ليس في البحث إلا علامات ربط؛ بحثنا عنها ككلمات."),
        ("'NOT' has nothing after it .*", "لا شيء بعد NOT؛ تركناها."),
        (r"'\)' without '\(' .*", "قوس مغلق بلا قوس مفتوح؛ تركناه."),
        (r"'\(' without '\)' .*", "قوس مفتوح لم يُغلق؛ أغلقناه في الآخر."),
        (r"brackets more than (\d+) deep .*", "تركنا أقواسا أعمق من {0}."),
        (f"{_W} needs something on both sides .*", "{0} يحتاج إلى كلمة عن يمينه وأخرى عن يساره؛ تركناه."),
        (f"{_W} has no partner .*", "{0} بلا علامة تقابلها؛ عددناها من الترقيم."),
        (f"{_W} excludes nothing, because .*", "{0} لا تستبعد شيئا لأن في البحث شرطة أخرى؛ اكتب NOT للاستبعاد."),
        ("quotes without a word .*", "تركنا علامتي تنصيص ليس بينهما كلمة."),
        (
            r"a word may differ in at most (\d+) letters, so ~(\S+) .*",
            "قرأنا ‎~{1}‎ على أنه ‎~{0}‎، وهو أوسع اختلاف بين كلمتين.",
        ),
        ("~ after a pattern was ignored", "تركنا ~ بعد نمط."),
        (f"{_W}; it was ignored", "تركنا قيمة لم نفهمها: {0}"),
        (f"{_W}; it was searched as words", "لم نفهم قيمة، فبحثنا عنها ككلمات: {0}"),
        (f"(?:date )?range {_W} runs backwards; .*", "طرفا المدى {0} معكوسان؛ بدّلناهما."),
        (f"{_W}; the range was left out", "تركنا مدى لم نفهمه: {0}"),
        (f"no root of {_W} is known; .*", "لا نعرف جذر {0}؛ بحثنا عن جذعه."),
        (f"the pattern {_W} has no letters .*", "النمط {0} بلا حروف؛ تركناه."),
        ("a pattern of ([\\d,]+) letters was left out; .*", "تركنا نمطا من {0} حرف لطوله."),
        ("a word of ([\\d,]+) letters was not matched loosely", "كلمة من {0} حرف لم نطابقها إلا كما هي."),
        (f"{_W} is several words; only the first .*", "{0} عدة كلمات؛ الأولى وحدها طوبقت بتساهل."),
        (f"Hijri date read by the solar calendar.* as {_W}", "قرأنا التاريخ بالتقويم الهجري الشمسي: ‎{0}‎."),
        (f"Hijri date read by the Umm al-Qura calendar.* as {_W}", "قرأنا التاريخ الهجري بتقويم أم القرى: ‎{0}‎."),
        (f"Hijri date read by the tabular calendar.* as {_W}", "قرأنا التاريخ الهجري بالحساب، بفارق يوم: ‎{0}‎."),
        ("(\\d+) was read as a Hijri year; .*", "قرأنا {0} سنة هجرية؛ اكتب {0}م للميلادية."),
        (f"{_W} was read as day (\\d+) of month (\\d+)", "قرأنا {0} اليوم {1} من الشهر {2}."),
        (f"nothing is left: {_W} excludes? .*", "لم يبق شيء: {0} يستبعد كل ما يجده البحث من غيره."),
        (
            r"the page was chosen among ([\d,]+) articles of each shard.*",
            "اختيرت النتائج من أفضل {0} مقالة في كل قسم من الفهرس.",
        ),
        ("there are no words to compare articles by", "ليس في المقالة كلمات تُقارن بها."),
    )
)


def arabic_note(note: str) -> str:
    """Return a note in Arabic, or an empty text if it has no translation."""
    for pattern, text in _NOTES:
        if match := pattern.fullmatch(note):
            return text.format(*match.groups())
    return ""
