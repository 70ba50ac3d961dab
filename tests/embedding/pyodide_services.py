"""A service in memory of its own for each everyday program, behind one HTTP server, for a Pyodide elsewhere to ask."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager

import catalogue
from pyodide_drivers import EVERYDAY, driven
from wsgi_server import serving_wsgi

from puresponse.transports import Urllib3Transport, VirtualClock, WsgiApplication
from puresponse.transports.serving.wsgi import Environ, StartResponse

KEY = "sk-fetch-0123456789abcdef"

REAL_WAITS = "retrying with real waits"
"""One more program than the everyday ones."""


class Services:
    """An application of WSGI: the services, by their paths."""

    def __init__(self, *names: str) -> None:
        self.paths = {name: f"/{number}/v1" for number, name in enumerate(names)}
        self._applications = {
            path: WsgiApplication(catalogue.service(VirtualClock(now=catalogue.START)), path=path, api_key=KEY)
            for path in self.paths.values()
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = "/".join(str(environ["PATH_INFO"]).split("/")[:3])
        return self._applications[path](environ, start_response)

    def has(self, environ: Environ) -> bool:
        """Whether one of the services is asked."""
        return "/".join(str(environ["PATH_INFO"]).split("/")[:3]) in self._applications


@contextmanager
def services() -> Generator[dict[str, str]]:
    """Serve the services; by program, the base URL."""
    served = Services(*EVERYDAY, REAL_WAITS)
    with serving_wsgi(served, path="") as origin:
        yield {name: origin + path for name, path in served.paths.items()}


def come_to_over_urllib3() -> dict[str, list[str]]:
    """What the programs come to in this process, over urllib3, against services of the same kind."""

    def come_to(name: str, base_url: str) -> list[str]:
        with Urllib3Transport(api_key=KEY, base_url=base_url, proxy="") as transport:
            return driven(name, transport, VirtualClock(now=catalogue.START))

    with services() as urls:
        return {name: come_to(name, urls[name]) for name in EVERYDAY}


def without_reasons(shown: list[str]) -> list[str]:
    """What was shown, without the words in which hosts say why an exchange was interrupted."""
    return [re.sub(r"^(<Failure: interrupted \(\w+\)): .*>$", r"\1>", value) for value in shown]
