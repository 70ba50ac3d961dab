"""The options that hold for every command, as they were given."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import Struct, structs

from .colour import ColourChoice


class Options(Struct, frozen=True, kw_only=True):
    """The options that hold for every command; None, or False, where they were not given."""

    service: str | None = None
    config: str | None = None
    base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    timeout: float | None = None
    retries: int | None = None
    concurrency: int | None = None
    memory: bool = False
    verbose: bool = False
    json: bool = False
    table: bool = False
    color: ColourChoice | None = None
    output: str | None = None
    force: bool = False
    dry_run: bool = False
    curl: bool = False

    def given(self) -> dict[str, Any]:
        """Those that were given, by name."""
        return {name: value for name, value in structs.asdict(self).items() if value is not None and value is not False}

    def contradiction(self) -> str | None:
        """What is wrong with them, whatever the command; None where nothing is."""
        if self.force and self.output is None:
            return "--force: of no use without --output FILE"
        if self.curl and not self.dry_run:
            return "--curl: of no use without --dry-run"
        if self.curl and self.json:
            return "--curl and --json exclude each other"
        if self.curl and self.memory:
            return "--curl: of no use with --memory"
        return None

    def overridden_by(self, others: Options) -> Options:
        """These options, with `others` in their place where they were given."""
        return structs.replace(self, **others.given())

    def useless_for(self, used: Collection[str]) -> list[str]:
        """Those that were given and are not among the `used`, as they are written."""
        return [option_name(name) for name in self.given() if name not in used]


def option_name(name: str) -> str:
    """How an option is written on the command line."""
    return "--" + name.replace("_", "-")
