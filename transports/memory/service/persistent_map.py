"""A map that is never changed: putting in and taking out return another map, and cost little however much it holds.

Two levels of dicts, the outer one keyed by the last two characters of the name, which ids spread well over: a change
copies the outer dict and one inner one, a few hundred entries where a hundred thousand are held. Plain JSON as it
is, and the same in every process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from msgspec import Struct, field

T = TypeVar("T")


class Shelf(Struct, Generic[T], frozen=True):
    """Values by name. `groups` holds them by the last two characters of the name, and no empty group."""

    groups: dict[str, dict[str, T]] = field(default_factory=dict[str, dict[str, T]])

    def get(self, name: str) -> T | None:
        """The value of that name; None where there is none."""
        group = self.groups.get(name[-2:])
        return None if group is None else group.get(name)

    def having(self, name: str, value: T) -> Shelf[T]:
        """This shelf with `value` put in under `name`, in place of what was there."""
        groups = self.groups.copy()
        group = groups[name[-2:]] = groups.get(name[-2:], {}).copy()
        group[name] = value
        return Shelf(groups)

    def without(self, name: str) -> Shelf[T]:
        """This shelf with what is called `name` taken out; itself where nothing is."""
        if name not in self:
            return self
        groups = self.groups.copy()
        group = groups[name[-2:]] = groups[name[-2:]].copy()
        del group[name]
        if not group:
            del groups[name[-2:]]
        return Shelf(groups)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self.groups.get(name[-2:], ())

    def __getitem__(self, name: str) -> T:
        return self.groups[name[-2:]][name]

    def __iter__(self) -> Iterator[str]:
        for group in self.groups.values():
            yield from group

    def __len__(self) -> int:
        return sum(map(len, self.groups.values()))
