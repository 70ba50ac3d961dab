"""`puresponse cassette scrub`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command
from .options import FILES, HARMLESS, MEMBER, PATTERN, rules_of

if TYPE_CHECKING:
    from .shown import Shown


@command(FILES, MEMBER, PATTERN, HARMLESS, *FORMS)
def scrub(
    given: Invocation,
    *,
    paths: tuple[str, ...],
    member: tuple[str, ...],
    pattern: tuple[str, ...],
    harmless: tuple[str, ...],
) -> ExitCode | str:
    """Take secrets out of cassettes, by the rules that always hold and those that are given, and save them."""
    from ...transports.cassette.formats.other_formats import export_recordings, import_recordings
    from ...transports.cassette.leaks import SecretFound
    from .files import LEFT_OVER, paths_in, read
    from .saving import save, secret_places
    from .shown import showing

    rules = rules_of(member, pattern)
    if isinstance(rules, str):
        return rules

    def scrubbed(shown: Shown, path: str) -> ExitCode:
        try:
            loaded = read(path)
            if loaded.format not in ("cassette", "cassette-lines"):
                shown.complaint(f"{path} is of another program: convert it (`puresponse cassette convert`)")
                return ExitCode.CASSETTE
            # What was read is written first without a rule, so that only what a rule takes out is a change.
            before = export_recordings(loaded.imported.recordings, loaded.format, recorded=loaded.imported.recorded)
            cleaned = import_recordings(before.data, loaded.format, redact=rules, harmless=harmless)
        except SecretFound as secret:
            shown.complaint(f"{path}: {secret_places(secret.places)}")
            return ExitCode.CASSETTE
        except ValueError as error:
            shown.complaint(f"{path}: {error}")
            return ExitCode.CASSETTE
        after = export_recordings(cleaned.recordings, loaded.format, recorded=loaded.imported.recorded)
        is_changed = after.data != loaded.data
        if is_changed:
            save(path, after.data)
        places = [one.place for one in cleaned.not_carried]
        if shown.as_json:
            shown.result({"path": path, "changed": is_changed, "places": places})
        else:
            shown.lines([f"{path}: {f'{len(places)} places redacted' if is_changed else 'nothing to take out'}"])
        return ExitCode.OK

    def act(shown: Shown) -> ExitCode:
        files = [path for path in paths_in(paths) if not path.endswith(LEFT_OVER)]
        return max([scrubbed(shown, path) for path in files], default=ExitCode.OK)

    return showing(given, act)
