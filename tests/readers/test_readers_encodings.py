"""Bytes are decoded only where the encoding is certain; no other text reaches an article."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.errors import InputError
from arsearch.readers.encodings import Decoder, guess_encoding, legacy_encoding, mojibake, named_encoding, transcoded

NEWS = (
    "قال وزير الخارجية اليوم إن المفاوضات التي بدأت في المدينة قبل شهر سوف تستمر حتى نهاية العام، وإن الاتفاق على"
    " النقاط الباقية لم يعد بعيدا عن الطرفين؛ فهل يوقع قريبا؟"
)
VOCALISED = "الْعِلْمُ نُورٌ وَالْجَهْلُ ظَلَامٌ فِي كُلِّ زَمَانٍ وَمَكَانٍ"
LINE = json.dumps({"id": "1", "title": "خبر\nعاجل", "body": NEWS}, ensure_ascii=False)


def check_legacy(text: str, codec: str, expected: str | None) -> None:
    assert legacy_encoding(text.encode(codec)) == expected


@pytest.mark.parametrize("text", [NEWS, VOCALISED, LINE, NEWS + " وصل الفريق إلى Café de Flore"])
def test_windows_1256_is_recognised(text: str) -> None:
    check_legacy(text, "cp1256", "cp1256")


@pytest.mark.parametrize("text", [NEWS, VOCALISED, LINE])
def test_iso_8859_6_is_recognised(text: str) -> None:
    check_legacy(text, "iso8859_6", "iso8859_6")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        pytest.param("Президент заявил, что переговоры будут продолжены. " * 9, "cp1251", id="russian"),
        pytest.param("Президент заявил, что переговоры будут продолжены. " * 9, "koi8_r", id="russian_koi8"),
        pytest.param("Ο πρωθυπουργός δήλωσε ότι οι διαπραγματεύσεις θα συνεχιστούν. " * 9, "cp1253", id="greek"),
        pytest.param("ראש הממשלה אמר היום כי המשא ומתן יימשך בימים הקרובים. " * 9, "cp1255", id="hebrew"),
        pytest.param("Les députés élus ont été très partagés à l'Élysée. " * 9, "cp1252", id="french"),
        pytest.param("Größere Übungen für Mädchen möglich, äußerte er. " * 9, "cp1252", id="german"),
        pytest.param("Cumhurbaşkanı görüşmelerin süreceğini açıkladı. " * 9, "cp1254", id="turkish"),
        pytest.param("总统今天表示谈判将在未来几天继续进行 " * 9, "gbk", id="chinese"),
        pytest.param("대통령은 오늘 협상이 계속될 것이라고 말했다 " * 9, "euc_kr", id="korean"),
        pytest.param(NEWS.translate(dict.fromkeys(map(ord, "،؛؟"))), "cp720", id="arabic_dos_720"),
        pytest.param("“quoted” – text", "cp1252", id="only_punctuation"),
        pytest.param("كتاب", "cp1256", id="too_little_to_be_sure"),
    ],
)
def test_bytes_that_are_not_certainly_arabic_are_not_decoded_as_arabic(text: str, codec: str) -> None:
    check_legacy(text, codec, None)


@pytest.mark.parametrize("cut", [1, 2, 3, 9])
def test_damaged_utf_8_is_never_decoded_as_windows_1256(cut: int) -> None:
    data = NEWS.encode()
    assert legacy_encoding(data[:20] + data[20 + cut :] + b"\xd8") is None


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_decode_without_loss_or_raise_input_error(data: bytes) -> None:
    try:
        text = Decoder(guess_encoding(b"")).decode(data)
    except InputError:
        return
    assert data in [text.encode(codec, "ignore") for codec in ("utf-8", "cp1256", "iso8859_6")]


@pytest.mark.parametrize("bom", [True, False])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.tsv", "a.txt", "a.json"])
def test_unicode_encodings_are_recognised_in_every_format(
    read: Callable[..., Any], name: str, codec: str, bom: bool
) -> None:
    text = {
        "a.jsonl": LINE + "\n",
        "a.csv": f'id,title,body\n1,"خبر\nعاجل","{NEWS}"\n',
        "a.tsv": f'id\ttitle\tbody\n1\t"خبر\nعاجل"\t{NEWS}\n',
        "a.txt": f"خبر عاجل\n\n{NEWS}\n",
        "a.json": f"[\n{LINE}\n]",
    }[name]
    got = read({name: ("\ufeff" * bom + text).encode(codec)})
    assert not got.problems
    assert [article["body"] for article in got.data] == [NEWS]
    assert codec.upper().split("-")[1] in got.messages[0]


@pytest.mark.parametrize("codec", ["cp1256", "iso8859_6"])
@pytest.mark.parametrize("given_encoding", [True, False])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt", "a.json"])
def test_old_code_pages_are_decoded_and_reported(
    read: Callable[..., Any], name: str, codec: str, given_encoding: bool
) -> None:
    text = {
        "a.jsonl": f'{LINE}\n{{"id": "2", "title": "نص"}}\n',
        "a.csv": f"المعرف,العنوان,النص\n1,خبر,{NEWS.replace(',', ' ')}\n2,نص,\n",
        "a.txt": NEWS,
        "a.json": f'[{LINE}, {{"id": "2", "title": "نص"}}]',
    }[name]
    got = read({name: text.encode(codec)}, encoding=codec if given_encoding else None)
    assert not got.problems
    assert got.data[0]["body"] == NEWS
    assert [article["title"] for article in got.data[1:]] == ["نص"] * (name != "a.txt")
    assert {"cp1256": "windows-1256", "iso8859_6": "ISO-8859-6"}[codec] in got.messages[0]


def test_the_first_line_beyond_ascii_decides_the_encoding(read: Callable[..., Any]) -> None:
    ascii_line = b'{"id": "0", "title": "plain"}\n'
    got = read({"a.jsonl": ascii_line * 3000 + LINE.encode("cp1256") + b"\n"})
    assert got.data[-1]["body"] == NEWS
    assert any("windows-1256 from here on" in message for message in got.messages)


def test_one_bad_line_of_a_utf_8_file_is_reported_and_the_rest_kept(read: Callable[..., Any]) -> None:
    line = LINE.encode()
    got = read({"a.jsonl": b"\n".join([line, line[:60] + line[61:], line])})
    assert len(got.data) == 2
    [(where, problem)] = got.problems
    assert where == "a.jsonl:2"
    assert "damaged UTF-8: 0x" in problem


def test_a_windows_1256_line_in_a_utf_8_file_is_reported_not_guessed(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": (LINE + "\n").encode() * 3 + LINE.encode("cp1256")})
    assert len(got.data) == 3
    assert got.problems[0][0] == "a.jsonl:4"


def test_a_utf_8_line_in_a_windows_1256_file_is_decoded_as_utf_8(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": (LINE + "\n").encode("cp1256") * 5 + LINE.encode()})
    assert [article["body"] for article in got.data] == [NEWS] * 6


def test_an_unrecognised_encoding_is_a_problem_that_names_the_next_step(read: Callable[..., Any]) -> None:
    got = read({"a.txt": "Größere Übungen\n\nfür Mädchen".encode("cp1252")})
    [(where, problem)] = got.problems
    assert where == "a.txt"
    assert "name its encoding" in problem
    assert not got.data


def test_a_named_encoding_reads_text_of_uncertain_encoding(read: Callable[..., Any]) -> None:
    got = read({"a.txt": "Größere Übungen".encode("cp1252")}, encoding="windows-1252")
    assert got.data[0]["body"] == "Größere Übungen"


def test_bytes_outside_the_named_encoding_are_a_problem(read: Callable[..., Any]) -> None:
    assert "not utf-8" in read({"a.txt": NEWS.encode("cp1256")}, encoding="utf-8").problems[0][1]


@pytest.mark.parametrize("name", ["utf-16", "UTF_32", "utf-8-sig", "cp864", "mac-arabic", "utf-7", "iso2022_jp"])
def test_any_text_encoding_can_be_named(name: str) -> None:
    assert named_encoding(name).given


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.json", "a.html"])
def test_a_wide_encoding_without_its_mark_is_a_problem(read: Callable[..., Any], encoding: str, name: str) -> None:
    got = read({name: b'{"id": 1, "title": "x"}\n', "b.txt": "نص".encode(encoding)}, encoding=encoding)

    assert [body["body"] for body in got.data] == ["نص"]
    assert [where for where, _ in got.problems] == [name]


@pytest.mark.parametrize("name", ["klingon", "hex", "", "utf\0", "idna", "punycode", "undefined"])
def test_an_unknown_encoding_is_refused_at_once(name: str) -> None:
    with pytest.raises(InputError, match="unknown encoding"):
        named_encoding(name)


def test_lone_surrogates_of_utf_16_spoil_only_their_line(read: Callable[..., Any]) -> None:
    bad = LINE.replace("خبر", "\ud800").encode("utf-16-le", "surrogatepass")
    good = (LINE + "\n").encode("utf-16-le")
    got = read({"a.jsonl": codecs.BOM_UTF16_LE + good + bad + "\n".encode("utf-16-le") + good})
    assert len(got.data) == 2
    assert got.problems[0][0] == "a.jsonl:2"


def test_utf_16_cut_within_a_character_is_reported(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": codecs.BOM_UTF16_LE + (LINE + "\n" + LINE).encode("utf-16-le")[:-1]})
    assert len(got.data) == 1
    assert got.problems[0][0] == "a.jsonl:2"
    assert "cut short" in got.problems[0][1]


@pytest.mark.parametrize("codec", ["cp1252", "cp1256", "latin-1"])
def test_utf_8_saved_through_another_encoding_is_reported(read: Callable[..., Any], codec: str) -> None:
    wrong = "".join(bytes([b]).decode(codec, "ignore") or chr(b) for b in NEWS.encode())
    got = read({"a.jsonl": json.dumps({"id": "1", "title": "خبر", "body": wrong}).encode()})
    assert "read in another encoding" in got.problems[0][1]


@pytest.mark.parametrize("page", ["cp1256", "iso8859_6"])
@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
@pytest.mark.parametrize("text", [NEWS, "القمح غال في السوق"])
def test_an_old_code_page_saved_through_another_encoding_is_reported(
    read: Callable[..., Any], page: str, codec: str, text: str
) -> None:
    wrong = text.encode(page, "ignore").decode(codec, "ignore")
    got = read({"a.jsonl": json.dumps({"id": "1", "title": "خبر", "body": wrong}).encode()})
    assert "that was read in another encoding" in got.problems[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "Élève très âgé à l'été, où l'on a goûté des pâtés et des gâteaux à Noël, à Orléans et à Béziers",
        "ÀÉÈÊËÎÏÔÛÙÇ ÀÉÈÊËÎÏÔÛÙÇ ÀÉÈÊËÎÏÔÛÙÇ",
        "Þórður á Íslandi, þá er ís á ám og öll ár æ síðan, Ísafjörður",
        "Çöğür ağacı çok güzel bir çiçek açıyor, öğütülmüş şeker",
    ],
)
def test_latin_letters_with_accents_are_no_mojibake(text: str) -> None:
    assert not mojibake(text)


@pytest.mark.parametrize(
    "text", [NEWS, VOCALISED, "", "Ø§", "خط§طظ", NEWS + " تظهر هكذا: Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "Øre på Ærø §"]
)
def test_sound_text_is_not_mojibake(text: str) -> None:
    assert not mojibake(text)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-32-be"])
@given(text=st.text(st.characters(exclude_categories=["Cs"])), size=st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_transcoding_does_not_depend_on_where_chunks_are_cut(codec: str, text: str, size: int) -> None:
    data = text.encode(codec)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    encoding = guess_encoding(b"")._replace(codec=codec)
    assert b"".join(transcoded(chunks, encoding)) == text.encode()


def test_a_nul_in_utf_8_does_not_make_a_file_utf_16(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": (LINE + "\n").encode() + b'{"id": "2", "title": "a\0b"}\n' + LINE.encode()})
    assert len(got.data) == 2
    assert got.problems[0][0] == "a.jsonl:2"
