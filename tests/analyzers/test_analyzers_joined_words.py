"""Words that are written together or apart, in pairs found in newspapers and classical books."""

from __future__ import annotations

import pytest
from analysis_tools import DATA
from hypothesis import given
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.joined_words import joined_words, pairs, split_joined
from arsearch.analyzers.names import split_compound

ANALYZER = ArabicAnalyzer()
LINES = DATA.joinpath("joined_words.txt").read_text(encoding="utf-8").splitlines()

PAIRS = {
    "negation": """
        لابد لا بد | لايوجد لا يوجد | لايمكن لا يمكن | لاشك لا شك | ولاشك ولا شك | لايزال لا يزال | ولاتزال ولا تزال
        لاسيما لا سيما | فلابد فلا بد | لايجوز لا يجوز | لاتوجد لا توجد | لاينبغي لا ينبغي | لايستطيع لا يستطيع
        لاأحد لا أحد | لااحد لا أحد | لابأس لا بأس
    """,
    "ما": """
        مازال ما زال | ومازالت وما زالت | مازلنا ما زلنا | مادام ما دام | ماهو ما هو | ماهي ما هي | ماعدا ما عدا
        مابين ما بين | مالم ما لم | ماكان ما كان | مايسمى ما يسمى | مايحدث ما يحدث | وماشابه وما شابه
        مايتعلق ما يتعلق
    """,
    "other particles": """
        يارب يا رب | ياأيها يا أيها | ياترى يا ترى | هاهو ها هو | وهاهي وها هي | بلاشك بلا شك | عزوجل عز وجل
        الحمدلله الحمد لله | والحمدلله والحمد لله | لكيلا لكي لا | ياليتني يا ليتني
    """,
    "numbers": """
        ثلاثمائة ثلاث مائة | ثلاثمئة ثلاث مئة | وبخمسمائة وبخمس مائة | أربعمئة أربع مئة | ستمائة ست مائة
        الثمانمائة الثمان مائة | تسعمائه تسع مائه | سبعمية سبع مية | اربعمائة أربع مائة | لخمسمئة لخمس مئة
    """,
    "nouns": """
        رأسمال رأس مال | برأسمال برأس مال | الرأسمال الرأس مال | رأسمالها رأس مالها | راسمال رأس مال
        كيلومتر كيلو متر | الكيلومترات الكيلو مترات | كيلوغراما كيلو غراما | ميجابايت ميجا بايت | سنتيمترا سنتي مترا
        السوبرماركت السوبر ماركت | أونلاين أون لاين
    """,
    "services": """
        فيسبوك فيس بوك | الفيسبوك الفيس بوك | وفيسبوك وفيس بوك | بالفيسبوك بالفيس بوك | واتساب واتس اب
        الواتساب الواتس اب | سنابشات سناب شات | تيكتوك تيك توك | آيفون آي فون | ايفون آي فون | الآيباد الآي باد
        بلايستيشن بلاي ستيشن | إنستاغرام إنستا غرام
    """,
    "places": """
        تلأبيب تل أبيب | بورسعيد بور سعيد | ببورسعيد ببور سعيد | كوالالمبور كوالا لمبور | حفرالباطن حفر الباطن
        دياربكر ديار بكر | بورسودان بور سودان | ساوباولو ساو باولو | سانفرانسيسكو سان فرانسيسكو | بيتلحم بيت لحم
        رامالله رام الله | بعلبك بعل بك | لبعلبك لبعل بك | هونغكونغ هونغ كونغ | هونجكونج هونج كونج | لوسأنجلوس لوس أنجلوس
        بوينسآيرس بوينس آيرس | بوركينافاسو بوركينا فاسو | كوتديفوار كوت ديفوار | بيونغيانغ بيونغ يانغ | بنيسويف بني سويف
    """,
    "people": """
        عبدربه عبد ربه | لعبدربه لعبد ربه | عبدرب عبد رب | عبدالله عبد الله | أبوحاتم أبو حاتم | ابوبكر ابو بكر
        أبابكر أبا بكر | أباالخيل أبا الخيل | ذوالحجة ذو الحجة | داسيلفا دا سيلفا | بنلادن بن لادن
        إنترميلان إنتر ميلان | ريفربليت ريفر بليت | نورالدين نور الدين
    """,
}


def rows() -> list[tuple[str, str, str]]:
    """Return the kind, the joined and the split spelling of each pair."""
    found = []
    for kind, text in PAIRS.items():
        lines = [line.strip() for line in text.strip().split("\n")]
        for row in " | ".join(lines).split(" | "):
            joined, _, apart = row.partition(" ")
            found.append((kind, joined, apart))
    return found


def keys(text: str) -> list[tuple[int, str, str]]:
    return [(token.position, token.term.normalised, token.term.stem) for token in ANALYZER.analyze(text)]


def test_the_list_is_long_and_names_its_licence() -> None:
    assert "Written for arsearch" in LINES[1]
    assert "GPL-3.0-or-later" in LINES[1]
    assert len(set(pairs())) == len(list(pairs())) >= 400
    assert {kind for kind, _, _ in pairs()} == {"particle", "noun", "name"}


@pytest.mark.parametrize(("joined", "apart"), [row[1:] for row in rows()], ids=[row[1] for row in rows()])
def test_both_spellings_have_the_same_terms_at_the_same_positions(joined: str, apart: str) -> None:
    assert keys(f"قال {joined} ثم") == keys(f"قال {apart} ثم")
    assert "".join(split_joined(joined)) == joined


@pytest.mark.parametrize("kind", PAIRS)
def test_there_are_ten_pairs_of_each_kind(kind: str) -> None:
    assert len({row for row in rows() if row[0] == kind}) >= 10


@pytest.mark.parametrize(
    "word",
    """فيما كلما منهم عما مالا ماتم لاسلكي أيمن لاتيني لاعب لاجئ لابس مالك ماجد مازن ياسر ياسمين هاني تلابيب لإنزال
    لأتعرف لأغنى مايلي بلاد بلاغ رأسمالي كيلو بورصة سانتا دافع عزوف بنك ستة خمسة ميجا""".split(),
)
def test_other_words_stay_whole(word: str) -> None:
    assert split_joined(word) == ()


@given(st.sampled_from(sorted(joined_words())))
def test_a_listed_word_is_split_at_its_listed_place(folded: str) -> None:
    joined, cut, _ = joined_words()[folded]

    assert split_joined(joined) == (joined[:cut], joined[cut:])


def test_no_listed_word_is_a_compound_name_of_another_place() -> None:
    listed = [(joined, cut) for joined, cut, _ in joined_words().values()]

    assert [joined for joined, cut in listed if split_compound(joined) not in ((), (joined[:cut], joined[cut:]))] == []


def test_compounds_false_keeps_joined_words_whole() -> None:
    whole = ArabicAnalyzer(compounds=False)

    assert [term.normalised for term in whole.form("لابد").terms] == ["لابد"]
    assert whole.form("ثلاثمئة").terms[0].normalised == whole.form("ثلاثمائة").terms[0].normalised
