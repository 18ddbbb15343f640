"""Mail: which part is the text, how it is decoded, what is named, and where a mailbox is cut."""

from __future__ import annotations

import base64
import gzip
import quopri
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from document_samples import SAMPLES

from arsearch.readers import read_articles
from arsearch.readers.messages.mail_text import decode_bytes, decode_header, unflowed
from arsearch.readers.messages.mime import parse_mail

HEAD = "From: a@example.org\nSubject: s\n"
SENTENCE = "قال الوزير في المؤتمر إن القمح على الطريق من الميناء إلى المدينة"


def part(kind: str, text: str, *headers: str) -> str:
    return "\n".join([f"Content-Type: {kind}", *headers, "", text])


def multipart(kind: str, *parts: str, boundary: str = "B") -> str:
    joined = "\n".join(f"--{boundary}\n{one}" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\npreamble\n{joined}\n--{boundary}--\nepilogue\n'


PLAIN, HTML = part("text/plain; charset=utf-8", "نص"), part("text/html; charset=utf-8", "<p>صفحة<br>ثان")
PDF = part('application/pdf; name="a.pdf"', "JVBERi0=", "Content-Transfer-Encoding: base64")


@pytest.mark.parametrize(
    ("message", "body", "attachments"),
    [
        pytest.param("\nنص\r\nثان  \r\n", "نص\nثان", [], id="no_type"),
        pytest.param(PLAIN, "نص", [], id="plain"),
        pytest.param(HTML, "صفحة\nثان", [], id="html"),
        pytest.param("X: y\nنص: بلا سطر فارغ\n", "نص: بلا سطر فارغ", [], id="no_blank_line"),
        pytest.param("odd line\nX-Y: z\n\nنص", "نص", [], id="odd_line_in_the_headers"),
        pytest.param(multipart("mixed", part('text/plain; charset=utf-8; name="a.txt"', "نص")), "نص", [], id="text_with_a_name"),
        pytest.param(multipart("digest", "\nSubject: x\n\nنص"), "x\n\nنص", [], id="digest"),
        pytest.param(multipart("alternative", PLAIN, HTML), "نص", [], id="plain_before_html"),
        pytest.param(multipart("alternative", part("text/plain", " "), HTML), "صفحة\nثان", [], id="html_if_plain_is_blank"),
        pytest.param(multipart("mixed", PLAIN, PDF, HTML), "نص\n\nصفحة\nثان", ["a.pdf"], id="texts_around_an_attachment"),
        pytest.param(multipart("related", HTML, part("image/png", "x")), "صفحة\nثان", ["image/png"], id="related"),
        pytest.param(
            multipart("mixed", multipart("alternative", PLAIN, HTML, boundary="B2"), PDF), "نص", ["a.pdf"], id="nested"
        ),
        pytest.param(multipart("mixed", PLAIN, part("text/plain", "x", "Content-Disposition: attachment")), "نص", ["text/plain"], id="text_attached"),  # noqa: E501
        pytest.param(
            multipart("mixed", part("message/rfc822", "Subject: داخل\n\nنص داخلي")), "داخل\n\nنص داخلي", [], id="forwarded"
        ),
        pytest.param(multipart("mixed", PLAIN).replace("--B--", ""), "نص\n\nepilogue", [], id="never_ended"),
        pytest.param("Content-Type: multipart/mixed\n\nنص", "نص", [], id="no_boundary"),
        pytest.param(multipart("mixed", PLAIN, HTML).replace('"B"', '"A"'), "نص\n\nصفحة\nثان", [], id="wrong_boundary"),
        pytest.param("Content-Type: multipart/mixed; boundary=A\n\nنص", "نص", [], id="boundary_that_never_comes"),
        pytest.param(multipart("mixed", PLAIN, part('a/x; name="ملف.doc"', "x")), "نص", ["ملف.doc"], id="name_in_8_bits"),
        pytest.param(
            multipart("mixed", part("application/x; name*=utf-8''%D9%85%D9%84%D9%81.doc", "x")), "", ["ملف.doc"], id="rfc_2231"
        ),
        pytest.param(
            multipart("mixed", part('application/x; name="=?utf-8?B?2YXZhNmB?="', "x")), "", ["ملف"], id="encoded_word_as_name"
        ),
    ],
)  # fmt: skip
def test_the_text_and_the_attachments(
    read: Callable[..., Any], message: str, body: str, attachments: list[str]
) -> None:
    got = read({"a.eml": (HEAD + message).encode()})
    [article] = got.data
    assert article["body"] == body
    assert article.get("attachments", []) == attachments
    assert article.get("attachment_count", 0) == len(attachments)
    assert not got.problems
    told = f"a.eml: attachments are not read, but named in the field attachments: {len(attachments)}"
    assert (told in got.messages) == bool(attachments)


@pytest.mark.parametrize(
    "charset", ["utf-8", "windows-1256", "iso-8859-6", "ISO-8859-6-I", "iso-8859-6-e", "x-mac-arabic"]
)
@pytest.mark.parametrize("transfer", ["8bit", "base64", "quoted-printable"])
def test_charsets_of_headers_and_bodies(read: Callable[..., Any], charset: str, transfer: str) -> None:
    codec = {"iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6", "x-mac-arabic": "mac_arabic"}.get(
        charset.lower(), charset
    )
    data = SENTENCE.encode(codec)
    packers: dict[str, Callable[[bytes], bytes]] = {
        "base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes
    }  # fmt: skip
    packed = packers[transfer](data)
    word = f"=?{charset}?b?{base64.b64encode('كتاب'.encode(codec)).decode()}?="
    message = f"From: {word} <a@b>\nSubject: {word} x\nContent-Type: text/plain; charset={charset}\n"
    got = read({"a.eml": message.encode() + f"Content-Transfer-Encoding: {transfer}\n\n".encode() + packed})
    assert [(article["title"], article["author"], article["body"]) for article in got.data] == [
        ("كتاب x", "كتاب", SENTENCE)
    ]


def test_the_charset_of_html_without_one_is_in_its_meta_element(read: Callable[..., Any]) -> None:
    page = "<meta http-equiv=Content-Type content='text/html; charset=windows-1256'><p>قمح".encode("cp1256")
    got = read({"a.eml": f"{HEAD}Content-Type: text/html\n\n".encode() + page})
    assert [article["body"] for article in got.data] == ["قمح"]


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii", "klingon", "unknown-8bit", "utf-8", None])
@pytest.mark.parametrize("codec", ["utf-8", "cp1256"])
def test_a_wrong_or_missing_charset_is_seen_through(codec: str, declared: str | None) -> None:
    assert decode_bytes(SENTENCE.encode(codec), declared) == (SENTENCE, None)


def test_bytes_that_no_encoding_fits_are_said() -> None:
    few = decode_bytes(SENTENCE.encode() * 3 + b"\xff", "utf-8")
    assert few.text == SENTENCE * 3 + "\ufffd"
    assert few.problem == "1 characters of its text are not utf-8; each is read as U+FFFD"
    none = decode_bytes(b"\x81\x8d\x8f" * 50, "utf-8")
    assert none.text == ""
    assert "left out" in (none.problem or "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("plain\n folded", "plain folded"),
        ("=?utf-8?Q?=D8=AE_x?=", "خ x"),
        ("=?utf-8?B?2K4=?= =?utf-8?B?2KjYsQ==?= end", "خبر end"),
        ("=?utf-8?Q?=D8?= =?utf-8?Q?=AE?=", "خ"),
        ("=?windows-1256*ar?q?=CE=C8=D1?=", "خبر"),
        ("=?utf-8?B?!!!?= x", "x"),
        ("=?klingon?Q?=D8=AE?=", "خ"),
        ("a =?utf-8?X?b?= c", "a =?utf-8?X?b?= c"),
        ("خبر".encode().decode("ascii", "surrogateescape"), "خبر"),
        (SENTENCE.encode("cp1256").decode("ascii", "surrogateescape"), SENTENCE),
        ("", ""),
    ],
)
def test_headers_are_decoded(raw: str, expected: str) -> None:
    assert decode_header(raw) == expected


@pytest.mark.parametrize(
    ("headers", "text", "subject", "problem"),
    [
        (b"", SENTENCE.encode("cp1256"), "القمح غال", ""),
        (b"", SENTENCE.encode("iso8859-6"), "القمح غال", ""),
        (b"Content-Type: text/plain; charset=windows-1256\n", b"ascii", "القمح غال", ""),
        (b"", b"ascii", "", "its subject has characters of an uncertain encoding; left out"),
    ],
)
def test_undeclared_subjects_have_the_encoding_of_their_message(
    headers: bytes, text: bytes, subject: str, problem: str
) -> None:
    codec = "iso8859-6" if text == SENTENCE.encode("iso8859-6") else "cp1256"
    mail = parse_mail(b"Subject: " + "القمح غال".encode(codec) + b"\n" + headers + b"\n" + text)
    assert (mail.data["title"], mail.problems) == (subject, [problem] if problem else [])
    assert mail.data["body"]


def test_flowed_text_has_its_paragraphs_on_one_line() -> None:
    assert unflowed("a \nb\n-- \nc \n d", delete_space=False) == "a b\n-- \nc d"
    assert unflowed("a \nb", delete_space=True) == "ab"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Tue, 21 Jul 2015 02:51:32 +0300", "2015-07-21T02:51:32+03:00"),
        ("21 Jul 2015 02:51:32 -0000", "2015-07-21T02:51:32"),
        ("2015-07-21", "2015-07-21"),
    ],
)
def test_dates_become_iso_or_stay(read: Callable[..., Any], value: str, date: str) -> None:
    assert read({"a.eml": f"{HEAD}Date: {value}\n\nx".encode()}).data[0]["date"] == date


def test_the_fields_of_a_message(read: Callable[..., Any]) -> None:
    name, data = SAMPLES["eml"]
    assert read({name: data}).data == [
        {"id": "1@example.org", "title": "خبر", "body": "نص b", "author": "سلمى", "date": "2015-07-21T02:51:32+03:00",
         "to": "b@example.org", "attachments": ["a.pdf"], "attachment_count": 1}
    ]  # fmt: skip
    plain = b"Subject: x\nFrom: y\n\nz\n"
    stored = b"%d   \n" % len(plain) + plain + b'<?xml version="1.0"?><plist/>'
    assert read({"b.emlx": stored}).data[0]["body"] == "z"
    long = b"Message-ID: <%s>\n" % (b"x" * 2000) + plain
    assert read({"e.eml": long}).data[0]["id"] == "e.eml"
    assert read({"d/c.eml": b"Subject: x\nFrom: y\n\nz"}, "d").data[0]["id"] == "c.eml"


FROM = "From a@example.org Tue Jul 21 02:51:32 2015\n"


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        pytest.param(f"{FROM}{HEAD}\nأ\n\n{FROM}{HEAD}\nب\n", ["أ", "ب"], id="two"),
        pytest.param(f"\n\n{FROM}{HEAD}\nأ\n\nFrom b\n{HEAD}\nب", ["أ", "ب"], id="no_date_but_a_header"),
        pytest.param(f"{FROM}{HEAD}\nأ\n\nFrom here on\ntext\n", ["أ\n\nFrom here on\ntext"], id="a_sentence"),
        pytest.param(f"{FROM}{HEAD}\nأ\n{FROM}ب\n", [f"أ\n{FROM}ب"], id="no_blank_line"),
        pytest.param(f"{FROM}{HEAD}\n>From أ\n>>From ب\n> From\n", ["From أ\n>From ب\n> From"], id="quoted"),
        pytest.param(f"{FROM}{HEAD}\nأ\n\nFrom x", ["أ\n\nFrom x"], id="at_the_end"),
        pytest.param("From - Tue Jul 21 02:51:32 2015\n" + HEAD + "\nأ", ["أ"], id="thunderbird"),
        pytest.param("From 12@xxx Tue Jul 21 02:51:32 +0000 2015\n" + HEAD + "\nأ", ["أ"], id="takeout"),
        pytest.param("From a at b.org  Tue Jul  1 02:51:32 2015\r\n" + HEAD.replace("\n", "\r\n") + "\r\nأ\r\n", ["أ"], id="crlf"),  # noqa: E501
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["mail.mbox", "mail", "mail.mbox.gz"])
def test_where_a_mailbox_is_cut(read: Callable[..., Any], text: str, bodies: list[str], name: str) -> None:
    data = text.encode()
    got = read({name: gzip.compress(data) if name.endswith("gz") else data})
    assert [article["body"] for article in got.data] == bodies
    assert [record.where for record in got.records] == [f"{name}:message {n + 1}" for n in range(len(bodies))]
    assert [article["id"] for article in got.data] == [f"mail-{n + 1}" for n in range(len(bodies))]


def test_bad_messages_are_reported_at_their_place_and_the_others_are_read(read: Callable[..., Any]) -> None:
    bad = "From: a\n\n"
    damaged = HEAD + part("text/plain; charset=utf-8", "\udcff\udc8d\udc8f\udc81 x")
    text = f"{FROM}{bad}\n{FROM}{HEAD}\nنص\n\n{FROM}{damaged}\n\n{FROM}From: b\n{multipart('mixed', PDF)}"
    got = read({"a.mbox": text.encode("utf-8", "surrogateescape")})
    assert [article["body"] for article in got.data] == ["نص", ""]
    assert got.problems == [
        ("a.mbox:message 1", "neither a subject nor a text"),
        ("a.mbox:message 3", "its text is not utf-8, nor certainly in another encoding; left out"),
        ("a.mbox:message 4", "neither a subject nor a text but attachments: a.pdf"),
    ]


def test_a_cut_mailbox_yields_its_messages_and_then_the_problem(read: Callable[..., Any]) -> None:
    packed = gzip.compress("".join(f"{FROM}{HEAD}\n{n * n} نص {n}\n\n" for n in range(5000)).encode())
    got = read({"a.mbox.gz": packed[:-2000]})
    assert len(got.data) > 2000
    assert len(got.problems) == 1
    assert got.problems[0][0] == f"a.mbox.gz:message {len(got.data) + 1}"
    assert "cut short" in got.problems[0][1]


def test_parts_inside_each_other_are_read_to_a_limit(read: Callable[..., Any]) -> None:
    deep = PLAIN
    for level in range(200):
        deep = multipart("mixed", deep, boundary=f"B{level}")
    got = read({"a.eml": (HEAD + deep).encode()})
    assert "parts inside each other" in got.problems[0][1]
    many = multipart("mixed", *[PLAIN] * 10_100)
    got = read({"b.eml": (HEAD + many).encode()})
    assert got.data[0]["body"].count("نص") > 9000
    assert len(got.problems) == 1


def test_memory_is_bounded_by_the_longest_message(tmp_path: Path) -> None:
    attachment = part("application/x", base64.encodebytes(bytes(300_000)).decode(), "Content-Transfer-Encoding: base64")
    message = f"{FROM}{HEAD}{multipart('mixed', PLAIN, attachment)}\n".encode()
    path = tmp_path / "a.mbox"
    with path.open("wb") as file:
        for _ in range(50):
            file.write(message)
    tracemalloc.start()
    try:
        assert sum(record.data is not None for record in read_articles(path)) == 50
        assert tracemalloc.get_traced_memory()[1] < 8 * len(message)
    finally:
        tracemalloc.stop()
