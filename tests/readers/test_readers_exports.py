"""Exports of search engines, databases and social networks, and JSON in general: unwrapped, with ids, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from arsearch.errors import InputError

ONE = {"title": "خبر", "body": "نص"}


def lines(*values: object) -> bytes:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"_index": "a", "_id": "7", "_score": 1.0, "_source": ONE}, {"id": "7"} | ONE, id="hit"),
        pytest.param({"id": "7", "key": "7", "doc": {"_id": "7", "_rev": "1"} | ONE}, {"_rev": "1", "id": "7"} | ONE, id="doc"),
        pytest.param({"_id": "7", "_source": ONE | {"id": 3}}, {"id": 3, "_id": "7"} | ONE, id="own_id_first"),
        pytest.param({"_id": {"$oid": "5f0a"}, **ONE}, {"id": "5f0a"} | ONE, id="oid"),
        pytest.param(
            {"id": "1", **ONE, "date": {"$date": "2015-07-21T00:00:00Z"}}, {"id": "1", "date": "2015-07-21T00:00:00Z"} | ONE,
            id="date",
        ),
        pytest.param(
            {"id": "1", **ONE, "date": {"$date": {"$numberLong": "1437436800000"}}},
            {"id": "1", "date": "2015-07-21T00:00:00+00:00"} | ONE, id="date_of_milliseconds",
        ),
        pytest.param(
            {"id": {"$numberLong": "12"}, **ONE, "n": [{"$numberInt": "3"}, {"a": {"$numberDouble": "NaN"}}]},
            {"id": 12, "n": [3, {"a": None}]} | ONE, id="numbers",
        ),
        pytest.param(
            {"id": 1, "title": {"rendered": "خبر &#8211; مهم"}, "content": {"rendered": "<p>نص</p>\n", "protected": False}},
            {"id": 1, "title": "خبر – مهم", "body": "نص"}, id="rendered",
        ),
        pytest.param({"id": "1", "body": ["أ", "", "ب"]}, {"id": "1", "body": "أ\nب"}, id="paragraphs"),
        pytest.param({"id": "1", "paragraphs": [{"text": "أ"}, {"text": "ب"}]}, {"id": "1", "body": "أ\nب"}, id="objects"),
        pytest.param(
            {"id": "1", "text": ["قال ", {"type": "bold", "text": "الوز"}, "ير"]}, {"id": "1", "body": "قال الوزير"},
            id="parts_of_a_message",
        ),
        pytest.param(
            {"id": "1", **ONE, "author": {"name": "سعاد"}, "source": {"id": None, "name": "وكالة"}},
            {"id": "1", "author": "سعاد", "source": "وكالة"} | ONE, id="named_objects",
        ),
        pytest.param({"id": "1", **ONE, "authors": ["سعاد", "علي"]}, {"id": "1", "author": "سعاد، علي"} | ONE, id="authors"),
        pytest.param({"id": "1", "title": "x", "body": [1, 2]}, {"id": "1", "title": "x", "body": [1, 2]}, id="no_text"),
        pytest.param({"_id": "7", "fields": {"title": ["خبر"], "body": ["نص"]}}, {"id": "7"} | ONE, id="fields_of_a_hit"),
        pytest.param({"model": "news.post", "pk": 7, "fields": ONE}, {"id": 7, "model": "news.post"} | ONE, id="django"),
        pytest.param(
            {"type": "post", "id": "7", "attributes": ONE, "links": {}}, {"id": "7", "type": "post"} | ONE, id="json_api"
        ),
        pytest.param({"article": {"id": "7"} | ONE}, {"id": "7"} | ONE, id="alone_in_an_object"),
        pytest.param(
            {"tweet": {"id_str": "12", "id": 10, "full_text": "أ &lt; ب", "created_at": "Tue Jul 21 00:00:00 +0000 2015"}},
            {"id": "12", "id_str": "12", "body": "أ < ب", "date": "2015-07-21 00:00:00+00:00"}, id="tweet",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["jsonl", "array", "single"])
def test_wrappings_are_taken_off(read: Callable[..., Any], data: object, expected: object, form: str) -> None:
    file = {"jsonl": ("a.jsonl", lines(data)), "array": ("a.json", b"[" + lines(data) + b"]")}.get(
        form, ("a.json", json.dumps(data, ensure_ascii=False, indent=1).encode())
    )
    assert read(dict([file])).data == [expected]


HITS = [{"_index": "a", "_id": str(n), "_source": ONE} for n in range(3)]
RESPONSE = {"took": 3, "_scroll_id": "x==", "hits": {"total": {"value": 3}, "max_score": None, "hits": HITS}}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps(RESPONSE).encode()),
        ("a.json", json.dumps(RESPONSE, indent=2).encode()),
        ("a.json", json.dumps({"_shards": {"failures": []}} | RESPONSE, indent=2).encode()),
        ("noname", json.dumps(RESPONSE, indent=2).encode()),
        ("noname", json.dumps(RESPONSE).encode()),
        ("a.jsonl", json.dumps(RESPONSE).encode()),
        ("a.json", b'{"took": 1, "hits": {"hits": [\n' + b",\n".join(lines(hit) for hit in HITS) + b"\n]}}"),
        ("a.json", json.dumps(RESPONSE | {"aggregations": {"a": {"buckets": [{"key": 1}]}}}, indent=2).encode()),
        ("a.json", json.dumps({"responses": [RESPONSE]}).encode()),
        ("a.jsonl", lines(*HITS)),
        ("a.json", lines({"index": {"_id": "0"}}, ONE, {"create": {"_index": "b", "_id": 1, "routing": "x"}}, ONE,
                         {"delete": {"_id": "9"}}, {"update": {"_id": "2"}}, {"doc": ONE, "doc_as_upsert": True})),
        ("a.ndjson", json.dumps(RESPONSE).encode("utf-16")),
    ],
)  # fmt: skip
def test_exports_of_search_engines(read: Callable[..., Any], name: str, data: bytes) -> None:
    got = read({name: data})
    assert got.data == [{"id": str(n)} | ONE for n in range(3)]
    assert not got.problems


def test_several_responses_one_a_line(read: Callable[..., Any]) -> None:
    got = read({"a.json": lines(RESPONSE, RESPONSE)})
    assert [record.where for record in got.records] == [f"a.json:{n} (hit {m})" for n in (1, 2) for m in (1, 2, 3)]


def test_long_responses_one_a_line_are_all_read(read: Callable[..., Any]) -> None:
    hits = [{"_id": str(n), "_source": ONE | {"body": "نص " * 30_000}} for n in range(4)]
    got = read({"a.json": lines({"hits": {"hits": hits[:2]}}, {"hits": {"hits": hits[2:]}})})
    assert [article["id"] for article in got.data] == ["0", "1", "2", "3"]


def test_a_cut_response_keeps_its_first_hits(read: Callable[..., Any]) -> None:
    text = json.dumps(RESPONSE, indent=1)
    got = read({"a.json": text[: text.index('"_id": "2"')].encode()})
    assert [article["id"] for article in got.data] == ["0", "1"]
    assert "ends before this value does" in got.problems[0][1]


def test_the_lines_of_hits_are_those_of_the_file(read: Callable[..., Any]) -> None:
    text = json.dumps(RESPONSE, indent=1)
    places = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "{"][1:]
    assert [record.where.partition(" ")[0] for record in read({"a.json": text.encode()}).records] == [
        f"a.json:{place}" for place in places if place > 8
    ]


def test_a_bulk_file_with_damage(read: Callable[..., Any]) -> None:
    got = read(
        {
            "a.jsonl": lines({"index": {"_id": "0"}})
            + b"\n{broken\n"
            + lines({"index": {"_id": "1"}}, ONE, {"index": {}})
        }
    )
    assert got.data == [{"id": "1"} | ONE]
    assert [where for where, _ in got.problems] == ["a.jsonl:2", "a.jsonl:5"]
    assert "an action without its source" in got.problems[1][1]


def test_deletes_of_a_bulk_file_are_counted(read: Callable[..., Any]) -> None:
    assert read({"a.jsonl": lines({"delete": {"_id": "9"}}, {"index": {"_id": "0"}}, ONE)}).messages[-1] == (
        "a.jsonl: left out: 1 delete actions of the bulk file"
    )


def test_an_article_about_an_index_is_no_action(read: Callable[..., Any]) -> None:
    assert read({"a.jsonl": lines({"index": {"title": "x"}, "title": "فهرس"})}).data[0]["title"] == "فهرس"


@pytest.mark.parametrize("name", ["a.bson", "dump/articles.bson"])
def test_a_bson_dump_is_refused_with_advice(read: Callable[..., Any], name: str) -> None:
    with pytest.raises(InputError, match="bsondump"):
        read({name: b"\x16\0\0\0\x02a\0\x02\0\0\0b\0\0"})


def test_the_notation_of_the_mongo_shell_is_named(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": b'{"_id": ObjectId("5f"), "title": "x"}'})
    assert "export with mongoexport" in got.problems[0][1]


TWEETS = [{"tweet": {"id_str": str(n), "full_text": f"تغريدة [{n}]", "created_at": "Tue Jul 21 09:30:00 +0000 2015",
                     "entities": {"hashtags": [{"text": "قمح"}]}}} for n in (1, 2)]  # fmt: skip


@pytest.mark.parametrize("name", ["tweets.js", "noname", "tweets.json", "tweets-part1.js"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_twitter_archive(read: Callable[..., Any], name: str, indent: int | None) -> None:
    script = "window.YTD.tweets.part0 = " + json.dumps(TWEETS, ensure_ascii=False, indent=indent)
    got = read({name: script.encode()})
    assert [(article["id"], article["body"], article["date"], article["tags"]) for article in got.data] == [
        (str(n), f"تغريدة [{n}]", "2015-07-21 09:30:00+00:00", ["قمح"]) for n in (1, 2)
    ]
    assert not got.problems


def test_another_script_is_not_read_from_a_folder(read: Callable[..., Any]) -> None:
    got = read({"d/a.js": b"window.x = [1];", "d/b.jsonl": lines({"id": "1"} | ONE)}, "d")
    assert [where for where, _ in got.problems] == ["d/a.js"]


CHAT = {
    "name": "أخبار [القمح]",
    "type": "private_group",
    "id": 42,
    "messages": [
        {
            "id": 1,
            "type": "service",
            "date": "2015-07-21T09:00:00",
            "actor": "سعاد",
            "action": "create_group",
            "text": "",
        },
        {
            "id": 2,
            "type": "message",
            "date": "2015-07-21T10:00:00",
            "from": "سعاد",
            "text": ["القمح ", {"type": "bold", "text": "غال"}],
        },
        {
            "id": 3,
            "type": "message",
            "date": "2015-07-21T10:01:00",
            "from": "علي",
            "text": "نعم",
            "reply_to_message_id": 2,
        },
        {"id": 4, "type": "message", "date": "2015-07-21T10:02:00", "from": "علي", "photo": "a.jpg", "text": ""},
    ],
}
MESSAGES = [
    {"id": "42-2", "body": "القمح غال", "date": "2015-07-21T10:00:00", "author": "سعاد", "source": "أخبار [القمح]"},
    {
        "id": "42-3",
        "body": "نعم",
        "date": "2015-07-21T10:01:00",
        "author": "علي",
        "source": "أخبار [القمح]",
        "reply_to": 2,
    },
]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "whole",
    [
        CHAT,
        {"about": "x", "chats": {"about": "y", "list": [CHAT]}},
        {"about": "x", "chats": [CHAT]},
        {"about": "x", "chats": {"list": []}, "left_chats": {"list": [{"name": "z", "messages": []}, CHAT]}},
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_telegram_export(read: Callable[..., Any], whole: object, indent: int | None, codec: str) -> None:
    got = read({"result.json": json.dumps(whole, ensure_ascii=False, indent=indent).encode(codec)})
    assert got.data == MESSAGES
    assert "result.json: left out: 2 messages without text" in got.messages


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ({"text": "القمح ", "text_entities": [{"text": "القمح "}, {"type": "bold", "text": "غال"}]}, "القمح غال"),
        ({"text": "القمح", "text_entities": []}, "القمح"),
        ({"text": "", "poll": {"question": "هل غلا؟", "answers": [{"text": "نعم"}, {"text": "لا"}]}}, "هل غلا؟\nنعم\nلا"),
        ({"text": "", "poll": {"question": "هل؟", "answers": [None, 5]}}, "هل؟"),
        ({"text": "", "poll": {"answers": 5}}, None),
        ({"text": "", "text_entities": [{"text": 5}, "x"]}, None),
    ],
)  # fmt: skip
def test_the_text_of_a_telegram_message(read: Callable[..., Any], message: dict[str, object], body: str | None) -> None:
    first = {"id": 1, "type": "message", "date": "2015-07-21T10:00:00", "text": "أول"}
    chat = {"name": "x", "id": 1, "messages": [first, {**first, "id": 2, **message}]}
    assert [article["body"] for article in read({"a.json": json.dumps(chat).encode()}).data] == ["أول", body][
        : 1 + bool(body)
    ]


@pytest.mark.parametrize(
    ("data", "mapping", "expected"),
    [
        ({"id": 1, "c": {"rendered": "نص"}}, {"body": "c.rendered"}, "نص"),
        ({"id": 1, "c": [{"t": "أ"}, {"t": "ب"}]}, {"body": "c.t"}, "أ\nب"),
        ({"id": 1, "c": [{"t": "أ"}, {"t": "ب"}]}, {"body": "c.1.t"}, "ب"),
        ({"id": 1, "c.d": "نص"}, {"body": "c.d"}, "نص"),
        ({"id": 1, "c": {"d.e": {"f": "نص"}}}, {"body": "c.d.e.f"}, "نص"),
        ({"_id": 1, "_source": {"c": {"d": "نص"}}}, {"body": "_source.c.d"}, "نص"),
        ({"id": 1, "c": {"d": "نص"}}, {"body": "c.x"}, None),
    ],
)
def test_a_mapped_column_may_be_a_path(
    read: Callable[..., Any], data: object, mapping: dict[str, str], expected: str | None
) -> None:
    got = read({"a.jsonl": lines(data)}, mapping=mapping)
    assert got.data[0].get("body") == expected
    assert any("no record has" in message for message in got.messages) == (expected is None)


def test_json_without_ids_gets_the_url_or_a_digest(read: Callable[..., Any]) -> None:
    got = read(
        {
            "a.jsonl": lines(
                ONE, ONE | {"link": "http://x/1"}, ONE | {"id": ""}, {"title": "آخر"}, {"id": 0, "title": "x"}
            )
        }
    )
    first, second, third, fourth, fifth = (article["id"] for article in got.data)
    assert (second, fifth) == ("http://x/1", 0)
    assert first == third != fourth
    assert len(first) == 24
    assert sum("without an id" in message for message in got.messages) == 1


LONG = "كلام طويل " * 30


@pytest.mark.parametrize(
    ("name", "data", "column"),
    [
        ("a.jsonl", lines({"id": 1, "title": "x", "noisy": "قصير", "payload": LONG}), "payload"),
        ("a.json", lines({"id": 1, "title": "x", "c": {"parts": [{"t": LONG}]}}), "c.parts.t"),
        ("a.csv", f"id,title,حقل\n1,x,{LONG}\n".encode(), "حقل"),
    ],
)
def test_a_body_that_nobody_names_is_pointed_out(read: Callable[..., Any], name: str, data: bytes, column: str) -> None:
    got = read({name: data})
    assert (
        f"no column is the body, and {column!r} holds long text; read it with --map body={column}" in got.messages[-1]
    )
    assert read({name: data}, mapping={"body": column}).data[0]["body"].strip() == LONG.strip()


def test_nothing_is_pointed_out_where_bodies_are_known(read: Callable[..., Any]) -> None:
    assert (
        len(
            read(
                {"a.jsonl": lines({"id": 1, "body": "x", "payload": LONG}, {"id": 2, "title": "x", "p": LONG})}
            ).messages
        )
        == 1
    )


def test_a_table_without_title_and_body_names_its_longest_column(read: Callable[..., Any]) -> None:
    got = read({"a.csv": f"رمز,حقل,ثالث\n1,{LONG},ب\n".encode()})
    assert "map one, such as body=حقل; the columns are" in got.problems[0][1]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("العنوان,الخبر", ["title", "body"]),
        ("رقم,العنوان,المقال", ["id", "title", "body"]),
        ("ID,post_title,post_content,post_date", ["id", "title", "body", "date"]),
        ("titre,corps,auteur,rubrique", ["title", "body", "author", "category"]),
        ("title,description", ["title", "body"]),
        ("title,summary,content", ["title", "summary", "body"]),
        ("عنوان الخبر,تفاصيل الخبر,رابط الخبر", ["title", "body", "url"]),
        ("title_ar,content_ar,title_en", ["title", "body", "title_en"]),
        ("title,title_ar,body", ["title", "title_ar", "body"]),
        ("title_t,content_txt_ar,published_dt", ["title", "body", "date"]),
        ("postTitle,bodyText,publishDate", ["title", "body", "date"]),
        ("العنوان,النص الكامل", ["title", "body"]),
    ],
)
def test_known_names_of_columns(read: Callable[..., Any], header: str, fields: list[str]) -> None:
    row = ",".join("2015-07-21" if field == "date" else f"قيمة {field}" for field in fields)
    data = read({"a.csv": f"{header}\n{row}\n".encode()}).data[0]
    assert {field: data.get(field) for field in fields} == {
        field: "2015-07-21" if field == "date" else f"قيمة {field}" for field in fields
    }


@pytest.mark.parametrize(
    ("cell", "expected", "told"),
    [
        (r"\u0627\u0644\u0642\u0645\u062d \ud83c\udf3e", "القمح 🌾", True),
        (r"\u0627\u0644قمح", r"\u0627\u0644قمح", False),
        (r"a \u0627 b", r"a \u0627 b", False),
        (r"C:\user\u0020", r"C:\user\u0020", False),
        (r"\u0627\u0644\ud83c", "ال\ufffd", True),
    ],
)
def test_arabic_written_as_escapes_is_decoded(read: Callable[..., Any], cell: str, expected: str, told: bool) -> None:
    for got in (read({"a.csv": f"id,body\n1,{cell}\n".encode()}), read({"a.jsonl": lines({"id": "1", "body": cell})})):
        assert got.data[0]["body"] == expected
        assert any("escapes" in message for message in got.messages) == told


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (
            {"responseHeader": {"status": 0, "params": {"q": "x"}}, "response": {"numFound": 1, "docs": [ONE]}},
            "response.docs",
        ),
        ({"data": {"result": {"records": [ONE]}}, "ok": True}, "data.result.records"),
        ({"status": "ok", "articles": [ONE]}, "articles"),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "أخبار", "items": [ONE]}, "items"),
    ],
)
def test_the_list_of_articles_inside_an_object_is_found(read: Callable[..., Any], data: object, path: str) -> None:
    got = read({"a.json": json.dumps(data, indent=1).encode()})
    assert [(article["title"], article["body"]) for article in got.data] == [("خبر", "نص")]
    assert f"a.json: the articles are the elements of {path!r}" in got.messages


def test_articles_by_id_with_lists_inside_stay_articles(read: Callable[..., Any]) -> None:
    data = {"7": ONE | {"comments": [{"x": 1}]}}
    assert [article["id"] for article in read({"a.json": json.dumps(data).encode()}).data] == ["7"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"blocks": [{"text": "الأولى"}, {"text": "الثانية"}], "entityMap": {}}, id="draft"),
        pytest.param(
            {"time": 1, "blocks": [{"data": {"text": "الأولى"}}, {"data": {"items": ["الثانية"]}}]}, id="editor"
        ),
        pytest.param(
            {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [{"type": "text", "text": "الأو"}, {"type": "text", "text": "لى"}],
                    },
                    {"type": "image", "attrs": {"src": "a.png"}},
                    {"type": "paragraph", "content": [{"type": "text", "text": "الثانية"}]},
                ],
            },
            id="prosemirror",
        ),
        pytest.param(
            [
                {"_type": "block", "children": [{"_type": "span", "text": "الأولى"}]},
                {"_type": "block", "children": [{"type": "link", "children": [{"text": "الثا"}]}, {"text": "نية"}]},
            ],
            id="slate",
        ),
        pytest.param(
            {"root": {"children": [{"children": [{"text": "الأولى"}]}, {"children": [{"text": "الثانية"}]}]}},
            id="lexical",
        ),
        pytest.param([["الأولى"], ["الثانية"]], id="nested lists"),
        pytest.param(
            [{"type": "text", "text": "الأولى"}, {"type": "image"}, {"type": "text", "text": "الثانية"}], id="parts"
        ),
    ],
)
@pytest.mark.parametrize("column", ["body", "content"])
def test_rich_text_of_editors_becomes_paragraphs(read: Callable[..., Any], body: object, column: str) -> None:
    [data] = read({"a.json": json.dumps([{"id": "1", column: body}]).encode()}).data
    assert data["body"] == "الأولى\nالثانية"


def test_the_arabic_of_several_languages_is_read_and_the_others_are_kept(read: Callable[..., Any]) -> None:
    line = json.dumps({"id": "1", "title": {"en": "Wheat", "ar": "القمح"}, "content": {"ar-EG": "غال"}})
    got = read({"a.jsonl": line.encode()})
    assert got.data == [{"id": "1", "title": "القمح", "title_en": "Wheat", "body": "غال"}]
    assert "a.jsonl: of the languages under 'title', 'ar' is read; others are kept (title_en)" in got.messages


def test_objects_without_a_certain_text_are_pointed_out(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": json.dumps({"id": "1", "title": "خبر", "content": {"part1": "نص", "x": 1}}).encode()})
    told = "objects under 'content' have no certain text; read a part as text with --map body=content.part1"
    assert f"a.jsonl: {told}" in got.messages
