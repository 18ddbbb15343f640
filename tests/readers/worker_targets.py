"""What a child process may do, for the tests of `arsearch.readers.workers`."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from arsearch.errors import InputError


def act(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Do what the first line says."""
    name = file.readline().strip().decode()
    if name == "pid":
        yield {"pid": os.getpid()}
    elif name == "lines":
        while line := file.readline():
            yield {"line": line.decode().rstrip("\n")}
    elif name == "size":
        yield {"size": len(file.read())}
    elif name == "large":
        yield {"text": "x" * (3 << 20)}
    elif name == "refuse":
        raise InputError("the reason of the parser")
    elif name == "fail":
        yield {"n": 1 // int("0")}
    elif name == "crash":
        ctypes.string_at(0)
    elif name == "exit":
        os._exit(3)
    elif name == "hang":
        time.sleep(60)
    elif name == "memory":
        yield {"size": len(bytearray(1 << 30))}
    elif name == "two":
        yield {}
        yield {}
    elif name == "print":
        os.write(1, b'{"mapping": 1}\n')
        print('{"mapping": 2}', flush=True)  # noqa: T201
        yield {"printed": True}
    elif name == "skip":
        yield {"skipped": True}
