"""The site in headless Chromium, over loopback: light and dark, narrow and wide, by keyboard.

One context of one browser serves all tests. What holds of every page is asked of every article, in the frame of one
page.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal

import pytest
from built_site import pages, site
from playwright.sync_api import BrowserContext, Page, Route, expect
from screenshot import chromium
from site_view import viewing

AUDIT = (Path(__file__).parent / "site_audit.js").read_text()


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    with viewing(site()) as url:
        yield url


@pytest.fixture(scope="module")
def context() -> Generator[BrowserContext]:
    with chromium() as running:
        yield running.new_context()


def opened(context: BrowserContext, address: str, scheme: Literal["light", "dark"], narrow: bool = False) -> Page:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640} if narrow else {"width": 1280, "height": 800})
    page.add_init_script(AUDIT)
    page.goto(address)
    return page


@pytest.fixture(scope="module")
def audited(context: BrowserContext, address: str) -> dict[str, Any]:
    """What is wrong with the pages: each at 320 pixels, light and dark."""
    page = opened(context, address, "light", narrow=True)
    found: dict[str, Any] = page.evaluate(
        "pages => audit.all(pages)", [f"/{name}" for name in pages() if name != "404.html"]
    )
    assert found["texts"] > 300_000
    assert found["places"] > 100
    return found


def test_no_page_is_wider_than_a_telephone_of_320_pixels(audited: dict[str, Any]) -> None:
    assert audited["wide"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_text_of_every_page_has_the_contrast_of_wcag_aa(audited: dict[str, Any], scheme: str) -> None:
    assert audited[scheme] == []


@pytest.mark.parametrize("name", ["index.html", "search.html?q=cassette", "404.html"])
def test_what_is_around_the_pages_has_that_contrast_and_that_width_too(
    context: BrowserContext, address: str, name: str
) -> None:
    page = opened(context, address + name, "light")
    if name.startswith("search"):
        expect(page.locator("#search-results li").first).to_be_visible()
    for narrow in (False, True):
        page.set_viewport_size({"width": 320, "height": 640} if narrow else {"width": 1280, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("audit.contrast()") == [], (scheme, narrow)
    assert page.evaluate("audit.wide()") == []


def test_the_audit_sees_grey_text_and_a_wide_box(context: BrowserContext, address: str) -> None:
    page = opened(context, address, "light", narrow=True)
    page.add_style_tag(content="article td a { color: #999 !important } article h1 { width: 400px }")
    assert "2.85" in page.evaluate("audit.contrast()[0]")
    assert "h1" in page.evaluate("audit.wide()[0]")


def test_the_skip_link_is_the_first_that_tab_reaches_and_leads_to_the_content(
    context: BrowserContext, address: str
) -> None:
    page = opened(context, address, "light")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Skip to content")
    expect(focused).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#furo-main-content$"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.content') !== null")


FOCUSED = """
() => {
  window.focused = [];
  addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target);
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    const seen = ring && Number(style.opacity) > 0;
    focused.push({ target, seen, what: target.outerHTML.slice(0, 120) });
  });
}
"""

SCROLLED = """
async () => {
  for (let frame = 0; frame < 300 && !document.activeElement.scrollLeft; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return document.activeElement.scrollLeft;
}
"""

REACHABLE = """
() => [...document.querySelectorAll("a[href], input[name='q'], button, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && one.getClientRects().length && getComputedStyle(one).visibility !== "hidden")
  .filter((one) => !focused.some(({ target }) => target === one))
  .map((one) => one.outerHTML.slice(0, 120))
"""


def test_tab_reaches_every_link_and_the_search_and_the_focus_is_seen(context: BrowserContext, address: str) -> None:
    page = opened(context, address + "transports/stubs.html", "light")
    page.evaluate(FOCUSED)
    links = page.locator("a[href]").count()
    assert links > 100
    for _ in range(links + 10):
        page.keyboard.press("Tab")
    assert page.evaluate(REACHABLE) == []
    walked: list[dict[str, Any]] = page.evaluate("focused.map(({ seen, what }) => ({ seen, what }))")
    assert [at["what"] for at in walked if not at["seen"]] == []
    assert any("sidebar-search" in at["what"] for at in walked)


def test_the_search_is_used_by_keyboard_alone(context: BrowserContext, address: str) -> None:
    page = opened(context, address, "light")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("cassette")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_be_visible()


def test_code_and_tables_that_scroll_take_the_focus_and_scroll_by_arrow(context: BrowserContext, address: str) -> None:
    page = opened(context, address + "reference/settings.html", "light", narrow=True)
    for selector in (".highlight pre[tabindex='0']", ".table-wrapper[tabindex='0']"):
        scrolled = page.locator(selector).first
        scrolled.focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate(SCROLLED) > 0
        assert scrolled.get_attribute("aria-label")


def test_a_page_asks_nobody_but_its_own_server_and_the_browser_has_nothing_to_say(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index.html", "search.html?q=cassette", "guides/patterns.html"):
        page.goto(address + name)
        page.wait_for_load_state("networkidle")
    assert complaints == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_light_and_dark_are_the_readers_to_choose_and_are_kept(context: BrowserContext, address: str) -> None:
    page = opened(context, address, "light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    toggle = page.locator(".theme-toggle-header, .theme-toggle-content").locator("visible=true")
    for _ in range(3):
        if page.evaluate(ground) != light:
            break
        toggle.get_by_role("button").or_(toggle).first.click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(address + "guides/testing.html")
    assert page.evaluate(ground) == dark
    page.evaluate("localStorage.clear()")


def test_what_is_not_there_is_answered_with_a_page_that_leads_on(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    answer = page.goto(address + "guides/no-such-page.html")
    assert answer is not None
    assert answer.status == 404
    page.get_by_label("Search").fill("cassette")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_be_visible()
    page.goto(address + "no/such/folder/")
    page.get_by_role("link", name="the front page").click()
    expect(page).to_have_url(address + "index.html")


def test_the_playground_is_loaded_when_the_reader_opens_it_from_the_same_folder(
    context: BrowserContext, address: str
) -> None:
    page = opened(context, address, "light")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/pyodide/**", refuse)
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Playground").first.click()
    page.wait_for_load_state("networkidle")
    inside = re.compile(r"/playground/(?!about\.html)")
    assert [url for url in asked if inside.search(url)] == []
    page.get_by_text("Start it in this page").click()
    frame = page.frame_locator("iframe[title='The playground']")
    expect(frame.get_by_role("button", name="Step", exact=True)).to_be_visible()
    assert next(url for url in asked if inside.search(url)).endswith("/playground/index.html")
