"""The content of one source: its bytes and, if it is text, its encoding, lines and columns."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import IO

from arsearch.concurrency import cached_property
from arsearch.errors import InputError
from arsearch.readers.columns import Columns
from arsearch.readers.encodings import Decoder, Encoding, guess_encoding, transcoded
from arsearch.readers.lines import Lines, line_end
from arsearch.readers.sources import Source, base_name
from arsearch.readers.streams import StoredChunks, Stream, file_chunks, stdin_chunks
from arsearch.readers.workers import Parser, Worker, Workers

__all__ = ["Content"]

_IN_MEMORY = 16 << 20


class Content:
    """The content of one source, as a reader receives it.

    Every attribute is computed on first use: a reader that uses only `source` opens no file, and one that uses only
    `stream` guesses no encoding.

    Args:
        source: The file, standard input or location.
        encoding: The caller's encoding; `None` guesses it from the first bytes.
        mapping: Our field names to the names of the source's columns.
        max_bytes: The most bytes to read, counted after decompression.
        tell: Receives one message for each guess.
        table: The table of a database that the caller named.
        sql: The query to read from a database instead of a table.
        workers: The child processes that sources share; `None` starts them for this source alone.
        exact: Whether columns fill fields only by the fields' own names, see `Columns`.
    """

    def __init__(
        self,
        source: Source,
        *,
        encoding: Encoding | None = None,
        mapping: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        tell: Callable[[str], None] = lambda _: None,
        table: str | None = None,
        sql: str | None = None,
        workers: Workers | None = None,
        exact: bool = False,
    ) -> None:
        self._exact = exact
        self.table = table
        self.sql = sql
        self._workers = workers
        self._own_workers: Workers | None = None
        self.source = source
        self.tell = tell
        self.mapping = mapping or {}
        self._encoding = encoding
        self.max_bytes = max_bytes

    @property
    def name(self) -> str:
        """The printable name of the source, which begins the `where` of its records."""
        return self.source.name

    def is_named(self, *suffixes: str) -> bool:
        """Return whether the name of the source ends in one of `suffixes`, compression aside."""
        return self.source.suffix in suffixes

    @property
    def stem(self) -> str:
        """The id of the source without its suffixes, for the ids of rows that have none."""
        return str(PurePath(base_name(self.source.id)).with_suffix(""))

    @cached_property
    def stream(self) -> Stream:
        """The decompressed bytes. Raises `InputError` if the source cannot be opened or standard input is empty."""
        source = self.source
        if source.location is not None:
            raise InputError(f"the location {source.name!r} has no bytes of its own; read it by its scheme")
        stored = StoredChunks(stdin_chunks() if source.path is None else file_chunks(source.path))
        stream = Stream(stored, self.max_bytes)
        if not stream.head and source.path is None:
            raise InputError("nothing came on standard input")
        return stream

    @cached_property
    def spooled(self) -> IO[bytes]:
        """The whole stream as a seekable file, for formats whose directory is at the end; open until `close`.

        Up to 16 MiB are kept in memory, a longer source in a temporary file. Use either `spooled` or another attribute of
        the content; `stream.head` stays. Raises `InputError` if the source is unreadable, damaged or too long.
        """
        import tempfile

        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="arsearch-")  # noqa: SIM115
        try:
            for chunk in self.stream:
                file.write(chunk)
        except BaseException as error:
            file.close()
            if isinstance(error, OSError):
                reason = f"the temporary folder {tempfile.gettempdir()} cannot be written: {error.strerror}"
                raise InputError(f"{reason}; free space there, or set TMPDIR") from error
            raise
        file.seek(0)
        return file

    @cached_property
    def encoding(self) -> Encoding:
        """The encoding of the text: the caller's, else the encoding that the first bytes suggest."""
        stream = self.stream
        encoding = self._encoding or guess_encoding(stream.head, complete=stream.complete)
        if encoding.given and (marked := guess_encoding(stream.head)).skip and marked.codec == encoding.codec:
            encoding = encoding._replace(skip=marked.skip)
        return encoding

    @cached_property
    def head(self) -> str:
        """The first text, up to 64 KiB of bytes, with undecodable bytes left out."""
        decoder = codecs.getincrementaldecoder(self.encoding.codec)("ignore")
        try:
            return decoder.decode(self.stream.head[self.encoding.skip :])
        except UnicodeError as error:  # UTF-16 and UTF-32 need a byte order mark, or the order in their name
            raise InputError(f"not {self.encoding.label}: {error}; name one such as {self.encoding.codec}-le") from None

    @cached_property
    def chunks(self) -> Iterator[bytes]:
        """The bytes of the text without its byte order mark, in an encoding that extends ASCII. Iterate once."""
        return transcoded(self.stream, self.encoding)

    @cached_property
    def lines(self) -> Lines:
        """The numbered lines of `chunks`. Use either `lines` or `chunks`."""
        return Lines(self.chunks, line_end(self.head))

    @cached_property
    def decoder(self) -> Decoder:
        """The decoder of lines, or of the whole text."""
        return Decoder(self.encoding, self.tell)

    def decode(self, data: bytes) -> str:
        """Return the text of one value of a binary source. Raises `InputError` if its encoding is not certain."""
        if "_value_decoder" not in self.__dict__:
            self._value_decoder = Decoder(self._encoding or Encoding("utf-8", "UTF-8", settled=False), self.tell)
        return self._value_decoder.decode(data)

    @cached_property
    def columns(self) -> Columns:
        """The renaming of the source's columns to our field names."""
        return Columns(self.mapping, self.tell, exact=self._exact)

    @property
    def position(self) -> int:
        """The number of bytes read, compressed ones of a compressed file; 0 before the source is opened."""
        stream: Stream | None = self.__dict__.get("stream")
        return stream.position if stream else 0

    @property
    def where(self) -> str:
        """The place of a failure that ends reading: the line after the last one read, or the source."""
        lines: Lines | None = self.__dict__.get("lines")
        return f"{self.name}:{lines.number + 1}" if lines and lines.number else self.name

    def worker(self, parser: Parser) -> Worker:
        """Return the child process that runs `parser`. Raises `InputError` if its extra is not installed."""
        if self._workers is None:
            self._workers = self._own_workers = Workers()
        return self._workers.get(parser)

    def finish(self) -> None:
        """Report the mapped columns that no record had."""
        if "columns" in self.__dict__:
            self.columns.finish()

    def close(self) -> None:
        """Close the file, if it was opened, and end child processes of this source alone."""
        if self._own_workers:
            self._own_workers.close()
        stream: Stream | None = self.__dict__.get("stream")
        if stream:
            stream.close()
        if "spooled" in self.__dict__:
            self.spooled.close()
