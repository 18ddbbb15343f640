"""What the site does, in one process: `python site_checks.py NAME` runs one check with a new database."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "project"))
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
import pytest

django.setup()

from django.core.management import CommandError, call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from news.models import Article, Author, Book  # noqa: E402

import arsearch  # noqa: E402
from arsearch.integrations.django import rebuilding  # noqa: E402
from arsearch.integrations.django.indexing import add_objects, get_index, objects_of, search  # noqa: E402


def ids(text: str, **options: Any) -> set[str]:
    return {hit.id for hit in search(text, **options)}


def saved_objects_are_found_and_deleted_ones_are_not() -> None:
    author = Author.objects.create(name="كريم الزهاوي")
    one = Article.objects.create(title="كتاب النحو", text="نص", author=author, volume=3)
    assert ids("كتاب") == {f"news.article:{one.pk}"}
    assert ids("author:الزهاوي") == {f"news.article:{one.pk}"}
    assert ids("كتاب", filters={"volume": (1, 5)})
    assert not ids("كتاب", filters={"volume": (4, 5)})
    one.title = "مجلة"
    one.save()
    assert not ids("كتاب")
    assert ids("مجلة")
    one.delete()
    assert not ids("مجلة")


def a_draft_is_not_found_until_it_is_published() -> None:
    one = Article.objects.create(title="كتاب", published=False)
    assert not ids("كتاب")
    one.published = True
    one.save()
    assert ids("كتاب")
    one.published = False
    one.save()
    assert not ids("كتاب")


def a_transaction_that_is_rolled_back_changes_nothing() -> None:
    try:
        with transaction.atomic():
            Article.objects.create(title="كتاب")
            raise RuntimeError
    except RuntimeError:
        pass
    assert not ids("كتاب")


def objects_come_with_their_hits_and_models_can_be_chosen() -> None:
    one = Article.objects.create(title="كتاب")
    book = Book.objects.create(isbn="978:1/2", name="كتاب كبير")
    found = objects_of(search("كتاب"))
    assert {found_object for _, found_object in found} == {one, book}
    assert [instance for _, instance in objects_of(search("كتاب", model=Book))] == [book]
    Article.objects.all()._raw_delete("default")  # no signal
    assert [instance for _, instance in objects_of(search("كتاب"))] == [book]


def changes_without_signals_are_added_by_hand() -> None:
    Article.objects.bulk_create([Article(title=f"كتاب {number}") for number in range(5)])
    assert not ids("كتاب")
    assert add_objects(Article.objects.all()).added == 5
    assert len(ids("كتاب")) == 5


def an_object_that_changes_while_its_writer_waits_is_indexed_as_it_is() -> None:
    one = Article.objects.create(title="كتاب")
    add = arsearch.Index.add

    def late(self: arsearch.Index, articles: Any, **options: Any) -> Any:
        # Another process changes the object, and gets the lock of the index first.
        arsearch.Index.add = add  # type: ignore[method-assign]
        Article.objects.filter(pk=one.pk).update(title="مجلة")
        add_objects(Article.objects.filter(pk=one.pk))
        return add(self, articles, **options)

    arsearch.Index.add = late  # type: ignore[assignment, method-assign]
    one.title = "صحيفة"
    one.save()
    assert ids("مجلة") == {f"news.article:{one.pk}"}
    assert not ids("صحيفة")


def a_rebuild_indexes_all_objects_and_forgets_the_others() -> None:
    get_index().add([{"id": "news.article:999", "title": "كتاب ضائع"}])
    Article.objects.bulk_create([Article(title=f"كتاب {number}", published=number != 3) for number in range(5)])
    Book.objects.bulk_create([Book(isbn="1", name="كتاب")])
    call_command("rebuild_arsearch")
    assert len(ids("كتاب")) == 5
    assert "news.article:999" not in get_index()
    files = {path.name for path in Path(os.environ["SITE_FOLDER"]).iterdir()}
    assert files - {"db.sqlite3"} == {"site.arsearch"}, files


def changes_during_a_rebuild_are_kept() -> None:
    Article.objects.bulk_create([Article(title=f"كتاب {number}") for number in range(4)])
    call_command("rebuild_arsearch")
    first, second = Article.objects.order_by("pk")[:2]
    restore = arsearch.restore

    def late(*args: Any, **kwargs: Any) -> Any:
        # The new index has been built from the database, and the old one is still searched.
        first.title = "مجلة"
        first.save()
        second.delete()
        Article.objects.create(title="كتاب جديد")
        report = restore(*args, **kwargs)
        assert "مجلة" not in {hit.title for hit in search("مجلة")}
        return report

    rebuilding.arsearch.restore = late  # type: ignore[attr-defined]
    call_command("rebuild_arsearch")
    assert {hit.title for hit in search("كتاب")} == {"كتاب 2", "كتاب 3", "كتاب جديد"}
    assert ids("مجلة") == {f"news.article:{first.pk}"}


def a_rebuild_that_fails_leaves_the_old_index() -> None:
    Article.objects.create(title="كتاب")

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError("the disk is full")

    rebuilding.arsearch.restore = fail  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="the disk is full"):
        call_command("rebuild_arsearch")
    assert ids("كتاب")
    assert not list(Path(os.environ["SITE_FOLDER"]).glob("*.new-*"))
    assert not list(Path(os.environ["SITE_FOLDER"]).glob("*.rebuilding"))


def two_rebuilds_do_not_run_at_a_time() -> None:
    Path(os.environ["SITE_FOLDER"], "site.arsearch.rebuilding").touch()
    with pytest.raises(CommandError, match="another rebuild is at work"):
        call_command("rebuild_arsearch")


def a_failing_index_does_not_undo_a_change_of_the_database() -> None:
    from arsearch.search.backend import WriterOptions

    one = Article.objects.create(title="كتاب")
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with get_index().backend.writer(WriterOptions()):
            holding.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    try:
        one.title = "مجلة"
        one.save()  # waits for the lock until its timeout, and logs the failure
    finally:
        done.set()
        thread.join()
    assert Article.objects.get().title == "مجلة"
    call_command("rebuild_arsearch")
    assert ids("مجلة")


def the_view_shows_escaped_results_and_pages() -> None:
    Article.objects.create(title="<script>كتاب</script>", text="<b>كتاب</b>")
    for number in range(5):
        Article.objects.create(title=f"كتاب رقم {number}", text=f"نص {number} " * 20)
    client = Client()
    first = client.get("/search/", {"q": "كتاب"}).content.decode()
    assert first.count("<li>") == 3
    assert 'rel="next" href="?q=%D9%83%D8%AA%D8%A7%D8%A8&amp;page=2"' in first
    pages = first + client.get("/search/", {"q": "كتاب", "page": "2"}).content.decode()
    assert pages.count("<li>") == 6
    assert "&lt;script&gt;<mark>كتاب</mark>&lt;/script&gt;" in pages
    assert "<script>" not in pages
    assert '<a href="/articles/' in pages
    for hostile in ("<script>alert(1)</script>", '"><img>', "\0", "(" * 2000, "*"):
        for page in ("1", "-1", "x", "9" * 40, "١"):
            response = client.get("/search/", {"q": hostile, "page": page})
            assert response.status_code == 200
            assert "<script>" not in response.content.decode()
            assert "<img>" not in response.content.decode()
    assert client.get("/search/").status_code == 200
    assert client.get("/articles/", {"q": "كتاب"}).content.decode().count("<li>") == 6


CHECKS: dict[str, Callable[[], None]] = {
    name: check
    for name, check in list(globals().items())
    if callable(check) and getattr(check, "__module__", "") == __name__ and name not in ("ids",)
}

if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
    CHECKS[sys.argv[1]]()
