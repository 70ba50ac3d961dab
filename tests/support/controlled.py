"""A service that is steered over HTTP, without a socket: an application, asked as a WSGI server asks it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx2
from msgspec import json

from puresponse.transports import ControlEndpoint, Scopes, State, WsgiApplication
from puresponse.transports.memory.service import sample_models

CREATE: dict[str, Any] = {"model": "gpt-4o-mini", "input": "Hello!"}


class Asking:
    """Asks the API and the control endpoint of one application: `method`, a path, and what is sent as JSON."""

    def __init__(self, client: httpx2.Client, scopes: Scopes) -> None:
        self._client = client
        self.scopes = scopes
        self.headers: dict[str, str] = {}
        self.status = 0

    def __call__(self, method: str, path: str, given: Any = None, **headers: str) -> Any:
        content = given if isinstance(given, bytes) else None if given is None else json.encode(given)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["content-type"] = "application/json"
        answer = self._client.request(method, path, content=content, headers=sent)
        self.status, self.headers = answer.status_code, dict(answer.headers)
        return json.decode(answer.content) if answer.content[:1] == b"{" else answer.content

    def control(self, method: str, path: str, given: Any = None, **headers: str) -> Any:
        """Ask the control endpoint, and be answered what was asked."""
        answer = self(method, f"/_puresponse/{path}", given, **headers)
        assert self.status == 200, answer
        return answer

    def refused(self, method: str, path: str, given: Any = None, **headers: str) -> tuple[int, str, str]:
        """Ask the control endpoint, and be refused."""
        error = self(method, f"/_puresponse/{path}", given, **headers)["error"]
        return self.status, error["place"], error["message"]

    def said(self, **headers: str) -> str:
        """The text of the reply to a request."""
        answer = self("POST", "/v1/responses", CREATE, **headers)
        text: str = answer["output"][0]["content"][0]["text"] if self.status == 200 else answer["error"]["message"]
        return text


@contextmanager
def steered(scopes: Scopes | None = None, **options: Any) -> Generator[Asking]:
    """An application with a control endpoint; `options` are of that."""
    scopes = scopes or Scopes(State(models=sample_models()))
    endpoint = ControlEndpoint(scopes, **options)
    key, path = options.get("api_key"), options.get("path", "/v1")
    application = WsgiApplication(scopes.default, choose=scopes.choose, early=endpoint, api_key=key, path=path)
    transport = httpx2.WSGITransport(app=application)
    with httpx2.Client(transport=transport, base_url="http://localhost:8080") as client:
        yield Asking(client, scopes)
