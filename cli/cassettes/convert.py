"""`puresponse cassette convert`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..failures import ExitCode
from ..parameters import FORMS, Argument, Invocation, Option, command, flag, option
from .options import FORMAT_NAMES, HARMLESS, MEMBER, PATTERN, rules_of

if TYPE_CHECKING:
    from .shown import Shown

SOURCE = Argument("source", "The file to read.", "SOURCE", type=click.Path(exists=True, dir_okay=False))
TARGET = Argument("target", "The file to write.", "TARGET", type=click.Path(dir_okay=False))
FROM = Option(
    ["--from", "read_as"],
    help="The format of SOURCE. Default: what it looks like.",
    type=click.Choice(FORMAT_NAMES),
)
TO = Option(
    ["--to", "write_as"],
    help="The format of TARGET. Default: by its suffix: .json, .jsonl, .yaml (VCR.py), .har.",
    type=click.Choice(FORMAT_NAMES[:5]),
)
BASE_URL = Option(
    ["--base-url", "base"],
    help="Where the requests went, or are to go. Default: what precedes a known path; https://api.openai.com/v1.",
    metavar="URL",
)
KEEP_HEADER = option(
    "--keep-header", "A header to keep besides those that always are. May be repeated.", "NAME", multiple=True
)
FORCE = flag("--force", "Write over TARGET if it is there.")

_BY_SUFFIX = {".json": "cassette", ".jsonl": "cassette-lines", ".yaml": "vcr", ".yml": "vcr", ".har": "har"}


@command(SOURCE, TARGET, FROM, TO, BASE_URL, KEEP_HEADER, MEMBER, PATTERN, HARMLESS, FORCE, *FORMS)
def convert(
    given: Invocation, *, source: str, target: str, write_as: str | None, force: bool, **asked: Any
) -> ExitCode | str:
    """Convert between cassettes and files of VCR.py, HAR, cassetter and others, and say what is not carried over."""
    import os

    found = write_as or _BY_SUFFIX.get(os.path.splitext(target)[1].lower())
    if found is None:
        return f"{target}: its suffix names no format; name one by --to: {', '.join(FORMAT_NAMES[:5])}"
    rules = rules_of(asked["member"], asked["pattern"])
    if isinstance(rules, str):
        return rules
    if not force and os.path.lexists(target):
        return f"{target} is there; --force writes over it"
    from .shown import showing

    def act(shown: Shown) -> ExitCode:
        return converted(shown, source, target, found, {**asked, "redact": rules})

    return showing(given, act)


def converted(shown: Shown, source: str, target: str, write_as: Any, asked: dict[str, Any]) -> ExitCode:
    """Convert a file, and say what is not carried over."""
    from ...transports.cassette.formats.exchanges import BASE_URL as OF_OPENAI
    from ...transports.cassette.formats.other_formats import detect_format, export_recordings, import_recordings
    from ...transports.cassette.leaks import SecretFound
    from ..streams import Stopped
    from .files import naming_the_extra, read_bytes
    from .saving import grouped, save, secret_places

    data = read_bytes(source)
    read_as = asked["read_as"] or detect_format(data)
    given = {"base_url": asked["base"], "keep_headers": asked["keep_header"]}
    try:
        with naming_the_extra():
            imported = import_recordings(data, read_as, redact=asked["redact"], harmless=asked["harmless"], **given)
            exported = export_recordings(
                imported.recordings, write_as, base_url=asked["base"] or OF_OPENAI, recorded=imported.recorded
            )
    except SecretFound as secret:
        raise Stopped(ExitCode.CASSETTE, f"{source}: {secret_places(secret.places)}") from None
    except ValueError as error:
        raise Stopped(ExitCode.CASSETTE, f"{source}: {error}") from None
    save(target, exported.data)
    missing = (*imported.not_carried, *exported.not_carried)
    if shown.as_json:
        shown.result(
            {
                "path": target,
                "from": read_as,
                "to": write_as,
                "recordings": len(imported.recordings),
                "not_carried": [{"place": one.place, "reason": one.reason} for one in missing],
            }
        )
    else:
        for sentence in grouped(missing):
            shown.note(sentence)
        shown.lines([f"{target}: {len(imported.recordings)} recordings, from {read_as} to {write_as}"])
    return ExitCode.OK
