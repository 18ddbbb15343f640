"""The articles that the tests of the command line index."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from click.testing import Result

Run = Callable[..., Result]
"""Runs `arsearch` with arguments and standard input `input`, and asserts the exit code `code`."""

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "guard-1",
        "title": "الحرس الثوري يعلن بدء مناورات في الخليج",
        "body": "أعلن الحرس الثوري الإيراني بدء مناورات بحرية. وقال القائد إن المناورات تستمر أسبوعا.",
        "source": "الرياض",
        "category": "سياسة",
        "date": "2015-07-21",
    },
    {
        "id": "guard-2",
        "title": "قائد في الحرس يزور بغداد",
        "body": "زار قائد في الحرس الثوري بغداد أمس، ولم تعلن تفاصيل الزيارة.",
        "source": "اليوم",
        "category": "سياسة",
        "date": "2015-08-02",
    },
    {
        "id": "school",
        "title": "التعليم في القرى",
        "body": "يحتاج تعليم القرى إلى مدارس جديدة وإلى معلمات.",
        "source": "الرياض",
        "category": "محليات",
        "date": "2014-01-05",
    },
    {
        "id": "book",
        "title": "كِتَابُ الحَيَوَانِ",
        "body": "وَالكِتَابُ نِعْمَ الذُّخْرُ وَالعُقْدَةُ. كتب الحرس هنا بلا صفة.",
        "author": "الجاحظ",
    },
    {
        "id": "latin",
        "title": "COVID-19 update",
        "body": "Cases fell. No Arabic here.",
        "source": "wire",
        "date": "2020-03-11",
    },
]


def as_lines(articles: list[dict[str, Any]]) -> str:
    """Return articles as JSON lines."""
    return "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
