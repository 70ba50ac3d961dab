"""Checkpoints, of which those of programs that differ in nothing but one id are worked out once, and then filled in.

Law: what is filled in is, byte for byte, what `save_checkpoint` writes. Two programs whose plain JSON is the same but
for the id have checkpoints that are the same but for the id, which is written as it is wherever it occurs: it is plain
ASCII, and has a digit, as no name within a checkpoint has that is as long. What occurs more often in the checkpoint
than in the plain JSON (in a body, say) is not filled in.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import json
from returns.result import Failure

from ...core.interchange.checkpoints import Names, save_checkpoint
from ...core.steps import Operation, Send

_ID = re.compile(r"(?=.*[0-9])[A-Za-z0-9_-]{8,200}\Z")
_MOST = 64

_encode = json.Encoder().encode


class Checkpoints:
    """Saves programs, with the caller's names for what is theirs."""

    def __init__(self, names: Names | None) -> None:
        self._names = names
        self._stencils: dict[bytes, tuple[list[bytes], list[bytes]]] = {}

    def of(self, program: Operation[Any], elapsed: float) -> tuple[bytes | None, str | None]:
        """The checkpoint of a program; or None, and why there is none."""
        if elapsed or not isinstance(program, Send):
            return self._worked_out(program, elapsed)
        segments = program.request.path.split("/", 3)
        identity = segments[2] if len(segments) > 2 else ""
        if not _ID.match(identity):
            return self._worked_out(program, elapsed)
        token = identity.encode()
        try:
            parts = _encode(program).split(token)
        except (TypeError, ValueError, RecursionError):  # a function, say, which may have a name all the same
            return self._worked_out(program, elapsed)
        stencil = self._stencils.get(parts[0])
        if stencil is not None and stencil[0] == parts:
            return token.join(stencil[1]), None
        checkpoint, unsaved = self._worked_out(program, elapsed)
        filled = [] if checkpoint is None else checkpoint.split(token)
        if len(filled) == len(parts):
            if len(self._stencils) >= _MOST:
                self._stencils.clear()
            self._stencils[parts[0]] = parts, filled
        return checkpoint, unsaved

    def _worked_out(self, program: Operation[Any], elapsed: float) -> tuple[bytes | None, str | None]:
        checkpoint = save_checkpoint(program, elapsed=elapsed, names=self._names)
        if isinstance(checkpoint, Failure):
            return None, str(checkpoint.failure())
        return checkpoint.unwrap(), None
