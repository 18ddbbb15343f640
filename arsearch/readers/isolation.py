"""Third-party parsers run in a child process, with limits of memory and time.

A damaged file can make a native parser crash, hang or take all memory. Here that ends a child process: the parent keeps
the records that came before, and raises `InputError` with the reason. The child is a fresh interpreter, never a fork,
so that the threads of the parent do not matter. Records come as JSON lines: nothing that a child sends is unpickled.
Sources: POSIX.1-2017, setrlimit (RLIMIT_AS, RLIMIT_CPU, RLIMIT_CORE).
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from importlib import import_module
from typing import IO, Any

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST, too_long

__all__ = ["MEGABYTES", "SECONDS", "isolated"]

SECONDS = 300.0
MEGABYTES = 512

_CODE = (
    "import json, sys; request = json.loads(sys.stdin.readline()); sys.path[:] = request.pop('path'); "
    "from arsearch.readers.isolation import serve; serve(**request)"
)
_CHUNK = 1 << 16
_OVER_MEMORY = 75
"""The exit status of a child that the watch of its memory ended."""

_WATCH = 0.05
_KEPT = "; what was read before is kept"


def isolated(
    target: str,
    path: str,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    options: Mapping[str, Any] | None = None,
) -> Generator[dict[str, Any], None, None]:
    """Run the generator `target` on a file in a child process, and yield its mappings lazily, in order.

    Args:
        target: A function as `module:function`. It takes the path and `options`, and yields mappings of JSON values.
        path: The file, which the child opens itself.
        seconds: The most time to wait for the child, all waits added up. The time that the caller takes for a mapping
            does not count.
        megabytes: The most memory of the child, in MB of 2^20 bytes. Linux limits its address space, other systems its
            resident memory.
        options: JSON values, passed to the function as keyword arguments.

    Raises:
        InputError: After the last mapping that arrived, if the function raises an exception, or if the child crashes,
            exceeds a limit, or sends a mapping of more than 64 MiB. An `InputError` of the function keeps its message.
    """
    request = {"path": sys.path, "target": target, "file": os.fspath(path), "options": dict(options or {})}
    receiving, sending = os.pipe()
    limits = {"megabytes": megabytes, "seconds": seconds, "results": sending}
    with tempfile.TemporaryFile() as errors, open(receiving, "rb", buffering=0) as results:  # noqa: PTH123
        try:
            child = _start(errors, sending)
        finally:
            os.close(sending)
        try:
            _send(child, request | limits)
            if not (yield from _mappings(_lines(results, seconds))):
                raise InputError(_end_of(child, errors, megabytes) + _KEPT)
        finally:
            child.kill()
            child.wait()


def _start(errors: IO[bytes], sending: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-c", _CODE]
    environment = os.environ | {"MALLOC_ARENA_MAX": "1"}  # an arena of glibc reserves 64 MB of addresses
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=(sending,),
            env=environment,
        )
    except OSError as error:
        raise InputError(
            f"no process for the parser can be started: {error.strerror}; free memory, then retry"
        ) from error


def _send(child: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    assert child.stdin is not None
    try:
        with child.stdin as stream:
            stream.write(json.dumps(request).encode() + b"\n")
    except BrokenPipeError:  # the child ended at once; its exit status tells why
        pass


def _lines(results: IO[bytes], seconds: float) -> Iterator[bytes]:
    """Yield the lines that the child sends, until it closes its end. Raises `InputError` when the time is over."""
    left = seconds
    parts: list[bytes] = []
    size = 0
    while True:
        start = time.monotonic()
        ready, _, _ = select.select([results], [], [], max(0.0, left))
        left -= time.monotonic() - start
        if not ready:
            raise InputError(f"the parser took more than {seconds:g} s{_KEPT}")
        chunk = results.read(_CHUNK)
        if not chunk:
            return
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield b"".join([*parts, end])
            parts, size = [], 0
        parts.append(rest)
        size += len(rest)
        if size > LONGEST:
            raise InputError(too_long("a record of the parser") + _KEPT)


def _mappings(lines: Iterator[bytes]) -> Generator[dict[str, Any], None, bool]:
    """Yield the mappings. Return whether the child said that they are complete."""
    for line in lines:
        message = json.loads(line)
        if "record" in message:
            yield message["record"]
        elif "refusal" in message:
            raise InputError(message["refusal"])
        elif "failure" in message:
            raise InputError(message["failure"] + _KEPT)
        else:
            return True
    return False


def _end_of(child: subprocess.Popen[bytes], errors: IO[bytes], megabytes: int) -> str:
    """Say how a child ended that did not say so itself."""
    try:
        status = child.wait(5)
    except subprocess.TimeoutExpired:
        return "the parser closed its pipe and went on"
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 4096))
    said = errors.read().decode("utf-8", "replace")
    if status == _OVER_MEMORY or "bad_alloc" in said or "MemoryError" in said:
        return _over_memory(megabytes)
    if status == -signal.SIGXCPU:
        return "the parser took too much processor time"
    if status < 0:
        return f"the parser crashed ({_signal_name(-status)}); the file is damaged, or needs more than {megabytes} MB"
    last = said.strip().rpartition("\n")[2][:200]
    return f"the parser ended early with exit status {status}{f' ({last})' if last else ''}"


def _over_memory(megabytes: int) -> str:
    return f"the parser needs more memory than its limit of {megabytes} MB"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def serve(target: str, file: str, options: dict[str, Any], megabytes: int, seconds: float, results: int) -> None:
    """Run `target` in this process, the child, and send its mappings as lines to the descriptor `results`."""
    _limit(megabytes, seconds)
    try:
        with open(results, "wb") as stream:
            for message in _messages(target, file, options, megabytes):
                stream.write(json.dumps(message).encode() + b"\n")
                stream.flush()
    except BrokenPipeError:  # the parent reads no further
        os._exit(0)


def _messages(target: str, file: str, options: dict[str, Any], megabytes: int) -> Iterator[dict[str, Any]]:
    try:
        module, _, name = target.partition(":")
        for mapping in getattr(import_module(module), name)(file, **options):
            yield {"record": mapping}
    except InputError as error:
        yield {"refusal": str(error)}
    except MemoryError:
        yield {"failure": _over_memory(megabytes)}
    except Exception as error:
        yield {"failure": f"the parser failed ({type(error).__name__}: {str(error)[:200]})"}
    else:
        yield {"complete": True}


def _limit(megabytes: int, seconds: float) -> None:
    """Limit this process. Its processor time is limited too, so that it ends even if its parent is killed."""
    processor = int(seconds) + 10
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_CPU, processor)
    if sys.platform == "linux":
        _set_limit(resource.RLIMIT_AS, megabytes << 20)
    else:  # macOS accepts RLIMIT_AS and ignores it
        threading.Thread(target=_watch, args=(megabytes,), daemon=True).start()


def _set_limit(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (most, hard))


def _watch(megabytes: int) -> None:
    """End this process once its resident memory exceeds the limit."""
    unit = 1 if sys.platform == "darwin" else 1024
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < megabytes << 20:
        time.sleep(_WATCH)
    os._exit(_OVER_MEMORY)
