"""Writes the page of a response that `docs/guides/showing.md` links to, and takes its pictures, light and dark.

    python tests/scripts/write_pictures.py

The pictures are of a window that is hardly wider than a telephone, so that they can be read on one.

It needs what `tests/run setup` installs: Playwright and Debian's Chromium.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
TRANSCRIPT = PICTURES / "transcript.html"
WIDTH, HEIGHT, LOWER = 400, 1500, 760

sys.path[:0] = [str(ROOT / "docs" / "playground"), str(ROOT / "tests" / "support")]


def main() -> None:
    """Write it, and take them."""
    from screenshot import chromium
    from shown_example import AUDIT

    from puresponse.codecs import to_html

    TRANSCRIPT.write_text(to_html(AUDIT), encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(TRANSCRIPT.as_uri())
        page.emulate_media(color_scheme="light")
        page.locator("h2").first.evaluate("title => title.scrollIntoView()")
        page.screenshot(path=PICTURES / "show-light.png")
        page.set_viewport_size({"width": WIDTH, "height": LOWER})
        page.emulate_media(color_scheme="dark")
        page.keyboard.press("/")
        page.keyboard.type("rhône")
        page.locator("mark").first.wait_for()
        page.locator("h2").first.evaluate("title => title.scrollIntoView()")
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURES / "show-dark.png")


if __name__ == "__main__":
    main()
