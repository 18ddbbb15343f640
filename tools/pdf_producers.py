"""PDFs of one text by each producer: a browser, an office program, TeX engines and libraries.

A document is a text of blocks with blank lines between them. The first block is the title, unless the page has a running
header; a block with tabs is a table.
"""

from __future__ import annotations

import html
import io
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pdf_office import flat_document

__all__ = ["PRODUCERS", "Layout", "encrypted", "ghostscript", "joined", "ocr_layer", "scan", "sideways", "unordered"]

_FONT_FILES = {
    "Amiri": "/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf",
    "Noto Naskh Arabic": "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf",
    "DejaVu Sans": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is set: its font, columns, and the running header and footer of a document of several pages."""

    font: str = "Amiri"
    columns: int = 1
    header: str = ""
    footer: str = ""  # with {page} and {pages}

    @property
    def paged(self) -> bool:
        return bool(self.header)


def _blocks(text: str) -> list[str]:
    return [block for block in text.strip("\n").split("\n\n") if block.strip()]


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)


def _page(text: str, layout: Layout) -> str:
    """Return a document as HTML."""
    parts: list[str] = []
    for number, block in enumerate(_blocks(text)):
        if "\t" in block:
            rows = [row.split("\t") for row in block.split("\n")]
            cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            parts.append(f"<table border=1 cellpadding=4 dir=rtl>{cells}</table>")
        elif number == 0 and not layout.paged:
            parts.append(f"<h2>{html.escape(block)}</h2><div class=body>")
        else:
            style = " style='page-break-before: always'" if layout.paged and number else ""
            parts.append(f"<p{style}>{html.escape(block)}</p>")
    if not layout.paged:
        parts.append("</div>")
    footer = layout.footer.replace("{page}", '" counter(page) "').replace("{pages}", '" counter(pages) "')
    running = f'@top-center {{ content: "{layout.header}" }} @bottom-center {{ content: "{footer}" }}'
    columns = f".body {{ column-count: {layout.columns}; column-gap: 1cm }}" if layout.columns > 1 else ""
    css = (
        f"@page {{ size: A5; margin: 1.6cm; {running if layout.paged else ''} }}"
        f"body {{ font-family: '{layout.font}'; font-size: 12pt; line-height: 1.6 }}"
        f"h2 {{ font-weight: normal }} {columns}"
    )
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>untitled</title>'
        f'<style>{css}</style></head><body dir="rtl">{"".join(parts)}</body></html>'
    )


def chromium(text: str, layout: Layout) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.html").write_text(_page(text, layout), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        _run([*command, f"--user-data-dir={folder}/profile", "--print-to-pdf=a.pdf", "a.html"], folder)
        return (folder / "a.pdf").read_bytes()


def libreoffice(text: str, layout: Layout) -> bytes:
    options: dict[str, Any] = {"font": layout.font, "columns": layout.columns}
    document = flat_document(_blocks(text), header=layout.header, footer=layout.footer, **options)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.fodt").write_text(document, encoding="utf-8")
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
        _run([*command, "a.fodt"], folder)
        return (folder / "a.pdf").read_bytes()


def weasyprint(text: str, layout: Layout) -> bytes:
    from weasyprint import HTML

    data: bytes = HTML(string=_page(text, layout)).write_pdf()
    return data


_TEX_SIGNS = str.maketrans({c: rf"\{c}" for c in "%#&_$"})
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z][\w.@-]*(?: [A-Z0-9][\w.-]*)*|\d+\.\d+", re.ASCII)
"""Latin words and decimal numbers. XeTeX sets them in the wrong order unless they are marked."""


def _tex_source(text: str, layout: Layout, preamble: str, mark: str) -> str:
    parts: list[str] = []
    for number, block in enumerate(_blocks(text)):
        escaped = block.translate(_TEX_SIGNS)
        if mark:
            escaped = _LEFT_TO_RIGHT.sub(rf"\\{mark}{{\g<0>}}", escaped)
        if "\t" in block:
            rows = [row.replace("\t", " & ") for row in escaped.split("\n")]
            cells = " \\\\ \\hline\n".join(rows)
            width = rows[0].count("&") + 1
            parts.append(rf"\begin{{tabular}}{{|{'r|' * width}}}\hline {cells} \\ \hline\end{{tabular}}")
        elif number == 0 and not layout.paged:
            parts.append(rf"{{\Large {escaped}\par}}\medskip")
            if layout.columns > 1:
                parts.append(r"\begin{multicols}{2}")
        else:
            parts.append((r"\newpage " if layout.paged and number else "") + escaped)
    if layout.columns > 1:
        parts.append(r"\end{multicols}")
    running = ""
    if layout.paged:
        footer = layout.footer.format(page=r"\thepage{}", pages=str(len(_blocks(text))))
        running = rf"\usepackage{{fancyhdr}}\pagestyle{{fancy}}\fancyhf{{}}\chead{{{layout.header}}}\cfoot{{{footer}}}"
    page = r"\usepackage[a5paper,margin=1.8cm]{geometry}\usepackage{multicol}\raggedcolumns\parindent0pt\parskip6pt"
    start = rf"\documentclass[11pt]{{article}}{page}{running}{preamble}"
    if not layout.paged:
        start += r"\pagestyle{empty}"
    return rf"{start}\begin{{document}}" + "\n\n".join(["", *parts, ""]) + r"\end{document}"


def _tex(program: str, text: str, layout: Layout, preamble: str, mark: str = "") -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.tex").write_text(_tex_source(text, layout, preamble, mark), encoding="utf-8")
        _run([program, "-interaction=nonstopmode", "-halt-on-error", "a.tex"], folder)
        return (folder / "a.pdf").read_bytes()


def xelatex(text: str, layout: Layout) -> bytes:
    preamble = (
        r"\usepackage{polyglossia}\setmainlanguage[numerals=maghrib]{arabic}\setotherlanguage{english}"
        rf"\newfontfamily\arabicfont[Script=Arabic]{{{layout.font}}}\setmainfont{{{layout.font}}}\newfontfamily\englishfont{{{layout.font}}}"
    )
    return _tex("xelatex", text, layout, preamble, "textenglish")


def lualatex(text: str, layout: Layout) -> bytes:
    preamble = (
        r"\usepackage[bidi=basic,layout=tabular]{babel}\babelprovide[import,main]{arabic}\usepackage{fontspec}"
        rf"\babelfont{{rm}}[Renderer=HarfBuzz]{{{layout.font}}}"
    )
    return _tex("lualatex", text, layout, preamble)


def pango(text: str, layout: Layout) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.txt").write_text(text, encoding="utf-8")
        command = ["pango-view", "--no-display", "--backend=cairo", "--rtl", f"--font={layout.font} 12"]
        _run([*command, "--width=340", "--wrap=word", "--margin=40", "--dpi=72", "--output=a.pdf", "a.txt"], folder)
        return (folder / "a.pdf").read_bytes()


def fpdf2(text: str, layout: Layout) -> bytes:
    from fpdf import FPDF

    def header(pdf: Any) -> None:
        if layout.paged:
            pdf.set_font("main", size=9)
            pdf.cell(0, 8, layout.header, align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(pdf: Any) -> None:
        if layout.paged:
            pdf.set_y(-15)
            pdf.set_font("main", size=9)
            pdf.cell(0, 8, layout.footer.format(page=pdf.page_no(), pages=len(_blocks(text))), align="C")

    document: Any = type("Document", (FPDF,), {"header": header, "footer": footer})
    pdf = document(format="A5")
    pdf.add_font("main", "", _FONT_FILES[layout.font])
    pdf.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="ara")
    pdf.add_page()
    for number, block in enumerate(_blocks(text)):
        if layout.paged and number:
            pdf.add_page()
        pdf.set_font("main", size=15 if number == 0 and not layout.paged else 11)
        if "\t" in block:
            with pdf.table(first_row_as_headings=False, text_align="RIGHT") as table:
                for row in block.split("\n"):
                    line = table.row()
                    for cell in reversed(row.split("\t")):
                        line.cell(cell)
            pdf.ln(4)
        else:
            pdf.multi_cell(0, 7, block, align="R", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(3)
    return bytes(pdf.output())


def reportlab(text: str, layout: Layout) -> bytes:
    """Set lines that arabic-reshaper and python-bidi have put into visual order, as older programs do."""
    from arabic_reshaper import ArabicReshaper
    from bidi.algorithm import get_display
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    reshaper = ArabicReshaper({"delete_harakat": False, "support_ligatures": True})
    pdfmetrics.registerFont(TTFont("main", _FONT_FILES["DejaVu Sans"]))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A5)
    width, height = A5
    margin = 45.0

    def shown(line: str) -> str:
        return str(get_display(reshaper.reshape(line), base_dir="R"))

    def start_page(page: int) -> float:
        if layout.paged:
            canvas.setFont("main", 8)
            canvas.drawCentredString(width / 2, height - 30, shown(layout.header))
            footer = layout.footer.format(page=page, pages=len(_blocks(text)))
            canvas.drawCentredString(width / 2, 25, shown(footer))
        return float(height - margin - 15)

    y = start_page(1)
    if layout.columns > 1:
        title, *blocks = _blocks(text)
        canvas.setFont("main", 14)
        canvas.drawRightString(width - margin, y, shown(title))
        half = (width - 3 * margin) / 2
        lines = [line for block in blocks for line in [*_wrapped(block, 9, half, shown, pdfmetrics), ""]]
        middle = (len(lines) + 1) // 2
        for place in range(middle):  # row by row, across both columns
            y -= 15
            canvas.setFont("main", 9)
            canvas.drawRightString(width - margin, y - 10, shown(lines[place]))
            canvas.drawRightString(margin + half, y - 10, shown("".join(lines[middle + place : middle + place + 1])))
        canvas.save()
        return stream.getvalue()
    for number, block in enumerate(_blocks(text)):
        if layout.paged and number:
            canvas.showPage()
            y = start_page(number + 1)
        size = 14.0 if number == 0 and not layout.paged else 10.0
        canvas.setFont("main", size)
        for row in block.split("\n") if "\t" in block else _wrapped(block, size, width - 2 * margin, shown, pdfmetrics):
            cells = row.split("\t")
            step = (width - 2 * margin) / len(cells)
            for column, cell in enumerate(cells):
                canvas.drawRightString(width - margin - column * step, y, shown(cell))
            y -= 1.6 * size
        y -= 8
    canvas.save()
    return stream.getvalue()


def _wrapped(block: str, size: float, width: float, shown: Callable[[str], str], metrics: Any) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in block.split():
        longer = f"{line} {word}".strip()
        if line and metrics.stringWidth(shown(longer), "main", size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def ghostscript(pdf: bytes) -> bytes:
    """Return a PDF as Ghostscript rewrites it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.pdf").write_bytes(pdf)
        _run(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", "b.pdf", "a.pdf"], folder)
        return (folder / "b.pdf").read_bytes()


def _picture(pdf: bytes, folder: Path, dpi: int) -> Path:
    (folder / "a.pdf").write_bytes(pdf)
    device = ["-sDEVICE=pnggray", f"-r{dpi}", "-dTextAlphaBits=4", "-dLastPage=1"]
    _run(["gs", "-q", "-dBATCH", "-dNOPAUSE", *device, "-o", "a.png", "a.pdf"], folder)
    return folder / "a.png"


def ocr_layer(pdf: bytes) -> tuple[bytes, str]:
    """Return the first page as Tesseract reads it: a PDF with invisible text, and the text."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _picture(pdf, folder, 250)
        _run(["tesseract", "a.png", "out", "-l", "ara", "-c", "textonly_pdf=1", "pdf", "txt"], folder)
        return (folder / "out.pdf").read_bytes(), (folder / "out.txt").read_text(encoding="utf-8")


def scan(pdf: bytes, pages: int) -> bytes:
    """Return a PDF whose pages are pictures, without any text."""
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    with tempfile.TemporaryDirectory() as name:
        picture = _picture(pdf, Path(name), 40)
        canvas = Canvas(stream, pagesize=A5)
        for _ in range(pages):
            canvas.drawImage(str(picture), 0, 0, *A5)
            canvas.showPage()
        canvas.save()
    return stream.getvalue()


def unordered(text: str) -> bytes:
    """Return a PDF of a program that knows no Arabic: letters in isolated forms, from left to right."""
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("main", _FONT_FILES["DejaVu Sans"]))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A5)
    y = A5[1] - 60
    for block in _blocks(text):
        canvas.setFont("main", 10)
        for line in _wrapped(block, 10, A5[0] - 90, str, pdfmetrics):
            canvas.drawString(45, y, line)
            y -= 16
        y -= 8
    canvas.save()
    return stream.getvalue()


def sideways(text: str) -> bytes:
    """Return a PDF whose lines run up the page, as those of a wide table."""
    from arabic_reshaper import ArabicReshaper
    from bidi.algorithm import get_display
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("main", _FONT_FILES["DejaVu Sans"]))
    reshaper = ArabicReshaper({"delete_harakat": False})
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A5)
    canvas.setFont("main", 10)
    canvas.rotate(90)
    for number, line in enumerate(text.strip().split("\n")):
        canvas.drawRightString(A5[1] - 45, -60 - 20 * number, get_display(reshaper.reshape(line), base_dir="R"))
    canvas.save()
    return stream.getvalue()


def joined(pdfs: Sequence[bytes]) -> bytes:
    """Return one PDF of the pages of several."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for pdf in pdfs:
        whole.import_pages(pypdfium2.PdfDocument(pdf))
    stream = io.BytesIO()
    whole.save(stream)
    return stream.getvalue()


def encrypted(pdf: bytes, password: str) -> bytes:
    """Return a PDF that opens with a password; with an empty one, it opens without asking."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.add_metadata(
        {"/Title": "تقرير المكتبة", "/Author": "قسم الأخبار", "/CreationDate": "D:20150721093000+03'00'"}
    )
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


PRODUCERS: dict[str, Callable[[str, Layout], bytes]] = {
    "chromium": chromium,
    "libreoffice": libreoffice,
    "xelatex": xelatex,
    "lualatex": lualatex,
    "weasyprint": weasyprint,
    "pango": pango,
    "fpdf2": fpdf2,
    "reportlab": reportlab,
}
