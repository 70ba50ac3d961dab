"""The playground in headless Chromium: what a visitor sees and does, with the real library in the real Pyodide.

One browser and one page serve all tests that do not spoil it: loading Python is most of what this costs.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import struct
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from lived import lived, violation
from msgspec import json
from playground import Playground
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect
from screenshot import HEIGHT, LOADED, SCREENSHOT, WIDTH, chromium, photograph, serving
from serve import POLICY, assemble

from puresponse.core import Send, create_response, decode_request, delete_response, retrying
from puresponse.transports import Dies, Reset, life_json, sample_state

FIRST_EXAMPLE = "Retry: 503, then success"
UNDISTURBED = "404: an error is a value"
READY = "Ready for the first step."

PATIENCE = 20_000
"""Milliseconds that a page may take to do what it does at once where nothing else runs."""


class Visitor:
    """Somebody before the page, and what the browser had to say of it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.able_while_loading = -1
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def choose(self, example: str) -> None:
        self.page.get_by_label("Example").select_option(example)
        expect(self.status).to_have_text(READY)
        expect(self.cards).to_have_count(0)

    def write(self, source: str) -> None:
        """Write into the box, and leave it."""
        self.source.fill(source)
        self.source.blur()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def step(self) -> Locator:
        """Press Step, and give the card of what was done."""
        number = self.cards.count() + 1
        self.press("Step")
        expect(self.cards).to_have_count(number)
        return self.cards.last

    def run(self) -> Locator:
        self.press("Run")
        expect(self.status).to_contain_text("The program has ended.")
        return self.cards.last

    def tab_to(self, name: str) -> None:
        """Press Tab until the element of that id has the focus."""
        for _ in range(60):
            if self.page.evaluate("document.activeElement.id") == name:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached by keyboard")

    def state_of(self, response: str) -> Locator:
        return self.page.locator(f"tr[data-response={response}] td")

    @property
    def source(self) -> Locator:
        return self.page.locator("#source")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    @property
    def cards(self) -> Locator:
        return self.page.locator("#cards > li")

    @property
    def next(self) -> Locator:
        return self.page.locator("#next")

    @property
    def problem(self) -> Locator:
        return self.page.locator("#problem")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("playground")
    assemble(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def opened(browser: Browser, folder: Path) -> Generator[Visitor]:
    with serving(folder) as url:
        visitor = Visitor(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), url)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        visitor.page.route("**/puresponse.zip", hold)
        visitor.page.goto(url)
        # The library is kept back until the page has told how far it has come.
        expect(visitor.page.locator("#progress-label")).to_have_text(
            re.compile(r"Loading Python: [1-9]\d? %"), timeout=LOADED
        )
        visitor.able_while_loading = visitor.page.locator(".buttons [aria-disabled=false]").count()
        held[0].continue_()
        expect(visitor.status).to_have_text(READY, timeout=LOADED)
        visitor.page.unroute("**/puresponse.zip")
        yield visitor


@pytest.fixture
def visitor(opened: Visitor) -> Generator[Visitor]:
    """The page at the start of its first example; no test may leave a complaint behind, or ask anybody else."""
    opened.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    opened.page.emulate_media(color_scheme="light")
    expect(opened.page.locator("body[data-state=idle]")).to_be_visible(timeout=LOADED)
    opened.choose(FIRST_EXAMPLE)
    yield opened
    assert opened.complaints == []
    assert {url for url in opened.requests if not url.startswith(opened.url)} == set()


# --- loading ------------------------------------------------------------------------------------------


def test_the_page_loads_the_library_and_nothing_from_elsewhere(visitor: Visitor) -> None:
    asked = {url.removeprefix(visitor.url) for url in visitor.requests}
    assert {"pyodide/pyodide.asm.wasm", "puresponse.zip", "playground.py"} <= asked
    assert visitor.page.locator("body[data-python^='3.']").count() == 1
    expect(visitor.page.locator("#loading")).to_be_hidden()
    assert visitor.able_while_loading == 0


def test_the_policy_of_the_page_is_the_one_of_the_server(visitor: Visitor) -> None:
    said = visitor.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert said == POLICY
    assert "unsafe-inline" not in POLICY
    assert "'unsafe-eval'" not in POLICY
    assert re.findall(r"https?:", POLICY) == []


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("wheels/returns-*", "wheels/returns-"),
        ("manifest.json", "manifest.json: HTTP 404"),
        ("worker.js", "worker.js could not be loaded"),
        ("pyodide/pyodide.mjs", "pyodide.mjs"),
    ],
)
def test_a_page_that_cannot_load_says_so(
    browser: Browser, folder: Path, tmp_path: Path, missing: str, told: str
) -> None:
    shutil.copytree(folder, tmp_path / "page", copy_function=os.link)
    for lost in (tmp_path / "page").glob(missing):
        lost.unlink()
    with serving(tmp_path / "page") as url:
        page = browser.new_page()
        page.goto(url)
        expect(page.get_by_role("alert")).to_contain_text("Python could not be loaded")
        expect(page.get_by_role("alert")).to_contain_text(told)
        expect(page.get_by_role("status")).to_have_text("Python could not be loaded.")
        assert page.get_by_role("button", name="Step", exact=True).get_attribute("aria-disabled") == "true"
        page.close()


# --- stepping -----------------------------------------------------------------------------------------


def test_a_retry_goes_by_press_by_press(visitor: Visitor) -> None:
    expect(visitor.next).to_contain_text("DELETE /responses/resp_completed")
    expect(visitor.next).to_contain_text("resume=Then(Attempt(policy=RetryPolicy()")
    expect(visitor.next.locator("[data-fact=twin]")).to_have_text("equal to its twin: True")
    expect(visitor.next.locator("[data-fact=saved]")).to_contain_text("comes back equal")

    card = visitor.step()
    expect(card).to_contain_text("DELETE /responses/resp_completed503 Service Unavailable")
    expect(card).to_contain_text("The engine is currently overloaded")
    expect(card).to_contain_text("x-request-idreq_000001")
    expect(visitor.next).to_contain_text("0.375 to 0.5 s")

    card = visitor.step()
    expect(card).to_contain_text("0.38 s to 0.5 s asked for, 0.43 s drawn")
    expect(visitor.page.locator("#elapsed")).to_have_text("0.43 s")
    expect(visitor.page.locator("#time")).to_have_text("18:53:20.43")

    expect(visitor.state_of("resp_completed")).to_have_text("completed")
    card = visitor.step()
    expect(card).to_contain_text("200 OK")
    expect(card).to_contain_text('"deleted": true')
    expect(visitor.state_of("resp_completed")).to_have_text("deleted")
    expect(visitor.page.locator("#requests")).to_have_text("2")

    card = visitor.step()
    expect(card).to_contain_text("Success")
    expect(card).to_contain_text("DeletedResponse(id='resp_completed'")
    expect(visitor.status).to_have_text("Step 4: Done, Success, DeletedResponse. The program has ended.")
    expect(visitor.next).to_be_hidden()
    assert visitor.page.locator("#step").get_attribute("aria-disabled") == "true"

    visitor.press("Back to start")
    expect(visitor.cards).to_have_count(0)
    expect(visitor.state_of("resp_completed")).to_have_text("completed")
    expect(visitor.page.locator("#elapsed")).to_have_text("0 s")


def test_the_json_of_a_request_is_copied(visitor: Visitor) -> None:
    visitor.choose("Create, wait, take the text")
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    request = visitor.step().get_by_role("button", name="Copy as JSON")
    request.click()
    expect(visitor.cards.first.get_by_role("button", name="Copied")).to_be_visible()
    copied: str = visitor.page.evaluate("navigator.clipboard.readText()")
    operation = create_response(model="gpt-5-mini", input="Say this is a test", background=True)
    assert isinstance(operation, Send)
    assert decode_request(copied.encode()).unwrap() == operation.request


def test_a_stream_that_is_cut_resumes(visitor: Visitor) -> None:
    visitor.choose("A stream that is cut, and resumes")
    visitor.run()
    kinds = [card.get_attribute("data-step") for card in visitor.cards.all()]
    assert kinds[:3] == ["Open", "Read", "Emit"]
    assert kinds.count("Open") == 2
    assert "Perform" in kinds
    expect(visitor.page.locator(".card[data-step=Read] .pill.bad")).to_have_text("Interrupted")
    replay = visitor.page.locator(".card[data-step=Open]").nth(1)
    replay.locator("summary").first.click()
    expect(replay).to_contain_text("starting_after3")
    expect(visitor.page.locator(".card[data-step=Emit] .said").last).to_have_text("“One two three four five”")
    expect(visitor.state_of("resp_000001")).to_have_text("completed")


ENDS = {
    FIRST_EXAMPLE: "SuccessDeletedResponse",
    "Cancel, then delete": "SuccessDeletedResponse",
    "Create, wait, take the text": "Say this is a test",
    "Reset after the service acted": "HTTP 404, after an interrupted attempt",
    "Rate limited: the server asks for 2 s": "SuccessResponse",
    "404: an error is a value": "Response with id 'resp_unheard_of' not found.",
    "An invalid argument: nothing is sent": "given 1000; allowed is an integer from 1 to 100",
    "All pages, as a stream": "Successthe stream has ended well",
    "Three operations at once": "Successtuple",
    "The first events, then another stream": "Successthe stream has ended well",
    "Delete a chain of turns": "Successthe stream has ended well",
    "A program of your own": "SuccessDeletedResponse",
}


def test_every_example_comes_to_its_end(visitor: Visitor) -> None:
    offered = set(visitor.page.locator("#example option").all_inner_texts())
    assert offered == {*ENDS, "A stream that is cut, and resumes", "A program that never ends"}
    for title, end in ENDS.items():
        visitor.choose(title)
        expect(visitor.run()).to_contain_text(end)


def test_a_fork_is_stepped_through_and_says_which_operation_it_is_at(visitor: Visitor) -> None:
    visitor.choose("Three operations at once")
    expect(visitor.next).to_contain_text("3 operations, at once or one after another")
    expect(visitor.step()).to_contain_text("All run to their end, whichever fails")
    expect(visitor.status).to_contain_text("Fork, 3 operations.")
    expect(visitor.next).to_contain_text("operation 1 of 3")
    visitor.run()
    branches = [card.locator(".branch").all_inner_texts() for card in visitor.cards.all()]
    assert branches[0] == branches[-1] == []
    assert [said for (said,) in branches[1:-1]] == [
        *["operation 1 of 3"] * 4,
        *["operation 2 of 3"] * 2,
        *["operation 3 of 3"] * 2,
    ]


def test_what_is_taken_of_a_stream_of_events_closes_its_body(visitor: Visitor) -> None:
    visitor.choose("The first events, then another stream")
    visitor.run()
    kinds = [card.get_attribute("data-step") for card in visitor.cards.all()]
    assert (kinds.count("Open"), kinds[-1]) == (1, "End")
    assert kinds.index("Close") < kinds.index("Send")
    expect(visitor.page.locator(".card[data-step=Close]").first).to_contain_text("the body is given up")


def test_an_error_says_what_the_server_may_have_done(visitor: Visitor) -> None:
    visitor.choose("Reset after the service acted")
    end = visitor.run()
    expect(end).to_contain_text("FailureApiError")
    expect(end).to_contain_text("the server may have acted: yes")
    expect(visitor.page.locator(".card[data-step=Send] .pill").first).to_have_text("Interrupted")


def test_running_slowly_is_stopped_between_two_steps_and_goes_on(visitor: Visitor) -> None:
    visitor.choose("Create, wait, take the text")
    visitor.press("Run slowly")
    expect(visitor.cards).to_have_count(1)
    visitor.press("Stop")
    expect(visitor.status).to_have_text("Stopped between two steps. Step and Run go on from here.")
    number = visitor.cards.count()
    assert number < 5
    visitor.step()
    expect(visitor.cards).to_have_count(number + 1)
    visitor.run()


def test_a_program_that_never_ends_is_stopped(visitor: Visitor) -> None:
    visitor.choose("A program that never ends")
    visitor.press("Run")
    expect(visitor.page.locator("#left-out")).to_be_visible()
    visitor.press("Stop")
    expect(visitor.status).to_contain_text("Stopped between two steps.")
    assert visitor.cards.count() == 200
    before = int(visitor.cards.last.locator(".number").inner_text())
    visitor.press("Step")
    expect(visitor.cards.last.locator(".number")).to_have_text(str(before + 1))


# --- composing ----------------------------------------------------------------------------------------


def test_the_parts_write_a_program_by_clicks(visitor: Visitor) -> None:
    page = visitor.page
    visitor.choose(UNDISTURBED)
    page.get_by_label("Operation").select_option("create_response")
    page.get_by_label("input", exact=True).fill('Say "hi"')
    page.get_by_label("What follows").select_option("bind: wait for it")
    visitor.press("Chain")
    page.get_by_label("What follows").select_option("map: its output text")
    visitor.press("Chain")
    page.get_by_label("retrying").check()
    page.get_by_label("retries").fill("3")
    source = visitor.source.input_value()
    assert ast.unparse(ast.parse(source)) == (
        "from puresponse import RetryPolicy, WaitPolicy, create_response, output_text, retrying, wait_for_response\n"
        "program = retrying(create_response(model='gpt-5-mini', input='Say \"hi\"', background=True)"
        ".bind(lambda response: wait_for_response(response, WaitPolicy(deadline=60)))"
        ".map(output_text), RetryPolicy(max_retries=3))"
    )
    expect(visitor.next).to_contain_text("POST /responses")
    expect(visitor.next.locator("[data-fact=twin]")).to_have_text("equal to its twin: False")
    expect(visitor.run()).to_contain_text('Say "hi"')
    visitor.page.get_by_role("button", name="Remove bind: wait for it").click()
    assert "bind" not in visitor.source.input_value()


def test_a_program_is_composed_and_stepped_by_keyboard_alone(visitor: Visitor) -> None:
    keys = visitor.page.keyboard
    visitor.choose(UNDISTURBED)
    visitor.page.locator("#example").focus()
    visitor.tab_to("operation")
    keys.type("cancel_response")
    visitor.tab_to("parameter-response_id")
    keys.press("Control+A")
    keys.type("resp_queued")
    visitor.tab_to("link")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    visitor.tab_to("add-link")
    keys.press("Enter")
    visitor.tab_to("retrying")
    keys.press("Space")
    expect(visitor.source).to_have_value(re.compile(r"cancel_response\(\"resp_queued\"\)"))
    visitor.tab_to("step")
    keys.press("Enter")
    expect(visitor.cards).to_have_count(1)
    keys.press("Space")
    expect(visitor.cards).to_have_count(2)
    expect(visitor.state_of("resp_queued")).to_have_text("deleted")
    visitor.source.focus()
    keys.press("Control+Enter")
    expect(visitor.status).to_contain_text("The program has ended.")


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.deep)])
def test_all_that_the_parts_can_write_is_python_that_comes_to_an_end(visitor: Visitor, every: int) -> None:
    sources: list[str] = visitor.page.evaluate(
        """async () => {
            const { OPERATIONS, LINKS } = await import("./catalogue.js");
            const { compose, givenBy } = await import("./compose.js");
            const sources = [];
            for (const operation of OPERATIONS)
                for (const collect of operation.gives === "stream" ? [false, true] : [false])
                    for (const retries of [null, 5]) {
                        const form = { operation, values: {}, links: [], collect, retrying: retries !== null, retries };
                        sources.push(compose(form));
                        for (const first of LINKS.filter(({ takes }) => takes.includes(givenBy(form)))) {
                            const one = { ...form, links: [first] };
                            sources.push(compose(one));
                            if (retries === null) continue;
                            for (const second of LINKS.filter(({ takes }) => takes.includes(givenBy(one))))
                                sources.push(compose({ ...form, links: [first, second] }));
                        }
                    }
            return sources;
        }"""
    )
    assert len(sources) > 200
    for source in sources[::every]:
        playground = Playground()
        view: Any = json.decode(playground.load(source))
        assert view["problem"] is None, source
        view = json.decode(playground.step(5_000))
        last = view["cards"][-1]["shown"]
        assert (last["step"] in ("Done", "End"), last["last"]) == (True, True), source
        if last["error"]:  # deleted before it is looked at, expired, or cancelled though it cannot be
            assert last["error"]["name"] in ("ApiError", "WaitExpired"), source


def test_faults_are_chosen_and_taken_away(visitor: Visitor) -> None:
    visitor.choose(UNDISTURBED)
    visitor.page.get_by_label("response_id").fill("resp_chat")
    visitor.press("Add a fault")
    visitor.page.get_by_label("Fault", exact=True).select_option("A proxy's page instead")
    expect(visitor.status).to_have_text(READY)
    expect(visitor.run()).to_contain_text("FailureDecodeError")
    visitor.page.get_by_label("Times").fill("-1")
    expect(visitor.problem).to_contain_text("the faults make no sense: times: must be 0 or more")
    visitor.press("Remove this fault")
    expect(visitor.problem).to_be_hidden()
    expect(visitor.run()).to_contain_text("SuccessDeletedResponse")


def test_what_a_visitor_had_written_is_brought_back(visitor: Visitor) -> None:
    written = "from puresponse import succeed\nsucceed('mine')\n"
    visitor.write(written)
    expect(visitor.next).to_contain_text("mine")
    visitor.page.get_by_label("Operation").select_option("cancel_response")
    expect(visitor.next).to_contain_text("POST /responses/resp_in_progress/cancel")
    visitor.press("Bring back what I wrote")
    expect(visitor.source).to_have_value(written)
    expect(visitor.next).to_contain_text("mine")


# --- a life that was lived elsewhere -----------------------------------------------------------------


def test_a_life_is_loaded_and_stepped_through_with_its_answers(visitor: Visitor) -> None:
    program = retrying(delete_response("resp_chat"))
    life = lived(program, sample_state(), {1: Reset(acted=True), 3: Dies(acted=True)})
    found = violation(life, "all is <b>well</b>", "it is not", program=program)
    visitor.choose(UNDISTURBED)
    file = FilePayload(name="life.json", mimeType="application/json", buffer=life_json(found))
    visitor.page.get_by_label("A file of life_json").set_input_files(file)
    expect(visitor.page.locator("#lived")).to_contain_text("Does not hold: all is <b>well</b>: it is not")
    expect(visitor.source).to_have_value(re.compile(r"load_operation\(saved\)"))
    expect(visitor.page.locator("#faults")).to_be_hidden()
    expect(visitor.step()).to_contain_text("the connection is reset, after the service acted")
    expect(visitor.state_of("resp_chat")).to_have_text("deleted")
    expect(visitor.step()).to_contain_text("0.38 s")
    expect(visitor.step()).to_contain_text("the process dies after the service acted")
    expect(visitor.run()).to_contain_text("HTTP 404, after an interrupted attempt")
    visitor.press("Leave it")
    expect(visitor.page.locator("#lived")).to_be_hidden()
    expect(visitor.run()).to_contain_text("SuccessDeletedResponse")


# --- what goes wrong in a visitor's code -----------------------------------------------------------------


def test_a_syntax_error_is_told_with_its_line_and_mended(visitor: Visitor) -> None:
    visitor.write("from puresponse import succeed\n\nprogram = succeed(")
    expect(visitor.problem).to_contain_text("Line 3: SyntaxError: '(' was never closed")
    expect(visitor.source).to_have_attribute("aria-invalid", "true")
    expect(visitor.next).to_be_hidden()
    visitor.press("Go to line 3")
    selected = visitor.source.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert selected == "program = succeed("
    visitor.page.keyboard.press("End")
    visitor.page.keyboard.type("'mended')")
    expect(visitor.run()).to_contain_text("mended")
    expect(visitor.problem).to_be_hidden()


def test_what_a_function_raises_in_a_later_step_is_told_with_its_line(visitor: Visitor) -> None:
    visitor.choose(UNDISTURBED)
    visitor.write(
        "from puresponse import delete_response\n"
        "def look(deleted):\n    print('looking')\n    return deleted.nothing\n"
        "delete_response('resp_chat').bind(look)"
    )
    expect(visitor.next).to_contain_text("DELETE /responses/resp_chat")
    end = visitor.run()
    expect(end).to_contain_text("Line 4: AttributeError")
    expect(visitor.cards.first).to_contain_text("looking")
    expect(visitor.state_of("resp_chat")).to_have_text("deleted")


def test_what_is_shown_is_text_and_never_markup(visitor: Visitor) -> None:
    markup = "<img src=x onerror=alert(1)>"
    visitor.write(f"from puresponse import succeed\nprint('{markup}')\nsucceed('{markup}')")
    expect(visitor.problem).to_contain_text(markup)
    expect(visitor.run()).to_contain_text(markup)
    assert visitor.page.locator("main img").count() == 0


def test_a_recursion_without_end_does_not_break_the_page(visitor: Visitor) -> None:
    visitor.write("def f():\n    return f()\n\nf()")
    expect(visitor.problem).to_contain_text("Line 2: RecursionError")
    visitor.choose(FIRST_EXAMPLE)
    visitor.run()


def test_a_step_that_never_comes_back_is_ended_and_python_starts_afresh(visitor: Visitor) -> None:
    visitor.choose(UNDISTURBED)
    visitor.write("from puresponse import delete_response\nwhile True:\n    pass\ndelete_response('resp_chat')")
    expect(visitor.status).to_have_text("Python is busy inside of a step. Stop ends it.")
    visitor.press("Stop")
    expect(visitor.status).to_have_text("Python was stopped inside of a step, and started afresh.")
    expect(visitor.page.locator("body[data-state=idle]")).to_be_visible(timeout=LOADED)
    visitor.write("from puresponse import delete_response\ndelete_response('resp_chat')")
    expect(visitor.next).to_contain_text("DELETE /responses/resp_chat")
    expect(visitor.run()).to_contain_text("SuccessDeletedResponse")


# --- how it looks ---------------------------------------------------------------------------------------

CONTRASTS = """() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = (color) => channels(color).slice(0, 3)
        .map((each) => each / 255).map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
    const ground = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const color = getComputedStyle(each).backgroundColor;
            if ((channels(color)[3] ?? 1) === 1) return color;
        }
        return "rgb(255, 255, 255)";
    };
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
        const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!says || !element.checkVisibility()) continue;
        const [dim, bright] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => a - b);
        const contrast = (bright + 0.05) / (dim + 0.05);
        if (contrast < 4.5) found.push(`${contrast.toFixed(1)} ${element.outerHTML.slice(0, 80)}`);
    }
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_in_light_and_dark(visitor: Visitor, scheme: Any) -> None:
    visitor.page.emulate_media(color_scheme=scheme)
    ground = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 247, 249)", "dark": "rgb(18, 21, 28)"}[scheme]
    visitor.choose("A stream that is cut, and resumes")
    visitor.run()
    visitor.write("1 / 0")
    expect(visitor.problem).to_contain_text("ZeroDivisionError")
    visitor.choose("Reset after the service acted")
    for _ in range(3):
        visitor.step()
    assert visitor.page.evaluate(CONTRASTS) == []


def test_nothing_overflows_sideways(visitor: Visitor) -> None:
    visitor.choose("A stream that is cut, and resumes")
    visitor.step()
    visitor.run()
    visitor.page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    for width in (320, 390, 768, 1024, 1100, 1920):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        widths: list[int] = visitor.page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('.column, .top')]"
            ".map((each) => each.scrollWidth - each.clientWidth)"
        )
        assert set(widths) == {0}, width


def test_every_control_has_a_name(visitor: Visitor) -> None:
    visitor.page.get_by_label("Operation").select_option("list_input_items")
    visitor.press("Chain")
    visitor.press("Add a fault")
    nameless: list[str] = visitor.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea")].filter((control) =>
            !(control.getAttribute("aria-label") || control.textContent.trim() && control.tagName === "BUTTON"
              || [...control.labels ?? []].some((label) => label.textContent.trim()))).map((each) => each.outerHTML)"""
    )
    assert nameless == []


def test_the_screenshot_that_is_kept_is_one_of_this_page(visitor: Visitor, tmp_path: Path) -> None:
    photograph(visitor.page, tmp_path / "now.png")
    for picture in (SCREENSHOT, tmp_path / "now.png"):
        data = picture.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", data[16:24]) == (WIDTH, HEIGHT)
        assert len(data) < 300_000


def test_a_program_that_breaks_python_itself_does_not_break_the_page(visitor: Visitor) -> None:
    # The last test, as it leaves Python starting: whichever comes after it waits for that.
    visitor.write("import os\nos.abort()")
    expect(visitor.status).to_contain_text("Python broke down and was started afresh")
    expect(visitor.page.locator("#loading")).to_be_visible()
    assert any("Pyodide has suffered a fatal error" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()  # which Pyodide has every reason to make
