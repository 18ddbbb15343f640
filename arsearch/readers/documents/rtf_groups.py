"""The open groups of an RTF document."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Group"]


@dataclass(slots=True)
class Group:
    """A group: the properties that hold until its end."""

    skipped: bool = False
    replaced: bool = False
    hidden: bool = False
    deleted: bool = False
    superscript: bool = False
    font: int = 0
    complex_font: int | None = None
    right_to_left: bool = False
    fallback: int = 1  # the characters after \u that are for programs without Unicode
    destination: str = ""
    begins_box: bool = False

    @property
    def shown(self) -> bool:
        """Whether its text is printed."""
        return not (self.skipped or self.replaced or self.hidden or self.deleted)
