"""What a command says of the ids that it takes, and what its options say."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from ..parameters import Argument, Option, flag, option
from ..streams import FROM_STDIN

_SOURCES = "Ids"

FATES = ("planned", "in_flight", "done", "absent", "failed", "unknown")
"""What becomes of an operation, as a ledger has it."""


class Source(NamedTuple):
    """Where ids are taken from, in this order: see `IDS_OR_SOURCES`."""

    ids: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    field: str | None = None
    from_ledger: str | None = None
    fate: tuple[str, ...] = ()
    follow_chain: bool = False

    @property
    def are_known(self) -> bool:
        """Whether all ids are known beforehand, for they are arguments."""
        return not (self.files or self.from_ledger or self.follow_chain or FROM_STDIN in self.ids)

    @property
    def is_one(self) -> bool:
        """Whether it is one id, and an argument: neither threads nor progress are needed for it."""
        return self.are_known and len(self.ids) == 1

    @property
    def is_named(self) -> bool:
        """Whether there is any: a run that is gone on with needs none."""
        return bool(self.ids or self.files or self.from_ledger)

    @property
    def reads_standard_input(self) -> bool:
        """Whether ids are taken from standard input."""
        return FROM_STDIN in self.ids or FROM_STDIN in self.files


IDS_OR_SOURCES: tuple[click.Parameter, ...] = (
    Argument("ids", "Ids of responses; - takes them from standard input, one a line.", "ID", nargs=-1, required=False),
    Option(
        ["--from", "files"],
        _SOURCES,
        metavar="FILE",
        multiple=True,
        type=click.Path(),
        help="Take ids from this file, one a line, or JSON Lines. Empty lines and # comments are passed over.",
    ),
    option(
        "--field",
        "Where the id is in a line of JSON: a name, or names with points between them. Default: id.",
        "NAME",
        section=_SOURCES,
    ),
    option("--from-ledger", "Take ids from this ledger.", "FILE", section=_SOURCES, type=click.Path()),
    option(
        "--fate",
        "With --from-ledger: those of which this is known. May be repeated. Default: all.",
        section=_SOURCES,
        type=click.Choice(FATES),
        multiple=True,
    ),
    flag(
        "--follow-chain",
        "With each response also those before it, by previous_response_id.",
        section=_SOURCES,
    ),
)
"""The parameters of a command that takes ids of many responses: the fields of `Source`."""


def source_of(values: dict[str, Any]) -> Source:
    """What the values of these parameters say, which are taken out of `values`.

    Raises a usage error where they contradict each other, or name no id; with `--resume` there need be none.
    """
    source = Source(
        ids=values.pop("ids", ()),
        files=values.pop("files", ()),
        field=values.pop("field", None),
        from_ledger=values.pop("from_ledger", None),
        fate=values.pop("fate", ()),
        follow_chain=values.pop("follow_chain", False),
    )
    context = click.get_current_context(silent=True)
    if not source.is_named and not values.get("resume"):
        raise click.UsageError("Missing argument 'ID'. Or take ids from a file: --from FILE", context)
    if source.field is not None and not (source.files or FROM_STDIN in source.ids):
        raise click.BadParameter(
            "of no use without --from FILE, or - for standard input", context, param_hint="--field"
        )
    if source.field is not None and not all(source.field.split(".")):
        raise click.BadParameter("it is a name, or names with points between them", context, param_hint="--field")
    if source.fate and source.from_ledger is None:
        raise click.BadParameter("of no use without --from-ledger FILE", context, param_hint="--fate")
    return source
