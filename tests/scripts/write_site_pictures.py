"""Takes pictures of the built site in headless Chromium: the front page, a page of the reference, a how-to.

    python tests/scripts/write_site_pictures.py

It needs what `tests/run setup` installs, and the site, which `tests/run docs` builds.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1100, 760

TAKEN: dict[str, tuple[str, Literal["light", "dark"]]] = {
    "site-front-light.png": ("index.html", "light"),
    "site-front-dark.png": ("index.html", "dark"),
    "site-reference.png": ("reference/names/responses.html#cancel_response", "light"),
    "site-how-to.png": ("how-to/delete-thousands.html", "light"),
}

sys.path[:0] = [str(ROOT / "docs" / "playground"), str(ROOT / "docs" / "site")]


def main() -> None:
    """Take them."""
    from screenshot import chromium
    from site_view import viewing

    with viewing() as address, chromium() as browser:
        for name, (page, scheme) in TAKEN.items():
            view = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme, reduced_motion="reduce"
            )
            view.goto(address + page)
            view.wait_for_load_state("networkidle")
            view.screenshot(path=PICTURES / name)
            print(f"{name}: {(PICTURES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
