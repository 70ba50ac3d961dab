"""Takes the pictures of `docs/guides/showing.md` in headless Chromium: the page of a response, light and dark.

    python tests/scripts/write_pictures.py

It needs what `tests/run setup` installs: Playwright and Debian's Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT, LOWER = 760, 1200, 780

sys.path[:0] = [str(ROOT / "docs" / "playground"), str(ROOT / "tests" / "support")]


def main() -> None:
    """Take them."""
    from screenshot import chromium
    from shown_example import AUDIT

    from puresponse.codecs import to_html

    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        file = Path(folder) / "page.html"
        file.write_text(to_html(AUDIT), encoding="utf-8")
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(file.as_uri())
        page.emulate_media(color_scheme="light")
        page.screenshot(path=PICTURES / "show-light.png")
        page.set_viewport_size({"width": WIDTH, "height": LOWER})
        page.emulate_media(color_scheme="dark")
        page.keyboard.press("/")
        page.keyboard.type("rhône")
        page.locator("mark").first.wait_for()
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURES / "show-dark.png")


if __name__ == "__main__":
    main()
