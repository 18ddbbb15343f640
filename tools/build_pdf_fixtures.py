"""Make the PDFs of tests/fixtures/pdf from the texts beside them, with each producer that is installed.

    python tools/build_pdf_fixtures.py                    # all
    python tools/build_pdf_fixtures.py news vocalised     # some texts
    python tools/build_pdf_fixtures.py --out /tmp/pdfs --font "Noto Naskh Arabic"

Debian's packages: chromium libreoffice-writer texlive-xetex texlive-luatex texlive-lang-arabic pango1.0-tools
ghostscript tesseract-ocr-ara fonts-hosny-amiri fonts-noto-core. Python's: weasyprint fpdf2 uharfbuzz reportlab
arabic-reshaper python-bidi pypdf. A producer that is missing is left out with a message.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pdf_producers import PRODUCERS, Layout, encrypted, ghostscript, joined, ocr_layer, scan, unordered

FOLDER = Path(__file__).parent.parent / "tests" / "fixtures" / "pdf"
HEADER, FOOTER = "تقرير شركة الزجاج السنوي", "صفحة {page} من {pages}"
LEFT_OUT = {
    "chromium": {"running"},
    "pango": {"table", "columns", "running"},
    "fpdf2": {"columns"},
    "reportlab": {"columns"},
}


def layout_of(text: str, font: str) -> Layout:
    """Return the layout of a fixture by its name."""
    return Layout(
        font=font,
        columns=2 if text == "columns" else 1,
        header=HEADER if text == "running" else "",
        footer=FOOTER,
    )


def by_producer(texts: list[str], out: Path, font: str) -> None:
    """Write `TEXT.PRODUCER.pdf` for each text and producer, and `TEXT.ghostscript.pdf` from LibreOffice's file."""
    for name in texts:
        text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        for producer, make in PRODUCERS.items():
            if name in LEFT_OUT.get(producer, ()):
                continue
            try:
                data = make(text, layout_of(name, font))
            except (OSError, ImportError) as error:
                print(f"{producer} is left out: {error}", file=sys.stderr)
                continue
            (out / f"{name}.{producer}.pdf").write_bytes(data)
            if producer == "libreoffice":
                (out / f"{name}.ghostscript.pdf").write_bytes(ghostscript(data))


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
    (out / "unordered.pdf").write_bytes(unordered(news))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("texts", nargs="*", default=["news", "vocalised", "table", "columns", "running"])
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--font", default="Amiri")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    by_producer(options.texts, options.out, options.font)
    if "news" in options.texts:
        special(options.out, options.font)


if __name__ == "__main__":
    main()
