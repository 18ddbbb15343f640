"""Signals: a saved object is added to the index, a deleted one removed, once the transaction has been committed.

A failure of the index does not undo the change of the database: it is logged, and `rebuild_arsearch` repairs it.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from arsearch.errors import ArsearchError
from arsearch.integrations.django.indexing import add_objects, article_id, remove_ids
from arsearch.integrations.django.models import SearchableModel, searchable_models
from arsearch.integrations.django.rebuilding import note_changes

__all__ = ["connect"]

_log = logging.getLogger("arsearch.django")


def connect() -> None:
    """Connect the signals of all searchable models."""
    for model in searchable_models():
        post_save.connect(_on_save, sender=model, dispatch_uid=f"arsearch-save-{model._meta.label_lower}")
        post_delete.connect(_on_delete, sender=model, dispatch_uid=f"arsearch-delete-{model._meta.label_lower}")


def _on_save(instance: SearchableModel, raw: bool = False, using: str | None = None, **_: Any) -> None:
    if not raw:  # fixtures are loaded before their relations exist; rebuild afterwards
        transaction.on_commit(partial(_add, type(instance), article_id(instance), using), using=using)


def _on_delete(instance: SearchableModel, using: str | None = None, **_: Any) -> None:
    transaction.on_commit(partial(_remove, article_id(instance)), using=using)


def _add(model: type[SearchableModel], id: str, using: str | None) -> None:
    """Add the object as the database has it: two processes may have changed it in turn.

    The object is read once the index is locked, so the last process to write reads the last change.
    """
    note_changes([id])
    key = id.partition(":")[2]
    try:
        report = add_objects(model._default_manager.using(using).filter(pk=key))
    except (ArsearchError, OSError):
        _log.exception("%s was not indexed; rebuild_arsearch repairs the index", id)
        return
    for failure in report.failed:
        _log.error("%s was not indexed: %s", id, failure.reason)


def _remove(id: str) -> None:
    note_changes([id])
    try:
        remove_ids([id])
    except (ArsearchError, OSError):
        _log.exception("%s was not removed from the index; rebuild_arsearch repairs it", id)
