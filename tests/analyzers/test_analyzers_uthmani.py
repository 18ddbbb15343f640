"""The spelling of the printed Quran and modern spelling, in word pairs written for this test."""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from pathlib import Path

import pytest
from analysis_tables import tables
from hypothesis import given
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, Normalizer
from arsearch.analyzers.batch import surfaces_and_normalised
from arsearch.analyzers.uthmani import modern_spelling

ANALYZER, PLAIN = ArabicAnalyzer(), ArabicAnalyzer(normalizer=Normalizer(uthmani=False))

PAIRS = """
ٱلْكِتَٰبُ الكتاب | كِتَٰبًا كتابا | ٱلصَّلَوٰةَ الصلاة | ٱلزَّكَوٰةَ الزكاة | ٱلْحَيَوٰةِ الحياة | ٱلرِّبَوٰا۟ الربا | ٱلنَّجَوٰةِ النجاة
كَمِشْكَوٰةٍ كمشكاة | بِٱلْغَدَوٰةِ بالغداة | مُوسَىٰ موسى | عِيسَىٰ عيسى | يَحْيَىٰ يحيى | هُدًى هدى | ٱلْهُدَىٰ الهدى | ٱلدُّنْيَا الدنيا
عَلَىٰ على | إِلَىٰ إلى | مَتَىٰ متى | بَلَىٰ بلى | حَتَّىٰ حتى | هَدَىٰكُمْ هداكم | هَدَىٰنَا هدانا | سَوَّىٰهُنَّ سواهن | ءَاتَىٰهُمْ آتاهم
ٱلتَّوْرَىٰةَ التوراة | مَأْوَىٰهُمْ مأواهم | تَقْوَىٰهَا تقواها | مَوْلَىٰنَا مولانا | ءَامَنُوا۟ آمنوا | ءَادَمَ آدم | ءَايَٰتِ آيات | ءَايَةٌ آية
ءَالَ آل | ءَاتَيْنَا آتينا | ءَاخَرَ آخر | ٱلْءَاخِرَةِ الآخرة | ٱلْـَٔاخِرَةِ الآخرة | ٱلْقُرْءَانُ القرآن | قُرْءَانًا قرآنا | ءَالِهَةً آلهة | ءَابَآءَنَا آباءنا
هَٰذَا هذا | هَٰذِهِۦ هذه | ذَٰلِكَ ذلك | كَذَٰلِكَ كذلك | أُو۟لَٰٓئِكَ أولئك | لَٰكِنِ لكن | وَلَٰكِنَّ ولكن | هَٰٓؤُلَآءِ هؤلاء | إِلَٰهَ إله | إِلَٰهُكُمْ إلهكم
ٱللَّهِ الله | لِلَّهِ لله | ٱلرَّحْمَٰنِ الرحمن | ٱلرَّحِيمِ الرحيم | ٱلْعَٰلَمِينَ العالمين | مَٰلِكِ مالك | صِرَٰطَ صراط | ٱلصِّرَٰطَ الصراط
إِبْرَٰهِيمَ إبراهيم | إِبْرَٰهِۦمَ إبراهيم | إِسْمَٰعِيلَ إسماعيل | إِسْحَٰقَ إسحاق | هَٰرُونَ هارون | سُلَيْمَٰنَ سليمان | لُقْمَٰنُ لقمان | عِمْرَٰنَ عمران
دَاوُۥدَ داود | ٱلشَّيْطَٰنُ الشيطان | ٱلسُّلْطَٰنُ السلطان | سُلْطَٰنٍ سلطان | ٱلْإِنسَٰنَ الإنسان | ٱلْإِيمَٰنِ الإيمان | إِيمَٰنُهُمْ إيمانهم | ٱلْأَنْهَٰرُ الأنهار
جَنَّٰتٍ جنات | ٱلسَّمَٰوَٰتِ السماوات | ٱلصَّٰلِحَٰتِ الصالحات | ٱلصَّٰلِحِينَ الصالحين | ٱلظُّلُمَٰتِ الظلمات | ٱلثَّمَرَٰتِ الثمرات | ٱلطَّيِّبَٰتِ الطيبات
ٱلْمُؤْمِنَٰتِ المؤمنات | مُسْلِمَٰتٍ مسلمات | ٱلْكَٰفِرِينَ الكافرين | ٱلْكَٰفِرُونَ الكافرون | ٱلظَّٰلِمِينَ الظالمين | ٱلْفَٰسِقِينَ الفاسقين | ٱلصَّٰدِقِينَ الصادقين
ٱلصَّٰبِرِينَ الصابرين | ٱلشَّٰكِرِينَ الشاكرين | ٱلْخَٰسِرِينَ الخاسرين | ٱلْخَٰسِرُونَ الخاسرون | خَٰلِدُونَ خالدون | خَٰلِدِينَ خالدين | ٱلسَّٰجِدِينَ الساجدين
ٱلرَّٰكِعِينَ الراكعين | ٱلْخَٰشِعِينَ الخاشعين | ٱلْجَٰهِلِينَ الجاهلين | ٱلْغَٰفِلِينَ الغافلين | ٱلشَّٰهِدِينَ الشاهدين | ٱلْفَٰئِزُونَ الفائزون | غَٰفِلٍ غافل
أَصْحَٰبُ أصحاب | أَمْوَٰلَهُمْ أموالهم | أَزْوَٰجٌ أزواج | أَبْصَٰرِهِمْ أبصارهم | أَعْمَٰلَهُمْ أعمالهم | أَوْلَٰدُهُمْ أولادهم | أَنْعَٰمًا أنعاما | ٱلْأَمْثَٰلَ الأمثال
مَلَٰٓئِكَةٌ ملائكة | ٱلْمَلَٰٓئِكَةِ الملائكة | مَسَٰجِدَ مساجد | مَسَٰكِينَ مساكين | ٱلْيَتَٰمَىٰ اليتامى | نَصَٰرَىٰ نصارى | أُسَٰرَىٰ أسارى | خَطَٰيَٰكُمْ خطاياكم
ثَلَٰثَةَ ثلاثة | ثَلَٰثُونَ ثلاثون | ثَمَٰنِيَةَ ثمانية | وَٰحِدٌ واحد | وَٰحِدَةً واحدة | وَٰسِعٌ واسع | ٱلْوَٰلِدَيْنِ الوالدين | وَٰلِدَةٌ والدة | إِخْوَٰنًا إخوانا
سُبْحَٰنَ سبحان | سُبْحَٰنَهُۥ سبحانه | تَعَٰلَىٰ تعالى | تَبَٰرَكَ تبارك | عَٰلِمُ عالم | قَٰدِرٌ قادر | شَٰهِدًا شاهدا | كَٰتِبٌ كاتب | صَٰحِبُهُۥ صاحبه
رِسَٰلَٰتِ رسالات | كَلِمَٰتٍ كلمات | بَيِّنَٰتٍ بينات | دَرَجَٰتٍ درجات | صَدَقَٰتِكُم صدقاتكم | شَهَٰدَةً شهادة | ٱلْقِيَٰمَةِ القيامة | تِجَٰرَةً تجارة
عِبَٰدِنَا عبادنا | مِيثَٰقَكُمْ ميثاقكم | حِسَٰبًا حسابا | جِهَٰدًا جهادا | قِيَٰمًا قياما | طَعَٰمُ طعام | ضَلَٰلٍ ضلال | سَلَٰمٌ سلام | ٱلْإِسْلَٰمِ الإسلام
بَٰرَكْنَا باركنا | أَنزَلْنَٰهُ أنزلناه | جَعَلْنَٰكُمْ جعلناكم | خَلَقْنَٰهُمْ خلقناهم | أَرْسَلْنَٰكَ أرسلناك | رَزَقْنَٰهُمْ رزقناهم | قَٰتِلُوا۟ قاتلوا | جَٰهَدُوا۟ جاهدوا
يَسْـَٔلُونَكَ يسألونك | وَسْـَٔلْهُمْ وسألهم | ٱلْمَشْـَٔمَةِ المشأمة | شَيْـًٔا شيئا | سَيِّـَٔاتِ سيئات | ٱلْأَفْـِٔدَةَ الأفئدة | أَرَءَيْتَ أرأيت | رَءَا رأى
إِۦلَٰفِهِمْ إيلافهم | ٱلنَّبِيِّۦنَ النبيين | ٱلْغَاوُۥنَ الغاوون | ٱلضُّعَفَٰٓؤُا۟ الضعفاء | جَزَٰٓؤُا۟ جزاء | ٱلْمَلَؤُا۟ الملأ | ٱلَّيْلِ الليل | بِهِۦ به | لَهُۥ له
فِى في | ٱلَّذِى الذي | رَبِّهِۦ ربه | بَعْدَهُۥ بعده | ٱسْمُهُۥ اسمه | ٱهْدِنَا اهدنا | ٱلْحَمْدُ الحمد | ٱبْنُ ابن | وَٱلْأَرْضِ والأرض | بِٱلْحَقِّ بالحق
ٱلسَّمَـٰوَٰتِ السماوات | إِبْرَٰهِـۧمَ إبراهيم | سُبْحَـٰنَ سبحان | بِـَٔايَـٰتِنَا بآياتنا | لَـَٔايَةً لآية | مَـَٔابٍ مآب | ٱلْمُنشَـَٔاتُ المنشآت | خَطِيٓـَٔـٰتِهِمْ خطيئاتهم
كَهَيْـَٔةِ كهيئة | يَسْتَـْٔخِرُونَ يستأخرون | إِسْرَٰٓءِيلَ إسرائيل | يَسْتَهْزِءُونَ يستهزئون | ٱلرُّءْيَا الرؤيا | جَآءُو جاءوا | وَٱلَّيْلِ والليل | ٱلَّـٰتِى اللاتي
ءَأَنتُمْ أأنتم | أَءِذَا أإذا | أَءِلَـٰهٌ أإله | يُحْىِۦ يحيي | أُو۟لُوا۟ أولو | ثَمُودَا۟ ثمود | بِمَلَإِي۟هِۦ بملئه | نَبَإِى۟ نبإ | مِا۟ئَةَ مائة | وَمَنَوٰةَ ومناة
الصلوٰة الصلاة | بالزكوٰة بالزكاة | صلوٰتك صلاتك | أزوٰج أزواج | أبوٰب أبواب | إخوٰن إخوان | أموٰلهم أموالهم | صلوٰت صلوات
ٱلسموٰت السموات | القيٰمة القيامة
سُبْحٰنَ سبحان | إِسْمٰعِيلَ إسماعيل | عثمٰن عثمان | الءاخرة الآخرة | وءاتوا وآتوا | القرءان القرآن | عبدالرحمٰن عبدالرحمن
إلٰهي إلهي | لٰكنه لكنه | يٰس يس
ٱلۡحَیَوٰةِ الحياة | ٱلَّیۡلِ الليل | أُو۟لَـٰۤىِٕكَ أولئك | ٱلۡمَلَـٰۤىِٕكَةِ الملائكة | هَـٰۤؤُلَاۤءِ هؤلاء | ٱلۡکِتَـٰبُ الكتاب
"""
GLUED = """
يَـٰٓأَيُّهَا يا أيها | يَـٰقَوْمِ يا قوم | وَيَـٰقَوْمِ ويا قوم | يَـٰبَنِىٓ يا بني | يَـٰمُوسَىٰ يا موسى | يَـٰمَرْيَمُ يا مريم | يَـٰٓـَٔادَمُ يا آدم | يَـٰٓأُو۟لِى يا أولي
يَـٰلَيْتَنِى يا ليتني | يَـٰٓإِبْرَٰهِيمُ يا إبراهيم | يَـٰوَيْلَنَآ يا ويلنا | يَـٰصَـٰحِبَىِ يا صاحبي | يٰأهل يا أهل | هَـٰٓأَنتُمْ ها أنتم
"""
ROWS = [tuple(pair.split()) for line in PAIRS.strip().splitlines() for pair in line.split(" | ")]


def keys(text: str) -> list[tuple[str, str, str]]:
    """Return the normalised form, the word and the stem of each word."""
    terms = [token.term for token in ANALYZER.analyze(text)]
    return [(term.normalised, term.word, term.stem) for term in terms]


@pytest.mark.parametrize(("uthmani", "modern"), tables()["Uthmani"])
def test_the_table_of_the_documentation(uthmani: str, modern: str) -> None:
    assert keys(uthmani) == keys(modern)


def test_there_are_150_pairs() -> None:
    assert len(set(ROWS)) == len(ROWS) >= 150
    assert all(len(row) == 2 for row in ROWS)


@pytest.mark.parametrize("row", [row for line in GLUED.split("\n") for row in line.split(" | ") if row])
def test_a_particle_written_with_the_next_word_is_a_word(row: str) -> None:
    uthmani, _, modern = row.partition(" ")

    assert keys(uthmani) == keys(modern)
    assert ANALYZER.form(uthmani).width == len(modern.split())


@pytest.mark.parametrize(
    "word",
    """جُزْءَانِ قِرَاءَاتٌ وَالقِرَاءَات إسَاءَات جَاءَا بُرْءًا ودَرْءاً سُوءًا سَوْءَة هَيْئَات شَيْئًا مَسْؤُول رُؤُوس رُءُوس ضَوْءُهُ بَدْءِ القُرْآنُ آيَات
    مِرْآة ضَآلَة طٓلِب رئيسٓ مَلَأ الملَأُ سُئِلَ مَاءٍ سَمَاءَيْنِ هُدىً عَلَى إلَيَّ مُوسَى دَاوُد ياسين يَابِس يَاقُوت اليَوْم وَلِيّ أزواج صلوات""".split(),
)
def test_vocalised_words_of_modern_text_do_not_change(word: str) -> None:
    bare = re.sub("[\u064b-\u0652]", "", word)

    assert modern_spelling(word) == word
    assert ANALYZER.form(word) == PLAIN.form(word) == PLAIN.form(bare)


@pytest.mark.parametrize(("uthmani", "modern"), ROWS, ids=[modern for _, modern in ROWS])
def test_uthmani_and_modern_spelling_have_the_same_keys(uthmani: str, modern: str) -> None:
    assert keys(uthmani) == keys(modern)


@pytest.mark.parametrize("uthmani", [uthmani for uthmani, _ in ROWS])
def test_the_normal_form_does_not_matter(uthmani: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, uthmani) for form in ("NFC", "NFD"))

    assert keys(composed) == keys(decomposed) == keys(uthmani)


@pytest.mark.parametrize("modern", sorted({modern for _, modern in ROWS}))
def test_modern_spelling_does_not_change(modern: str) -> None:
    assert modern_spelling(modern) == modern
    assert ANALYZER.form(modern) == PLAIN.form(modern)


WORDS = st.text(
    st.sampled_from("ابتكلمنهويىءأؤئآةٱ\u0670\u06e5\u06e6\u06df\u0653\u0654\u064e\u0650\u064f\u0652ـ"), max_size=8
)


@given(WORDS)
def test_the_step_is_idempotent_and_pure(word: str) -> None:
    once = modern_spelling(word)

    assert modern_spelling(once) == once
    normalizer = ANALYZER.normalizer
    assert normalizer.surface(normalizer.surface(word)) == normalizer.surface(word)


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_many_words_at_once_have_the_results_of_each_word(words: list[str]) -> None:
    surfaces, normalised = surfaces_and_normalised(ANALYZER.normalizer, words)

    assert surfaces == [ANALYZER.normalizer.surface(word) for word in words]
    assert normalised == [ANALYZER.normalizer.normalise(word) for word in words]


def test_an_index_with_classical_text_is_searched_in_modern_spelling() -> None:
    import arsearch

    text = "وَأَقِيمُوا۟ ٱلصَّلَوٰةَ وَءَاتُوا۟ ٱلزَّكَوٰةَ"
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "", "body": text}])
        for query, marked in (("الصلاة", "ٱلصَّلَوٰةَ"), ("آتوا", "وَءَاتُوا۟")):
            [hit] = index.search(query)
            assert [text[span.start : span.end] for span in hit.snippet.spans] == [marked]


def test_plain_and_vocalised_texts_are_analysed_alike() -> None:
    """The pairs of the Open Hadith Data have neither dagger alef nor wasla, so this is a necessary condition only."""
    folder = os.environ.get("ARSEARCH_DATA")
    path = Path(folder or "", "gold", "tashkeel_pairs.jsonl")
    if not folder or not path.is_file():
        pytest.skip("ARSEARCH_DATA has no gold/tashkeel_pairs.jsonl")
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert len(pairs) > 3000
    assert [pair["id"] for pair in pairs if keys(pair["plain"]) != keys(pair["vocalised"])] == []


HOSTILE = ["ٱ" + "\u064e" * 50_000, "كتا" + "\u064e" * 50_000, "يٰ" * 20_000, "ابو" * 20_000 + "بكر", "عبدال" * 20_000]


@pytest.mark.parametrize("word", HOSTILE, ids=["wasla", "marks", "vocatives", "names", "servants"])
def test_an_endless_word_takes_little_time_and_no_recursion(word: str) -> None:
    start = time.process_time()

    ArabicAnalyzer().form(word)

    assert time.process_time() - start < 5, "with quadratic work it takes minutes"
