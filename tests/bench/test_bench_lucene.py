"""Which Lucene and which Java the benchmarks run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.peers import jdk
from bench.peers.jdk import find_jdk, java_version
from bench.peers.lucene import describe, lucene_8, lucene_10, missing
from bench.relevance.lucene import searching

DOCS = [
    {"id": "b", "title": "أسعار النفط", "body": "ارتفعت أسعار النفط في الأسواق."},
    {"id": "a", "title": "وزير النفط", "body": "زار الوزير المدينة."},
    {"id": "c", "title": "حصاد القمح", "body": "بدأ الموسم."},
]


def kit(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    for tool in ("java", "javac"):
        (folder / "bin" / tool).touch()
    (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return folder


def test_the_first_kit_that_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = kit(tmp_path / "jvm" / "a", "17.0.15"), kit(tmp_path / "jvm" / "b", "25.0.3")
    oldest = kit(tmp_path / "home", "1.8.0_442")
    (tmp_path / "jvm" / "c").mkdir()
    monkeypatch.setattr(jdk, "_JVM", tmp_path / "jvm")
    monkeypatch.setattr("shutil.which", lambda tool: None)
    monkeypatch.setenv("JAVA_HOME", str(oldest))

    assert [find_jdk(minimum) for minimum in (8, 11, 21, 26)] == [oldest, old, new, None]
    assert [java_version(home) for home in (oldest, old, new, tmp_path)] == [
        "1.8.0_442",
        "17.0.15",
        "25.0.3",
        "unknown",
    ]


@pytest.mark.parametrize("lucene", [lucene_8, lucene_10], ids=["8", "10"])
def test_both_versions_of_lucene_rank_alike(lucene: object) -> None:
    version = lucene()  # type: ignore[operator]
    if reason := missing(version):
        pytest.skip(reason)

    with searching(version, DOCS) as engine:
        assert [hit.id for hit in engine.search("أسعار نفط", limit=10, mode="any")] == ["b", "a"]
        assert engine.search("لا شيء كهذا", limit=10, mode="any") == []
    assert describe(version)["lucene"].startswith("8." if lucene is lucene_8 else "10.")


def test_missing_jars_and_java_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_jdk(11):
        assert missing(lucene_8(tmp_path)) == "no jar of lucene-core (Debian: liblucene8-java)"
    monkeypatch.setattr("bench.peers.lucene.find_jdk", lambda minimum: None)
    assert missing(lucene_10()) == "no JDK of version 21 or later (Debian: default-jdk-headless; or set JAVA_HOME)"
