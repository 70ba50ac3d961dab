"""How a response is processed, beside what the model is told: access, time and images.

None of it is in the specification: the official client has it.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class AccessPrograms(Wire, frozen=True, kw_only=True):
    """The access programs that a response is to use, or used. Null in a response that used none explicitly.

    `cyber`: `standard`, `daybreak_blue` or `daybreak_red`.
    """

    cyber: str | UnsetType | None = UNSET


class BackgroundOptions(Wire, frozen=True, kw_only=True):
    """When a background response is to be done. Later is cheaper: `2h` and `8h` may take as many hours.

    They go with `background=True` and the `default` service tier, and with no stream. `continuation_id` is a name of
    the caller's for requests that belong together, which the service then prefers; it adds nothing to the input.

    `completion_window`: `soonest`, `2h` or `8h`.
    """

    completion_window: str | UnsetType | None = UNSET
    continuation_id: str | UnsetType | None = UNSET


class ImageOptions(Wire, frozen=True, kw_only=True):
    """Whether images take less of the context; in a response, whether they did.

    `context_compression`: `auto`, `enabled` or `disabled`.
    """

    context_compression: str | UnsetType | None = UNSET
