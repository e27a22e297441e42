#!/usr/bin/env python3
"""Makes pictures of the full screen, docs/{fr,en}/chat.svg, from the cells that its test keeps.

    tests/picture.py            writes both; run it when tests/screens/*/fullscreen.txt has changed

A row of cells is one line of text whose length is given, so that any font keeps the columns."""

from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
COLUMNS, ROWS = 80, 24
WIDTH, HEIGHT, MARGIN = 9, 20, 12
TITLES = {"fr": "Kith en plein écran", "en": "Kith on the full screen"}


def picture(cells: str, title: str) -> str:
    rows = [row.ljust(COLUMNS)[:COLUMNS] for row in cells.splitlines()[:ROWS]]
    rows += [" " * COLUMNS] * (ROWS - len(rows))
    wide, high = COLUMNS * WIDTH + 2 * MARGIN, ROWS * HEIGHT + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{wide}" height="{high}" rx="8" fill="#1b1b1b"/>',
        '<g fill="#e6e6e6" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="15" xml:space="preserve">',
    ]
    for number, row in enumerate(rows):
        text = row.rstrip()
        if text:
            at = f'x="{MARGIN}" y="{MARGIN + number * HEIGHT + 15}" textLength="{len(text) * WIDTH}"'
            lines.append(f"<text {at}>{escape(text)}</text>")
    return "\n".join([*lines, "</g>", "</svg>", ""])


for language, title in TITLES.items():
    cells = (ROOT / "tests/screens" / language / "fullscreen.txt").read_text(encoding="utf-8")
    path = ROOT / "docs" / language / "chat.svg"
    path.write_text(picture(cells, title), encoding="utf-8")
    print(path.relative_to(ROOT))
