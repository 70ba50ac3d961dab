"""The contract suite passes what keeps the laws and catches what breaks one: each law is broken here at least once."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeAlias

import pytest
import urllib3
from msgspec.structs import force_setattr, replace
from returns.result import Failure, Success

from puresponse.core.errors import Interrupted, NotSent
from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import is_failure
from puresponse.core.steps import Answer
from puresponse.transports.contract import AsyncTransport, Transport
from puresponse.transports.network.query import encode_query
from puresponse.transports.testing.contract import (
    AsyncNetworkTransportContract,
    AsyncTransportContract,
    CutTransportContract,
    NetworkTransportContract,
    Service,
    TransportContract,
)
from puresponse.transports.threads import in_threads
from puresponse.transports.urllib3.transport import Urllib3Transport

Making: TypeAlias = Callable[[Service], Transport]


def laws_of(contract: type[TransportContract]) -> list[str]:
    return [name for name in dir(contract) if name.startswith("test_")]


def broken_laws(contract: TransportContract, *laws: str) -> list[str]:
    """Which of these laws, or of all, the transport of `contract` breaks."""
    broken: list[str] = []
    for law in laws or laws_of(type(contract)):
        try:
            getattr(contract, law)()
        except AssertionError as error:
            broken.append(law if str(error) else f"{law}, without a word")
    return broken


class TestFunction(TransportContract):
    """A plain function is a fine stub."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(lambda request: Success(service(request)))


class TestFunctionInThreads(AsyncTransportContract):
    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(in_threads(lambda request: Success(service(request))))


class Defective(TransportContract):
    """Checks a transport that is made by a given function."""

    def __init__(self, make: Making) -> None:
        self._make = make

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(self._make(service))


def changing_the_request(change: Callable[[HttpRequest], HttpRequest]) -> Making:
    return lambda service: lambda request: Success(service(change(request)))


def changing_the_response(change: Callable[[HttpResponse], HttpResponse]) -> Making:
    return lambda service: lambda request: Success(change(service(request)))


def judging(service: Service) -> Transport:
    def exchange(request: HttpRequest) -> Answer:
        response = service(request)
        return Success(response) if response.status < 400 else Failure(Interrupted("protocol", "an error"))

    return exchange


def following(service: Service) -> Transport:
    def exchange(request: HttpRequest) -> Answer:
        response = service(request)
        if location := response.header("location"):
            response = service(replace(request, path=location))
        return Success(response)

    return exchange


def insisting(service: Service) -> Transport:
    def exchange(request: HttpRequest) -> Answer:
        response = service(request)
        return Success(service(request) if response.header("retry-after") else response)

    return exchange


def remembering(service: Service) -> Transport:
    known: dict[HttpRequest, HttpResponse] = {}

    def exchange(request: HttpRequest) -> Answer:
        if request not in known:
            known[request] = service(request)
        return Success(known[request])

    return exchange


def lagging(service: Service) -> Transport:
    answers = [HttpResponse(status=200)]

    def exchange(request: HttpRequest) -> Answer:
        answers.append(service(request))
        return Success(answers[-2])

    return exchange


def meddling(service: Service) -> Transport:
    def exchange(request: HttpRequest) -> Answer:
        response = service(request)
        force_setattr(request, "headers", ())
        return Success(response)

    return exchange


def telling(service: Service) -> Transport:
    def exchange(request: HttpRequest) -> Answer:
        keyed = ("Authorization", f"Bearer {TransportContract.credential}")
        return Success(service(replace(request, headers=(*request.headers, keyed))))

    return exchange


def one_of_each(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict(pairs).items())


DEFECTS: list[tuple[Making, str]] = [
    (judging, "test_any_status_is_a_success"),
    (changing_the_response(lambda r: replace(r, headers=())), "test_a_header_of_the_answer_is_found_in_any_case"),
    (
        changing_the_response(lambda r: replace(r, headers=one_of_each(r.headers))),
        "test_a_repeated_header_of_the_answer_keeps_all_its_values",
    ),
    (changing_the_response(lambda r: replace(r, body=r.body or b"{}")), "test_an_empty_answer_is_empty"),
    (changing_the_response(lambda r: replace(r, body=r.body[: 2**16])), "test_a_large_answer_arrives_whole"),
    (
        changing_the_response(lambda r: replace(r, body=r.body.decode("latin-1").encode())),
        "test_a_binary_answer_arrives_as_it_is",
    ),
    (following, "test_a_redirect_is_an_answer"),
    (insisting, "test_nothing_is_retried"),
    (remembering, "test_the_same_request_twice_is_two_exchanges"),
    (
        changing_the_request(lambda r: replace(r, method=r.method.replace("PATCH", "POST"))),
        "test_the_method_and_the_path_arrive",
    ),
    (
        changing_the_request(lambda r: replace(r, path=r.path.replace("%2F", "/"))),
        "test_the_method_and_the_path_arrive",
    ),
    (changing_the_request(lambda r: replace(r, query=one_of_each(r.query))), "test_the_query_arrives"),
    (changing_the_request(lambda r: replace(r, query=tuple(sorted(r.query)))), "test_the_query_arrives"),
    (changing_the_request(lambda r: replace(r, headers=one_of_each(r.headers))), "test_the_headers_arrive"),
    (changing_the_request(lambda r: replace(r, body=r.body and r.body[:1000])), "test_the_body_arrives"),
    (changing_the_request(lambda r: replace(r, body=r.body or None)), "test_an_empty_body_is_told_from_none"),
    (changing_the_request(lambda r: replace(r, body=r.body or b"")), "test_an_empty_body_is_told_from_none"),
    (meddling, "test_the_request_stays_as_it_was"),
    (lagging, "test_each_of_many_threads_gets_its_own_answer"),
    (telling, "test_no_answer_holds_the_credential"),
]


@pytest.mark.parametrize(("make", "law"), DEFECTS)
def test_a_transport_that_breaks_a_law_is_caught_by_that_law(make: Making, law: str) -> None:
    assert broken_laws(Defective(make), law) == [law]


def test_every_law_of_transports_has_been_broken() -> None:
    assert {law for _, law in DEFECTS} == set(laws_of(TransportContract))


MakingTo: TypeAlias = Callable[..., AbstractContextManager[Transport]]


class DefectiveInTheNetwork(NetworkTransportContract):
    """Checks a transport to a base URL that is made by a given function."""

    patience = 0.6

    def __init__(self, make: MakingTo) -> None:
        self._make = make

    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        return self._make(base_url, timeout=timeout, ca_file=ca_file, client_certificate=client_certificate)


def sound(base_url: str, **arguments: Any) -> Urllib3Transport:
    return Urllib3Transport(base_url=base_url, connect_timeout=arguments["timeout"], proxy="", **arguments)


def changing_the_result(change: Callable[[Answer], Answer]) -> MakingTo:
    @contextmanager
    def make(base_url: str, **arguments: Any) -> Generator[Transport]:
        with sound(base_url, **arguments) as transport:
            yield lambda request: change(transport(request))

    return make


def leaving_out(parameter: str) -> MakingTo:
    def make(base_url: str, **arguments: Any) -> AbstractContextManager[Transport]:
        return sound(base_url, **{**arguments, parameter: None})

    return make


@contextmanager
def carefree(base_url: str, **arguments: Any) -> Generator[Transport]:
    """What one might write with urllib3: it follows redirects, trusts anyone and sees nothing that is cut off."""

    def exchange(request: HttpRequest) -> Answer:
        url = f"{base_url}{request.path}?{encode_query(request.query)}"
        answer = pools.request(request.method, url, body=request.body, headers=dict(request.headers))
        return Success(HttpResponse(status=answer.status, headers=tuple(answer.headers.items()), body=answer.data))

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        pytest.warns(urllib3.exceptions.InsecureRequestWarning) if base_url.startswith("https") else nullcontext(),
        urllib3.PoolManager(ssl_context=context, cert_reqs="CERT_NONE") as pools,
    ):
        yield exchange


@contextmanager
def clinging(base_url: str, **arguments: Any) -> Generator[Transport]:
    """One that keeps its connection whatever the server does with it."""
    connection = http.client.HTTPConnection(base_url.removeprefix("http://"))

    def exchange(request: HttpRequest) -> Answer:
        try:
            connection.request(request.method, request.path, request.body)
            with connection.getresponse() as answer:
                return Success(HttpResponse(status=answer.status, body=answer.read()))
        except OSError as error:
            return Failure(Interrupted("reset", str(error)))

    yield exchange
    connection.close()


unsure = changing_the_result(lambda r: Failure(Interrupted("reset", "?")) if is_failure(r) else r)
cocksure = changing_the_result(lambda r: Failure(NotSent("refused", "?")) if is_failure(r) else r)
indulgent = changing_the_result(lambda r: Success(HttpResponse(status=200)) if is_failure(r) else r)


def changing_the_partial(change: Callable[[Interrupted], HttpResponse | None]) -> MakingTo:
    """A sound transport, but for what its interruptions bear."""

    def changed(result: Answer) -> Answer:
        error = result.failure() if is_failure(result) else None
        return Failure(replace(error, partial=change(error))) if isinstance(error, Interrupted) else result

    return changing_the_result(changed)


def saying(part: str) -> Callable[[Interrupted], HttpResponse | None]:
    """Has `part` in place of what was taken out of a body."""
    return lambda e: e.partial and replace(e.partial, body=e.partial.body.replace(b"[redacted]", part.encode()))


losing = changing_the_partial(lambda e: None)
losing_headers = changing_the_partial(lambda e: e.partial and replace(e.partial, headers=()))
losing_silence = changing_the_partial(lambda e: None if e.kind == "read_timeout" else e.partial)
inventing = changing_the_partial(lambda e: e.partial or HttpResponse(status=200))
keyed = changing_the_partial(saying(TransportContract.credential))
keyed_in_part = changing_the_partial(saying(TransportContract.credential[:-4]))


def telling_all(result: Answer) -> Answer:
    error = result.failure() if is_failure(result) else None
    if not isinstance(error, Interrupted) or error.partial is None:
        return result
    return Failure(replace(error, reason=f"{error.reason} after {error.partial.body!r}"))


gossiping = changing_the_result(telling_all)


def curtailed(result: Answer) -> Answer:
    return result if is_failure(result) else Success(replace(result.unwrap(), body=result.unwrap().body[:8]))


@contextmanager
def stubborn(base_url: str, **arguments: Any) -> Generator[Transport]:
    def exchange(request: HttpRequest) -> Answer:
        result = transport(request)
        return transport(request) if is_failure(result) else result

    with sound(base_url, **arguments) as transport:
        yield exchange


@contextmanager
def unhurried(base_url: str, **arguments: Any) -> Generator[Transport]:
    """One that knows only its own timeout."""
    with sound(base_url, **arguments) as transport:
        yield lambda request: transport(replace(request, timeout=None))


DEFECTS_IN_THE_NETWORK: list[tuple[MakingTo, str]] = [
    (unsure, "test_a_port_where_nobody_listens_is_refused"),
    (cocksure, "test_a_name_that_does_not_resolve_is_dns"),
    (unsure, "test_a_handshake_with_a_server_of_plain_http_is_tls"),
    (cocksure, "test_a_handshake_that_the_server_breaks_off_is_tls"),
    (unsure, "test_a_handshake_that_the_server_does_not_answer_times_out_unsent"),
    (carefree, "test_a_certificate_of_an_unknown_authority_is_tls"),
    (leaving_out("ca_file"), "test_a_certificate_of_a_given_authority_is_trusted"),
    (leaving_out("client_certificate"), "test_a_client_certificate_is_shown"),
    (indulgent, "test_a_missing_client_certificate_is_tls"),
    (cocksure, "test_a_connection_closed_without_an_answer_is_a_reset"),
    (carefree, "test_an_answer_that_breaks_off_in_its_headers_is_interrupted"),
    (indulgent, "test_a_body_shorter_than_announced_is_truncated"),
    (unsure, "test_a_chunked_body_that_breaks_off_is_truncated"),
    (stubborn, "test_a_chunked_body_that_breaks_off_is_truncated"),
    (changing_the_result(curtailed), "test_a_chunked_body_arrives_whole"),
    (unsure, "test_an_answer_that_is_not_http_is_a_breach_of_protocol"),
    (unsure, "test_silence_is_a_read_timeout"),
    (losing, "test_an_interruption_holds_what_was_received"),
    (losing_headers, "test_an_interruption_holds_what_was_received"),
    (gossiping, "test_what_an_interruption_holds_is_not_shown"),
    (losing, "test_what_was_received_is_kept_whatever_the_framing_and_the_break"),
    (losing_silence, "test_what_was_received_is_kept_whatever_the_framing_and_the_break"),
    (inventing, "test_an_interruption_before_the_end_of_the_head_holds_nothing"),
    (keyed, "test_what_an_interruption_holds_is_no_credential"),
    (keyed_in_part, "test_what_an_interruption_holds_is_no_credential"),
    (losing, "test_what_an_interruption_holds_is_no_credential"),
    (unhurried, "test_a_request_is_given_its_own_read_timeout"),
    (clinging, "test_a_connection_closed_while_idle_is_not_used_again"),
    (carefree, "test_a_redirect_does_not_carry_the_key_to_another_host"),
]


@pytest.mark.parametrize(("make", "law"), DEFECTS_IN_THE_NETWORK)
def test_a_transport_that_breaks_a_law_of_the_network_is_caught_by_that_law(make: MakingTo, law: str) -> None:
    assert broken_laws(DefectiveInTheNetwork(make), law) == [law]


def test_every_law_of_the_network_has_been_broken() -> None:
    laws = set(laws_of(NetworkTransportContract)) - set(laws_of(TransportContract))
    assert {law for _, law in DEFECTS_IN_THE_NETWORK} == laws


class DefectiveInTheLoop(AsyncTransportContract):
    """Checks an asynchronous transport that is made by a given function, without patience."""

    patience = 0.05

    def __init__(self, make: Callable[[Service], AsyncTransport]) -> None:
        self._make = make

    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(self._make(service))


def blocking(service: Service) -> AsyncTransport:
    async def exchange(request: HttpRequest) -> Answer:
        return Success(service(request))

    return exchange


def test_a_transport_that_blocks_the_loop_is_caught() -> None:
    assert broken_laws(DefectiveInTheLoop(blocking)) == ["test_the_event_loop_goes_on_while_an_answer_is_awaited"]


def test_an_asynchronous_transport_that_mixes_up_answers_is_caught() -> None:
    law = "test_each_of_many_threads_gets_its_own_answer"
    assert broken_laws(DefectiveInTheLoop(lambda service: in_threads(lagging(service))), law) == [law]


def test_a_contract_without_a_transport_says_what_is_missing() -> None:
    makers: list[Callable[[Any], object]] = [
        TransportContract().make_transport,
        NetworkTransportContract().make_transport_to,
        AsyncTransportContract().make_async_transport,
        AsyncNetworkTransportContract().make_async_transport_to,
        CutTransportContract().make_cut_transport,
    ]
    for maker in makers:
        with pytest.raises(NotImplementedError, match=r"a subclass of .* says how to make a transport"):
            maker("")
