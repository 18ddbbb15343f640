"""The roots of stems: the contents of the table, and its lazy loading."""

from __future__ import annotations

import subprocess
import sys

import pytest
from analysis_tools import DATA, arramooz, tool

from arsearch.analyzers import ArabicStemmer, Normalizer
from arsearch.analyzers.roots import fold_root, roots_of, stems_of_root

NORMALISE, STEMMER = Normalizer().normalise, ArabicStemmer()


def stem(word: str) -> str:
    form = NORMALISE(word)
    return STEMMER.stem(form, form).stem


def all_roots() -> dict[str, list[str]]:
    rows = [line.split(" ") for line in DATA.joinpath("roots.txt").read_text(encoding="utf-8").splitlines()]
    return {root: stems for root, *stems in rows if root != "#"}


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ("كتب", "كتاب كتب مكتبة المكتبات كاتب يكتبون كتابة مكتوب"),
        ("علم", "عالم معلمون تعليم معلومات تعلم العلم"),
        ("درس", "مدرسة مدرستهم دراسة تدريس دروس"),
        ("قول", "قال يقولون مقال"),
        ("سأل", "سؤال أسئلة مسؤول تساءل"),
        ("أخذ", "أخذوا يأخذ"),
        ("دعو", "دعوة دعا دعاية"),
        ("خفف", "خفيف تخفيف"),
        ("شجع", "تشجيع شجاعة"),
        ("جمع", "اجتماع جمعية جامعة"),
        ("ترجم", "يترجم مترجم"),
    ],
)
def test_words_of_a_root(root: str, words: str) -> None:
    stems = {word: stem(word) for word in words.split()}

    assert {word: roots_of(found)[:1] for word, found in stems.items()} == dict.fromkeys(stems, (root,))
    assert set(stems.values()) <= set(stems_of_root(root))


@pytest.mark.parametrize("spelling", ["قرأ", "قرا", "قرء", "ق ر أ", "ق-ر-ء", "قَرَأَ"])
def test_a_root_in_any_spelling(spelling: str) -> None:
    assert fold_root(spelling) == "قرأ"
    assert "قران" in stems_of_root(spelling)


@pytest.mark.parametrize(("spelling", "root"), [("خفّ", "خفف"), ("رمى", "رمي"), ("مدد", "مدد"), ("", "")])
def test_the_last_letters_of_a_root(spelling: str, root: str) -> None:
    assert fold_root(spelling) == root


@pytest.mark.parametrize("nothing", ["", "ء", "خنفشار", "google", "١٢", "~"])
def test_an_unknown_word_has_neither_roots_nor_stems(nothing: str) -> None:
    assert roots_of(nothing) == ()
    assert stems_of_root(nothing) == ()


def test_a_stem_of_several_roots_has_the_commonest_first() -> None:
    assert roots_of("مال")[0] == "مول"
    assert "مال" not in stems_of_root("ميل")[:3]


def test_both_directions_agree() -> None:
    for root, stems in all_roots().items():
        bare = [stem.lstrip("~") for stem in stems]
        assert stems_of_root(root) == tuple(bare)
        assert len(bare) == len(set(bare))
        assert all((roots_of(stem.lstrip("~"))[0] == root) == (stem[0] != "~") for stem in stems)
        assert fold_root(root) == root


def test_the_table_has_stems_of_the_stemmer() -> None:
    """The table has stems of the stemmer: of 20,000 stems, hardly any has another stem."""
    stems = {stem.lstrip("~") for stems in all_roots().values() for stem in stems}

    assert len(stems) > 20_000
    assert sum(STEMMER.stem(stem, stem).stem != stem for stem in stems) < 0.02 * len(stems)


def test_an_analysis_without_roots_does_not_read_the_table() -> None:
    script = (
        "import sys, arsearch; arsearch.ArabicAnalyzer().form('كتاب'); print('arsearch.analyzers.roots' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_the_script_reproduces_the_table() -> None:
    made = tool("build_roots").build(arramooz())

    assert DATA.joinpath("roots.txt").read_text(encoding="utf-8") == made
