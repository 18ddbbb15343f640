"""BibTeX and RIS."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

import arsearch

WORK = {
    "id": "fiqh",
    "title": "مختصر الفقه",
    "author": "زيد، وعمرو and others",
    "source": "دار الكتب",
    "date": "1985",
    "parts": [{"heading": "كتاب الطهارة", "volume": 1, "page": "٣", "body": "الماء الطهور."}],
}
NEWS = {
    "id": "خبر-1",
    "title": "أسعار 5% & {أخرى} $_#~^\\",
    "source": "الجريدة",
    "date": "2015-07-21",
    "url": "https://example.org/a_b?c=1&d=2",
    "body": "الماء",
}


@pytest.fixture
def index() -> arsearch.Index:
    opened = arsearch.open(":memory:", create=True)
    opened.add([WORK, NEWS])
    return opened


def written(items: Any, format: str) -> str:
    stream = io.BytesIO()
    arsearch.write_articles(items, stream, format=format)
    return stream.getvalue().decode()


def test_hits_become_references(index: arsearch.Index) -> None:
    text = written(index.search("الطهور"), "bibtex")
    assert text == (
        "@inbook{afaabea7b4a6b,\n"
        "  author = {{زيد، وعمرو and others}},\n"
        "  title = {كتاب الطهارة},\n"
        "  booktitle = {مختصر الفقه},\n"
        "  publisher = {دار الكتب},\n"
        "  volume = {1},\n"
        "  pages = {٣},\n"
        "  year = {1985},\n"
        "  date = {1985-01-01},\n"
        "}\n\n"
    ).replace("afaabea7b4a6b", text.split("{")[1].split(",")[0])
    assert written(index.search("الطهور"), "ris").split("\r\n")[:8] == [
        "TY  - CHAP",
        "ID  - fiqh¶1",
        "AU  - زيد، وعمرو and others",
        "TI  - كتاب الطهارة",
        "T2  - مختصر الفقه",
        "PB  - دار الكتب",
        "VL  - 1",
        "SP  - ٣",
    ]


def test_articles_and_works_become_references(index: arsearch.Index) -> None:
    text = written(index, "bibtex")
    assert text.startswith("@book{fiqh,\n")
    assert (
        "  title = {أسعار 5\\% \\& \\textbraceleft{}أخرى\\textbraceright{} "
        "\\$\\_\\#\\textasciitilde{}\\textasciicircum{}\\textbackslash{}},\n" in text
    )
    assert "  journal = {الجريدة},\n" in text
    assert "@article{a" in text
    ris = written(index, "ris")
    assert "TY  - BOOK\r\n" in ris
    assert "TY  - NEWS\r\n" in ris
    assert "DA  - 2015/07/21\r\n" in ris
    assert ris.count("ER  - \r\n\r\n") == 2


def test_no_two_entries_have_keys_that_bibtex_takes_for_the_same() -> None:
    ids = ["Fiqh", "fiqh", "FIQH", "fiqh", "a-1"]
    text = written([{"id": id, "title": "كتاب"} for id in ids], "bibtex")
    keys = re.findall(r"^@article\{([^,]+),$", text, re.MULTILINE)
    assert len({key.lower() for key in keys}) == len(ids)
    assert (keys[0], keys[-1]) == ("Fiqh", "a-1")


def test_values_stay_on_their_lines() -> None:
    item = {"id": "1", "title": "سطر\nTY  - BOOK\r\nER  - ", "author": "}\n@misc{x,"}
    assert written([item], "ris").count("\r\nTY") == 0
    assert written([item], "ris").count("ER  - ") == 1
    bibtex = written([item], "bibtex")
    assert bibtex.count("\n@") == 0
    depth = 0
    for sign in bibtex:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


def test_an_address_stays_as_it_is() -> None:
    item = {"id": "1", "title": "ع", "url": "https://example.org/a_b%20~c?d=1&e#f{g}\\"}
    assert "  url = {https://example.org/a_b%20~c?d=1&e#f%7Bg%7D%5C},\n" in written([item], "bibtex")
    assert "UR  - https://example.org/a_b%20~c?d=1&e#f{g}\\\r\n" in written([item], "ris")


def test_a_reference_without_a_title_has_the_id() -> None:
    assert "  title = {a\\_1.txt},\n" in written([{"id": "a_1.txt", "body": "نص"}], "bibtex")
    assert "TI  - a_1.txt\r\n" in written([{"id": "a_1.txt", "body": "نص"}], "ris")
