"""The code points of Arabic text: letters, marks and controls, and the tables that fold them.

The module holds character classes, written as the inside of a regular expression's `[...]`, and `str.translate` tables.
The tokenizer and the normalizer share them, so both agree on the letters. The ranges are written out and not taken
from `unicodedata`, so they are the same under every version of Python.

Source: The Unicode Standard 15, chapter 9.2 (Arabic), and the code charts named at each table. The joining groups of
ArabicShaping.txt decide which Arabic letter replaces a foreign one. Lucene's ArabicNormalizer covers U+0621-0652 only;
these tables cover every Arabic block.
"""

from __future__ import annotations

import unicodedata

__all__ = [
    "CONTROLS",
    "DAGGER_ALEF",
    "DIGITS",
    "EXTENDED",
    "HAMZA_SIGNS",
    "HARAKAT",
    "HONORIFICS",
    "ISOLATED_MARKS",
    "JOINED",
    "LATIN_BASE",
    "LETTERS",
    "LOOKALIKES",
    "QURANIC_MARKS",
    "SHADDA",
    "TANWEEN",
    "TATWEEL",
    "Table",
]

Table = dict[int, str | None]
"""A table for `str.translate`: each code point with its replacement, or with None if it is removed."""

TATWEEL = "\u0640"

# Arabic, Arabic Supplement, Extended-A, Extended-B, Presentation Forms-A and -B, Mathematical Alphabetic Symbols.
# Without tatweel, marks, digits and the one-character phrases of HONORIFICS.
LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u0673\u0675-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0886\u0889-\u088d\u08a0-\u08c8"
    "\ufb50-\ufbb1\ufbd3-\ufc5d\ufc64-\ufcf1\ufcf5-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdf9"
    "\ufe80-\ufefc\U0001ee00-\U0001eeef"
)

# The characters that occur between or after letters without ending the word: marks, zero-width and bidi controls,
# variation selectors. ZWSP (U+200B) and the soft hyphen are among them, because scraped news has them inside words
# ("وهؤ<200B>لاء", "وجو<AD>ههم") and never instead of a space.
_MARK_RANGES = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0674\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0887\u0888\u088e"
    "\u0898-\u089f\u08c9-\u08e1\u08e3-\u08ff\ufc5e-\ufc63\ufcf2-\ufcf4\ufe20-\ufe2f\ufe70-\ufe7f"
)
_CONTROL_RANGES = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
JOINED = f"{_MARK_RANGES}{_CONTROL_RANGES}"


def _points(*ranges: str) -> list[int]:
    """Return the code points of one-character strings and of `a-b` ranges."""
    return [c for r in ranges for c in range(ord(r[0]), ord(r[-1]) + 1)]


def _removed(*ranges: str) -> Table:
    return dict.fromkeys(_points(*ranges))


def _folded(groups: dict[str, str]) -> Table:
    return {ord(variant): letter for letter, variants in groups.items() for variant in variants.split()}


CONTROLS = _removed(
    "\u00ad", "\u034f", "\u061c", "\u180e", "\u200b-\u200f", "\u202a-\u202e", "\u2060-\u2069", "\ufe00-\ufe0f", "\ufeff"
)  # fmt: skip

HARAKAT = _removed("\u064e-\u0650", "\u0652", "\u0656-\u065f", "\u08e3-\u08e6", "\u08f4-\u08ff")
SHADDA = _removed("\u0651")
TANWEEN = _removed("\u064b-\u064d", "\u08e7-\u08e9", "\u08f0-\u08f2")
DAGGER_ALEF = _removed("\u0670", "\u089d")
HAMZA_SIGNS = _removed("\u0653-\u0655", "\u0674")
# The annotation signs of the printed Quran, including those of Extended-A. U+06DD, 06DE, 06E9 and 08E2 (end of ayah and
# the like) are separate symbols: the tokenizer never puts them in a word, and a word given with one loses it.
QURANIC_MARKS = _removed("\u0610-\u061a", "\u06d6-\u06ed", "\u0887-\u0888", "\u088e", "\u0898-\u089c", "\u089e-\u089f",
                         "\u08c9-\u08e2", "\u08ea-\u08ef", "\u08f3")  # fmt: skip

# Isolated marks: NFKC would put them on a space or a tatweel, and split the word.
ISOLATED_MARKS: Table = {
    c: unicodedata.normalize("NFKC", chr(c)).replace(" ", "").replace(TATWEEL, "")
    for c in _points("\ufe70-\ufe72", "\ufe74", "\ufe76-\ufe7f", "\ufc5e-\ufc63", "\ufcf2-\ufcf4")
}

# Other code points of an Arabic letter: keyboards of other languages, dotless and Maghribi shapes, alefs with vowels.
LOOKALIKES = _folded(
    {
        "ا": "ࡰ ࡱ ࡲ ࡳ ࡴ ࡵ ࡶ ࡷ ࡸ ࡹ ࡺ ࡻ ࡼ ࡽ ࡾ ࡿ ࢀ ࢭ",
        "أ": "ٲ ࢁ ࢂ",
        "إ": "ٳ",
        "ب": "ٮ",
        "ة": "ۃ",
        "ف": "ڡ ڢ ڣ ࢻ",
        "ق": "ٯ ڧ ࢼ",
        "ك": "ک ڪ ػ ؼ",
        "ن": "ں ࢽ",
        "ه": "ہ ھ ە ۀ ۂ",
        "ي": "ی ۍ ې ے ؠ ؽ ؾ ؿ ࢆ",
        "ئ": "ۓ ࢃ",
    }
)

# Letters for the sounds of other languages, with the Arabic letter of their joining group. The same people write پاريس
# and باريس, ڤيروس and فيروس, چدة and جدة.
EXTENDED = _folded(
    {
        "ا": "ݳ ݴ",
        "ب": "پ ٻ ڀ ݐ ݑ ݒ ݓ ݔ ݕ ݖ ࢠ ࢡ ࢶ ࢷ ࢾ",
        "ت": "ٹ ٺ ټ ٽ ٿ ࢸ ࢿ ࣀ",
        "ج": "چ ڃ ڄ ڇ ڿ ࢢ ࣁ ࣅ ࣆ",
        "ح": "ځ ڂ څ ݗ ݘ ݮ ݯ ݲ ݼ ࢊ",
        "د": "ڈ ډ ڊ ڋ ڍ ۮ ݙ ݚ ࢮ",
        "ذ": "ڌ ڎ ڏ ڐ",
        "ر": "ڑ ڒ ړ ڔ ڕ ۯ ݛ ݬ ݱ ࢪ ࢹ",
        "ز": "ژ ږ ڗ ڙ ݫ ࢲ",
        "س": "ڛ ݭ ݰ ݽ ݾ",
        "ش": "ښ ڜ ۺ ݜ",
        "ص": "ڝ ࢯ",
        "ض": "ڞ ۻ",
        "ط": "ࢋ ࢌ ࢣ",
        "ظ": "ڟ",
        "ع": "ݝ ݞ ݟ ࢳ",
        "غ": "ڠ ۼ ࣃ",
        "ف": "ڤ ڥ ڦ ݠ ݡ ࢤ",
        "ق": "ڨ ࢥ ࢵ ࣄ",
        "ك": "گ ګ ڬ ڭ ڮ ڰ ڱ ڲ ڳ ڴ ݢ ݣ ݤ ݿ ࢍ ࢰ ࢴ ࣂ ࣈ",
        "ل": "ڵ ڶ ڷ ڸ ݪ ࢦ ࣇ",
        "م": "ݥ ݦ ࢧ",
        "ن": "ڹ ڻ ڼ ڽ ݧ ݨ ݩ ࢉ",
        "ه": "ۿ",
        "و": "ۄ ۅ ۆ ۇ ۈ ۉ ۊ ۋ ۏ ݸ ݹ ࢄ ࢫ ࢱ",
        "ي": "ێ ۑ ݵ ݶ ݷ ݺ ݻ ࢅ ࢨ ࢩ ࢬ ࢺ",
    }
)

# Arabic-Indic and Extended Arabic-Indic digits, and the decimal and thousands separators of both.
DIGITS: Table = {
    **{ord(c): str(i) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩")},
    **{ord(c): str(i) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹")},
    0x066B: ".",
    0x066C: ",",
}

# Latin letters without a canonical decomposition, as Lucene's ASCIIFoldingFilter folds them.
LATIN_BASE: Table = {
    ord(a): b for a, b in zip("øłđðıħŧæœþ", ("o", "l", "d", "d", "i", "h", "t", "ae", "oe", "th"), strict=True)
}

# Phrases that are one character in Unicode. Those of Unicode 14 (U+FD40-FD4F and others) have no decomposition. The
# words of U+FDFA, FDFB and FDFC are their NFKC form; all others follow the name of the character.
HONORIFICS: dict[str, str] = {
    "\ufd40": "رحمه الله",
    "\ufd41": "رضي الله عنه",
    "\ufd42": "رضي الله عنها",
    "\ufd43": "رضي الله عنهم",
    "\ufd44": "رضي الله عنهما",
    "\ufd45": "رضي الله عنهن",
    "\ufd46": "صلى الله عليه وآله",
    "\ufd47": "عليه السلام",
    "\ufd48": "عليهم السلام",
    "\ufd49": "عليهما السلام",
    "\ufd4a": "عليه الصلاة والسلام",
    "\ufd4b": "قدس سره",
    "\ufd4c": "صلى الله عليه وآله وسلم",
    "\ufd4d": "عليها السلام",
    "\ufd4e": "تبارك وتعالى",
    "\ufd4f": "رحمهم الله",
    "\ufdcf": "سلامه علينا",
    "\ufdfa": "صلى الله عليه وسلم",
    "\ufdfb": "جل جلاله",
    "\ufdfc": "ريال",
    "\ufdfd": "بسم الله الرحمن الرحيم",
    "\ufdfe": "سبحانه وتعالى",
    "\ufdff": "عز وجل",
}
