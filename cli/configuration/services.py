"""Named services, in a file of the user's: where each is, and the name of the variable with its key.

Laws: the file holds no key, and what looks like one is refused, with its place, and not shown. Every mistake is told
with the file, the table and the field.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from ...codecs.lossless.plain import is_object
from . import fields
from .mistakes import NAME, Mistake, near_names, refuse_keys, refuse_others, shown_name

CONFIG = "PURESPONSE_CONFIG"
"""The variable of the environment that names the file."""


T = TypeVar("T")


class Service(Struct, frozen=True, kw_only=True):
    """A service by its name. `key_variable` is the name of the variable of the environment that has its key.

    Without `base_url` it is the API, with the key in `OPENAI_API_KEY` unless another variable is named. With one, and
    without `key_variable`, it is sent no key.
    """

    name: str
    base_url: str | None = None
    key_variable: str | None = None
    organization: str | None = None
    project: str | None = None
    timeout: float | None = None
    rate: float | None = None
    concurrency: int | None = None
    memory: bool = False


class Configuration(Struct, frozen=True):
    """What the file says. `default` is the service that is meant where none is named."""

    path: str
    services: Mapping[str, Service]
    default: str | None = None

    def service(self, name: str) -> Service | str:
        """The service of that name, or a sentence that says which there are."""
        found = self.services.get(name)
        return found or f"{self.path} has no service {name!r}{near_names(name, self.services, 'it has')}"


def read_configuration(path: str | None, environ: Mapping[str, str]) -> Configuration | str:
    """What the configuration says: the file at `path`, or else where the environment says that it is.

    That is `PURESPONSE_CONFIG`, or `puresponse/config.toml` in the folder for such files, where there may be none. A
    sentence is returned where it cannot be read, or makes no sense.
    """
    named = path or environ.get(CONFIG) or None
    where = named or usual_place(environ)
    if where is None or (named is None and not os.path.exists(where)):
        return Configuration(where or "", {})
    import tomllib  # which most commands do without

    try:
        with open(where, "rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        return f"{where}: {error.strerror or error}"
    except UnicodeDecodeError:
        return f"{where}: it is not UTF-8"
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return f"{where}: it is not TOML: {error}"
    try:
        return _configuration(where, content)
    except Mistake as mistake:
        return f"{where}: {mistake}"


def usual_place(environ: Mapping[str, str]) -> str | None:
    """Where the file is unless something says otherwise (the XDG base directories, or `APPDATA` on Windows)."""
    if sys.platform == "win32":
        folder = environ.get("APPDATA")
    else:
        folder = environ.get("XDG_CONFIG_HOME")
        if not folder and environ.get("HOME"):
            folder = os.path.join(environ["HOME"], ".config")
    return os.path.join(folder, "puresponse", "config.toml") if folder else None


# --- reading what it says --------------------------------------------------------------------------


def _configuration(path: str, content: dict[str, Any]) -> Configuration:
    refuse_keys("", content)
    refuse_others("", content, ("default", "services"))
    tables = _table("services", content.get("services", {}))
    services = {name: _service(name, value) for name, value in tables.items()}
    default = _taken("", content, "default", fields.text)
    if default is not None and default not in services:
        raise Mistake(
            f"default: there is no [services.{shown_name(default)}]{near_names(default, services, 'there is')}"
        )
    return Configuration(path, services, default)


def _service(name: str, value: Any) -> Service:
    place = f"services.{shown_name(name)}"
    if not NAME.fullmatch(name):
        raise Mistake(f"{place}: a name has letters, digits, points, dashes and underscores")
    table = _table(place, value)
    refuse_others(place, table, Service.__struct_fields__[1:])
    service = Service(
        name=name,
        base_url=_taken(place, table, "base_url", fields.url),
        key_variable=_taken(place, table, "key_variable", fields.variable),
        organization=_taken(place, table, "organization", fields.text),
        project=_taken(place, table, "project", fields.text),
        timeout=_taken(place, table, "timeout", fields.seconds),
        rate=_taken(place, table, "rate", fields.per_second),
        concurrency=_taken(place, table, "concurrency", fields.count),
        memory=_taken(place, table, "memory", fields.switch) or False,
    )
    useless = [one for one in ("base_url", "key_variable", "organization", "project", "timeout") if one in table]
    if service.memory and useless:
        raise Mistake(f"[{place}]: {', '.join(useless)}: of no use with memory = true")
    return service


def _taken(place: str, table: dict[str, Any], field: str, read: Callable[[Any], T | None]) -> T | None:
    """The value of a field that may be there. `read` returns None for what is not allowed."""
    if field not in table:
        return None
    value = read(table[field])
    if value is None:
        where = f"[{place}] {field}" if place else field
        raise Mistake(f"{where}: allowed is {fields.ALLOWED[read]}")
    return value


def _table(place: str, value: Any) -> dict[str, Any]:
    if not is_object(value):
        raise Mistake(f"{place}: it must be a table: [{place}{'.NAME' if place == 'services' else ''}]")
    return value
