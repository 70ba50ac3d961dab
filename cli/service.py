"""Which service is asked, and the way to it.

Laws: no key is kept: it goes from the environment into the transport, and nowhere else. Nothing is pretended: the
service in memory answers where it was asked for, and nowhere else; without a key a command says what to do.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from msgspec import Struct

from ..core import InvalidArgument
from ..transports.network.environment import API_KEY, AZURE_ENDPOINT, BASE_URL
from .failures import ExitCode
from .options import Options, option_name
from .streams import Process, Stopped

if TYPE_CHECKING:
    from ..transports import Transport
    from .configuration.services import Service

MEMORY = "PURESPONSE_MEMORY"
"""The variable of the environment that does what `--memory` does."""

_SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class InMemory(Struct, frozen=True):
    """The service in memory, with the sample responses."""


class Remote(Struct, frozen=True):
    """The API, or a server that speaks it. What is None is the environment's to say, or the transport's."""

    base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    timeout: float | None = None
    key_variable: str | None = None
    name: str | None = None


ServiceChoice: TypeAlias = InMemory | Remote


class Chosen(NamedTuple):
    """A service, and how it is to be asked unless options say otherwise."""

    service: ServiceChoice
    rate: float | None = None
    concurrency: int | None = None


def choose_service(options: Options, environ: Mapping[str, str]) -> ServiceChoice | str:
    """The service that the options, the environment and the configuration mean: see `choose`."""
    chosen = choose(options, environ)
    return chosen if isinstance(chosen, str) else chosen.service


def choose(options: Options, environ: Mapping[str, str]) -> Chosen | str:
    """The service that the options, the environment and the configuration mean; a sentence where they make no sense.

    What says which it is, in this order: `--memory`; `--service`; `--base-url`; `PURESPONSE_MEMORY`; the default of the
    configuration; and else the variables that the transport reads. Options override what the configuration says of it.
    """
    if options.base_url == "":
        return "--base-url is empty"
    if options.memory:
        return _in_memory("--memory", options)
    if options.service is None and options.base_url is None:
        switch = environ.get(MEMORY) or "0"
        if switch.lower() not in _SWITCH:
            return f"{MEMORY}: given {switch!r}; allowed is 1 or 0"
        if _SWITCH[switch.lower()]:
            return _in_memory(MEMORY, options)
    if options.service is None and options.base_url is not None:
        return Chosen(_remote(options))
    from .configuration.services import read_configuration  # which --memory does without

    configuration = read_configuration(options.config, environ)
    if isinstance(configuration, str):
        return configuration
    name = options.service or configuration.default
    if name is None:
        return Chosen(_remote(options))
    service = configuration.service(name)
    if isinstance(service, str):
        return f"--service: {service}"
    if not service.memory:
        return Chosen(_remote(options, service), service.rate, service.concurrency)
    memory = _in_memory(f"the service {name!r}, which is in memory", options)
    return memory if isinstance(memory, str) else Chosen(InMemory(), service.rate, service.concurrency)


def _in_memory(asked_by: str, options: Options) -> Chosen | str:
    given = options.given()
    useless = [option_name(name) for name in ("base_url", "organization", "project", "timeout") if name in given]
    if options.service is not None and options.memory:
        useless.append("--service")
    return f"{', '.join(useless)}: of no use with {asked_by}" if useless else Chosen(InMemory())


def _remote(options: Options, service: Service | None = None) -> Remote:
    if service is None:
        return Remote(options.base_url, options.organization, options.project, options.timeout)
    return Remote(
        base_url=service.base_url if options.base_url is None else options.base_url,
        organization=service.organization if options.organization is None else options.organization,
        project=service.project if options.project is None else options.project,
        timeout=service.timeout if options.timeout is None else options.timeout,
        key_variable=service.key_variable,
        name=service.name,
    )


def key_variable_of(service: Service | Remote) -> str | None:
    """The variable of the environment that has the key of a service; None where it is sent none."""
    if not isinstance(service, Remote) and service.memory:
        return None
    named = service.name is not None and service.base_url is not None
    return service.key_variable or (None if named else API_KEY)


def missing_key(service: ServiceChoice, environ: Mapping[str, str], url_option: str = "--base-url") -> str | None:
    """What to do where `service` cannot be asked, for want of a key; None where it can.

    A server that was named by its URL may need none.
    """
    if isinstance(service, InMemory):
        return None
    if service.key_variable is not None:
        if environ.get(service.key_variable):
            return None
        return (
            f"{service.key_variable}, with the key of the service {service.name!r}, is not set, and nothing was sent: "
            "set it; or try the command with --memory, on the sample responses of a service in memory"
        )
    if service.base_url is not None or any(map(environ.get, (BASE_URL, API_KEY, AZURE_ENDPOINT))):
        return None
    return (
        f"{API_KEY} is not set, and nothing was sent: set it; or try the command with --memory, on the sample "
        f"responses of a service in memory; or name a server that needs no key with {url_option}"
    )


@contextmanager
def connected(
    service: ServiceChoice, concurrency: int, process: Process, *, url_option: str = "--base-url"
) -> Generator[Transport, None, None]:
    """Open the transport to `service`, for that many exchanges at once.

    Raises `Stopped` where there is no key, and for a setting that cannot be used.
    """
    missing = missing_key(service, process.environ, url_option)
    if missing is not None:
        raise Stopped(ExitCode.NO_KEY, missing, "NoKey")
    with ExitStack() as stack:
        try:
            transport = stack.enter_context((process.connect or connect)(service, concurrency))
        except (ValueError, OSError) as error:
            # An option, or a variable of the environment.
            raise Stopped(ExitCode.INVALID_ARGUMENT, str(error), InvalidArgument.__name__) from None
        yield transport


@contextmanager
def connect(service: ServiceChoice, concurrency: int) -> Generator[Transport, None, None]:
    """The real way to a service. Raises `ValueError` for a setting that cannot be used."""
    if isinstance(service, InMemory):
        from ..transports.memory.transport import MemoryTransport

        yield MemoryTransport()
        return
    from ..transports.urllib3.transport import Urllib3Transport

    fields = ("base_url", "organization", "project", "timeout")
    given: dict[str, Any] = {name: value for name in fields if (value := getattr(service, name)) is not None}
    if service.key_variable is not None:
        given["api_key"] = os.environ.get(service.key_variable, "")
    if key_variable_of(service) is None:
        # What the environment says of the API is nobody else's: empty values keep it from being read.
        given = {"api_key": "", "organization": "", "project": "", **given}
    with Urllib3Transport(**given, max_connections=concurrency) as transport:
        yield transport
