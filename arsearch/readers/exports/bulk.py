"""The bulk files of Elasticsearch and OpenSearch: lines with an action, each followed by the source of a document.

Source: the Elasticsearch bulk API (`index`, `create`, `update` with `doc` or `upsert`, and `delete` without a source).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BulkActions"]

_ACTIONS = ("index", "create", "update", "delete")
_PARAMETERS = frozenset(
    "routing retry_on_conflict version version_type pipeline require_alias dynamic_templates if_seq_no if_primary_term"
    " parent op_type require_data_stream".split()
)


class BulkActions:
    """The actions of one file. `deleted` counts the documents that it deletes."""

    def __init__(self) -> None:
        self._action: tuple[str, str | None] | None = None
        self.deleted = 0

    @property
    def pending(self) -> bool:
        """Whether an action waits for its source."""
        return self._action is not None

    def skip(self) -> None:
        """Forget the action whose source cannot be read."""
        self._action = None

    def article(self, data: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the article of the next line, with the id of the action before it; `None` for an action."""
        if self._action is None:
            if (action := _action(data)) is None:
                return data
            if action[0] == "delete":
                self.deleted += 1
            else:
                self._action = action
            return None
        (name, id), self._action = self._action, None
        if name == "update":
            source = next((data[key] for key in ("doc", "upsert") if isinstance(data.get(key), dict)), data)
        else:
            source = data
        return source if id is None or "_id" in source else {**source, "_id": id}


def _action(data: Mapping[str, Any]) -> tuple[str, str | None] | None:
    if len(data) != 1:
        return None
    name, value = next(iter(data.items()))
    if name not in _ACTIONS or not isinstance(value, dict):
        return None
    if not all(key.startswith("_") or key in _PARAMETERS for key in value):
        return None
    id = value.get("_id")
    return name, None if id is None else str(id)
