"""Chats that WhatsApp exports: every form of a date, messages of several lines, system lines counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TIME = "2015-07-21T22:30:00"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("21/07/2015, 22:30 - سعاد: نص", TIME),
        ("21/7/15, 10:30 PM - سعاد: نص", TIME),
        ("21/7/15, 10:30\u202fpm - سعاد: نص", TIME),
        ("7/21/15, 10:30 p.m. - سعاد: نص", TIME),
        ("2015-07-21, 22:30 - سعاد: نص", TIME),
        ("21.07.15, 22:30 - سعاد: نص", TIME),
        ("٢١/٧/٢٠١٥، ١٠:٣٠ م - سعاد: نص", TIME),
        ("\u200f٢١\u200f/٧\u200f/٢٠١٥، ١٠:٣٠ م - سعاد: نص", TIME),
        ("21‏/7‏/2015، 10:30 مساءً - سعاد: نص", TIME),
        ("21/7/2015، 12:30 ص - سعاد: نص", "2015-07-21T00:30:00"),
        ("[21/07/2015, 22:30:15] سعاد: نص", "2015-07-21T22:30:15"),
        ("\u200e[21/7/15, 10:30:15 PM] سعاد: نص", "2015-07-21T22:30:15"),
        ("[٢١/٧/٢٠١٥، ١٠:٣٠:١٥ م] سعاد: نص", "2015-07-21T22:30:15"),
        ("[2015-07-21 22:30:15] ~\u202fسعاد: \u200eنص", "2015-07-21T22:30:15"),
        ("30/2/1436, 22:30 - سعاد: نص", "1436-02-30T22:30:00"),
        ("5/10/1436 هـ, 10:30 م - سعاد: نص", "1436-10-05T22:30:00"),
        ("[٥\u200f/١٠\u200f/١٤٣٦ هـ، ١٠:٣٠:١٥ م] سعاد: نص", "1436-10-05T22:30:15"),
        ("[10/5/1436 AH, 10:30:15 PM] سعاد: نص", "1436-05-10T22:30:15"),
        ("21/07/2015 à 22:30 - سعاد: نص", None),
        ("21/07/2015 22:30 - سعاد: نص", TIME),
    ],
)
def test_every_form_of_a_line(read: Callable[..., Any], line: str, date: str | None) -> None:
    got = read({"chat.txt": (line + "\n").encode()})
    if date is None:  # not a form of WhatsApp: the file is a text
        assert got.messages[0] == "chat.txt: text, UTF-8"
        return
    assert got.data == [{"id": "chat-1", "body": "نص", "author": "سعاد", "date": date, "source": "chat"}]
    assert got.messages[0] == "chat.txt: WhatsApp chat, UTF-8"


CHAT = """21/07/2015, 22:29 - الرسائل مشفرة تماما بين الطرفين.
21/07/2015, 22:30 - سعاد: سطر أول
سطر ثان: مع نقطتين

12:30 - ليس رسالة
21/07/2015, 22:31 - علي: <Media omitted>
21/07/2015, 22:32 - علي: تم حذف هذه الرسالة
21/07/2015, 22:33 - +966 50 123 4567: الرابط http://x/1
21/07/2015, 22:34 - سعاد أضافت علي
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_messages_of_several_lines_and_system_lines(read: Callable[..., Any], end: str) -> None:
    got = read({"WhatsApp Chat with أخبار القمح.txt": CHAT.replace("\n", end).encode()})
    assert [(article["author"], article["body"]) for article in got.data] == [
        ("سعاد", "سطر أول\nسطر ثان: مع نقطتين\n\n12:30 - ليس رسالة"),
        ("+966 50 123 4567", "الرابط http://x/1"),
    ]
    assert {article["source"] for article in got.data} == {"أخبار القمح"}
    assert [record.where.rpartition(":")[2] for record in got.records] == ["2", "8"]
    assert got.messages[-1].endswith("left out: 2 lines of the system, 2 messages without text")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["5/6/15", "5/7/15", "5/13/15"], ["2015-05-06", "2015-05-07", "2015-05-13"]),
        (["5/6/15", "6/6/15", "13/6/15"], ["2015-06-05", "2015-06-06", "2015-06-13"]),
        (["5/6/15", "5/7/15", "6/1/15", "6/2/15"], ["2015-05-06", "2015-05-07", "2015-06-01", "2015-06-02"]),
        (["5/6/15"], ["2015-06-05"]),
        (["31/2/15", "1/3/15"], [None, "2015-03-01"]),
    ],
)
def test_the_order_of_day_and_month(read: Callable[..., Any], dates: list[str], expected: list[str | None]) -> None:
    got = read({"a.txt": "".join(f"{date}, 10:30 - سعاد: نص\n" for date in dates).encode()})
    assert [article.get("date", "")[:10] or None for article in got.data] == expected


@pytest.mark.parametrize(
    "text",
    [
        "21/07/2015, 22:30 خبر عاجل\nنص",
        "خبر\n21/07/2015, 22:30 - سعاد: نص",
        "21/07/2015\nنص",
        "21/07/2015, 22:30 - نص بلا كاتب",
    ],
)
def test_another_text_stays_a_text(read: Callable[..., Any], text: str) -> None:
    assert read({"a.txt": text.encode()}).messages[0] == "a.txt: text, UTF-8"


@pytest.mark.parametrize(
    "media",
    [
        "<تم استبعاد الوسائط>",
        "<الوسائط غير مدرجة>",
        "<مرفق: 0001-صورة.jpg>",
        "\u200e<مُرفق: 0001-صورة.jpg>",
        "<Media omitted>",
        "<Medien ausgeschlossen>",
        "IMG-20150721-WA0001.jpg (الملف مرفق)",
        "تقرير القمح.pdf (file attached)",
    ],
)
def test_media_are_no_text(read: Callable[..., Any], media: str) -> None:
    chat = f"21/07/2015, 22:31 - علي: {media}\n21/07/2015, 22:32 - علي: هذه <الوسائط> جديدة\n"
    assert [data["body"] for data in read({"a.txt": chat.encode()}).data] == ["هذه <الوسائط> جديدة"]
