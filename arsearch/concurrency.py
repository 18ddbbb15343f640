"""What threads and forked children need of objects with locks, cached values and stacks; and the clock of a call with a deadline.

A forked child has one thread, a copy of the thread that forked. A lock of another thread stays locked for ever in the
child. So every object with a lock makes a new one in a child, and a value is cached without a lock, which
`functools.cached_property` of Python 3.11 has. Python locks a module while a thread imports it. Functions of arsearch import
modules on first use, so a fork waits for such imports.
"""

from __future__ import annotations

import _imp
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from importlib import _bootstrap
from itertools import count
from typing import Any, Generic, Protocol, Self, TypeVar, cast, overload
from weakref import ref

__all__ = ["Clock", "cached_property", "on_whole_stack", "reset_in_children"]

_T = TypeVar("_T")

_TIDY_EVERY = 256
_LONGEST_IMPORT = 30.0
"""Seconds that a fork waits for the imports of other threads."""

_GRACE = 0.02
"""Seconds that a fork waits for a thread to take the lock of a module."""


class Clock:
    """Tells whether a deadline, a reading of `time.perf_counter`, is still ahead; `None` always is."""

    __slots__ = ("deadline", "timed_out")

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self.timed_out = False
        """Whether something was left out because the deadline had passed."""

    def in_time(self) -> bool:
        """Return whether the deadline is still ahead. A caller that gets `False` must leave something out."""
        self.timed_out = self.timed_out or (self.deadline is not None and time.perf_counter() > self.deadline)
        return not self.timed_out


class _Resettable(Protocol):
    def reset_after_fork(self) -> None: ...


def reset_in_children(owner: _Resettable) -> None:
    """Call `owner.reset_after_fork()` in every forked child, as long as the object lives."""
    owners = _owners()
    number = next(owners.numbers)
    owners.living[number] = ref(owner)
    if number % _TIDY_EVERY == 0:
        for other, reference in list(owners.living.items()):
            if reference() is None:
                owners.living.pop(other, None)


class _Owners:
    """The objects to reset, by numbers. A `WeakSet` would run Python code when one dies, which swallows Ctrl-C."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.living: dict[int, ref[_Resettable]] = {}

    def reset(self) -> None:
        for reference in list(self.living.values()):
            if (owner := reference()) is not None:
                owner.reset_after_fork()


@cache
def _owners() -> _Owners:
    """Return the objects to reset. They and the fork hooks are made for the first object."""
    owners = _Owners()
    os.register_at_fork(before=_hold_imports, after_in_parent=_release_imports, after_in_child=owners.reset)
    os.register_at_fork(after_in_child=_release_imports)
    return owners


def _hold_imports() -> None:
    """Wait until no other thread imports a module, and let none begin before the fork.

    A module lock that another thread holds at the fork is held for ever in the child. No thread gets one without the lock of
    all imports, which this thread holds until `_release_imports`.
    """
    start = time.monotonic()
    _imp.acquire_lock()
    while (owners := _importing_threads()) and time.monotonic() < start + (_LONGEST_IMPORT if any(owners) else _GRACE):
        _imp.release_lock()
        time.sleep(0.001)
        _imp.acquire_lock()


def _release_imports() -> None:
    _imp.release_lock()


def _importing_threads() -> list[int | None]:
    """Return the owners of the locks of modules that other threads use; `None` for a lock that a thread is about to take.

    Locks of modules live as long as they are used. A traceback may keep one without an owner alive.
    """
    mine = threading.get_ident()
    locks = [reference() for reference in list(_bootstrap._module_locks.values())]  # type: ignore[attr-defined]
    owners = [getattr(lock, "owner", None) for lock in locks if lock is not None]
    return [owner for owner in owners if owner != mine]


class cached_property(Generic[_T]):  # noqa: N801  # as the one of functools
    """A property that is computed once for each object. Threads that ask at the same time may compute it twice."""

    def __init__(self, compute: Callable[[Any], _T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> _T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | _T:
        if instance is None:
            return self
        return cast(_T, instance.__dict__.setdefault(self._name, self._compute(instance)))


def on_whole_stack(function: Callable[[], _T]) -> _T:
    """Call a function in a new thread, whose stack is empty, and return its result or raise its error.

    Nested JSON needs a level of the stack for each of its own, and callers may have used up most of theirs.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="arsearch-stack", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
