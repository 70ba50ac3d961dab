"""Takes the screenshot of the playground that the READMEs show, in headless Chromium.

    python docs/playground/screenshot.py

It needs what `tests/run setup` installs: Playwright, Pyodide and Debian's Chromium.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, expect, sync_playwright
from serve import PLAYGROUND, assemble, listen

CHROMIUM = "/usr/bin/chromium"
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SCREENSHOT = PLAYGROUND / "screenshot.png"
WIDTH, HEIGHT = 1360, 930
LOADED = 120_000
"""Milliseconds that loading Python may take: on a machine that is busy, many times what it takes on another."""


@contextmanager
def serving(folder: Path) -> Generator[str]:
    """Serve `folder` from a thread while the block runs, and return the URL of the page."""
    with listen(folder) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium() -> Generator[Browser]:
    """Run Debian's Chromium, headless, while the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def photograph(page: Page, target: Path) -> None:
    """Take the screenshot of a page that has loaded: in the middle of a retry, with the last answer open."""
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.get_by_label("Example").select_option("Retry: 503, then success")
    expect(page.get_by_role("status")).to_have_text("Ready for the first step.")
    for number in (1, 2, 3):
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.locator("#cards > li")).to_have_count(number)
    page.locator("#steps-title").focus()
    page.screenshot(path=target)


def main() -> None:
    """Take it."""
    with tempfile.TemporaryDirectory() as name:
        assemble(Path(name))
        with serving(Path(name)) as url, chromium() as browser:
            page = browser.new_page()
            page.goto(url)
            expect(page.locator("#next")).to_be_visible(timeout=LOADED)
            photograph(page, SCREENSHOT)
    print(f"{SCREENSHOT}: {SCREENSHOT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
