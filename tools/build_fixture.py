"""Write a small index in the current format: `python tools/build_fixture.py` creates tests/fixtures/format-N.

The fixture of a released version never changes. tests/reliability/test_reliability_upgrades.py shows that every later
version opens it, or tells the user what to do. Before the release, each change of the format rebuilds the fixture.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import arsearch
from arsearch.index.codec.features import FORMAT_VERSION

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"
QUERIES = ("كتاب", '"مكتبة المدينة"', "وزير", "مصدر:الأفق", "كتا*")
_TEXTS = (
    ("كِتَابٌ عَنِ البَحْرِ", "صدر الكتاب أمس عن مكتبة المدينة، وفيه خرائط للبحر."),
    ("الوزير يفتتح المكتبة", "افتتح وزير الثقافة مكتبة المدينة، وقال إن الكتب فيها للجميع."),
    ("مباراة اليوم", "فاز فريق المدينة على ضيفه بهدفين، بعد شوط أول بلا أهداف."),
    ("سوق الكتب", "عاد سوق الكتب القديمة إلى الساحة، وزاره ٣٠٠٠ شخص."),
)


def articles() -> list[dict[str, Any]]:
    """Return the articles of the index, with fields of every kind."""
    return [
        {
            "id": f"{number}",
            "title": title,
            "body": f"{body} ({number})",
            "source": ("الأفق", "wire")[number % 2],
            "tags": ["كتب", f"وسم {number}"],
            "date": f"2015-07-{number + 1:02}",
            "volume": number,
            "weight": number / 4,
            "court": f"محكمة {number % 3}",
            "isnad": "حدثنا وزير",
            "nested": {"a": [1, None]},
        }
        for number, (title, body) in enumerate(_TEXTS * 3)
    ]


def build(folder: Path) -> None:
    """Write an index of two segments with a replaced and a deleted article, and a file of the expected results."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fields = {"volume": "int", "weight": "float", "court": "keyword", "isnad": "text"}
    docs = articles()
    with arsearch.open(folder / "index", create=True, fields=fields) as index:
        index.add(docs[:9])
        index.add(docs[7:])
        index.delete("2")
        expected = {
            "articles": [article.to_dict() for article in index],
            "hits": {
                query: sorted(hit.id for hit in index.search(query, limit=100, match="stem")) for query in QUERIES
            },
        }
    for name in ("write.lock", "write.queue"):
        (folder / "index" / name).unlink()
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    target = FIXTURES / f"format-{FORMAT_VERSION}"
    build(target)
    size = sum(file.stat().st_size for file in target.rglob("*"))
    sys.stdout.write(f"{target}: {size:,} bytes\n")
