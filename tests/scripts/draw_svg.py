"""What every picture of docs is made of: text, boxes and lines as SVG, in the colours of a light page and a dark one.

Law: a picture is read as wide as a telephone is (`WIDTH`), by whoever sees it and by whoever is read to: no letter is
smaller than `TEXT`, each colour has a partner for the dark, the picture paints its own ground, and title and
description are in it. How wide a text is, is estimated by a wide font, DejaVu Sans, so that all others fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH = 352
"""A telephone of 320 shows it at nine tenths of its size."""
MARGIN = 12
TEXT = 14
LINE = 20

COLOURS = {
    "page": ("#ffffff", "#0d1117"),
    "card": ("#f6f8fa", "#161b22"),
    "edge": ("#8c959f", "#6e7681"),
    "grid": ("#d1d9e0", "#30363d"),
    "text": ("#1f2328", "#f0f6fc"),
    "soft": ("#59636e", "#9aa4ae"),
    "blue": ("#0860ca", "#58a6ff"),
    "green": ("#1a7431", "#3fb950"),
    "red": ("#c0202b", "#ff7b72"),
    "brown": ("#8a5a00", "#d8a12f"),
    "cyan": ("#1b6b75", "#56d4dd"),
    "purple": ("#7a3fc4", "#d2a8ff"),
    "gray": ("#818b98", "#6e7681"),
    "tint": ("#ddf4ff", "#12284a"),
}
"""What each is on a light page, and on a dark one."""

_NARROW, _WIDE = "iIjl.,:;'|!()[]{} ftr/\\-", "mwMW@%—→←…"
_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
MONO_ADVANCE = 0.6021
"""How wide a letter of a font for code is, for each pixel of its size."""


def style() -> str:
    """The style sheet: `.fill-x` and `.line-x` for each colour, and what texts are."""

    def rules(which: int) -> str:
        return "".join(
            f".fill-{name}{{fill:{pair[which]}}}.line-{name}{{stroke:{pair[which]}}}" for name, pair in COLOURS.items()
        )

    return (
        f"svg{{color-scheme:light dark}}text{{font:{TEXT}px {_SANS}}}.b{{font-weight:600}}.m{{font-family:{_MONO}}}"
        ".h{font-size:17px;font-weight:600}.n{fill:none}.d{stroke-dasharray:5 4}"
        f"{rules(0)}@media(prefers-color-scheme:dark){{{rules(1)}}}"
    )


def width_of(text: str, *, mono: bool = False, bold: bool = False, size: float = TEXT) -> float:
    """How many pixels a text takes at most."""
    if mono:
        return len(text) * MONO_ADVANCE * size
    wide = sum(0.38 if c in _NARROW else 0.95 if c in _WIDE else 0.7 if c.isupper() else 0.62 for c in text)
    return wide * size * (1.1 if bold else 1.0)


def wrapped(text: str, width: float, *, mono: bool = False, bold: bool = False, size: float = TEXT) -> list[str]:
    """The text in lines that are no wider than that, broken between words."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", mono=mono, bold=bold, size=size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class Drawing:
    """A picture that is being drawn, from its top to its bottom: `y` is how far it is."""

    def __init__(self, title: str, description: str, *, width: int = WIDTH) -> None:
        self.width = width
        self.y = 0.0
        self._title, self._description = title, description
        self._drawn: list[str] = []
        self._told: list[str] = []

    def heading(self, under: str = "") -> None:
        """The title, and a line or more under it."""
        self.y = 10.0
        self.block(MARGIN, self._title, self.width - 2 * MARGIN, kind="h", size=17, leading=23)
        if under:
            self.y += 4
            self.block(MARGIN, under, self.width - 2 * MARGIN, colour="soft")
        self.y += 10

    def text(self, x: float, y: float, text: str, *, colour: str = "text", kind: str = "", anchor: str = "") -> None:
        """A line of text: `y` is where its letters stand."""
        classes = f"fill-{colour} {kind}".strip()
        where = f' text-anchor="{anchor}"' if anchor else ""
        space = ' xml:space="preserve"' if "  " in text or text != text.strip() else ""
        self._drawn.append(f'<text class="{classes}" x="{_at(x)}" y="{_at(y)}"{where}{space}>{escape(text)}</text>')

    def block(
        self,
        x: float,
        text: str,
        width: float,
        *,
        colour: str = "text",
        kind: str = "",
        size: float = TEXT,
        leading: float = LINE,
    ) -> None:
        """Text in as many lines as it takes, from `y` on."""
        for line in wrapped(text, width, mono="m" in kind.split(), bold=kind in ("b", "h"), size=size):
            self.y += leading
            self.text(x, self.y - 5, line, colour=colour, kind=kind)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "card",
        edge: str = "edge",
        radius: float = 6,
        dashed: bool = False,
    ) -> None:
        """A box; without `fill` or `edge` it has none."""
        classes = [f"fill-{fill}" if fill else "n", *([f"line-{edge}"] if edge else []), *(["d"] if dashed else [])]
        self._drawn.append(
            f'<rect class="{" ".join(classes)}" x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" '
            f'height="{_at(height)}" rx="{_at(radius)}"/>'
        )

    def path(
        self, points: Sequence[tuple[float, float]], *, colour: str = "edge", width: float = 1.5, dashed: bool = False
    ) -> None:
        """A line through the points."""
        way = " ".join(f"{_at(x)},{_at(y)}" for x, y in points)
        dash = " d" if dashed else ""
        self._drawn.append(f'<polyline class="n line-{colour}{dash}" stroke-width="{_at(width)}" points="{way}"/>')

    def arrow(self, *points: tuple[float, float], colour: str = "edge", dashed: bool = False) -> None:
        """A line through the points, with a head at the last: the last part runs along or down."""
        (x0, y0), (x, y) = points[-2:]
        dx, dy = (0 if x == x0 else 1 if x > x0 else -1), (0 if y == y0 else 1 if y > y0 else -1)
        self.path((*points[:-1], (x - 5 * dx, y - 5 * dy)), colour=colour, dashed=dashed)
        left, right = (x - 8 * dx - 4 * dy, y - 8 * dy - 4 * dx), (x - 8 * dx + 4 * dy, y - 8 * dy + 4 * dx)
        tips = " ".join(f"{_at(a)},{_at(b)}" for a, b in ((x, y), left, right))
        self._drawn.append(f'<polygon class="fill-{colour}" points="{tips}"/>')

    def tell(self, words: str) -> None:
        """Add a sentence to what is read to whoever does not see the picture."""
        self._told.append(words)

    def svg(self) -> str:
        """The picture, down to `y`."""
        height = round(self.y + MARGIN)
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
                f'height="{height}" role="img" aria-labelledby="t d">',
                f'<title id="t">{escape(self._title)}</title>',
                f'<desc id="d">{escape(" ".join([self._description, *self._told]).strip())}</desc>',
                f"<style>{style()}</style>",
                f'<rect class="fill-page line-grid" x="0.5" y="0.5" width="{self.width - 1}" height="{height - 1}" '
                'rx="8"/>',
                *self._drawn,
                "</svg>",
                "",
            ]
        )


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
