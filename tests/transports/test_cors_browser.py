"""A web page of another origin uses the service where `cors` lets it, and nowhere else: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page
from screenshot import chromium

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import MemoryTransport
from puresponse.transports.serving.server import serve
from puresponse.transports.testing.loopback import serving

ASK = """async ([url, key]) => {
  try {
    const answer = await fetch(`${url}/responses`, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'authorization': `Bearer ${key}`, 'x-stainless-lang': 'js'},
      body: JSON.stringify({model: 'gpt-4o-mini', input: 'Hi'}),
    });
    const body = await answer.json();
    const deleted = answer.ok && await fetch(`${url}/responses/${body.id}`, {
      method: 'DELETE', headers: {'authorization': `Bearer ${key}`},
    });
    return [answer.status, answer.headers.get('x-request-id'), deleted && deleted.status];
  } catch (error) {
    return String(error);
  }
}"""


def page_of(request: HttpRequest) -> HttpResponse:
    assert request.method == "GET"
    return HttpResponse(status=200, headers=(("content-type", "text/html"),), body=b"<title>A page</title>")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with serving(page_of) as url, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{url}/index.html")
        yield page


def test_a_page_of_another_origin_uses_the_service_only_with_cors(page: Page) -> None:
    origin = page.evaluate("location.origin")
    told: list[Any] = []
    with ExitStack() as stack:
        for cors in ((), ("http://localhost:5173",), (origin,), ("*",)):
            url = stack.enter_context(serve(MemoryTransport(), api_key="sk-right", cors=cors, hosts=()))
            told.append(page.evaluate(ASK, [url, "sk-right"]))
        told.append(page.evaluate(ASK, [url, "sk-wrong"]))
    refused = "TypeError: Failed to fetch"
    assert told == [refused, refused, [200, "req_000001", 200], [200, "req_000001", 200], [401, None, False]]
