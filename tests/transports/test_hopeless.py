"""Errors that every other operation would meet as well, and those that say nothing of the others."""

import pytest

from puresponse.core import (
    ApiError,
    DecodeError,
    Error,
    HttpRequest,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    WaitExpired,
)
from puresponse.transports import hopeless


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ApiError(status=401, code="invalid_api_key", message="Incorrect API key provided: sk-x"), "refuses the key"),
        (ApiError(status=401, message="Missing bearer or basic authentication in header"), "refuses the key"),
        (ApiError(status=403, code="unsupported_country_region_territory", message="no"), "whole project"),
        (ApiError(status=403, message="You have insufficient permissions for this operation."), "whole project"),
        (ApiError(status=403, code="AccessDenied", message="Virtual network rules"), "whole project"),
        (ApiError(status=404, message="Invalid URL (DELETE /responses/resp_1)"), "has no such route"),
        (ApiError(status=404), "has no such route"),
        (ApiError(status=405, message="Method Not Allowed"), "has no such route"),
        (ApiError(status=429, code="insufficient_quota", type="insufficient_quota"), "quota is used up"),
        (ApiError(status=429, type="insufficient_quota"), "quota is used up"),
        (ApiError(status=400, code="billing_hard_limit_reached"), "quota is used up"),
        (NotSent("dns", "no such host"), "no server of that name"),
        (NotSent("refused", "connection refused"), "nothing answers"),
        (NotSent("unreachable", "no route"), "no way leads"),
        (NotSent("tls", "certificate"), "no secure connection"),
        (NotSent("proxy", "407"), "the proxy"),
    ],
)
def test_it_says_what_to_do(error: Error, told: str) -> None:
    sentence = hopeless(error)
    assert sentence is not None
    assert told in sentence


@pytest.mark.parametrize(
    "error",
    [
        ApiError(status=404, message="Response with id 'resp_1' not found.", type="invalid_request_error"),
        ApiError(status=403, code="model_not_found", message="Project does not have access to model `m`"),
        ApiError(status=400, message="This response is not in progress"),
        ApiError(status=409, message="conflict"),
        ApiError(status=429, code="rate_limit_exceeded", type="requests", message="Rate limit reached"),
        ApiError(status=500, message="server error"),
        ApiError(status=503),
        NotSent("connect_timeout", "slow"),
        NotSent("given_up", "by its caller"),
        NotSent("invalid_request", "a header"),
        Interrupted("reset", "gone"),
        Interrupted("tls", "cut off"),
        InvalidArgument("response_id", "is empty"),
        WaitExpired(elapsed=1.0, polls=2),
        NoRecording(request=HttpRequest("GET", "/x")),
        DecodeError(status=200, path="$", reason="no JSON", body=b""),
    ],
)
def test_of_what_says_nothing_of_the_others_it_says_nothing(error: Error) -> None:
    assert hopeless(error) is None


def test_what_to_do_has_nothing_that_a_server_said() -> None:
    said = "sk-a-secret"
    error = ApiError(status=401, code=said, message=said, body=said.encode())
    assert said not in str(hopeless(error))
