"""What is used of aiohttp that it does not document. Where a release changes it, this fails, and says which."""

from __future__ import annotations

import asyncio
from inspect import iscoroutinefunction, signature

import pytest
from aiohttp import ClientRequest, TCPConnector
from aiohttp.client_proto import ResponseHandler

from puresponse.core import HttpRequest, value_or_raise
from puresponse.transports import AiohttpTransport
from puresponse.transports.aiohttp.connector import Attempt, Connector, Destination
from puresponse.transports.http1.addresses import origin_of
from puresponse.transports.testing.contract.transports import repeat_request
from puresponse.transports.testing.loopback import serving


def test_a_connector_has_the_function_that_makes_a_connection() -> None:
    function = vars(TCPConnector)["_create_connection"]
    assert iscoroutinefunction(function)
    assert list(signature(function).parameters) == ["self", "req", "traces", "timeout"]


def test_a_connector_makes_the_protocol_of_a_connection_by_its_factory() -> None:
    async def scene() -> None:
        theirs = TCPConnector()
        assert isinstance(vars(theirs)["_factory"](), ResponseHandler)
        await theirs.close()
        with serving(repeat_request) as base_url:
            loop = asyncio.get_running_loop()
            ours, attempt = Connector(Destination(origin_of(base_url), None, None), loop), Attempt()
            wire = await ours.connected(attempt)
            assert [handler.wire for handler in attempt.made] == [wire]
            wire.end()
            await ours.close()

    asyncio.run(scene())


@pytest.mark.parametrize("name", ["method", "url", "loop", "proxy", "proxy_headers"])
def test_a_request_of_aiohttp_takes_what_says_where_to_connect(name: str) -> None:
    assert name in signature(ClientRequest.__init__).parameters


def test_nothing_of_the_client_of_aiohttp_is_used_but_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object, **named: object) -> None:
        raise AssertionError("the parser of aiohttp, or its requests, were used")

    monkeypatch.setattr("aiohttp.client_proto.HttpResponseParser", never)
    monkeypatch.setattr(ClientRequest, "send", never)

    async def scene(base_url: str) -> None:
        async with AiohttpTransport(base_url=base_url) as transport:
            assert value_or_raise(await transport(HttpRequest("GET", "/x"))).body == b"/x None"

    with serving(repeat_request) as base_url:
        monkeypatch.setenv("NO_PROXY", "*")
        asyncio.run(scene(base_url))
