"""`Dictionary`: the value that an analyzer takes, from a file or from JSON values."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arsearch.analyzers.dictionary.entries import DictionaryEntry, Kind, normalised_entry, shown
from arsearch.errors import AnalyzerError

__all__ = ["MAX_LETTERS", "Dictionary"]

MAX_LETTERS = 250_000
"""The letters of all entries together. Every commit of an index holds them, in a manifest of at most 4 MiB."""

_MAX_BYTES = 16 << 20  # of a file, which may have long comments
_KINDS: dict[str, Kind] = {"words": "word", "stems": "stem", "names": "name", "stopwords": "stop word"}


@dataclass(frozen=True, eq=False, repr=False)
class Dictionary:
    """The entries of a dictionary, in the order of their lines.

    Dictionaries are immutable, hashable and picklable. They are equal if they have the same effect: comments, spellings,
    the order of lines and the numbers of lines do not matter. `name` is the name of the file, for messages.

    `words`, `stems`, `names` and `stopwords` are the entries in the form in which they are compared. A form is in only
    one of the first three; `form in dictionary` tells whether it is in any of them.

    Raises `AnalyzerError` for an entry that is no single word, and for more than `MAX_LETTERS` letters.
    """

    entries: tuple[DictionaryEntry, ...] = ()
    name: str = "dictionary"
    words: frozenset[str] = field(init=False)
    stems: Mapping[str, str] = field(init=False)
    names: frozenset[str] = field(init=False)
    stopwords: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        forms: dict[str, tuple[Kind, str]] = {}
        stopwords: set[str] = set()
        letters = 0
        for entry in self.entries:
            try:
                kind, form, stem, _ = normalised_entry(entry)
            except ValueError as error:
                raise AnalyzerError(f"{self.place(entry)}: {error}") from None
            letters += len(form) + len(stem)
            if letters > MAX_LETTERS:
                raise AnalyzerError(
                    f"{self.place(entry)}: a dictionary has at most {MAX_LETTERS:,} letters in its words"
                )
            if kind == "stop word":
                stopwords.add(form)
            else:
                forms[form] = kind, stem
        values: dict[str, object] = {
            "entries": tuple(self.entries),
            "words": frozenset(form for form, (kind, _) in forms.items() if kind == "word"),
            "stems": {form: stem for form, (kind, stem) in forms.items() if kind == "stem"},
            "names": frozenset(form for form, (kind, _) in forms.items() if kind == "name"),
            "stopwords": frozenset(stopwords),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Dictionary:
        """Read a UTF-8 file.

        Raises `AnalyzerError`, with file, line and reason, if the file is unreadable or malformed.
        """
        name = os.fspath(path)
        try:
            with Path(path).open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
            reason = getattr(error, "strerror", None) or error
            raise AnalyzerError(f"{name}: cannot be read: {reason}; give a dictionary file of UTF-8 text") from error
        if len(data) > _MAX_BYTES:
            raise AnalyzerError(f"{name}: a dictionary has at most {_MAX_BYTES >> 20} MiB; leave out lines or comments")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise AnalyzerError(f"{name}, line {line}: not UTF-8; save the file as UTF-8") from error
        return cls.parse(text, name=name)

    @classmethod
    def parse(cls, text: str, *, name: str = "dictionary") -> Dictionary:
        """Read the text of a file, which messages call `name`.

        Raises `AnalyzerError`, with line and reason, if the text is malformed.
        """
        from arsearch.analyzers.dictionary.parser import parse_entries  # few users have a dictionary

        return cls(tuple(parse_entries(text, name)), name)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Dictionary:
        """Return the dictionary of JSON values: the lists `words`, `names` and `stopwords`, and the mapping `stems`.

        Each may be absent. Raises `AnalyzerError` for another name, another type, and an entry that is no single word.
        """
        return cls(tuple(_configured(config)))

    def config(self) -> dict[str, Any]:
        """Return the entries as JSON values for `from_config`, sorted; `{}` for an empty dictionary."""
        stems = dict(sorted(self.stems.items()))
        lists = {name: sorted(getattr(self, name)) for name in ("words", "names", "stopwords")}
        return {name: value for name, value in {**lists, "stems": stems}.items() if value}

    @property
    def text(self) -> str:
        """The text of a file with the same effect; `""` for an empty dictionary."""
        stems = [f"{form} => {stem}" for form, stem in sorted(self.stems.items())]
        parts = (
            [*sorted(self.words), *stems],
            ["[names]", *sorted(self.names)],
            ["[stop words]", *sorted(self.stopwords)],
        )
        return "\n".join("".join(f"{line}\n" for line in part) for part in parts if part and part[-1][0] != "[")

    @property
    def has_forms(self) -> bool:
        """Whether there are words, stems or names, which a stemmer must know."""
        return bool(self.words or self.stems or self.names)

    def place(self, entry: DictionaryEntry) -> str:
        """Return the place of an entry for messages: the file and the line, if the line is known."""
        return f"{self.name}, line {entry.line}" if entry.line else self.name

    def __contains__(self, form: str) -> bool:
        return form in self.words or form in self.stems or form in self.names

    def __len__(self) -> int:
        """Return the number of words, stems, names and stop words."""
        return len(self.words) + len(self.stems) + len(self.names) + len(self.stopwords)

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Dictionary) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return (
            f"<Dictionary: {len(self.words)} words, {len(self.stems)} stems, {len(self.names)} names, "
            f"{len(self.stopwords)} stop words>"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the entries in the form in which they are compared, without the numbers of their lines."""
        return type(self), (tuple(_configured(self.config())),)

    @property
    def _key(self) -> tuple[frozenset[str], frozenset[tuple[str, str]], frozenset[str], frozenset[str]]:
        return self.words, frozenset(self.stems.items()), self.names, self.stopwords


def _configured(config: Mapping[str, Any]) -> Iterator[DictionaryEntry]:
    """Yield the entries of JSON values."""
    if not isinstance(config, Mapping):
        raise AnalyzerError(f"the dictionary is {shown(config)}; give an object with {', '.join(_KINDS)}")
    for name, listed in config.items():
        if name not in _KINDS:
            raise AnalyzerError(f"a dictionary has no {shown(name)}; it has {', '.join(_KINDS)}")
        pairs: list[tuple[Any, Any]] | None = None
        if name == "stems" and isinstance(listed, Mapping):
            pairs = list(listed.items())
        elif name != "stems" and isinstance(listed, (list, tuple, set, frozenset)):
            pairs = [(word, "") for word in listed]
        if pairs is None or not all(isinstance(word, str) for pair in pairs for word in pair):
            right = "an object that maps forms to stems" if name == "stems" else "a list of words"
            raise AnalyzerError(f"{name!r} of the dictionary is {shown(listed)}; give {right}")
        for form, stem in pairs:
            yield DictionaryEntry(_KINDS[name], form, stem)
