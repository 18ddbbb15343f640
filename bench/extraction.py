"""How much of the text of a PDF comes out right, by the program that made the PDF and the library that reads it?

    python -m bench.extraction                     # the PDFs of the tests
    python -m bench.extraction FOLDER              # of your own: TEXT.PRODUCER.pdf beside TEXT.txt

arsearch is compared with pypdf, pypdfium2's own order, pdftotext and PyMuPDF, as far as they are installed. Characters are
counted by edit distance after NFKC, words and numbers as multisets (F1). Texts whose name begins with `voc` are
vocalised, and have means of their own.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from arsearch.errors import InputError
from arsearch.readers import read_articles
from bench.extraction_measures import Quality, mean, quality
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

FOLDER = Path(__file__).parent.parent / "tests" / "fixtures" / "pdf"
Extractor = Callable[[Path], str]


def main(arguments: list[str] | None = None) -> None:
    """Read every PDF with every library, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    pairs = pairs_of(options.folder)
    if not pairs:
        raise InputError(f"{options.folder}: no TEXT.PRODUCER.pdf beside a TEXT.txt")
    libraries, producers = [], []
    for name, extract in extractors().items():
        start = time.perf_counter()
        found = [(path, quality(text, extract(path))) for path, text in pairs]
        libraries.append({"library": name, **summary(found), "seconds": time.perf_counter() - start})
        if name == "arsearch":
            producers = by_producer(found)
    pages = f"{len(pairs)} PDFs of {len(producers)} producers"
    report = {"machine": describe_machine(), "corpus": {"pdf": pages}, "libraries": libraries, "producers": producers}
    sections = [
        ("By library, %", table(libraries, list(libraries[0]))),
        ("arsearch by producer, %", table(producers, list(producers[0]))),
    ]
    print_report(report, sections, as_json=options.json)


def pairs_of(folder: Path) -> list[tuple[Path, str]]:
    """Return the PDFs of a folder that have an expected text, and the texts."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    paths = sorted(path for path in folder.glob("*.*.pdf") if path.name.partition(".")[0] in texts)
    return [(path, texts[path.name.partition(".")[0]]) for path in paths]


def summary(found: list[tuple[Path, Quality]]) -> dict[str, Any]:
    """Return the means of unvocalised and vocalised texts, and the least mean of a producer in words."""
    plain = [one for path, one in found if not is_vocalised(path)]
    vocalised = [one for path, one in found if is_vocalised(path)]
    producers = {producer(path) for path, _ in found if not is_vocalised(path)}
    worst = min(
        mean([one for path, one in found if producer(path) == name and not is_vocalised(path)]).words
        for name in producers
    )
    return percents("", mean(plain)) | {
        "vocalised characters": round(100 * mean(vocalised).characters, 1) if vocalised else None,
        "worst producer, words": round(100 * worst, 1),
    }


def by_producer(found: list[tuple[Path, Quality]]) -> list[dict[str, Any]]:
    """Return the means of each producer."""
    rows: list[dict[str, Any]] = []
    for name in sorted({producer(path) for path, _ in found}):
        own = [(path, one) for path, one in found if producer(path) == name]
        plain = [one for path, one in own if not is_vocalised(path)]
        vocalised = [one for path, one in own if is_vocalised(path)]
        row: dict[str, Any] = {"producer": name, "PDFs": len(own)}
        row |= percents("", mean(plain)) if plain else {}
        row |= percents("vocalised ", mean(vocalised)) if vocalised else {}
        rows.append(row)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return [{key: row.get(key) for key in columns} for row in rows]


def percents(prefix: str, one: Quality) -> dict[str, float]:
    """Return a quality in percent, under names with a prefix."""
    return {f"{prefix}{name}": round(100 * value, 1) for name, value in one._asdict().items()}


def producer(path: Path) -> str:
    """Return the producer in the name of a PDF."""
    return path.name.split(".")[1]


def is_vocalised(path: Path) -> bool:
    """Tell whether the text of a PDF is vocalised, by its name."""
    return path.name.startswith("voc")


def extractors() -> dict[str, Extractor]:
    """Return the libraries that are installed, under their names with versions."""
    found: dict[str, Extractor] = {"arsearch": _arsearch, f"pypdfium2 {_version('pypdfium2')}": _pypdfium2}
    for package, extract in (("pypdf", _pypdf), ("pymupdf", _pymupdf)):
        if version := _version(package):
            found[f"{package} {version}"] = extract
    if shutil.which("pdftotext"):
        found["pdftotext"] = _pdftotext
    return found


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _arsearch(path: Path) -> str:
    return "\n".join(str(record.data["body"]) for record in read_articles(path) if record.data)


def _pypdfium2(path: Path) -> str:
    import pypdfium2

    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


def _pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def _pymupdf(path: Path) -> str:
    pymupdf: Any = importlib.import_module("pymupdf")
    return "\n".join(page.get_text() for page in pymupdf.open(path))


def _pdftotext(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    run(main)
