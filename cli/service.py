"""Which service is asked, and the way to it.

Laws: no key is kept: it goes from the environment into the transport, and nowhere else. Nothing is pretended: the
service in memory answers where it was asked for, and nowhere else; without a key a command says what to do.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct, structs

from ..core import InvalidArgument
from ..transports.network.environment import API_KEY, AZURE_ENDPOINT, BASE_URL
from .failures import ExitCode
from .options import Options, option_name
from .streams import Process, Stopped

if TYPE_CHECKING:
    from ..transports import Transport

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


ServiceChoice: TypeAlias = InMemory | Remote


def choose_service(options: Options, environ: Mapping[str, str]) -> ServiceChoice | str:
    """The service that the options and the environment mean; a sentence where they contradict each other."""
    if options.base_url == "":
        return "--base-url is empty"
    memory = "--memory" if options.memory else None
    if memory is None and options.base_url is None:
        switch = environ.get(MEMORY) or "0"
        if switch.lower() not in _SWITCH:
            return f"{MEMORY}: given {switch!r}; allowed is 1 or 0"
        memory = MEMORY if _SWITCH[switch.lower()] else None
    if memory is None:
        return Remote(options.base_url, options.organization, options.project, options.timeout)
    useless = [option_name(name) for name in options.given() if name in Remote.__struct_fields__]
    return f"{', '.join(useless)}: of no use with {memory}" if useless else InMemory()


def missing_key(service: ServiceChoice, environ: Mapping[str, str], url_option: str = "--base-url") -> str | None:
    """What to do where `service` cannot be asked, for want of a key; None where it can.

    A server that was named by its URL may need none.
    """
    if isinstance(service, InMemory) or service.base_url is not None:
        return None
    if any(map(environ.get, (BASE_URL, API_KEY, AZURE_ENDPOINT))):
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

    given: dict[str, Any] = {name: value for name, value in structs.asdict(service).items() if value is not None}
    with Urllib3Transport(**given, max_connections=concurrency) as transport:
        yield transport
