"""A child process that runs one function, to be killed or interrupted."""

from __future__ import annotations

import contextlib
import os
import signal
import traceback
from collections.abc import Callable, Iterator

from bench.crash.verifying import PromiseError

__all__ = ["Child", "child"]


class Child:
    """A forked process that runs a function.

    After `wait`, `status` is its exit code, negative for a signal, and `returned` tells whether the function returned.
    """

    def __init__(self, run: Callable[[], None], *, group: bool = False) -> None:
        ready, self._write = os.pipe()
        self.returned = False
        self.status = 0
        self.process = os.fork()
        if not self.process:
            if group:
                os.setpgid(0, 0)
            self._run(run)
        os.close(self._write)
        self._ready = ready
        os.read(ready, 1)

    def _run(self, run: Callable[[], None]) -> None:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.write(self._write, b"r")
            run()
            os.write(self._write, b"d")
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(3)

    def send(self, number: int) -> None:
        """Send a signal to the process."""
        os.kill(self.process, number)

    def wait(self) -> None:
        """Wait until the process has ended. Raises PromiseError if the function raised."""
        _, status = os.waitpid(self.process, 0)
        self.status = os.waitstatus_to_exitcode(status)
        self.returned = os.read(self._ready, 1) == b"d"
        os.close(self._ready)
        if self.status == 3:
            raise PromiseError("the operation failed in its process; see the traceback above")


@contextlib.contextmanager
def child(run: Callable[[], None], *, group: bool = False) -> Iterator[Child]:
    """Run a function in a child process meanwhile, and wait for it; with `group` in a process group of its own."""
    started = Child(run, group=group)
    yield started
    started.wait()
