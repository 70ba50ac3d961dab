"""The playground inside of the site runs, with the real library in the real Pyodide."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from built_site import site
from playwright.sync_api import Page, expect
from screenshot import LOADED, chromium
from site_view import viewing


@pytest.fixture(scope="module")
def page() -> Generator[Page]:
    with viewing(site()) as address, chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 800}, base_url=address)


@pytest.mark.deep
def test_it_runs_a_program_inside_of_the_site(page: Page) -> None:
    page.goto("/playground/about.html")
    page.get_by_text("Start it in this page").click()
    frame = page.frame_locator("iframe[title='The playground']")
    expect(frame.get_by_role("status")).to_have_text("Ready for the first step.", timeout=LOADED)
    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame.get_by_role("status")).to_contain_text("The program has ended.", timeout=LOADED)
    expect(frame.locator("#cards > li").last).to_contain_text("Success")
