"""Every way in which the service says no, word by word, in one place; `refused_values` has those of single values.

Where the words come from: [R] recorded from the real service, [C] the contract of an independent implementation,
[O] the words that the real service is known to use for the same mistake elsewhere in its API. [U] is unknown: chosen
here, after the pattern of the others.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from ....core.http import Pairs


class RefusedRequest(Exception):
    """A refusal on its way to the client. Never leaves the simulation: `respond` makes an answer of it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Pairs = (),
        type: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = headers
        self.type = type
        self.form: Literal["detail"] | None = None

    def envelope(self, form: Literal["error", "bare", "detail", "numbered"] = "error") -> dict[str, Any]:
        """The error envelope, as the service sends it, or in the form of another."""
        # What came in a path may hold lone surrogates, which JSON cannot.
        message = self.message.encode("utf-8", "replace").decode()
        if "detail" in (form, self.form):
            return {"detail": message}
        code = self.status if form == "numbered" else self.code
        error = {"message": message, "type": self.type, "param": self.param, "code": code}
        return error if form == "bare" else {"error": error}


def unknown_url(method: str, path: str, *, prefix: str = "/v1") -> RefusedRequest:
    """Refuse a path that is not of the API. [O]."""
    return RefusedRequest(404, f"Invalid URL ({method} {prefix}{path})")


def wrong_method(method: str, path: str, allowed: str) -> RefusedRequest:
    """Refuse a method that the path does not have. [O] for the body, RFC 9110 section 15.5.6 for the header."""
    message = f"Not allowed to {method} on /v1{path}. (HINT: Perhaps you meant to use a different HTTP method?)"
    return RefusedRequest(405, message, code="method_not_supported", headers=(("allow", allowed),))


def malformed_id(response_id: str) -> RefusedRequest:
    """Refuse an id that cannot be a response's. [C] for the message, [U] for param and code."""
    message = f"Invalid 'response_id': '{response_id}'. Expected an ID that begins with 'resp'."
    return RefusedRequest(400, message, param="response_id", code="invalid_value")


def not_found(response_id: str) -> RefusedRequest:
    """Refuse an id that is unknown: deleted, never stored, or never there. [R]."""
    return RefusedRequest(404, f"Response with id '{response_id}' not found.")


def not_background(http_status: int = 400) -> RefusedRequest:
    """Refuse to cancel what was not made with `background`. [C]."""
    return RefusedRequest(http_status, "Cannot cancel a synchronous response.")


def cancel_too_late(status: str, http_status: int = 400) -> RefusedRequest:
    """Refuse to cancel what has come to an end. [C]."""
    if status in ("completed", "failed"):
        return RefusedRequest(http_status, f"Cannot cancel a {status} response.")
    return RefusedRequest(400, "Cannot cancel a response in terminal state.")


def delete_in_flight() -> RefusedRequest:
    """Refuse to delete what is still running. [C]."""
    return RefusedRequest(400, "Cannot delete an in-flight response.")


def not_streamable(*, background: bool) -> RefusedRequest:
    """Refuse to stream what was not made to be streamed. [C]."""
    missing = "stream=true" if background else "background=true"
    message = f"This response cannot be streamed because it was not created with {missing}."
    return RefusedRequest(400, message, param="stream")


def stream_too_old() -> RefusedRequest:
    """Refuse to tell the events of long ago. [R], in a user's report."""
    message = "This response can no longer be streamed because it is more than 5 minutes old"
    return RefusedRequest(400, message, param="stream")


def unknown_cursor(item_id: str, status: int = 400) -> RefusedRequest:
    """Refuse a cursor that is no item's id. [C] that it is refused, [U] how."""
    return RefusedRequest(status, f"Item with id '{item_id}' not found.", param="after")


def unreadable_body() -> RefusedRequest:
    """Refuse a body that is no JSON object. [O]."""
    message = (
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
        "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
    )
    return RefusedRequest(400, message)


def unstored_background() -> RefusedRequest:
    """Refuse `background` without `store`. [C] for code and param, [U] for the message."""
    message = "Unsupported parameter: 'background' is not supported with store=false."
    return RefusedRequest(400, message, param="background", code="unsupported_parameter")


def window_needs(what: str, window: str) -> RefusedRequest:
    """Refuse a window of hours that `what` is missing for. [P] that it is needed, [U] for the words."""
    message = f"Unsupported parameter: 'background_options.completion_window' of '{window}' requires {what}."
    return RefusedRequest(400, message, param="background_options.completion_window", code="unsupported_parameter")


def unknown_previous(response_id: str) -> RefusedRequest:
    """Refuse to go on from a response that is not there. [O]."""
    message = f"Previous response with id '{response_id}' not found."
    return RefusedRequest(400, message, param="previous_response_id", code="previous_response_not_found")


def previous_failed(response_id: str) -> RefusedRequest:
    """Refuse to go on from a response that failed: it has no output. [U], after `unknown_previous`."""
    message = f"Previous response with id '{response_id}' failed and cannot be continued."
    return RefusedRequest(400, message, param="previous_response_id", code="invalid_value")


def previous_running(response_id: str, status: str) -> RefusedRequest:
    """Refuse to go on from a response that has not ended. [U], after `unknown_previous`."""
    message = f"Previous response with id '{response_id}' is {status} and cannot be continued yet."
    return RefusedRequest(400, message, param="previous_response_id", code="invalid_value")


def no_output(call: str, call_id: str) -> RefusedRequest:
    """Refuse a turn after a call that nobody answered. [I]; `call` is `function call`, `custom tool call`."""
    return RefusedRequest(400, f"No tool output found for {call} {call_id}.", param="input")


def no_call(call: str, call_id: str) -> RefusedRequest:
    """Refuse the output of a call that nobody made. [I]."""
    return RefusedRequest(400, f"No tool call found for {call} output with call_id {call_id}.", param="input")


def nothing_follows(item_id: str) -> RefusedRequest:
    """Refuse reasoning without what was reasoned out. [I]."""
    message = f"Item '{item_id}' of type 'reasoning' was provided without its required following item."
    return RefusedRequest(400, message, param="input")


def duplicate_item(item_id: str) -> RefusedRequest:
    """Refuse two input items of one id. [O]."""
    message = f"Duplicate item found with id {item_id}. Remove duplicate items from your input and try again."
    return RefusedRequest(400, message, param="input")


def not_simulated(param: str) -> RefusedRequest:
    """Refuse what the real service would do and this one does not: said aloud, never ignored."""
    message = f"Unsupported parameter: '{param}' is not simulated by the in-memory service."
    return RefusedRequest(400, message, param=param, code="unsupported_parameter")


def exclusive_parameters(one: str, other: str) -> RefusedRequest:
    """Refuse two parameters that contradict each other. [O]."""
    message = (
        f"Mutually exclusive parameters: '{one}' and '{other}'. Ensure you are only providing one of: "
        f"'{one}' or '{other}'."
    )
    return RefusedRequest(400, message, code="mutually_exclusive_parameters")


def unknown_model(model: str, status: int) -> RefusedRequest:
    """Refuse a model that there is not. [O]: 400 where a response is to be made with it, 404 where it is asked for."""
    if status == 404:
        return RefusedRequest(404, f"The model '{model}' does not exist", param="model", code="model_not_found")
    return RefusedRequest(400, f"The requested model '{model}' does not exist.", param="model", code="model_not_found")


def model_not_owned() -> RefusedRequest:
    """Refuse to delete a model that is not the caller's own. [U]."""
    return RefusedRequest(403, "You have insufficient permissions for this operation.")


def malformed_conversation_id(conversation_id: str) -> RefusedRequest:
    """Refuse an id that cannot be a conversation's. [O], after `malformed_id`."""
    message = f"Invalid 'conversation_id': '{conversation_id}'. Expected an ID that begins with 'conv'."
    return RefusedRequest(400, message, param="conversation_id", code="invalid_value")


def conversation_not_found(conversation_id: str) -> RefusedRequest:
    """Refuse a conversation that there is not. [O], after `not_found`."""
    return RefusedRequest(404, f"Conversation with id '{conversation_id}' not found.")


def conversation_locked() -> RefusedRequest:
    """Refuse a second response while one is being made in the conversation. [R], in a user's report."""
    message = "Another process is currently operating on this conversation. Please retry in a few seconds."
    return RefusedRequest(400, message, param="conversation", code="conversation_locked")


def item_not_found(item_id: str) -> RefusedRequest:
    """Refuse an item that there is not. [U]."""
    return RefusedRequest(404, f"Item with id '{item_id}' not found.")


def reference_not_found(item_id: str, where: str) -> RefusedRequest:
    """Refuse a reference to an item that is not stored. [O]."""
    message = f"Item with id '{item_id}' not found. Items are not persisted when `store` is set to false."
    return RefusedRequest(404, message, param=where)


def no_reply(message: str) -> RefusedRequest:
    """Refuse what the script of the simulation has no reply to: said aloud, and not to be retried."""
    return RefusedRequest(400, message, code="no_scripted_reply")


def wrong_reply(number: int, why: str) -> RefusedRequest:
    """Refuse where a script made a reply that is not whole: said aloud, and not to be retried."""
    message = f"The script of the in-memory service gave a wrong reply, its number {number}: {why}"
    return RefusedRequest(400, message, code="wrong_reply")


def rate_limited(kind: str, retry_after: float) -> RefusedRequest:
    """Refuse for asking too often. [R] for headers, type and code, [O] for the message."""
    seconds = f"{retry_after:g}"
    message = f"Rate limit reached for {kind} per min. Please try again in {seconds}s."
    headers = (
        ("retry-after", str(max(1, math.ceil(retry_after)))),
        ("retry-after-ms", str(int(retry_after * 1000))),
        *rate_headers(0, 0, f"{seconds}s"),
    )
    return RefusedRequest(429, message, code="rate_limit_exceeded", type=kind, headers=headers)


def quota_used_up() -> RefusedRequest:
    """Refuse for want of money: retrying is useless. [R] for type and code, [O] for the message."""
    message = (
        "You exceeded your current quota, please check your plan and billing details. For more information on this "
        "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
    )
    return RefusedRequest(429, message, code="insufficient_quota", type="insufficient_quota")


def server_error(status: int, headers: Pairs = ()) -> RefusedRequest:
    """Fail, at no fault of the client's. [O]."""
    if status == 503:
        message = "The engine is currently overloaded, please try again later."
    else:
        message = "The server had an error while processing your request. Sorry about that!"
    return RefusedRequest(status, message, type="server_error", code="server_error", headers=headers)


def no_key() -> RefusedRequest:
    """Refuse a request without a key. [R]."""
    return RefusedRequest(401, "Missing bearer or basic authentication in header")


def wrong_key() -> RefusedRequest:
    """Refuse a wrong key. [R], but for its first and last letters, which the real service shows."""
    message = (
        "Incorrect API key provided: ********. You can find your API key at "
        "https://platform.openai.com/account/api-keys."
    )
    return RefusedRequest(401, message, code="invalid_api_key")


REQUESTS_A_MINUTE = 30_000
TOKENS_A_MINUTE = 150_000_000
"""The limits of the recorded account."""


def rate_headers(requests: int, tokens: int, reset: str = "2ms") -> Pairs:
    """The headers that tell how much may still be asked: how many `requests` and `tokens` remain. [R]."""
    return (
        ("x-ratelimit-limit-requests", str(REQUESTS_A_MINUTE)),
        ("x-ratelimit-limit-tokens", str(TOKENS_A_MINUTE)),
        ("x-ratelimit-remaining-requests", str(requests)),
        ("x-ratelimit-remaining-tokens", str(tokens)),
        ("x-ratelimit-reset-requests", reset),
        ("x-ratelimit-reset-tokens", "0s" if tokens else reset),
    )
