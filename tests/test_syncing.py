"""`arsearch.sync`: an index is kept like a folder."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import InputError

OLD = time.time() - 1000


def write(folder: Path, **files: str | None) -> None:
    """Write files by name, `_` for the dot; `None` removes one. Their times of change are old and differ."""
    folder.mkdir(exist_ok=True)
    for key, text in files.items():
        path = folder / key.replace("_", ".")
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
            age = OLD + random.random() * 900
            os.utime(path, (age, age))


def lines(*ids: int, word: str = "خبر") -> str:
    return "\n".join(json.dumps({"id": str(id), "title": word}, ensure_ascii=False) for id in ids)


def counts(report: arsearch.SyncReport) -> tuple[int, ...]:
    return report.new, report.changed, report.removed, report.unchanged, report.deleted


def ids(index: arsearch.Index) -> list[str]:
    return sorted(article.id for article in index)


@pytest.fixture
def index(tmp_path: Path) -> Any:
    with arsearch.open(tmp_path / "index", create=True) as opened:
        yield opened


def test_files_are_added_replaced_and_removed(index: arsearch.Index, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    write(folder, a_txt="عنوان\n\nنص", b_jsonl=lines(1, 2), c_jsonl=lines(3))
    assert counts(arsearch.sync(index, folder)) == (3, 0, 0, 0, 0)
    assert ids(index) == ["1", "2", "3", "a.txt"]

    generation = index.stats().generation
    assert counts(arsearch.sync(index, folder)) == (0, 0, 0, 3, 0)
    assert index.stats().generation == generation

    write(folder, a_txt=None, b_jsonl=lines(2, 4, word="قمح"), d_jsonl=lines(5))
    report = arsearch.sync(index, folder)
    assert counts(report) == (1, 1, 1, 1, 2)
    assert (report.articles.added, report.articles.updated) == (2, 1)
    assert ids(index) == ["2", "3", "4", "5"]
    assert [hit.id for hit in index.search("قمح", sort="score")] == ["2", "4"]
    assert index.check() == []


def test_a_file_with_a_new_time_and_the_same_bytes_is_unchanged(index: arsearch.Index, tmp_path: Path) -> None:
    write(tmp_path / "archive", a_jsonl=lines(1))
    arsearch.sync(index, tmp_path / "archive")
    os.utime(tmp_path / "archive" / "a.jsonl", (OLD, OLD))

    assert counts(arsearch.sync(index, tmp_path / "archive")) == (0, 0, 0, 1, 0)


def test_a_change_of_the_same_size_just_after_reading_is_seen(index: arsearch.Index, tmp_path: Path) -> None:
    path = tmp_path / "archive" / "a.jsonl"
    write(tmp_path / "archive", a_jsonl=lines(1, word="قمح"))
    os.utime(path)
    status = path.stat()
    arsearch.sync(index, tmp_path / "archive")
    path.write_text(lines(1, word="خبز"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert counts(arsearch.sync(index, tmp_path / "archive")) == (0, 1, 0, 0, 0)
    assert index.search("خبز").total == 1


def test_an_id_that_moves_to_another_file_stays(index: arsearch.Index, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    write(folder, a_jsonl=lines(1, 2), b_jsonl=lines(2, word="قمح"))
    arsearch.sync(index, folder)
    write(folder, a_jsonl=lines(1), b_jsonl=lines(2, 3))
    arsearch.sync(index, folder)
    assert ids(index) == ["1", "2", "3"]

    (folder / "b.jsonl").rename(folder / "z.jsonl")
    assert counts(arsearch.sync(index, folder)) == (1, 0, 1, 1, 0)
    assert ids(index) == ["1", "2", "3"]

    write(folder, y_jsonl=lines(3, word="خبز"))
    arsearch.sync(index, folder)
    write(folder, y_jsonl=None)
    arsearch.sync(index, folder)
    assert index.get("3").title == "خبر"  # type: ignore[union-attr]


def test_folders_are_apart_and_other_articles_stay(index: arsearch.Index, tmp_path: Path) -> None:
    index.add([{"id": "own", "title": "خبر"}])
    write(tmp_path / "a", a_jsonl=lines(1))
    write(tmp_path / "b", b_jsonl=lines(2))
    arsearch.sync(index, [tmp_path / "a", tmp_path / "b"])
    write(tmp_path / "a", a_jsonl=None)

    assert counts(arsearch.sync(index, tmp_path / "b")) == (0, 0, 0, 1, 0)
    assert counts(arsearch.sync(index, tmp_path / "a")) == (0, 0, 1, 0, 1)
    assert ids(index) == ["2", "own"]


def test_other_options_read_all_files_again(index: arsearch.Index, tmp_path: Path) -> None:
    write(tmp_path / "archive", a_jsonl='{"id": "1", "title": "خبر", "blurb": "قمح"}')
    arsearch.sync(index, tmp_path / "archive")

    assert counts(arsearch.sync(index, tmp_path / "archive", mapping={"body": "blurb"})) == (0, 1, 0, 0, 0)
    assert index.search("قمح").total == 1
    assert counts(arsearch.sync(index, tmp_path / "archive", mapping={"body": "blurb"})) == (0, 0, 0, 1, 0)


def test_a_path_is_cut_as_the_last_time(index: arsearch.Index, tmp_path: Path) -> None:
    book = "كتاب الماء\n\nباب البحر\nماء مالح\n\nباب النهر\nماء عذب"
    write(tmp_path / "books", a_txt=book)
    write(tmp_path / "news", n_txt=book)
    arsearch.sync(index, tmp_path / "books", split="headings")
    arsearch.sync(index, tmp_path / "news")
    both = [tmp_path / "books", tmp_path / "news"]
    assert counts(arsearch.sync(index, both)) == (0, 0, 0, 2, 0)

    write(tmp_path / "books", b_txt=book)
    write(tmp_path / "news", m_txt=book)
    assert counts(arsearch.sync(index, both)) == (2, 0, 0, 2, 0)
    assert {article.id: len(article.parts) for article in index} == {"a.txt": 2, "b.txt": 2, "m.txt": 0, "n.txt": 0}

    assert counts(arsearch.sync(index, tmp_path / "books", split="none")) == (0, 2, 0, 0, 0)
    assert index.stats().parts == 0
    assert counts(arsearch.sync(index, tmp_path / "books")) == (0, 0, 0, 2, 0)


def test_what_cannot_be_read_removes_nothing(index: arsearch.Index, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    write(folder, a_jsonl=lines(1, 2), b_jsonl=lines(3))
    arsearch.sync(index, folder)
    write(folder, a_jsonl=lines(1) + "\nnot json")

    report = arsearch.sync(index, folder)
    assert (counts(report), report.articles.failures) == ((0, 1, 0, 1, 0), 1)
    assert ids(index) == ["1", "2", "3"]
    with pytest.raises(InputError, match="check the path"):
        arsearch.sync(index, tmp_path / "missing")
    assert ids(index) == ["1", "2", "3"]
    write(folder, a_jsonl=lines(1))
    assert counts(arsearch.sync(index, folder)) == (0, 1, 0, 1, 1)


def test_an_id_of_two_files_is_reported(index: arsearch.Index, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, a_txt="عنوان\n\nنص", b_jsonl=lines(1))
    write(second, a_txt="عنوان آخر\n\nنص", b_jsonl=lines(2))

    remarks = [arsearch.sync(index, [first, second]).articles.remarks for _ in range(2)]

    assert [(remark.count, remark.places) for remark in remarks[0].values()] == [
        (1, [(str(second / "a.txt"), f"a.txt: also in {first / 'a.txt'}")])
    ]
    assert remarks[1] == {}
    write(second, a_txt=None, c_txt="عنوان\n\nنص")
    assert arsearch.sync(index, [first, second]).articles.remarks == {}
    assert arsearch.sync(index, second / "c.txt").articles.remarks == {}


@pytest.mark.parametrize(
    "damaged",
    {"a_jsonl": "not json", "b_txt": "\0\1\2"}.items(),
    ids=lambda item: item[0],
)
def test_a_file_that_became_unreadable_keeps_its_articles_and_is_reported_each_time(
    damaged: tuple[str, str], index: arsearch.Index, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    write(folder, a_jsonl=lines(1, 2), b_txt="عنوان\n\nنص")
    arsearch.sync(index, folder)
    write(folder, **dict([damaged]))

    reports = [arsearch.sync(index, folder) for _ in range(3)]

    assert [counts(report) for report in reports] == [(0, 1, 0, 1, 0), (0, 0, 0, 2, 0), (0, 0, 0, 2, 0)]
    assert [report.articles.failures for report in reports] == [1, 1, 1]
    assert ids(index) == ["1", "2", "b.txt"]


def test_what_is_no_file_is_reported_and_not_counted(index: arsearch.Index, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    write(folder, a_txt="عنوان\n\nنص", c_txt="عنوان\n\nنص")
    arsearch.sync(index, folder)
    os.mkfifo(folder / "pipe.txt")
    (folder / "link.txt").symlink_to("nowhere")
    (folder / "long.txt").symlink_to("x" * 300)
    (folder / "c.txt").unlink()
    os.mkfifo(folder / "c.txt")

    for _ in range(2):
        report = arsearch.sync(index, folder)
        assert counts(report) == (0, 0, 0, 1, 0)
        assert report.articles.failures == 4
        assert ids(index) == ["a.txt", "c.txt"]

    for name in ("pipe.txt", "link.txt", "long.txt", "c.txt"):
        (folder / name).unlink()
    report = arsearch.sync(index, folder)
    assert counts(report) == (0, 0, 1, 1, 1)
    assert report.articles.failures == 0
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(InputError, match="only folders and files"):
        arsearch.sync(index, folder / "pipe.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read every folder")
def test_an_unreadable_folder_keeps_its_articles_and_is_not_counted(index: arsearch.Index, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    write(folder, a_txt="عنوان\n\nنص")
    write(folder / "b", c_txt="عنوان\n\nنص")
    arsearch.sync(index, folder)
    (folder / "b").chmod(0)
    try:
        for _ in range(2):
            report = arsearch.sync(index, folder)
            assert (*counts(report), report.articles.failures) == (0, 0, 0, 1, 0, 1)
    finally:
        (folder / "b").chmod(0o700)
    assert counts(arsearch.sync(index, folder)) == (0, 0, 0, 2, 0)


def test_a_file_is_read_once_its_reader_is_installed(
    index: arsearch.Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pypdfium2")
    folder = tmp_path / "archive"
    folder.mkdir()
    fixtures = Path(__file__).parent / "fixtures" / "pdf"
    (folder / "a.pdf").write_bytes((fixtures / "news.xelatex.pdf").read_bytes())
    arsearch.sync(index, folder)
    first = index.get("a.pdf")

    with monkeypatch.context() as context:
        context.setattr("arsearch.readers.pdf.reader.find_spec", lambda _name: None)
        (folder / "a.pdf").write_bytes((fixtures / "columns.xelatex.pdf").read_bytes())
        assert arsearch.sync(index, folder).articles.failures == 1
        assert index.get("a.pdf") == first
    report = arsearch.sync(index, folder)

    assert (report.unchanged, report.articles.updated, report.articles.failures) == (1, 1, 0)
    assert index.get("a.pdf") != first


@pytest.mark.parametrize("path", ["-", "sqlite:///news.db"])
def test_sources_without_a_state_are_refused(index: arsearch.Index, path: str) -> None:
    with pytest.raises(InputError, match="cannot be synced"):
        arsearch.sync(index, path)


def test_the_index_in_the_folder_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, a_jsonl=lines(1))
    with arsearch.open(tmp_path / "index", create=True) as index:
        arsearch.sync(index, tmp_path)

        assert counts(arsearch.sync(index, tmp_path)) == (0, 0, 0, 1, 0)


def test_a_crash_leaves_articles_and_state_as_they_were(
    index: arsearch.Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "archive"
    write(folder, a_jsonl=lines(1), b_jsonl=lines(2))
    arsearch.sync(index, folder)
    write(folder, a_jsonl=lines(3), b_jsonl=None)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr("arsearch.index.writing.index_writer.publish", fail)
        with pytest.raises(Exception, match="the power failed"):
            arsearch.sync(index, folder)
    assert ids(index) == ["1", "2"]

    assert counts(arsearch.sync(index, folder)) == (0, 1, 1, 0, 2)
    assert ids(index) == ["3"]
    assert len(list((tmp_path / "index").glob("sync-*"))) <= 2  # those of the newest two commits


def test_the_state_survives_a_reindex_a_backup_and_other_writers(index: arsearch.Index, tmp_path: Path) -> None:
    write(tmp_path / "archive", a_jsonl=lines(1))
    arsearch.sync(index, tmp_path / "archive")
    arsearch.reindex(tmp_path / "index", fields={"court": "keyword"})
    index.add([{"id": "own", "title": "خبر"}])
    index.optimize()
    index.backup(tmp_path / "copy")

    with arsearch.open(tmp_path / "copy") as copy:
        for one in (index, copy):
            assert counts(arsearch.sync(one, tmp_path / "archive")) == (0, 0, 0, 1, 0)


def test_a_damaged_state_removes_nothing(index: arsearch.Index, tmp_path: Path) -> None:
    write(tmp_path / "archive", a_jsonl=lines(1))
    arsearch.sync(index, tmp_path / "archive")
    [state] = (tmp_path / "index").glob("sync-*")
    state.write_bytes(state.read_bytes()[:-20])

    assert counts(arsearch.sync(index, tmp_path / "archive")) == (1, 0, 0, 0, 0)
    assert ids(index) == ["1"]


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_give_the_same_index(tmp_path: Path, workers: int) -> None:
    write(tmp_path / "archive", a_jsonl=lines(*range(3000)), b_jsonl=lines(*range(2000, 5000)))
    with arsearch.open(tmp_path / "index", create=True) as index:
        arsearch.sync(index, tmp_path / "archive", workers=workers)
        write(tmp_path / "archive", a_jsonl=lines(*range(1, 3000)), b_jsonl=lines(*range(2000, 4999)))
        report = arsearch.sync(index, tmp_path / "archive", workers=workers)

        assert (report.changed, report.deleted, len(index)) == (2, 2, 4998)


FOLDERS = st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(0, 5), unique=True, max_size=4))


@given(st.lists(FOLDERS, min_size=1, max_size=4))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_ends_in_the_articles_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, list[int]]]
) -> None:
    folder = tmp_path_factory.mktemp("sync")
    with arsearch.open(":memory:", create=True) as index:
        for files in history:
            for path in folder.iterdir():
                path.unlink()
            for name, numbers in files.items():
                write(folder, **{f"{name}_jsonl": lines(*numbers)})
            arsearch.sync(index, folder)

            assert ids(index) == sorted({str(number) for numbers in files.values() for number in numbers})
