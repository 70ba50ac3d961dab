"""How likely the model held what it wrote."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class TopLogProb(Wire, frozen=True, kw_only=True):
    """A token that might have been chosen there, and its log probability. Schema `TopLogProb`."""

    token: str | UnsetType | None = UNSET
    logprob: int | float | UnsetType | None = UNSET
    bytes: tuple[int, ...] | UnsetType | None = UNSET


class LogProb(Wire, frozen=True, kw_only=True):
    """A token that was written, its log probability, and the likeliest others in its place.

    Schemas `LogProb` and `ResponseLogProb`.
    """

    token: str
    logprob: int | float
    bytes: tuple[int, ...] | UnsetType | None = UNSET
    top_logprobs: tuple[TopLogProb, ...] | UnsetType | None = UNSET
