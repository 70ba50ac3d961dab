"""Named services, in a file of the user's: where each is, and the name of the variable with its key.

Laws: the file holds no key, and what looks like one is refused, with its place, and not shown. Every mistake is told
with the file, the table and the field.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from ..codecs.lossless.plain import is_array, is_object
from ..core.credentials import names_a_credential

CONFIG = "PURESPONSE_CONFIG"
"""The variable of the environment that names the file."""

_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_URL = re.compile(r"https?://[^\s/?#@\\]+(?:/[^\s?#@\\]*)?")

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
        return found or f"{self.path} has no service {name!r}{_near(name, self.services, 'it has')}"


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
    except _Mistake as mistake:
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


class _Mistake(Exception):
    """What is wrong, and where."""


def _configuration(path: str, content: dict[str, Any]) -> Configuration:
    _refuse_keys("", content)
    _refuse_others("", content, ("default", "services"))
    tables = _table("services", content.get("services", {}))
    services = {name: _service(name, value) for name, value in tables.items()}
    default = _taken("", content, "default", _text)
    if default is not None and default not in services:
        raise _Mistake(f"default: there is no [services.{_shown(default)}]{_near(default, services, 'there is')}")
    return Configuration(path, services, default)


def _service(name: str, value: Any) -> Service:
    place = f"services.{_shown(name)}"
    if not _NAME.fullmatch(name):
        raise _Mistake(f"{place}: a name has letters, digits, points, dashes and underscores")
    table = _table(place, value)
    _refuse_others(place, table, Service.__struct_fields__[1:])
    service = Service(
        name=name,
        base_url=_taken(place, table, "base_url", _url),
        key_variable=_taken(place, table, "key_variable", _variable),
        organization=_taken(place, table, "organization", _text),
        project=_taken(place, table, "project", _text),
        timeout=_taken(place, table, "timeout", _seconds),
        rate=_taken(place, table, "rate", _positive),
        concurrency=_taken(place, table, "concurrency", _concurrency),
        memory=_taken(place, table, "memory", _switch) or False,
    )
    useless = [one for one in ("base_url", "key_variable", "organization", "project", "timeout") if one in table]
    if service.memory and useless:
        raise _Mistake(f"[{place}]: {', '.join(useless)}: of no use with memory = true")
    return service


def _taken(place: str, table: dict[str, Any], field: str, read: Callable[[Any], T | None]) -> T | None:
    """The value of a field that may be there. `read` returns None for what is not allowed."""
    if field not in table:
        return None
    value = read(table[field])
    if value is None:
        where = f"[{place}] {field}" if place else field
        raise _Mistake(f"{where}: allowed is {_ALLOWED[read]}")
    return value


def _table(place: str, value: Any) -> dict[str, Any]:
    if not is_object(value):
        raise _Mistake(f"{place}: it must be a table: [{place}{'.NAME' if place == 'services' else ''}]")
    return value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value and value.isprintable() else None


def _url(value: Any) -> str | None:
    return value if isinstance(value, str) and _URL.fullmatch(value) else None


def _variable(value: Any) -> str | None:
    return value if isinstance(value, str) and _VARIABLE.fullmatch(value) else None


def _seconds(value: Any) -> float | None:
    return _number(value, 1e9)


def _positive(value: Any) -> float | None:
    return _number(value, 1e6)


def _number(value: Any, most: float) -> float | None:
    return float(value) if type(value) in (int, float) and 0 < value <= most else None


def _concurrency(value: Any) -> int | None:
    return value if type(value) is int and 1 <= value <= 256 else None


def _switch(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


_ALLOWED: dict[Callable[[Any], Any], str] = {
    _text: "a text that is not empty",
    _url: "http(s)://host[:port][/path], without user, query or fragment",
    _variable: "the name of a variable of the environment, such as OPENAI_API_KEY: the key itself belongs in no file",
    _seconds: "a number of seconds greater than 0",
    _positive: "a number of requests a second greater than 0",
    _concurrency: "an integer from 1 to 256",
    _switch: "true or false",
}


# --- what must not be in it ------------------------------------------------------------------------


def _refuse_keys(place: str, value: Any) -> None:
    """Refuse what looks like a key, wherever it is."""
    if is_object(value):
        for name, one in value.items():
            inside = f"{place}.{_shown(name)}" if place else _shown(name)
            _refuse_key(inside, name)
            _refuse_keys(inside, one)
    elif is_array(value):
        for number, one in enumerate(value):
            _refuse_keys(f"{place}[{number}]", one)
    elif isinstance(value, str):
        _refuse_key(place, value)


def _refuse_key(place: str, text: str) -> None:
    if _is_a_key(text):
        raise _Mistake(
            f"{place}: it looks like a key, and no key belongs in this file: put it in a variable of the environment, "
            "and the name of that into key_variable"
        )


_MAY_BE_A_KEY = re.compile(r"(?=[A-Za-z_.-]*[0-9])[A-Za-z0-9_.-]{16,}|://.*@|PRIVATE KEY")
"""What is worth looking at more closely, with what takes long to load."""


def _is_a_key(text: str) -> bool:
    if _MAY_BE_A_KEY.search(text) is None:
        return False
    from ..transports.cassette.leaks import looks_like_a_key

    return looks_like_a_key(text)


def _refuse_others(place: str, table: Mapping[str, Any], known: Collection[str]) -> None:
    for name in table:
        if name not in known:
            where = f"[{place}] {_shown(name)}" if place else _shown(name)
            hint = _near(name, known, "there is")
            if names_a_credential(name):
                hint = "; a key is in no file: key_variable names the variable that has it"
            raise _Mistake(f"{where}: there is no such field{hint}")


def _near(name: str, known: Collection[str], otherwise: str) -> str:
    """What may have been meant, or else what there is."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {', '.join(near)}?"
    return f"; {otherwise} {', '.join(known)}" if known else "; it has none"


def _shown(name: str) -> str:
    """The name of a field, which may be a key that was put in the wrong place."""
    return "[a key]" if _is_a_key(name) else name if _NAME.fullmatch(name) else repr(name)
