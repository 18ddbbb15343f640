"""Old names of modules and classes occur nowhere: code, strings, comments and docs use the new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
if not (ROOT / "pyproject.toml").exists() or not (ROOT / "bench").is_dir():
    pytest.skip("installed, not a checkout", allow_module_level=True)

MODULES = {
    "arsearch.index": """
    adding ahead arrays bags bitmaps bounds builder checked checking collector columns
    compile completing corrections expanding explaining families fields fieldtokens figures filters
    finds frames fuzzy index info inversion items joining keyboards keys likeness limits locking
    lookalikes lookups manifest matches merge misspelling nodes opening outcome pages pinned pipes
    postings proclitics proximity ranking recovery reindexing remembered rules scoring search
    segment sketches snapshot storage stored terms texts units vocabulary ways whoosh.articles
    whoosh.codec whoosh.cursors whoosh.documents whoosh.files whoosh.lists whoosh.occurrences
    whoosh.queries whoosh.reference whoosh.stock whoosh.terms whoosh.values wildcards wordlist
    worker workers writer written
    """,
    "arsearch.readers": "json_values pickled_values pickles texts whoosh_stored whoosh_toc",
    "arsearch.snippets": "furniture marking sieve",
}
NAMES = """
    BagNode CheckedArray FieldTokens FindAny FindFuzzy FindPattern FindPhrase FindTerms FindWord
    FindWritten KeyTable KeywordColumn LookedUp MemoryStorage OneOf PostingLists SegmentBuilder
    SnapshotReader StoredArticles TermPacker WordList _ExpansionFind _JoinedTexts _TermsFind
    analyzer_of article_of as_on_other_keyboard failure_of id_arrays make_page merged_frames
    merged_texts merged_written named_family newest_snapshot one_of_each open_storage read_packed
    smallest_uint stats_of with_proclitics write_packed
"""
ALLOWED = {
    "CHANGELOG.md",  # tells what went
    "tests/test_retired_names.py",
}


def patterns() -> Iterator[str]:
    for package, modules in MODULES.items():
        names = "|".join(modules.split())
        yield rf"{re.escape(package)}\.(?:{names})\b"
        yield rf"{re.escape(package.replace('.', '/'))}/(?:{names})\.py\b"
        yield rf"from {re.escape(package)} import [^\n]*\b(?:{names})\b"
    yield rf"\b(?:{'|'.join(NAMES.split())})\b"


RETIRED = re.compile("|".join(patterns()))
FILES = sorted(
    path
    for pattern in (
        "*.md",
        ".ci/*",
        "pyproject.toml",
        "arsearch/**/*",
        "bench/**/*",
        "docs/**/*",
        "tests/**/*",
        "tools/**/*",
    )
    for path in ROOT.glob(pattern)
    if path.is_file()
    and path.suffix in (".py", ".md", ".toml", ".java", "")
    and str(path.relative_to(ROOT)) not in ALLOWED
)


def test_the_search_sees_an_old_name() -> None:
    assert RETIRED.search('command = "from arsearch.index.worker import main"')
    assert RETIRED.search("a `BagNode` has words")
    assert len(FILES) > 300


def test_no_file_has_a_retired_name() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in FILES
        if (names := {match[0] for match in RETIRED.finditer(path.read_text(encoding="utf-8"))})
    }
    assert found == {}
