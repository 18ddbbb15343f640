"""The generator follows its seed and the law of the corpus, and the benchmark of sizes runs on a small corpus."""

from __future__ import annotations

import itertools
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if not (Path(__file__).parents[2] / "bench").is_dir():
    pytest.skip("the bench folder is missing", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parents[2]))  # `pytest` alone does not import from there

from bench.generator import Generator, Growth

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def docs() -> list[dict[str, Any]]:
    """Return articles whose words have frequencies like those of natural text."""
    draw = random.Random(3)
    words = ["".join(draw.choices("ابتثجحدرسعفقكلمنهوي", k=draw.randint(3, 7))) for _ in range(1500)]
    weights = [rank**-1.3 for rank in range(1, len(words) + 1)]
    return [
        {
            "id": str(number),
            "title": " ".join(draw.choices(words, weights, k=4)),
            "body": " ".join(" ".join(draw.choices(words, weights, k=12)) + "." for _ in range(draw.randint(1, 9))),
        }
        for number in range(150)
    ]


def test_the_same_seed_gives_the_same_articles(docs: list[dict[str, Any]]) -> None:
    first = list(Generator(docs, seed=7).articles(400))

    assert list(itertools.islice(Generator(docs, seed=7).articles(500), 400)) == first
    assert list(Generator(docs, seed=8).articles(400)) != first
    assert len({article["id"] for article in first}) == 400
    assert {article["title"] for article in first} == {doc["title"] for doc in docs}


def test_the_vocabulary_grows_by_the_law_of_the_corpus(docs: list[dict[str, Any]]) -> None:
    generator = Generator(docs)
    forms: set[str] = set()
    count = 0
    for article in generator.articles(2000):
        words = re.findall(r"\w+", article["body"])
        forms.update(words)
        count += len(words)

    assert generator.words == count
    assert len(forms) == pytest.approx(generator.forms, rel=0.03)
    assert len(forms) == pytest.approx(generator.growth.forms(count), rel=0.05)
    assert len(forms) > 1.5 * len({word for doc in docs for word in re.findall(r"\w+", doc["body"])})


def test_growth_fits_the_logarithms() -> None:
    texts = [f"w{number}" if number in {round(n**2) for n in range(200)} else "w0" for number in range(40_000)]

    growth = Growth.of(texts)

    assert growth.exponent == pytest.approx(0.5, abs=0.01)
    assert growth.forms(40_000) == pytest.approx(200, rel=0.03)


def test_a_corpus_without_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="no text"):
        Generator([{"id": "1", "title": "x", "body": ""}])


def test_the_benchmark_runs(docs: list[dict[str, Any]], tmp_path: Path) -> None:
    for name, rows in (("docs", docs), ("queries", [{"id": "1", "text": docs[0]["title"]}, {"id": "2", "text": "لا"}])):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, "utf-8")
    options = ["--sizes", "60,200", "--rounds", "1", "--warm-up", "1", "--only", "arsearch", "--json"]
    inputs = ["--corpus", str(tmp_path), "--queries", str(tmp_path / "queries.jsonl")]

    done = subprocess.run(
        [sys.executable, "-m", "bench.scale", *inputs, *options],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [row["articles"] for row in report["growth"]] == [60, 200]
    assert [row["articles"] for row in report["indexing"]] == [60, 200]
    assert {row["mode"] for row in report["searching"]} == {"or", "and", "auto"}
    assert all(row["MB/s"] > 0 and row["index MB"] > 0 for row in report["indexing"])
    assert all(0 < row["commit s"] < row["seconds"] for row in report["indexing"])
    assert [row["articles"] for row in report["starting"]] == [60, 200]
    assert all(row["times python -c pass"] > 1 for row in report["starting"])
