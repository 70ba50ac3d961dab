"""`puresponse services`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..failures import ExitCode
from ..parameters import FOR_EVERY, Invocation, command

if TYPE_CHECKING:
    from ...transports import Clock, Transport
    from ..configuration.services import Configuration
    from ..tasks import Events

_TAKEN = tuple(one for one in FOR_EVERY if one.name in ("config", "json", "table"))


@command(*_TAKEN)
def services(given: Invocation) -> ExitCode | str:
    """List the services of the configuration, and whether the variable with the key of each is set."""
    from ..configuration.services import read_configuration
    from ..execute import execute
    from ..service import InMemory
    from ..tables import Column, View
    from ..tasks import Notice, Values

    environ = given.process.environ
    configuration = read_configuration(given.options.config, environ)
    if isinstance(configuration, str):
        return configuration
    rows = services_of(configuration, environ)

    def task(transport: Transport, clock: Clock, concurrency: int) -> Events:
        if rows:
            yield Values(tuple(rows))
        else:
            yield Notice(f"no service is named in {configuration.path}")

    columns = (Column("NAME"), Column("KEY", 30, needed=True), Column("DEFAULT", 7), Column("WHERE"))
    longest = max((len(row["name"]) for row in rows), default=0)
    return execute(given, task, View(columns, cells), longest_id=longest, service=InMemory())


def services_of(configuration: Configuration, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is to be known of each service: nothing of a key, but whether there is one."""
    from ..service import key_variable_of

    rows: list[dict[str, Any]] = []
    for service in configuration.services.values():
        variable = key_variable_of(service)
        rows.append(
            {
                "name": service.name,
                "base_url": service.base_url,
                "key_variable": variable,
                "key_is_set": None if variable is None else bool(environ.get(variable)),
                "organization": service.organization,
                "project": service.project,
                "timeout": service.timeout,
                "rate": service.rate,
                "concurrency": service.concurrency,
                "memory": service.memory,
                "default": service.name == configuration.default,
            }
        )
    return rows


def cells(row: Any) -> tuple[str, ...]:
    """Show a service."""
    variable, is_set = row["key_variable"], row["key_is_set"]
    key = "none" if variable is None else f"{variable} ({'set' if is_set else 'not set'})"
    where = "in memory" if row["memory"] else row["base_url"] or "the API"
    return row["name"], key, "yes" if row["default"] else "", where
