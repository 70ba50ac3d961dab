"""Six questions of a stranger, each answered within two clicks, or one search, from the front page of the site."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from built_site import site
from playwright.sync_api import Page, expect
from screenshot import chromium
from site_view import viewing

QUESTIONS = {
    "How do I delete a thousand ids, and go on after a crash?": (
        "delete thousands crash",
        "how-to/delete-thousands.html",
        "Killed at any moment and run again, the same program goes on where it was.",
    ),
    "How do I test without a network?": (
        "test without network",
        "how-to/test-without-network.html",
        "Pass MemoryTransport where the program takes a transport",
    ),
    "What can cancel_response give me?": (
        "cancel_response",
        "reference/errors.html#what-cancel-response-can-give",
        "is an operation that ends in Success(Response), the response as it then is, or in the Failure of",
    ),
    "What does may_have_acted mean?": (
        "may_have_acted",
        "reference/errors.html#what-may-have-acted-means",
        "Whether the server may have done what the last request asked for.",
    ),
    "How do I run this under Azure, with a proxy?": (
        "Azure proxy",
        "how-to/azure-and-proxies.html",
        "AZURE_OPENAI_ENDPOINT",
    ),
    "What does it cost to import?": (
        "cost to import",
        "how-to/import-cost.html",
        "A tenth of the import time of the official client",
    ),
}
"""Each question: what is typed into the search, the page of the answer, and words of the answer."""


@pytest.fixture(scope="module")
def stranger() -> Generator[Page]:
    with viewing(site()) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=address)
        page.set_default_timeout(20_000)
        yield page


def reads(page: Page, words: str) -> None:
    """Whether the page has the words, for whoever reads it."""
    expect(page.locator("article")).to_contain_text(words, ignore_case=True)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_front_page_has_the_question_and_one_click_leads_to_the_answer(stranger: Page, question: str) -> None:
    _, answer, words = QUESTIONS[question]
    stranger.goto("/index.html")
    stranger.get_by_role("row").filter(has_text=question).get_by_role("link").last.click()
    stranger.wait_for_url(f"**/{answer}")
    reads(stranger, words)
    if "#" in answer:
        heading = stranger.locator(f"[id='{answer.partition('#')[2]}']").get_by_role("heading").first
        expect(heading).to_be_in_viewport()


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_search_in_the_words_of_the_question_finds_the_answer(stranger: Page, question: str) -> None:
    typed, answer, _ = QUESTIONS[question]
    stranger.goto("/index.html")
    stranger.get_by_role("textbox", name="Search").fill(typed)
    stranger.keyboard.press("Enter")
    page = answer.partition("#")[0]
    expect(stranger.locator("#search-results h2")).to_contain_text("Search Results")
    stranger.locator("#search-results li").locator(f"a[href*='{page}']").first.wait_for()
    above = stranger.locator("#search-results li > a").evaluate_all("links => links.map((link) => link.href)")
    assert any(page in target for target in above[:5]), above


def test_the_index_leads_to_a_public_name_in_two_clicks(stranger: Page) -> None:
    stranger.goto("/index.html")
    stranger.get_by_role("link", name="Index", exact=True).first.click()
    stranger.get_by_role("link", name="cancel_response (function)", exact=True).click()
    stranger.wait_for_url("**/reference/names/responses.html#cancel-response")
    reads(stranger, "def cancel_response(")
