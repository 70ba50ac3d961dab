"""Where in a program something is that cannot be written, or in a checkpoint something that cannot be read."""

from __future__ import annotations


class PathError(Exception):
    """What is wrong; each who passes it on adds where, from the inside outwards."""

    def __init__(self, what: object) -> None:
        super().__init__(what)
        self._steps: list[str | int] = []

    def inside(self, *steps: str | int) -> None:
        """Say that what it was about is the part of a whole to which `steps` lead."""
        self._steps.extend(reversed(steps))

    @property
    def path(self) -> str:
        """The JSON path from the program to what is wrong."""
        return "".join(_written(step) for step in reversed(self._steps))


def _written(step: str | int) -> str:
    return f".{step}" if isinstance(step, str) and step.isidentifier() else f"[{step!r}]"
