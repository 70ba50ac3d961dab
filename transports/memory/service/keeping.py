"""What is kept, and for how long: as the caller's project has it, and the server. And what has hours to run in.

Background and retention are the guide's word; what it leaves open is said where it is decided.
https://platform.openai.com/docs/guides/your-data
"""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject, is_object
from ..scripts.replies import Life
from ..validation.other_words import no_store, no_unstored_background
from ..validation.refusals import window_needs
from .dialect import Dialect

WINDOWS = {"2h": 7_200.0, "8h": 28_800.0}
"""The windows of hours within which a background response may be asked for, in seconds."""


def check_kept(given: JsonObject, dialect: Dialect) -> None:
    """Refuse `background` where it cannot be polled."""
    if not given.get("background") or dialect.retention == "zdr":
        return
    if given.get("store") is False and dialect.background_unstored == 400:
        raise no_unstored_background(dialect.words)
    if not dialect.keeps:
        raise no_store()


def as_kept(given: JsonObject, dialect: Dialect) -> JsonObject:
    """The parameters with `store` as the project of the caller, or the server, has it."""
    left_open = given.get("background") and given.get("store") is None
    if dialect.retention == "zdr" or not dialect.keeps or (dialect.retention == "mam" and left_open):
        return {**given, "store": False}
    return given


def kept_until(dialect: Dialect, *, is_stored: bool, now: float, ended: float | None) -> float | None:
    """When a response is gone that is made `now` and that ends at `ended`; None for never.

    One that is not stored and never ends is kept until it is cancelled.
    """
    if is_stored:
        return None if dialect.kept_for is None else now + dialect.kept_for
    return None if ended is None or dialect.polled_for is None else ended + dialect.polled_for


def check_window(given: JsonObject) -> None:
    """Refuse a window of hours for what is not made in the background, or in another way than the usual."""
    window = _window(given)
    if window is None:
        return
    if not given.get("background"):
        raise window_needs("background=true", window)
    if given.get("stream"):
        raise window_needs("stream=false", window)
    if given.get("service_tier") not in (None, "auto", "default"):
        raise window_needs("service_tier=default", window)


def life_in_window(given: JsonObject) -> Life | None:
    """The life of a response that may take hours: half of its window in the queue. None for one that may not.

    When it is made within its window is the service's to decide, and unknown.
    """
    window = _window(given)
    return None if window is None else Life(queued=WINDOWS[window] / 2)


def _window(given: JsonObject) -> str | None:
    """The window of hours that is asked for; None for the soonest."""
    options = given.get("background_options")
    window = options.get("completion_window") if is_object(options) else None
    return window if isinstance(window, str) and window in WINDOWS else None
