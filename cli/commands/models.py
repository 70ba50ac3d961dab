"""`puresponse models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_MANY, Argument, Invocation, command

if TYPE_CHECKING:
    from ...codecs import Model
    from ...core import Operation

MODELS = Argument("models", "Ids of models. Default: all that there are.", "[MODEL]", nargs=-1, required=False)


@command(MODELS, *FOR_MANY)
def models(given: Invocation, models: tuple[str, ...]) -> ExitCode | str:
    """List the models that can be used, or show some of them."""
    from ...core import all_pages, list_models, retrieve_model, retrying
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..execute import execute
    from ..settings import policy_of
    from ..tables import MODEL_VIEW
    from ..tasks import AllListed

    policy = policy_of(given.options)
    if not models:
        return execute(given, AllListed(retrying(all_pages(list_models()), policy), 1000), MODEL_VIEW)

    def retrieval(model: str) -> Operation[Model]:
        return retrying(retrieve_model(model), policy)

    return for_each(given, models, retrieval, Received("retrieved"), MODEL_VIEW, shows="values")
