"""Merge the segments of an index, in a task of the cluster: a large index takes longer than one request may."""

from __future__ import annotations

import time
from collections.abc import Callable

from arsearch.errors import IndexUnavailableError
from arsearch.opensearch.connection import Connection, RequestFailedError

__all__ = ["merge"]

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0


def merge(connection: Connection, renew: Callable[[], None]) -> None:
    """Merge the segments of each shard into one, however long that takes; call `renew` meanwhile.

    A refresh at the end lets searches use the merged segments, so that the disk space of the old ones is freed.
    Raises IndexUnavailableError if the node with the task is lost, or if a shard cannot be merged.
    """
    path = f"/{connection.location.name}/_forcemerge"
    params = {"max_num_segments": 1, "wait_for_completion": "false"}
    task = connection.request("POST", path, params=params)["task"]
    pause = _FIRST_PAUSE
    while True:
        try:
            answer = connection.request("GET", f"/_tasks/{task}")
        except RequestFailedError as error:
            if error.status != 404:
                raise
            raise IndexUnavailableError(
                f"the node that merged {connection.location.text!r} is gone; the index is intact, merge it again"
            ) from None
        if answer["completed"]:
            break
        renew()
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    failed = answer.get("response", {}).get("_shards", {}).get("failed", 0)
    if "error" in answer or failed:
        raise IndexUnavailableError(
            f"{failed or 'all'} shards of {connection.location.text!r} were not merged; the index is intact, merge it again"
        )
    connection.request("POST", f"/{connection.location.name}/_refresh")
