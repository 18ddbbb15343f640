"""The long texts that were read last, as the extension or array operations read them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

from arsearch.concurrency import reset_in_children
from arsearch.index.codec.stored_fields import Buffer, body_of
from arsearch.index.matching.long_text import LongText
from arsearch.kernel import native

__all__ = ["TextCache", "long_text"]


def long_text(articles: Sequence[Buffer], gap: int = 0) -> LongText:
    """Return the text of the bodies of some encoded articles, with `gap` characters between two that are not empty."""
    if native() is not None:
        from arsearch.index.matching.compiled_text import CompiledText  # not without the extension

        return CompiledText(articles, gap)
    from arsearch.index.matching.prepared_text import PreparedText  # not with the extension

    return PreparedText([*map(body_of, articles)], gap)


class TextCache:
    """The texts that were used last, bounded by the sum of their sizes in bytes. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._texts: OrderedDict[Hashable, LongText] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    def get(self, key: Hashable, prepare: Callable[[], LongText]) -> LongText:
        """Return the text of a key, which `prepare` returns if it is not kept."""
        with self._lock:
            known = self._texts.get(key)
            if known is not None:
                self._texts.move_to_end(key)
                return known
        text = prepare()
        with self._lock:
            if text.size <= self._limit and key not in self._texts:
                self._texts[key] = text
                self._size += text.size
                while self._size > self._limit:
                    self._size -= self._texts.popitem(last=False)[1].size
        return text
