"""What is done in a fresh process where a lock could hang it, or something be built too early or too late."""

from __future__ import annotations

import _imp
import json
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from inspect import currentframe
from typing import Any

from midst import BODY, PATIENCE, decoded, in_the_midst
from places import LAYERS, ROOT

# --- one thing in the midst of another -------------------------------------------------------------------------------


def built_in_the_midst(number: int) -> list[Any]:
    """What a thread gets that decodes something else while it builds."""
    from puresponse.codecs import decode_token_count

    counted: list[int] = []

    def count() -> None:
        counted.append(decode_token_count(b'{"object":"response.input_tokens","input_tokens":7}').unwrap().input_tokens)

    with in_the_midst(number, count):
        told = decoded()
    return [counted, told]


# --- imports ---------------------------------------------------------------------------------------------------------


def built_while_importing() -> list[str]:
    """What is built by importing everything there is."""
    import msgspec

    built: list[str] = []

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            built.append(f"{name}{args!r}")
            return function(*args, **kwargs)

        return call

    class Decoder:
        def __class_getitem__(cls, shape: object) -> type[Decoder]:
            return cls

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            built.append(f"Decoder{args!r}")

    module: Any = msgspec
    module.json.Decoder = Decoder
    module.json.decode = counted("decode", msgspec.json.decode)
    module.json.schema_components = counted("schema_components", msgspec.json.schema_components)
    module.convert = counted("convert", msgspec.convert)
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if NOT_TO_BE_IMPORTED.isdisjoint(parts):
                import_module(".".join(("puresponse", *parts)).removesuffix(".__init__"))
    return built


NOT_TO_BE_IMPORTED = {"__main__", "fetch", "pytest_entry"}
"""What runs a program when it is imported, runs inside JavaScript alone, or is installed under another name."""


def listening() -> list[str]:
    """A list that is added to whenever something is imported while the lock is held."""
    found: list[str] = []
    bootstrap = vars(import_module("importlib._bootstrap"))
    find_and_load: Callable[..., Any] = bootstrap["_find_and_load"]

    def heard(name: str, *arguments: Any) -> Any:
        if _imp.lock_held() and name not in sys.modules:
            found.append(name)
        return find_and_load(name, *arguments)

    bootstrap["_find_and_load"] = heard  # which statements and functions call alike
    return found


def imported_while_building(what: str) -> list[str]:
    """What is imported while the lock is held: by loading everything at once, or by one program or call."""
    found = listening()
    if what == "preload":
        from puresponse.core import preload

        preload()
    elif what == "calls":
        from calls import CALLS

        for call in CALLS.values():
            call()
    else:
        from catalogue import PROGRAMS, Host

        Host().run(PROGRAMS[what]())
    return found


def an_import_is_noticed() -> list[str]:
    """The same, of an import that does happen while the lock is held."""
    from puresponse.codecs.lossless import building

    def load(name: str) -> object:
        return import_module(name)

    found = listening()
    building.once(load)("tabnanny")
    return found


def a_name_that_is_loaded_when_it_is_asked_for() -> list[Any]:
    """A type names what another thread is importing just now, which makes something that is built."""
    globals()["NAMES"] = names = import_module("names_on_demand")
    imported: list[Any] = []
    importer = threading.Thread(target=lambda: imported.append(import_module("slow_module").FORMAT.name))
    importer.start()
    begun = names.begun.wait(PATIENCE)
    from msgspec import defstruct

    from puresponse.core import text_format_of

    trip = defstruct("Trip", [("to", "NAMES.Place")], module=__name__)
    made = text_format_of(trip)
    importer.join()
    return [begun, imported, json.loads(json.dumps(made.schema))["$defs"]["Place"]["properties"]]


def decoded_by_modules_and_threads() -> list[Any]:
    """What threads get of which some import a module that decodes."""
    from fresh_tasks import all_at_once

    def take(number: int) -> Any:
        return decoded() if number % 2 else import_module("decoding_module").TOLD

    return all_at_once(take)


def names_in_threads() -> list[int]:
    """How many public names each of the threads gets, all of them asking in an order of its own."""
    from random import Random

    from fresh_tasks import all_at_once

    def take(number: int) -> int:
        packages = [import_module(f"puresponse.{name}") for name in ("core", "codecs", "transports")]
        names = [(package, name) for package in packages for name in package.__all__]
        Random(number).shuffle(names)
        return len({id(getattr(package, name)) for package, name in names})

    return all_at_once(take)


# --- preload ---------------------------------------------------------------------------------------------------------


def built_after_preload(what: str, preloaded: bool = True) -> list[str]:
    """What is built after `preload`: the function that builds, and what of."""
    from puresponse.core import preload

    if preloaded:
        preload()
    from calls import DELIVERY, HEADERS, SECRET
    from catalogue import NAMES, PROGRAMS, Host

    from puresponse.codecs import decode
    from puresponse.codecs.lossless import building
    from puresponse.codecs.schema_table import SCHEMAS
    from puresponse.core import decode_answer, decode_request, is_failure, save_checkpoint, unwrap_webhook

    found: list[str] = []

    def hear(lock: object) -> None:
        here = currentframe()
        asking = here and here.f_back
        if asking is None:
            raise RuntimeError("this interpreter has no frames")
        given = [str(asking.f_locals[name]) for name in ("shape", "kind", "args") if name in asking.f_locals]
        found.append(" ".join((asking.f_code.co_name, *given)))
        _imp.acquire_lock()

    kind: Any = type(building.building)
    kind.__enter__ = hear
    for program in PROGRAMS.values() if what == "programs" else ():
        save_checkpoint(program(), names=NAMES).unwrap()
        Host().run(program())
    if what == "decoders":
        for schema in SCHEMAS:
            decode(schema, BODY)
            decode(schema, b'{"object":"list","data":[' + BODY + b"]}")
        assert is_failure(decode_request(b"{}"))
        for answer in (b'{"status":200}', b'{"error":"NotSent","kind":"dns","reason":"?"}'):
            decode_answer(answer)
        unwrap_webhook(DELIVERY, HEADERS, SECRET, now=1750861210).unwrap()
    return sorted(set(found))
