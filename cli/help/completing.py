"""What a shell is offered for a word that is begun.

Ids of the samples where the service in memory is asked, services by their names, and of everything else what click
offers: commands, options, choices and files.

Law: nothing is asked of a service, and what cannot be known is not offered. A mistake (a configuration that cannot be
read) offers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

SAMPLES = (
    "resp_completed",
    "resp_completed_background",
    "resp_queued",
    "resp_in_progress",
    "resp_cancelled",
    "resp_failed",
    "resp_incomplete",
    "resp_chat",
    "resp_long",
)
"""The ids of the sample responses. A test holds them to the service's, which would take long to load."""

CONVERSATIONS = ("conv_weather",)
CONVERSATION_ITEMS = ("msg_weather_1", "msg_weather_2")
MODELS = ("gpt-4o-mini", "gpt-4.1-mini", "gpt-5-mini", "o4-mini")
"""Models, in memory; of another service nobody knows which it has."""


def _in_memory(context: click.Context) -> bool:
    """Whether the service in memory is asked: by an option before or after the command, or by the environment."""
    given = (one.params.get("memory") for one in (context, context.find_root()))
    environ = getattr(context.obj, "environ", {})
    return any(given) or environ.get("PURESPONSE_MEMORY", "") not in ("", "0")


def _samples(of: Iterable[str]) -> Callable[[click.Context], Iterable[str]]:
    def offered(context: click.Context) -> Iterable[str]:
        return of if _in_memory(context) else ()

    return offered


def _services(context: click.Context) -> Iterable[str]:
    """The names of the services of the configuration."""
    from ..configuration.services import read_configuration

    path = next((one.params["config"] for one in (context, context.find_root()) if one.params.get("config")), None)
    found = read_configuration(path, getattr(context.obj, "environ", {}))
    return () if isinstance(found, str) else sorted(found.services)


_OFFERED: dict[str, Callable[[click.Context], Iterable[str]]] = {
    "service": _services,
    **dict.fromkeys(("ids", "response_id", "previous", "from"), _samples(SAMPLES)),
    **dict.fromkeys(("conversation", "conversations"), _samples(CONVERSATIONS)),
    "items": _samples(CONVERSATION_ITEMS),
    **dict.fromkeys(("model", "models"), _samples(MODELS)),
}
"""By the name of the parameter."""


def offered(parameter: click.Parameter, context: click.Context, incomplete: str) -> list[CompletionItem] | None:
    """What to offer for the value of a parameter that begins with `incomplete`; None where click knows."""
    known = _OFFERED.get(parameter.name or "")
    if known is None or isinstance(parameter.type, click.Path):
        return None
    return [CompletionItem(value) for value in known(context) if value.startswith(incomplete)]
