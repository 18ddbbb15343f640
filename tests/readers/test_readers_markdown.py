"""Markdown files: front matter becomes fields, and the title loses the signs of Markdown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.formats.front_matter import split_front_matter
from arsearch.readers.formats.markdown import markdown_article


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# عنوان\nنص", "عنوان", "نص"),
        ("\n\n## عنوان ##\n\nنص\n", "عنوان", "نص"),
        ("عنوان\n=====\n\nنص", "عنوان", "نص"),
        ("عنوان\n---\nنص", "عنوان", "نص"),
        ("**عنوان**\n\nنص **مهم**", "عنوان", "نص **مهم**"),
        ("# [عنوان](http://x/1) و`نص` _مائل_ ~~محذوف~~\nنص", "عنوان ونص مائل محذوف", "نص"),
        ("# ![صورة](a.png) عنوان {#id}\nنص", "صورة عنوان", "نص"),
        ("# snake_case_name 2 * 3 * 4\nنص", "snake_case_name 2 * 3 * 4", "نص"),
        ("# عنوان\\*\nنص", "عنوان*", "نص"),
        ("#عنوان\n\nنص", "#عنوان", "نص"),
        ("# عنوان وحده", "عنوان وحده", ""),
        ("نص وحيد", "", "نص وحيد"),
        ("---\nنص\n---\nآخر", "", "---\nنص\n---\nآخر"),
        ("***\n\nنص", "", "***\n\nنص"),
    ],
)
def test_the_title_of_markdown_has_no_signs(read: Callable[..., Any], text: str, title: str, body: str) -> None:
    for name in ("a.md", "a.markdown"):
        [article] = read({name: text.encode()}).data
        assert (article["title"], article["body"]) == (title, body)


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        ("title: خبر\ndate: 2015-07-21", {"title": "خبر", "date": "2015-07-21"}),
        ('title: "خبر: \\"القمح\\" # غال"', {"title": 'خبر: "القمح" # غال'}),
        ("title: 'خبر: ''القمح'''", {"title": "خبر: 'القمح'"}),
        ("title: خبر # تعليق\n# تعليق\n\nauthor:  سعاد  ", {"title": "خبر", "author": "سعاد"}),
        ("tags: [قمح, 'خبز, دقيق', \"ملح\"]", {"tags": ["قمح", "خبز, دقيق", "ملح"]}),
        ("tags:\n  - قمح\n  - خبز", {"tags": ["قمح", "خبز"]}),
        ("tags:\n- قمح\n- خبز\ncategory: اقتصاد", {"tags": ["قمح", "خبز"], "category": "اقتصاد"}),
        ("author: [سعاد, علي]", {"author": "سعاد، علي"}),
        ("العنوان: خبر\nالتاريخ: 5 شوال 1436\nالوسوم: [أ]", {"title": "خبر", "date": "5 شوال 1436", "tags": ["أ"]}),
        ("note: |\n  سطر\n  ثان", {"note": "سطر\nثان"}),
        ("note: >\n  سطر\n  ثان\n\n  فقرة", {"note": "سطر ثان\n\nفقرة"}),
        ("note: سطر\n  وبقيته", {"note": "سطر وبقيته"}),
        ("draft: true\nempty:\nnothing: null", {"draft": True, "empty": None, "nothing": None}),
        ("seo:\n  index: no\n  words: [أ]", {"seo": {"index": "no", "words": ["أ"]}}),
        ("id: 7\nbody: x", {"id": "a.md", "body": "نص", "id_text": "7", "body_text": "x"}),
        ("description: وصف", {"description": "وصف", "body": "نص"}),
    ],
)
@pytest.mark.parametrize("end", ["---", "..."])
def test_front_matter_becomes_fields(read: Callable[..., Any], block: str, fields: dict[str, object], end: str) -> None:
    got = read(
        {"a.md": f"---\n{block}\n{end}\n\nنص\n".encode(), "b.md": f"\ufeff---\r\n{block}\r\n{end}\r\nنص".encode()}
    )
    for article in got.data:
        expected = {"title": "", **fields, "id": article["id"], "body": "نص"}
        assert {name: article.get(name) for name in expected} == expected


def test_toml_front_matter(read: Callable[..., Any]) -> None:
    block = 'title = "خبر"\ndate = 2015-07-21T10:00:00Z\ntags = ["أ"]\n[params]\nday = 2015-07-21\n'
    [article] = read({"a.md": f"+++\n{block}+++\nنص".encode()}).data
    assert article == {
        "id": "a.md", "title": "خبر", "date": "2015-07-21T10:00:00+00:00", "tags": ["أ"], "params": {"day": "2015-07-21"},
        "body": "نص",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "heading", "body"),
    [("خبر", "# خبر", "نص"), ("'**خبر**'", "# خبر", "نص"), ("خبر", "# آخر", "# آخر\n\nنص"), ('""', "# آخر", "نص")],
)
def test_a_heading_that_is_the_title_leaves_the_body(
    read: Callable[..., Any], title: str, heading: str, body: str
) -> None:
    [article] = read({"a.md": f"---\ntitle: {title}\n---\n{heading}\n\nنص".encode()}).data
    assert article["body"] == body


@pytest.mark.parametrize(
    "block",
    [
        "title: &x خبر",
        "title: {a: b}",
        'title: "بلا نهاية',
        "tags: [أ, ب",
        "سطر: أ\nبلا اسم",
        "tags:\n - أ\nx y\n",
        "title: !!str x",
    ],
)
def test_front_matter_that_cannot_be_read_stays_in_the_body(read: Callable[..., Any], block: str) -> None:
    text = f"---\n{block}\n---\nنص"
    got = read({"a.md": text.encode()})
    assert [(article["title"], article["body"]) for article in got.data] == [("", text)]
    assert got.messages[-1].startswith("a.md: its front matter stays in the body: ")


def test_a_plain_text_has_no_front_matter(read: Callable[..., Any]) -> None:
    text = "---\ntitle: خبر\n---\nنص"
    assert read({"a.txt": text.encode()}).data[0]["body"].endswith("title: خبر\n---\nنص")


@given(st.text(st.sampled_from("---\n:#[]'\"\\ ،أبx|>&*\t"), max_size=60))
def test_any_front_matter_is_read_or_stays(block: str) -> None:
    text = f"---\n{block}\n---\nنص"
    values, rest, problem = split_front_matter(text)
    assert rest == text or (values and not problem)
    data, _ = markdown_article(text, lambda found: found)
    assert data["body"].endswith("نص")


@pytest.mark.parametrize(
    "text",
    [
        f"---\nx: {' ' * 60_000}\n---\n", f"---\nx: [{' ' * 60_000}'\n---\n", f"---\nx: {'[' * 60_000}\n---\n",
        f"---\nx: \"{chr(92) * 60_001}\n---\n", f"---\n{'- ' * 30_000}\n---\n", f"# {'*a' * 400_000}", f"# {'[' * 900}",
        f"{'_' * 900}\nx", f"{'# ' * 400_000}\nx",
    ],
    ids=range(9),
)  # fmt: skip
def test_crafted_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    markdown_article(text, lambda found: found)
    assert time.process_time() - start < 2
