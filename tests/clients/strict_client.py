"""The official client in its strict mode before the service in memory, without a socket, and what it complains of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import openai
from openai.types.responses import Response, ResponseIncludable, ResponseStreamEvent
from pydantic import ValidationError

from puresponse import MemoryTransport, ModelInput, Reply, WsgiApplication
from puresponse.codecs.lossless.plain import is_array, is_object


class Service:
    """The service in memory, and a strict client of it."""

    def __init__(self, include: list[ResponseIncludable]) -> None:
        self.include = include
        self.reply = Reply.text("Hello!")
        self._asked: dict[str, Any] = {"model": "gpt-4o-mini", "input": "Hi"}
        application = WsgiApplication(MemoryTransport.empty(script=self._script))
        self._http = httpx2.Client(transport=httpx2.WSGITransport(app=application), trust_env=False)
        self.client = openai.OpenAI(
            api_key="sk-test",
            base_url="http://localhost/v1",
            http_client=self._http,
            max_retries=0,
            _strict_response_validation=True,
        )

    def create(self, **given: Any) -> Response:
        parameters: dict[str, Any] = {**self._asked, **given}
        made: Response = self.client.responses.create(stream=False, **parameters)
        return made

    def stream(self, **given: Any) -> list[ResponseStreamEvent]:
        parameters: dict[str, Any] = {**self._asked, **given}
        return [*self.client.responses.create(stream=True, **parameters)]

    def listed(self, response_id: str) -> list[dict[str, Any]]:
        """The input items of a response, with all that can be included."""
        items = self.client.responses.input_items.list(response_id, include=self.include, order="asc")
        return [item.to_dict() for item in items]

    def close(self) -> None:
        self._http.close()

    def _script(self, _: ModelInput) -> Reply:
        return self.reply


REDACTED = "<redacted>"
"""Recorded: what is in place of all that follows the host in the address of a server of tools."""

NEVER_SHOWN = {"file_data", "headers", "authorization"}
"""Recorded: the data of a file is not shown again. What a server of tools alone is to know is not either."""


def differences(sent: Any, shown: Any, where: str = "") -> Iterator[str]:
    """Where something that was sent is not shown again. Null is as good as absent."""
    if is_object(sent) and is_object(shown):
        for name, value in sent.items():
            if value is not None and name not in NEVER_SHOWN:
                yield from differences(value, shown.get(name), f"{where}.{name}")
    elif is_array(sent) and is_array(shown) and len(sent) == len(shown):
        for number, (one, other) in enumerate(zip(sent, shown, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif isinstance(sent, str) and isinstance(shown, str) and shown.endswith(REDACTED):
        if not sent.startswith(shown.removesuffix(REDACTED)):
            yield f"{where}: {sent!r} is {shown!r}"
    elif sent != shown:
        yield f"{where}: {sent!r} is {shown!r}"


def complaint(error: Exception) -> str:
    """What a strict client complains of: not that an object is of no other type either."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return str(error)
    found: dict[str, list[str]] = {}
    other: set[str] = set()
    for each in cause.errors(include_url=False):
        path = [str(step) for step in each["loc"]]
        shape = ".".join(path[: max((n for n, step in enumerate(path) if step[0].isupper()), default=0) + 1])
        if path[-1] == "type":
            other.add(shape)
        found.setdefault(shape, []).append(f"{'.'.join(path)}: {each['msg']}")
    return (
        "; ".join(line for shape, lines in found.items() if shape not in other for line in lines) or str(cause)[:2000]
    )
