"""What is so because a program is a value, tried on the one that the visitor wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from playground_code import Program
from playground_text import in_line, said_by

from puresponse import is_failure, load_operation, load_stream, save_checkpoint


class Facts(Struct):
    """What is so because programs are values.

    `twin`: building it again makes an equal one; None where that was not tried. `saved`: the checkpoint that it can be
    put away as, and comes back equal; None where it cannot, and `reason` says why.
    """

    twin: bool | None
    saved: str | None
    reason: str


def facts_of(program: Program, twin: Any, names: Mapping[str, Any], elapsed: float) -> Facts:
    """Try what a program that is a value can do.

    `twin` is the same built again, or None. `names` are those of what the visitor defined, `elapsed` the seconds since
    the run began: both go into the checkpoint.
    """
    equal: bool | None = None
    try:
        equal = None if twin is None else bool(program == twin)
        saved = save_checkpoint(program, elapsed=elapsed, names=names)
        if is_failure(saved):
            return Facts(equal, None, in_line(str(saved.failure())))
        same = _loaded(saved.unwrap(), names) == program
    except Exception as error:  # whatever the visitor's own objects raise
        return Facts(equal, None, in_line(said_by(str, error)))
    return Facts(equal, saved.unwrap().decode() if same else None, "" if same else "what comes back is not equal")


def _loaded(checkpoint: bytes, names: Mapping[str, Any]) -> Program:
    operation = load_operation(checkpoint, names=names)
    if is_failure(operation):
        return load_stream(checkpoint, names=names).unwrap().program
    return operation.unwrap().program
