"""The models that can be used."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire


class Model(Wire, frozen=True, kw_only=True):
    """A model that can be used. Schema `Model`.

    `object`: `model`.
    """

    id: str
    created: int
    object: str | UnsetType | None = UNSET
    owned_by: str
    shutdown_date: str | UnsetType | None = UNSET


class DeletedModel(Wire, frozen=True, kw_only=True):
    """The acknowledgement that a model was deleted. Schema `DeleteModelResponse`."""

    id: str
    deleted: bool
    object: str | UnsetType | None = UNSET
