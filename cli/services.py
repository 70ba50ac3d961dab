"""Which service the operations go to: the API, or the one in memory."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from msgspec import Struct, structs

from ..transports import Transport
from ..transports.environment import API_KEY, BASE_URL
from .given import Options, written

NO_KEY = f"{API_KEY} is not set: this is the service in memory, with sample responses (`puresponse samples`)"


class InMemory(Struct, frozen=True):
    """The service in memory, with the sample responses. `chosen` tells that it was asked for by name."""

    chosen: bool


class Remote(Struct, frozen=True):
    """The API, or a server that speaks it. What is None is the environment's to say, or the transport's.

    The key is not here: it goes from the environment into the transport, and nowhere else.
    """

    base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    timeout: float | None = None


Service: TypeAlias = InMemory | Remote


_OF_REMOTE = ("base_url", "organization", "project", "timeout")


def choose_service(options: Options, environ: Mapping[str, str]) -> Service | str:
    """The service that the options and the environment mean; a sentence where they contradict each other."""
    if options.base_url == "":
        return "--base-url is empty"
    keyless = options.base_url is None and not environ.get(BASE_URL) and not environ.get(API_KEY)
    if not options.memory and not keyless:
        return Remote(options.base_url, options.organization, options.project, options.timeout)
    useless = [written(name) for name in options.given() if name in _OF_REMOTE]
    if useless:
        why = "with --memory" if options.memory else f"to the service in memory, which answers as {API_KEY} is not set"
        return f"{', '.join(useless)}: of no use {why}"
    return InMemory(chosen=options.memory)


@contextmanager
def connect(service: Service, concurrency: int) -> Generator[Transport, None, None]:
    """Open the transport to `service`, for that many exchanges at once.

    Raises `ValueError` for a setting that cannot be used.
    """
    if isinstance(service, InMemory):
        from ..transports.memory import MemoryTransport

        yield MemoryTransport()
        return
    from ..transports.urllib3 import Urllib3Transport

    given: dict[str, Any] = {name: value for name, value in structs.asdict(service).items() if value is not None}
    with Urllib3Transport(**given, max_connections=concurrency) as transport:
        yield transport


def sample_ids() -> tuple[str, ...]:
    """The ids of the sample responses, oldest first."""
    from ..transports.simulation import sample_state

    samples = sample_state().responses
    return tuple(sorted(samples, key=lambda response_id: samples[response_id].body["created_at"]))
