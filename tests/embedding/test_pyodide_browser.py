"""`FetchTransport` in Pyodide in a real browser, in a page and in a worker: what browsers do otherwise than Node.js."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from pyodide_drivers import EVERYDAY
from pyodide_runtime import EMBEDDING, LAYERS, SCRIPTS, wheels, write_archive
from pyodide_services import Services, come_to_over_urllib3, without_reasons
from wsgi_server import serving_wsgi

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports.serving.wsgi import Environ, StartResponse
from puresponse.transports.testing.loopback import refusing, serving

CHROMIUM = shutil.which("chromium")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OTHERWISE = {"retrying", "stream_response", "stream_response, cut and resumed", "Close"}
"""What meets a broken connection: a browser repeats, and is not as exact about what came before."""

PLACES = ("page", "worker")
USES = ("awaited", "blocking")


class Site:
    """One origin: the page, the files of Pyodide and of the library, and services for each place and use."""

    def __init__(self, archive: Path) -> None:
        self._files = {f"/{name}": SCRIPTS / name for name in ("browser.mjs", "in_browser.py")}
        self._files |= {f"/{one.name}": one for one in (archive, *wheels())}
        self._files |= {f"/pyodide/{one.name}": one for one in (SCRIPTS / "node_modules" / "pyodide").iterdir()}
        self.services = Services(*(f"{place} {use} {name}" for place in PLACES for use in USES for name in EVERYDAY))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.services.has(environ):
            return self.services(environ, start_response)
        path = str(environ["PATH_INFO"])
        content = self._files[path].read_bytes() if path in self._files else b"<!doctype html><title>Pyodide</title>"
        kind = {".mjs": "text/javascript", ".wasm": "application/wasm", "": "text/html"}.get(Path(path).suffix)
        headers = [("content-type", kind or "application/octet-stream"), ("content-length", str(len(content)))]
        start_response("200 OK", headers)
        return [content]


class Elsewhere:
    """Another origin, which lets pages of any ask it, and shows them one of its headers."""

    leave = (
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Headers", "authorization, content-type"),
        ("Access-Control-Expose-Headers", "x-shown"),
        ("X-Shown", "1"),
        ("X-Hidden", "1"),
    )

    def __init__(self) -> None:
        self.leaving = Event()
        self.requests: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if request.path == "/silent" and request.method == "GET":
            self.leaving.wait(30)
        if request.path == "/redirect" and request.method == "GET":
            return HttpResponse(status=302, headers=(*self.leave, ("Location", "/echo")))
        return HttpResponse(status=200, headers=self.leave, body=(request.body or b"") + b"heard")


@contextmanager
def elsewhere() -> Generator[tuple[str, Elsewhere]]:
    service = Elsewhere()
    with serving(service, path="") as url:
        try:
            yield url, service
        finally:
            service.leaving.set()


RUN = """async ({ page, worker }) => {
    const told = (error) => ({ error: String(error.message).slice(-4000) });
    const posted = new Promise((resolve) => {
        const working = new Worker("/browser.mjs", { type: "module" });
        working.onmessage = ({ data }) => resolve(data);
        working.postMessage(worker);
    });
    const { run } = await import("/browser.mjs");
    const here = run(page).then((result) => ({ result }), told);
    return { page: await here, worker: await posted };
}"""
"""Runs one job in the page and one in a worker, both at once."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What `in_browser.py` finds in a page, and in a worker of it; with what the other origin was asked by each."""
    archive = tmp_path_factory.mktemp("library") / "library.zip"
    write_archive(archive, LAYERS, [EMBEDDING / name for name in ("programs.py", "catalogue.py", "pyodide_drivers.py")])
    site = Site(archive)
    with ExitStack() as stack:
        origin = stack.enter_context(serving_wsgi(site, path=""))
        closed = stack.enter_context(serving(lambda _: HttpResponse(status=200), path=""))
        nobody = stack.enter_context(refusing())
        others = {place: stack.enter_context(elsewhere()) for place in PLACES}
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS))
        page = browser.new_page()
        page.goto(f"{origin}/")
        jobs = {
            place: {
                "wheels": [f"/{wheel.name}" for wheel in wheels()],
                "archive": f"/{archive.name}",
                "script": "/in_browser.py",
                "arguments": {
                    "services": {
                        name.removeprefix(f"{place} "): origin + path
                        for name, path in site.services.paths.items()
                        if name.startswith(place)
                    },
                    "elsewhere": others[place][0],
                    "closed": closed,
                    "refusing": nobody,
                },
            }
            for place in PLACES
        }
        found = page.evaluate(RUN, jobs)
    for place in PLACES:
        assert "error" not in found[place], found[place]["error"]
    return {place: {**json.loads(found[place]["result"]), "asked": others[place][1].requests} for place in PLACES}


@pytest.fixture(params=["page", "worker"])
def facts(request: pytest.FixtureRequest, both: Any) -> Any:
    return both[request.param]


@pytest.fixture(scope="module")
def over_urllib3() -> dict[str, list[str]]:
    return come_to_over_urllib3()


@pytest.mark.parametrize("name", [name for name in EVERYDAY if name not in OTHERWISE])
@pytest.mark.parametrize("use", USES)
def test_a_program_comes_to_what_it_does_over_urllib3(
    facts: Any, over_urllib3: dict[str, list[str]], use: str, name: str
) -> None:
    assert without_reasons(facts[use][name]) == without_reasons(over_urllib3[name])


@pytest.mark.parametrize("use", USES)
def test_a_stream_gives_its_events(facts: Any, use: str) -> None:
    kinds = facts["stream"][use]
    assert kinds[:2] == ["ResponseCreatedEvent", "ResponseInProgressEvent"]
    assert kinds.count("TextDeltaEvent") == 4  # "One two three."
    assert kinds[-1] == "ResponseCompletedEvent"


@pytest.mark.parametrize("use", USES)
def test_a_stream_that_is_cut_breaks_off(facts: Any, use: str) -> None:
    assert facts[use]["stream_response"][-1].startswith("<Failure: interrupted (truncated): ")


@pytest.mark.parametrize("use", USES)
def test_a_browser_may_repeat_by_itself_what_was_not_answered(facts: Any, use: str) -> None:
    # A connection that was kept closes, and the browser sends the DELETE again, on another: the response is gone.
    assert "Response with id 'resp_flaky' not found." in facts[use]["retrying"][0]


def test_a_redirect_that_the_browser_hides_is_no_answer_and_is_not_followed(facts: Any) -> None:
    assert facts["redirect"].startswith("<Failure: interrupted (protocol): the server redirects")
    assert [request.path for request in facts["asked"] if request.method == "GET"] == ["/redirect", "/silent"]


def test_what_fails_may_have_been_sent_for_a_browser_does_not_tell(facts: Any) -> None:
    for failed in ("refused", "closed"):
        assert facts[failed].startswith("<Failure: interrupted (reset): ")
    assert facts["may have acted"]


def test_silence_is_a_read_timeout(facts: Any) -> None:
    assert facts["silent"].startswith("<Failure: interrupted (read_timeout): ")


def test_another_origin_shows_the_headers_that_it_exposes(facts: Any) -> None:
    assert facts["echo"] == [200, "heard", "1", None]


def test_another_origin_is_asked_leave_for_the_key_and_the_content_type_alone(facts: Any) -> None:
    asked = [header(request, "access-control-request-headers") for request in facts["asked"]]
    assert asked == ["authorization,content-type", None, "authorization", None, "authorization", None]


def header(request: HttpRequest, name: str) -> str | None:
    return next((value for key, value in request.headers if key.lower() == name), None)
