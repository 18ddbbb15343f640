"""The messages between the writing process and a worker, over two pipes.

A message is its length in bytes (8 bytes, little endian) and a tuple of plain values in Python's `marshal` format. The
format has no objects of other classes: no value that a user passes can run code in a worker, or be missing there.

To a worker, in this order:
    ("setup", location, analyzer's configuration, declared fields, compression dictionary, memory limit, durable,
     strict dates, strict values, split)
    ("batch", number of the first item, items)    an item: a dict; the fields of a Record as a tuple; None for none
    ("flush",)                                    write the buffered articles
From a worker, an answer to each batch and flush:
    ("ingested", added, replaced, characters, [(number, where, id, reason), ...],
                 [(where, kind of remark, text), ...], parts of works)
    ("flushed", [(segment, documents, bytes, replaced documents, item number of each document in 8 bytes), ...])
    ("failed", text)                              and the worker ends
"""

from __future__ import annotations

import marshal
from typing import IO, Any

__all__ = ["encode", "receive", "send"]

_LENGTH_BYTES = 8


def encode(message: tuple[Any, ...]) -> bytes:
    """Return a message in bytes. Raises ValueError if a value is not plain, or is nested too deep."""
    return marshal.dumps(message)


def send(pipe: IO[bytes], message: bytes) -> None:
    """Send an encoded message. Raises BrokenPipeError if the reader has ended."""
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "little"))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Return the next message, encoded; empty bytes if the pipe ends, even within a message."""
    length = pipe.read(_LENGTH_BYTES)
    size = int.from_bytes(length, "little") if len(length) == _LENGTH_BYTES else 0
    message = pipe.read(size)
    return message if len(message) == size else b""
