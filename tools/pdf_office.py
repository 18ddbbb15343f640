"""A document as a flat OpenDocument text (OpenDocument 1.3, part 3), which LibreOffice sets."""

from __future__ import annotations

from xml.sax.saxutils import escape

__all__ = ["flat_document"]

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    )
)  # fmt: skip


def flat_document(blocks: list[str], *, font: str, columns: int, header: str, footer: str) -> str:
    """Return the document of `blocks`: a table where a block has tabs, a heading first unless there is a header."""
    body: list[str] = []
    for number, block in enumerate(blocks):
        if "\t" in block:
            body.append(_table(block))
        elif number == 0 and not header:
            body.append(f'<text:p text:style-name="Heading">{escape(block)}</text:p>')
            if columns > 1:
                body.append('<text:section text:style-name="Columns" text:name="columns">')
        else:
            style = "Break" if header and number else "Standard"
            body.append(f'<text:p text:style-name="{style}">{escape(block)}</text:p>')
    if columns > 1:
        body.append("</text:section>")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"{_styles(font, columns)}{_master(header, footer)}"
        f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document>"
    )


def _styles(font: str, columns: int) -> str:
    def paragraph(name: str, size: int, more: str = "") -> str:
        return (
            f'<style:style style:name="{name}" style:family="paragraph">'
            f'<style:paragraph-properties style:writing-mode="rl-tb" fo:text-align="end" fo:margin-bottom="0.2cm" '
            f'{more}/><style:text-properties style:font-name="F" style:font-name-complex="F" fo:font-size="{size}pt" '
            f'style:font-size-complex="{size}pt" fo:language="ar" style:language-complex="ar"/></style:style>'
        )

    broken = paragraph("Break", 12, 'fo:break-before="page"')
    return (
        f'<office:font-face-decls><style:font-face style:name="F" svg:font-family="\'{font}\'"/>'
        f"</office:font-face-decls><office:styles>{paragraph('Standard', 12)}{paragraph('Heading', 16)}</office:styles>"
        '<office:automatic-styles><style:page-layout style:name="P"><style:page-layout-properties '
        'fo:page-width="14.8cm" fo:page-height="21cm" fo:margin="1.5cm" style:writing-mode="rl-tb"/>'
        "<style:header-style/><style:footer-style/></style:page-layout>"
        f"{broken}"
        '<style:style style:name="Columns" style:family="section"><style:section-properties style:writing-mode="rl-tb">'
        f'<style:columns fo:column-count="{columns}" fo:column-gap="1cm"/></style:section-properties></style:style>'
        '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties '
        'fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>'
        '<style:style style:name="Table" style:family="table"><style:table-properties style:writing-mode="rl-tb"/>'
        "</style:style></office:automatic-styles>"
    )


def _master(header: str, footer: str) -> str:
    fields = escape(footer).replace("{page}", "<text:page-number/>").replace("{pages}", "<text:page-count/>")
    running = (
        f"<style:header><text:p>{header}</text:p></style:header><style:footer><text:p>{fields}</text:p></style:footer>"
    )
    return (
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P">'
        f"{running if header else ''}</style:master-page></office:master-styles>"
    )


def _table(block: str) -> str:
    rows = [row.split("\t") for row in block.split("\n")]
    cell = '<table:table-cell table:style-name="Cell"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell.format(escape(text)) for text in row)}</table:table-row>" for row in rows
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
    return f'<table:table table:name="t" table:style-name="Table">{columns}{lines}</table:table>'
