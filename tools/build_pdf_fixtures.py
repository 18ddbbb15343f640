"""Make the PDFs of tests/fixtures/pdf from the texts beside them, with each producer that is installed.

    python tools/build_pdf_fixtures.py                    # all
    python tools/build_pdf_fixtures.py news vocalised     # some texts
    python tools/build_pdf_fixtures.py --out /tmp/pdfs --font "Noto Naskh Arabic"
    python tools/build_pdf_fixtures.py --out /tmp/pdfs --sample news/docs.jsonl.xz --vocalised pairs.jsonl

The last form sets articles and vocalised sentences drawn at random from JSON lines, in two fonts by turns, so that the
extraction can be measured on texts that it was not made with: `python -m bench.extraction /tmp/pdfs`.

Debian's packages: chromium libreoffice-writer texlive-xetex texlive-luatex texlive-lang-arabic pango1.0-tools
ghostscript tesseract-ocr-ara fonts-hosny-amiri fonts-noto-core. Python's: weasyprint fpdf2 uharfbuzz reportlab
arabic-reshaper python-bidi pypdf. A producer that is missing is left out with a message.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
from pathlib import Path
from typing import Any

from pdf_producers import PRODUCERS, Layout, encrypted, ghostscript, joined, ocr_layer, scan, sideways, unordered

FOLDER = Path(__file__).parent.parent / "tests" / "fixtures" / "pdf"
HEADER, FOOTER = "تقرير شركة الزجاج السنوي", "صفحة {page} من {pages}"
LEFT_OUT = {
    "chromium": {"running"},
    "pango": {"table", "columns", "running"},
    "fpdf2": {"columns"},
    "reportlab": {"columns"},
}


_COVERED = re.compile(r"[\u0600-\u06ff\d\s.:!()«»]*", re.ASCII)


def layout_of(text: str, font: str) -> Layout:
    """Return the layout of a fixture by its name."""
    return Layout(
        font=font,
        columns=2 if text == "columns" else 1,
        header=HEADER if text == "running" else "",
        footer=FOOTER,
    )


def by_producer(texts: list[str], folder: Path, out: Path, fonts: list[str]) -> None:
    """Write `TEXT.PRODUCER.pdf` for each text and producer, and `TEXT.ghostscript.pdf` from LibreOffice's file."""
    for place, name in enumerate(texts):
        text = (folder / f"{name}.txt").read_text(encoding="utf-8")
        for number, (producer, make) in enumerate(PRODUCERS.items()):
            if name in LEFT_OUT.get(producer, ()):
                continue
            try:
                data = make(text, layout_of(name, fonts[(place + number) % len(fonts)]))
            except (OSError, ImportError) as error:
                print(f"{producer} is left out: {error}", file=sys.stderr)
                continue
            (out / f"{name}.{producer}.pdf").write_bytes(data)
            if producer == "libreoffice":
                (out / f"{name}.ghostscript.pdf").write_bytes(ghostscript(data))


def sampled(articles: Path, vocalised: Path | None, out: Path) -> list[str]:
    """Write texts drawn from files of JSON lines, and return their names.

    Articles have 600 to 1,800 characters, with digits, and only characters that every font has. Vocalised sentences are
    strings of any field.
    """
    chance = random.Random(20261129)
    bodies = [f"{article['title']}\n{article['body']}" for article in _rows(articles)]
    bodies = [text for text in bodies if 600 < len(text) < 1800 and re.search(r"\d", text) and _COVERED.fullmatch(text)]
    texts = {f"news{number}": "\n\n".join(text.split("\n")) for number, text in enumerate(chance.sample(bodies, 6))}
    if vocalised:
        sentences = [value for row in _rows(vocalised) for value in row.values() if isinstance(value, str)]
        sentences = [text for text in sentences if len(re.findall("[\u064b-\u0652]", text)) > 0.3 * len(text)]
        for number in range(3):
            texts[f"vocalised{number}"] = " ".join(" ".join(chance.sample(sentences, 4)).split())
    for name, text in texts.items():
        (out / f"{name}.txt").write_text(text, encoding="utf-8")
    return list(texts)


def _rows(path: Path) -> list[dict[str, Any]]:
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(3000), strict=False)]


def special(out: Path, font: str) -> None:
    """Write the PDFs of special kinds, from the news text as XeLaTeX and reportlab set it."""
    news = (FOLDER / "news.txt").read_text(encoding="utf-8")
    set_by_tex = PRODUCERS["xelatex"](news, Layout(font=font))
    layer, layer_text = ocr_layer(set_by_tex)
    (out / "ocr.tesseract.pdf").write_bytes(layer)
    (out / "ocr.txt").write_text(layer_text, encoding="utf-8")
    scanned = scan(set_by_tex, 2)
    (out / "scanned.pdf").write_bytes(scanned)
    (out / "partly_scanned.pdf").write_bytes(joined([PRODUCERS["pango"](news, Layout(font=font)), scanned]))
    (out / "encrypted.pdf").write_bytes(encrypted(PRODUCERS["pango"](news, Layout(font=font)), "secret"))
    (out / "restricted.pdf").write_bytes(encrypted(PRODUCERS["pango"](news, Layout(font=font)), ""))
    (out / "lost_letters.pdf").write_bytes(ghostscript(set_by_tex))
    lines = (FOLDER / "sideways.txt").read_text(encoding="utf-8")
    (out / "sideways.reportlab.pdf").write_bytes(sideways(lines))
    (out / "unordered.pdf").write_bytes(unordered(news))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("texts", nargs="*", default=["news", "vocalised", "table", "columns", "running"])
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--font", default="Amiri")
    parser.add_argument("--sample", type=Path, metavar="DOCS", help="draw articles from JSON lines")
    parser.add_argument("--vocalised", type=Path, metavar="FILE", help="draw vocalised sentences from JSON lines")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    if options.sample:
        names = sampled(options.sample, options.vocalised, options.out)
        by_producer(names, options.out, options.out, ["Amiri", "Noto Naskh Arabic"])
        return
    by_producer(options.texts, FOLDER, options.out, [options.font])
    if "news" in options.texts:
        special(options.out, options.font)


if __name__ == "__main__":
    main()
