"""Print the n-th shell block of README.md, counted from 1: `python tools/readme_command.py 1`."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def shell_blocks(text: str) -> list[str]:
    """Return the contents of the blocks fenced as `sh`, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    readme = Path(__file__).parent.parent / "README.md"
    print(shell_blocks(readme.read_text(encoding="utf-8"))[int(sys.argv[1]) - 1], end="")
