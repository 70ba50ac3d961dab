"""`/models`: a list that the state holds. A model that is not fine-tuned cannot be deleted."""

from __future__ import annotations

from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject
from ..validation.refusals import model_not_owned, unknown_model
from .endpoint import Asked, Transition


def list_models(asked: Asked, _: str) -> Transition:
    """All models, on one page."""
    return asked.state, {"object": "list", "data": list(asked.state.models)}


def retrieve_model(asked: Asked, model_id: str) -> Transition:
    """Show a model."""
    return asked.state, _find(asked, model_id)


def delete_model(asked: Asked, model_id: str) -> Transition:
    """Delete a fine-tuned model."""
    _find(asked, model_id)
    if not model_id.startswith("ft:"):
        raise model_not_owned()
    kept = tuple(model for model in asked.state.models if model["id"] != model_id)
    return replace(asked.state, models=kept), {"id": model_id, "object": "model", "deleted": True}


def _find(asked: Asked, model_id: str) -> JsonObject:
    for model in asked.state.models:
        if model["id"] == model_id:
            return model
    raise unknown_model(model_id, 404)
