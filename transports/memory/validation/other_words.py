"""How other servers say no, where it is known that their words are not OpenAI's.

vLLM's words are those of `vllm/entrypoints/openai/responses/serving.py` at 0001948, SGLang's those of
`python/sglang/srt/entrypoints/openai/serving_responses.py` at 41c3e5a. What has no such route is answered by Starlette,
which both are built upon.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from .refusals import (
    RefusedRequest,
    cancel_too_late,
    not_background,
    not_found,
    unknown_model,
    unknown_previous,
    unknown_url,
    unstored_background,
    wrong_method,
)

Words: TypeAlias = Literal["openai", "vllm", "sglang"]
"""Whose words."""


def no_response(words: Words, response_id: str) -> RefusedRequest:
    """Refuse an id that is unknown."""
    refusal = not_found(response_id)
    if words != "openai":
        refusal.param = "response_id"
    return refusal


def no_previous(words: Words, response_id: str, status: int) -> RefusedRequest:
    """Refuse to go on from a response that is not there."""
    if words != "openai":
        return no_response(words, response_id)
    refusal = unknown_previous(response_id)
    refusal.status = status
    return refusal


def no_cancelling(words: Words, status: str | None, http_status: int) -> RefusedRequest:
    """Refuse to cancel what has ended as `status`, or, where that is None, was not made with `background`."""
    if words == "openai" and status is not None:
        return cancel_too_late(status, http_status)
    refusal = not_background(http_status)
    if words == "vllm":
        refusal.param = "response_id"
    return refusal


def no_model(words: Words, model: str, status: int) -> RefusedRequest:
    """Refuse a model that is not listed."""
    if words == "openai":
        return unknown_model(model, status)
    return RefusedRequest(status, f"The model `{model}` does not exist.", param="model", type="NotFoundError")


def no_unstored_background(words: Words) -> RefusedRequest:
    """Refuse `background` without `store`."""
    if words == "openai":
        return unstored_background()
    message = "background can only be used when `store` is true"
    return RefusedRequest(400, message, param="background", type="Bad Request")


def no_store() -> RefusedRequest:
    """Refuse `background` where nothing is stored."""
    message = (
        "This vLLM engine does not support `store=True` and therefore does not support the background mode. To enable "
        "these features, set the environment variable `VLLM_ENABLE_RESPONSES_API_STORE=1` when launching the vLLM "
        "server."
    )
    return RefusedRequest(400, message, param="background")


def no_route(words: Words, method: str, path: str, allowed: str) -> RefusedRequest:
    """Refuse a path that the server does not have or, where methods are `allowed`, a method of it."""
    if words == "openai":
        return wrong_method(method, path, allowed) if allowed else unknown_url(method, path)
    refusal = RefusedRequest(405, "Method Not Allowed") if allowed else RefusedRequest(404, "Not Found")
    refusal.headers = (("allow", allowed),) if allowed else ()
    refusal.form = "detail"
    return refusal
