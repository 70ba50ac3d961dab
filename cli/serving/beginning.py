"""What the service is at first: `--life`, `--models`, `--state` and what goes with them, as a state."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import json
from msgspec.structs import replace

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import JsonObject, is_array, is_object
from ...transports.memory.scripts.replies import Life
from ...transports.memory.service import State, sample_models, sample_state
from ...transports.memory.service.samples import CREATED_AT
from ...transports.memory.service.saved_state import dump_state, load_state
from ..failures import ExitCode
from ..streams import Stopped
from .files import read_file, write_file


def beginning(state: str | None, *, empty: bool) -> State:
    """The state in a file that is there; else the samples, or none of them where it is to be `empty`."""
    if state is not None and Path(state).exists():
        return read_file("--state", state, load_state)
    if state is not None and not Path(state).absolute().parent.is_dir():
        raise Stopped(ExitCode.LOCAL_IO, f"--state: cannot write {state}: its folder is not there")
    return State(models=sample_models()) if empty else sample_state()


def save_state(path: str | None, state: Callable[[], State]) -> None:
    """Write what the service knows into the file, if one was given. Raises `Stopped` where that cannot be."""
    if path is not None:
        write_file("--state", path, dump_state(state()))


def life_of(given: str) -> Life:
    """The life that `--life` says: what it leaves out is as by default."""
    times: dict[str, float | None] = {}
    for part in given.split(","):
        name, equals, value = (text.strip() for text in part.partition("="))
        if name not in Life.__struct_fields__ or not equals or name in times:
            allowed = ", ".join(Life.__struct_fields__)
            raise _mistake("--life", given, f"{part.strip()!r} is not NAME=SECONDS, each name once: {allowed}")
        times[name] = _seconds(given, name, value)
    return replace(Life(), **times)


def _seconds(given: str, name: str, value: str) -> float | None:
    if value == "none" and name != "answering":
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        allowed = "seconds, 0 or more" if name == "answering" else "seconds, 0 or more, or none"
        raise _mistake("--life", given, f"{name} must be {allowed}, got {value!r}")
    return seconds


def models_of(given: str) -> tuple[JsonObject, ...]:
    """The models that `--models` says: names, or what a file has."""
    if given.endswith(".json"):
        return read_file("--models", given, _models_in)
    names = [name.strip() for name in given.split(",")]
    for name in names:
        if not name or names.count(name) > 1:
            raise _mistake("--models", given, f"{name!r} is given twice" if name else "a name is empty")
    return tuple(map(_model, names))


def _models_in(data: bytes) -> tuple[JsonObject, ...]:
    try:
        listed: Any = json.decode(data)
    except REFUSALS as error:
        raise ValueError(f"$: {error}") from None
    if not is_array(listed):
        raise ValueError("$: it is to be a list of names and objects")
    models: dict[str, JsonObject] = {}
    for number, one in enumerate(listed):
        given = _model(one) if isinstance(one, str) else one
        name = given.get("id") if is_object(given) else None
        if not is_object(given) or not isinstance(name, str) or not name:
            raise ValueError(f"$[{number}]: it is to be a name, or an object with an id")
        if name in models:
            raise ValueError(f"$[{number}]: {name!r} is listed twice")
        models[name] = {**_model(name), **given}
    return tuple(models.values())


def _model(name: str) -> JsonObject:
    return {"id": name, "object": "model", "created": CREATED_AT, "owned_by": "system"}


def _mistake(option: str, given: str, reason: str) -> Stopped:
    return Stopped(ExitCode.USAGE, f"{option} {given!r}: {reason}")
