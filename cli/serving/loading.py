"""Responses of an archive into the state that `serve --state FILE` starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import json

from ...codecs import ResponseAudit, encode
from ...transports.memory.service import State, sample_models, stored
from .beginning import beginning, save_state


class StateLoading:
    """A state, in a file that is there or is made: responses are put into it, in the place of any of the same id."""

    def __init__(self, path: str) -> None:
        """Raises `Stopped` for a file that holds no state, or cannot be written."""
        self._path = path
        found = beginning(path, empty=True)
        self._state = found if Path(path).exists() else State(models=sample_models())

    def put(self, audit: ResponseAudit) -> str | None:
        """Put a response into the state; a sentence where the service cannot hold it."""
        plain: Any = json.decode(encode(audit))
        try:
            self._state = self._state.having(stored(plain["response"], plain["input_items"]))
        except ValueError as error:
            return f"it cannot be served: {error}"
        return None

    def leave(self) -> None:
        """The file stays as it was."""

    def finish(self) -> str:
        """Write the state."""
        save_state(self._path, lambda: self._state)
        return self._path
