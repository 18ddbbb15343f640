"""What a writing process and its workers say to each other, over pipes between the two.

Each message is its length (8 bytes, little endian) and a tuple of plain values in Python's `marshal` format, which
takes no objects of other classes: nothing that a user hands over can run code in a worker, or fail to be found there.

To a worker, in this order:
    ("setup", location, analyzer's configuration, declared fields, compression dictionary, memory limit, durable)
    ("batch", number of the first item, items)    an item: a dict; a tuple, the fields of a Record; None, for nothing
    ("flush",)                                    write what was taken
From it, an answer to each batch and flush:
    ("taken", added, replaced, characters, [(number, where, id, reason), ...])
    ("flushed", [(segment, documents, bytes, replaced documents, item number of each document in 8 bytes), ...])
    ("failed", text)                              and the worker ends
"""

from __future__ import annotations

import marshal
from typing import IO, Any

__all__ = ["encode", "receive", "send"]

_LENGTH_BYTES = 8


def encode(message: tuple[Any, ...]) -> bytes:
    """A message in bytes; ValueError if it has anything but plain values, or is nested too deep."""
    return marshal.dumps(message)


def send(pipe: IO[bytes], message: bytes) -> None:
    """Send a packed message; BrokenPipeError if nobody listens."""
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "little"))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """The next message, packed; empty at the end of the pipe, or in the middle of a message."""
    length = pipe.read(_LENGTH_BYTES)
    size = int.from_bytes(length, "little") if len(length) == _LENGTH_BYTES else 0
    message = pipe.read(size)
    return message if len(message) == size else b""
