"""A table of the lexicon that is read in blocks, for processes that look up few forms.

A search looks up a few hundred forms, and reading all rows takes longer than the search. A file has its rows sorted by
form, several to a line. A look-up bisects the lines and reads one, and many look-ups read them all.

Limits: the fields of a row have no spaces, and no row is `None`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence
from typing import TypeVar

__all__ = ["ROWS", "BlockTable"]

ROWS = 16
"""The rows of a line."""

_FEW = 512
"""The lines that are read one by one; another look-up then reads all lines."""

_Row = TypeVar("_Row")


class BlockTable(Mapping[str, _Row]):
    """The rows by form. `lines` are sorted, and each begins with its first form; `read` returns the rows of a line.

    Threads may share a table.
    """

    def __init__(self, lines: Sequence[bytes], read: Callable[[str], dict[str, _Row]]) -> None:
        self._lines = lines
        self._read = read
        self._blocks: dict[int, dict[str, _Row]] = {}
        self._whole: dict[str, _Row] | None = None

    def get(self, form: str, default: _Row | None = None) -> _Row | None:  # type: ignore[override]
        """Return the row of a form, or `default`."""
        # A space follows the form in its line, and the sign after the space orders this key behind it.
        number = bisect_right(self._lines, form.encode("utf-8", "surrogatepass") + b"!") - 1
        block = self._blocks.get(number)
        if block is None:
            if number < 0:
                return default
            if len(self._blocks) >= _FEW:
                return self._all().get(form, default)
            block = self._blocks[number] = self._read(self._lines[number].decode())
        return block.get(form, default)

    def items(self) -> ItemsView[str, _Row]:
        """Return all forms with their rows, in the order of the forms."""
        return self._all().items()

    def _all(self) -> dict[str, _Row]:
        if self._whole is None:
            self._whole = {form: row for line in self._lines for form, row in self._read(line.decode()).items()}
            self.get = self._whole.get  # type: ignore[assignment,method-assign] # look-ups are many, and this one calls no Python
        return self._whole

    def __getitem__(self, form: str) -> _Row:
        row = self.get(form)
        if row is None:
            raise KeyError(form)
        return row

    def __contains__(self, form: object) -> bool:
        return isinstance(form, str) and self.get(form) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
