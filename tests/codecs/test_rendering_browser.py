"""The page that `to_html` makes, in headless Chromium: what is received is shown and does nothing; it can be searched.

One browser serves all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from playwright.sync_api import Browser, ConsoleMessage, expect
from screenshot import chromium
from shown_example import AUDIT, RESPONSE, base64

from puresponse.codecs import decode_response, to_html
from puresponse.codecs.lossless.plain import is_array, is_object

KINDS: dict[str, Any] = json.decode((Path(__file__).parents[1] / "clients" / "kinds.json").read_bytes())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


class Reader:
    """Somebody who has a page open, and what the browser did meanwhile."""

    def __init__(self, browser: Browser, file: Path, html: str, **settings: Any) -> None:
        file.write_text(html, encoding="utf-8")
        self.page = browser.new_page(**settings)
        self.told: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.told.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.told.append(f"request: {request.url[:80]}"))
        self.url = file.as_uri()
        self.page.goto(self.url)

    def _console(self, message: ConsoleMessage) -> None:
        self.told.append(f"{message.type}: {message.text}")

    @property
    def done(self) -> list[str]:
        """What the browser did but load the page and the images in it."""
        return [one for one in self.told if not one.startswith(("request: data:image/", f"request: {self.url[:80]}"))]


# --- what is hostile ----------------------------------------------------------------------------

EVIL = (
    "</pre></script></style></title></textarea></details>--><script>window.pwned = 1</script>"
    "<img src=https://evil.example/1 onerror=window.pwned=2><svg onload=window.pwned=3>"
    '" onmouseover="window.pwned=4" \' autofocus onfocus=\'window.pwned=5\' x="'
    "<style>*{background:url(https://evil.example/2)}</style><iframe srcdoc='<script>parent.pwned=6</script>'></iframe>"
    '<meta http-equiv="refresh" content="0;url=https://evil.example/3"><base href="https://evil.example/">'
    "<a href='javascript:window.pwned=7'>a</a><form action=https://evil.example/4><button>b</button></form>"
    "\u202eelif.exe\u2066 &#x202e; &lt;b&gt; ]]> <!-- \x00 \x1b[2J \ud800"
)
URLS = (
    "javascript:window.pwned=8",
    "JaVa\nScRiPt:window.pwned=9",
    "data:text/html,<script>parent.pwned=10</script>",
    "//evil.example/5",
    "https://evil.example/\u202e",
    'https://evil.example/" onclick="window.pwned=11',
    "vbscript:x",
    "file:///etc/passwd",
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned=12"><script>parent.pwned=13</script>' + (
    b'<image href="https://evil.example/6" width="9" height="9"/></svg>'
)


def hostile(value: Any) -> Any:
    """The value with evil in place of each text, and beside it, but for what says its kind."""
    if is_object(value):
        members = {name: member if name in ("type", "role") else hostile(member) for name, member in value.items()}
        return {**members, EVIL: EVIL}
    return [hostile(member) for member in value] if is_array(value) else EVIL if isinstance(value, str) else value


def evil_response() -> dict[str, Any]:
    cited = [{"type": "url_citation", "url": url, "title": EVIL, "end_index": 1, "start_index": 0} for url in URLS]
    images = [{"type": "input_image", "image_url": url} for url in (*URLS, f"data:image/svg+xml;base64,{base64(SVG)}")]
    text = {"type": "output_text", "text": EVIL, "annotations": cited}
    items = [examples[-1] for side in ("input", "output") for examples in KINDS[side].values()]
    return {
        **hostile(RESPONSE),
        "output": [
            *map(hostile, items),
            {"type": "message", "role": EVIL, "content": [text, *images, {"type": EVIL}]},
            {"type": EVIL, "text": "<" * 300_000},
        ],
        "tools": [hostile(examples[-1]) for examples in KINDS["tool"].values()],
    }


MARKUP = """() => ({
  scripts: document.scripts.length,
  elements: [...new Set([...document.querySelectorAll('body *')].map((one) => one.localName))].sort(),
  attributes: [...new Set([...document.querySelectorAll('body *')].flatMap((one) => one.getAttributeNames()))].sort(),
  links: [...new Set([...document.links].map((one) => one.protocol))],
  images: [...document.images].every((one) => one.src.startsWith('data:image/')),
  pwned: window.pwned,
  text: document.querySelector('main').textContent,
})"""


ELEMENTS = set(
    re.findall(
        r"\w+",
        "a b bdi button dd details div dl dt figcaption figure h1 h2 header img input label li main ol output p pre "
        "script section small span strong summary",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"\w+",
        "alt autocomplete class dir hidden href lang open placeholder rel role src tabindex target type value",
    )
)

TOUCHED = """() => {
  for (const one of document.querySelectorAll('body *'))
    for (const kind of ['mouseover', 'focus', 'load', 'error']) one.dispatchEvent(new Event(kind, {bubbles: true}));
}"""


def test_nothing_that_was_received_does_anything(browser: Browser, tmp_path: Path) -> None:
    reader = Reader(browser, tmp_path / "page.html", to_html(evil_response()))
    reader.page.get_by_role("button", name="Open all").click()
    reader.page.evaluate(TOUCHED)
    found = reader.page.evaluate(MARKUP)
    assert found["pwned"] is None
    assert found["scripts"] == 1
    assert set(found["elements"]) <= ELEMENTS
    assert set(found["attributes"]) <= ATTRIBUTES
    assert set(found["links"]) <= {"https:"}
    assert found["images"]
    assert "<script>window.pwned = 1</script>" in found["text"]
    assert "\\u202eelif.exe\\u2066" in found["text"]
    assert "javascript:window.pwned=8" in found["text"]
    assert reader.done == []
    reader.page.close()


def test_a_script_that_got_into_the_page_would_not_run(browser: Browser, tmp_path: Path) -> None:
    # The policy is the second wall: what it refuses it says in the console.
    evil = "<script>window.pwned=1</script><img src='https://evil.example/' onerror='window.pwned=2'><b style='top:0'>"
    reader = Reader(browser, tmp_path / "page.html", to_html(AUDIT).replace("<main>", f"<main>{evil}"))
    assert reader.page.evaluate("window.pwned") is None
    assert len([one for one in reader.done if "Content Security Policy" in one]) >= 4
    assert [one for one in reader.done if one.startswith("dialog")] == []
    reader.page.close()


# --- what people do -----------------------------------------------------------------------------


HASTY = """() => {
  const box = document.querySelector('input');
  box.value = 'station';
  box.dispatchEvent(new Event('input'));
  box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}));
  return document.querySelector('output').textContent;
}"""
"""Presses Enter before the search has begun."""


def test_it_is_searched_and_folded_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    reader = Reader(browser, tmp_path / "page.html", to_html(AUDIT))
    page = reader.page
    blocks, marks, told = page.locator(".block:visible"), page.locator("mark"), page.get_by_role("status")
    tool = page.get_by_text("Reads a gauge of a river.")
    expect(blocks).to_have_count(11)
    expect(tool).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("GAUGE")
    expect(told).to_have_text("3 of 11 parts")
    expect(blocks).to_have_count(3)
    expect(marks).to_have_count(4)
    expect(page.get_by_text("Reads a ")).to_be_visible()
    for number in ("1 of 4", "2 of 4"):
        page.keyboard.press("Enter")
        expect(told).to_have_text(number)
    page.keyboard.press("Shift+Enter")
    expect(told).to_have_text("1 of 4")
    expect(page.locator("mark.here")).to_be_in_viewport()
    assert page.evaluate(HASTY) == "1 of 2"
    page.keyboard.press("Escape")
    expect(marks).to_have_count(0)
    expect(blocks).to_have_count(11)
    expect(tool).to_be_hidden()
    page.get_by_role("button", name="Close all").click()
    expect(page.locator("details[open]")).to_have_count(0)
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open]")).to_have_count(1)
    page.get_by_role("button", name="Open all").click()
    expect(page.locator("details:not([open])")).to_have_count(0)
    assert reader.done == []
    page.close()


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgb = (colour, under) => {
    for (const one of [under, colour]) { canvas.fillStyle = one; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (parts) => parts.map((one) => one / 255)
    .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0);
  const paper = getComputedStyle(document.body).backgroundColor;
  const seen = [...document.querySelectorAll('body *')].filter((one) => one.getClientRects().length);
  return Math.min(...seen.map((one) => {
    let behind = paper;
    for (let up = one; up !== document.body; up = up.parentElement) {
      const own = getComputedStyle(up).backgroundColor;
      if (own !== 'rgba(0, 0, 0, 0)') { behind = own; break; }
    }
    const [a, b] = [rgb(getComputedStyle(one).color, paper), rgb(behind, paper)].map(light).sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark_on_narrow_screens_and_on_paper(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    html = to_html({**AUDIT, "input_items": [*AUDIT["input_items"], {"role": "user", "content": "x" * 500}]})
    reader = Reader(browser, tmp_path / "page.html", html, color_scheme=scheme, viewport={"width": 320, "height": 600})
    page = reader.page
    page.get_by_role("button", name="Open all").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.keyboard.press("/")
    page.keyboard.type("gauge")
    expect(page.locator("mark")).to_have_count(4)
    assert page.evaluate(CONTRAST) >= 4.5  # WCAG 2.2, success criterion 1.4.3
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".block:visible")).to_have_count(12)
    page.close()


def in_a_notebook(value: Any) -> str:
    """What a notebook asks a value for."""
    made: str = value._repr_html_()
    return made


def test_a_notebook_shows_the_same_without_a_script_and_keeps_its_own_looks(browser: Browser, tmp_path: Path) -> None:
    response = decode_response(json.encode(RESPONSE)).unwrap()
    made = in_a_notebook(response)
    assert "<script" not in made
    around = "<body><h1>Mine</h1><details open><summary>x</summary><pre>y</pre></details>"
    looks = "[...document.querySelectorAll('body > *, body > details *')].map((one) => ({...getComputedStyle(one)}))"
    plain = Reader(browser, tmp_path / "plain.html", f"<!doctype html>{around}")
    before = plain.page.evaluate(looks)
    reader = Reader(browser, tmp_path / "page.html", f"<!doctype html>{around}<div>{made}</div>")
    assert reader.page.evaluate(looks)[:4] == before
    expect(reader.page.get_by_text("This week it carries 1,450 cubic metres")).to_be_visible()
    expect(reader.page.locator("img")).to_have_count(1)
    assert reader.page.evaluate("document.images[0].naturalWidth") == 160
    assert reader.done == []
    for one in (plain, reader):
        one.page.close()
