"""The playground inside of the site: nothing of it is loaded before it is asked for, and then it runs."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from built_site import site
from playwright.sync_api import Page, Route, expect
from screenshot import LOADED, chromium
from site_view import viewing


@pytest.fixture(scope="module")
def page() -> Generator[Page]:
    with viewing(site()) as address, chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 800}, base_url=address)


def test_it_is_loaded_when_the_reader_opens_it_from_the_same_folder(page: Page) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/pyodide/**", refuse)
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/index.html")
    page.get_by_role("link", name="Playground").first.click()
    page.wait_for_load_state("networkidle")
    inside = re.compile(r"/playground/(?!about\.html)")
    assert [url for url in asked if inside.search(url)] == []
    page.get_by_text("Start it in this page").click()
    frame = page.frame_locator("iframe[title='The playground']")
    expect(frame.get_by_role("button", name="Step", exact=True)).to_be_visible()
    assert next(url for url in asked if inside.search(url)).endswith("/playground/index.html")
    page.unroute("**/pyodide/**")


@pytest.mark.deep
def test_it_runs_a_program_inside_of_the_site(page: Page) -> None:
    page.goto("/playground/about.html")
    page.get_by_text("Start it in this page").click()
    frame = page.frame_locator("iframe[title='The playground']")
    expect(frame.get_by_role("status")).to_have_text("Ready for the first step.", timeout=LOADED)
    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame.get_by_role("status")).to_contain_text("The program has ended.", timeout=LOADED)
    expect(frame.locator("#cards > li").last).to_contain_text("Success")
