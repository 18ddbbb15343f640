"""Third-party parsers in child processes that serve many sources, one after another.

`isolation` starts a process for each file. A folder of thousands of saved pages, or a dump of a million, needs a process
that stays: a `Worker` sends it the bytes of one source or part, and receives the mappings that the parser makes of them.
If a child crashes or exceeds a limit, that source has a problem, and the next one gets a new child. Mappings come as
JSON lines: nothing that a child sends is unpickled.
Sources: POSIX.1-2017, setrlimit (RLIMIT_AS, RLIMIT_CPU, RLIMIT_CORE).
"""

from __future__ import annotations

import json
import struct
import sys
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST, too_long

if TYPE_CHECKING:
    import subprocess
    import threading

__all__ = ["Parser", "Worker", "Workers", "serve"]

_FRAME = struct.Struct(">I")
_LARGEST_FRAME = 1 << 20
_SLICE = 0.5
"""The seconds after which a waiting parent looks whether the source, and not the parser, is slow."""

_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    "from arsearch.readers.workers import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"
)


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser that runs in a child process."""

    target: str
    """A function as `module:function`. It takes a binary file and yields mappings of JSON values, lazily."""

    name: str
    """The format, as messages name it: `HTML`."""

    extra: str
    """The extra of arsearch that brings the parser's libraries."""

    modules: tuple[str, ...]
    """The libraries that the parser imports."""

    seconds: float
    """The most time between two mappings, or before the first. Time that the source takes does not count."""

    megabytes: int
    """The most memory of the child, in MB of 2^20 bytes: address space on Linux."""

    def check_installed(self) -> None:
        """Raise `InputError` with the name of the extra if a library is missing."""
        if any(find_spec(module) is None for module in self.modules):
            raise InputError(f'{self.name} is read with the extra [{self.extra}]: pip install "arsearch[{self.extra}]"')


class Workers:
    """The workers of one reading, at most one for each parser. They start when they are first needed."""

    def __init__(self) -> None:
        self._workers: dict[Parser, Worker] = {}

    def get(self, parser: Parser) -> Worker:
        """Return the worker of a parser. Raises `InputError` if its library is missing."""
        if parser not in self._workers:
            parser.check_installed()
            self._workers[parser] = Worker(parser)
        return self._workers[parser]

    def close(self) -> None:
        """End all child processes."""
        while self._workers:
            self._workers.popitem()[1].close()


class Worker:
    """A parser in a child process, which serves one request at a time."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._child: subprocess.Popen[bytes] | None = None

    def one(self, data: bytes) -> dict[str, Any]:
        """Return the only mapping that the parser makes of `data`. Raises `InputError` as `mappings` does."""
        found = list(self.mappings((data,)))
        if len(found) != 1:
            raise InputError(f"the parser of {self._parser.name} gave {len(found)} results instead of one")
        return found[0]

    def mappings(self, chunks: Iterable[bytes]) -> Generator[dict[str, Any], None, None]:
        """Yield the mappings that the parser makes of a source, lazily and in order.

        Raises `InputError` after the last mapping: with the parser's own reason, with that of `chunks` if its bytes end
        in damage, or because the child crashed or exceeded a limit.
        """
        child = self._child or self._start()
        self._child = None  # the child is reused only after a request that ended well
        sender = _Sender(child, chunks)
        sender.thread.start()
        usable = False
        problem: str | None = None
        try:
            for line in self._lines(child, sender):
                message = json.loads(line)
                if "mapping" in message:
                    yield message["mapping"]
                else:
                    problem, usable = message.get("problem"), message["usable"]
                    break
            else:
                problem = _end_of(child)
        finally:
            if not usable:
                _kill(child)
            sender.thread.join()
            if usable:
                self._child = child
        if sender.failure:  # damage that the source reports itself says more than the parser's error
            raise sender.failure
        if problem:
            raise InputError(problem)

    def close(self) -> None:
        """End the child process."""
        if self._child:
            _kill(self._child)
            self._child = None

    def _start(self) -> subprocess.Popen[bytes]:
        import os
        import subprocess

        try:
            child = subprocess.Popen(
                [sys.executable, "-I", "-c", _CODE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"MALLOC_ARENA_MAX": "1"},  # an arena of glibc reserves 64 MB of addresses
            )
        except OSError as error:
            reason = f"no process for the parser can be started: {error.strerror}"
            raise InputError(f"{reason}; free memory, then retry") from error
        setup = {
            "target": self._parser.target,
            "seconds": self._parser.seconds,
            "megabytes": self._parser.megabytes,
        }
        assert child.stdin
        try:
            child.stdin.write(json.dumps(sys.path).encode() + b"\n" + json.dumps(setup).encode() + b"\n")
            child.stdin.flush()
        except OSError:  # the child ended at once; the request will say so
            pass
        return child

    def _lines(self, child: subprocess.Popen[bytes], sender: _Sender) -> Iterator[bytes]:
        """Yield the lines of the child until it ends. Raises `InputError` when the time for a line is over."""
        import os
        import select

        assert child.stdout
        output = child.stdout.fileno()
        left = self._parser.seconds
        parts: list[bytes] = []
        size = 0
        while True:
            start = time.monotonic()
            ready, _, _ = select.select([output], [], [], min(_SLICE, max(0.0, left)))
            if not ready:
                left -= 0.0 if sender.reading else time.monotonic() - start
                if left <= 0:
                    raise InputError(f"the parser of {self._parser.name} took more than {self._parser.seconds:g} s")
                continue
            data = os.read(output, 1 << 16)
            if not data:
                return
            *ends, rest = data.split(b"\n")
            for end in ends:
                line = b"".join([*parts, end])
                parts, size, left = [], 0, self._parser.seconds
                yield line
            parts.append(rest)
            size += len(rest)
            if size > 2 * LONGEST:
                raise InputError(too_long("a result of the parser"))


class _Sender:
    """The thread that sends the bytes of a source to a child. `reading` tells that the source is being waited for."""

    def __init__(self, child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
        import threading

        assert child.stdin
        self._stream: IO[bytes] = child.stdin
        self._chunks = chunks
        self.reading = False
        self.failure: InputError | None = None
        self.thread: threading.Thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            for chunk in self._read():
                for start in range(0, len(chunk), _LARGEST_FRAME):
                    piece = chunk[start : start + _LARGEST_FRAME]
                    self._stream.write(_FRAME.pack(len(piece)) + piece)
                    self._stream.flush()
            self._stream.write(_FRAME.pack(0))
            self._stream.flush()
        except (OSError, ValueError):  # the child has ended
            pass

    def _read(self) -> Iterator[bytes]:
        """Yield the chunks that are not empty, up to a failure, which is kept."""
        chunks = iter(self._chunks)
        while True:
            self.reading = True
            try:
                chunk = next(chunks, None)
            except InputError as failure:
                self.failure = failure
                return
            finally:
                self.reading = False
            if chunk is None:
                return
            if chunk:
                yield chunk


def _kill(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        try:
            if stream:
                stream.close()
        except OSError:  # the bytes that the child did not read
            pass


def _end_of(child: subprocess.Popen[bytes]) -> str:
    status = child.wait()
    how = f"signal {-status}" if status < 0 else f"exit status {status}"
    return f"the parser crashed ({how}): the file is damaged, or needs more memory than the parser may take"


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Serve the requests of a parent in this process, the child, until the parent closes its end."""
    import os

    answers = os.fdopen(os.dup(answers.fileno()), "wb")
    os.dup2(2, 1)  # what a library prints does not mix with the answers
    setup = json.loads(requests.readline())
    module, _, name = setup["target"].partition(":")
    parse = None
    while requests.peek(1):  # type: ignore[attr-defined]  # standard input is a BufferedReader
        _limit(setup["megabytes"], setup["seconds"])
        frames = _Frames(requests)
        try:
            parse = parse or getattr(import_module(module), name)
            for mapping in parse(frames):
                _send(answers, {"mapping": mapping})
            frames.drain()
            _send(answers, {"usable": True})
        except InputError as error:
            frames.drain()
            _send(answers, {"problem": str(error), "usable": True})
        except MemoryError:
            parse = frames = None  # type: ignore[assignment]
            reason = f"the parser needs more memory than its limit of {setup['megabytes']} MB"
            _send(answers, {"problem": reason, "usable": False})
        except Exception as error:
            reason = f"the parser failed ({type(error).__name__}: {str(error)[:200]})"
            _send(answers, {"problem": reason, "usable": False})


def _send(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


def _limit(megabytes: int, seconds: float) -> None:
    """Limit this process. Its processor time is limited anew for each request, so that it ends without its parent too."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(used.ru_utime + used.ru_stime + 100 * seconds) + 10
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_AS, megabytes << 20),
    ):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


class _Frames:
    """The bytes of one request as a file. `read` and `readline` are those of a binary file; nothing is seekable."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._ended = False

    def read(self, size: int | None = -1) -> bytes:
        """Return at most `size` bytes, all if it is negative; empty at the end of the request."""
        everything = size is None or size < 0
        parts, length = [self._buffer], len(self._buffer)
        while not self._ended and (everything or length < (size or 0)):
            frame = self._next()
            parts.append(frame)
            length += len(frame)
            if everything and length > 2 * LONGEST:
                raise InputError(too_long("a source"))
        data = b"".join(parts)
        cut = length if everything else min(length, size or 0)
        self._buffer = data[cut:]
        return data[:cut]

    def readline(self, limit: int | None = -1) -> bytes:
        """Return the bytes up to the next line end, at most 1 MiB or `limit` of them."""
        most = _LARGEST_FRAME if limit is None or limit < 0 else limit
        while b"\n" not in self._buffer and len(self._buffer) < most and not self._ended:
            self._buffer += self._next()
        end = self._buffer.find(b"\n", 0, most) + 1 or min(most, len(self._buffer))
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        return line

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return false."""
        return False

    def drain(self) -> None:
        """Skip the rest of the request."""
        self._buffer = b""
        while not self._ended:
            self._next()

    def _next(self) -> bytes:
        head = self._stream.read(_FRAME.size)
        if len(head) < _FRAME.size:  # the parent has ended
            raise SystemExit
        length = _FRAME.unpack(head)[0]
        if length == 0:
            self._ended = True
            return b""
        return self._stream.read(length)
