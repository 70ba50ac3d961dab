"""The models that can be used.

https://platform.openai.com/docs/api-reference/models
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from msgspec import Struct
from returns.result import Failure, Success

from ...codecs.decoders import decode_model, decode_models
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument, path_segment
from ..combinators.additions import RequestOptions
from ..errors import InvalidArgument
from ..http import HttpRequest
from ..http_syntax import has_dot_segment
from ..steps import Answer, Done, Operation
from .answers import receive
from .keywords import show_options
from .pages import Page, receive_page
from .request_options import exchange, exchange_page

if TYPE_CHECKING:
    from ...codecs.types.models import Model
else:
    Model = public_type("Model")


def list_models(**options: Unpack[RequestOptions]) -> Operation[Page[Model]]:
    """List the models that can be used, as a sequence.

    The service returns all of them at once. A server that returns pages says so in `has_more`; `all_pages` follows
    them.

    Args:
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request: see `Send`.
    https://platform.openai.com/docs/api-reference/models/list

    >>> list_models().request
    HttpRequest(method='GET', path='/models', idempotent=True)
    """
    return exchange_page(HttpRequest("GET", "/models", idempotent=True), ReceiveModels, options, list_models)


def retrieve_model(model: str, **options: Unpack[RequestOptions]) -> Operation[Model]:
    """Retrieve what is known of a model.

    Args:
        model: The id of the model, such as `gpt-5`. On some servers ids hold slashes: these are percent-encoded.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of any request (`Send`), such as `ApiError` 404 for a model that is unknown, or not the caller's to
    use.
    https://platform.openai.com/docs/api-reference/models/retrieve

    >>> retrieve_model("gpt-5").request.path
    '/models/gpt-5'
    """
    request = _check_model("model", model) or HttpRequest("GET", "/models/" + path_segment(model), idempotent=True)
    return exchange(request, ReceiveModel(), options, retrieve_model)


class ReceiveModel(Struct, frozen=True, tag=True):
    """Receives a model."""

    def __call__(self, answer: Answer) -> Operation[Model]:
        return Done(receive(answer, decode_model))


class ReceiveModels(Struct, frozen=True, tag=True):
    """Receives the list of models that `request` asked for.

    It has a next page only where it says so: a list without `has_more` is whole, however many models it holds.
    """

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Page[Model]]:
        received = receive(answer, decode_models)
        if isinstance(received, Failure):
            return Done(received)
        listing = received.unwrap()
        if listing.has_more is True:
            return receive_page(answer, decode_models, self.request, ReceiveModels)
        return Done(Success(Page(listing)))


def _check_model(parameter: str, value: Any) -> InvalidArgument | None:
    """A model's id is a string none of whose segments is empty, `.` or `..`: these would lead somewhere else."""
    if isinstance(value, str) and all(value.replace("\\", "/").split("/")) and not has_dot_segment(value):
        return None
    return invalid_argument(parameter, value, "a non-empty string, as the API gives ids of models")


show_options(list_models, retrieve_model)
