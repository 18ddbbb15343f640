"""Draw the picture of a search in the README: `python tools/query_picture.py` writes docs/images/query.png.

The script indexes the sample articles, runs the command in a process, and renders its output with Chromium, which shapes
Arabic as a good terminal does. It needs `chromium` on the path, and fonts with Arabic letters.
"""

from __future__ import annotations

import html
import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "query.png"
QUERY = "الحرس الثوري"
COLUMNS = 92
WIDTH, HEIGHT = 960, 384

_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #1e2227; color: #d7dae0; font: 16px/1.75 "DejaVu Sans Mono", "Noto Sans Arabic", monospace; }}
pre {{ margin: 22px 28px; font: inherit; white-space: pre-wrap; unicode-bidi: plaintext; }}
p {{ margin: 0; min-height: 1em; unicode-bidi: plaintext; }}
i {{ font-style: normal; color: #8b929e; }} b {{ color: #fff; }}
mark {{ background: none; color: #f2c55c; font-weight: bold; }} .prompt {{ color: #7fc27f; }}
</style><pre>{lines}</pre>"""


def run(*arguments: str) -> str:
    """Return the output of an arsearch command on a terminal with `COLUMNS` columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-m", "arsearch", *arguments], stdout=theirs, stderr=theirs, cwd=ROOT, env=environment
    ) as process:
        os.close(theirs)
        printed = b"".join(_read(ours))
    if process.returncode:
        raise SystemExit(printed.decode())
    return printed.decode()


def _read(terminal: int) -> Iterator[bytes]:
    try:
        while piece := os.read(terminal, 1 << 16):
            yield piece
    except OSError:  # the other end is closed
        return


def as_html(line: str) -> str:
    """Return a line as HTML, with elements in place of its escape codes."""
    codes: list[str] = []
    parts = re.split(r"\x1b\[([0-9;]*)m", html.escape(line))
    text = parts[0]
    for code, more in zip(parts[1::2], parts[2::2], strict=True):
        if code in ("0", "39", "22", "24", "27", "") and codes:
            text += f"</{codes.pop()}>"
        elif code not in ("0", "39", "22", "24", "27", ""):
            codes.append({"2": "i"}.get(code, "mark"))
            text += f"<{codes[-1]}>"
        text += more
    return text + "".join(f"</{code}>" for code in reversed(codes))


def draw(lines: list[str], picture: Path) -> None:
    """Write the picture of the HTML `lines` to the file `picture`."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE.format(lines="".join(f"<p>{line}</p>" for line in lines)), encoding="utf-8")
        picture.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1.5",
             f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        index = str(Path(place) / "index")
        run("index", "examples/articles.jsonl", "-i", index)
        output = run("query", QUERY, "-i", index, "--limit", "2")
    prompt = f'<span class="prompt">$</span> arsearch query "{QUERY}"'
    draw([prompt, *map(as_html, output.splitlines())], PICTURE)
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes\n")
