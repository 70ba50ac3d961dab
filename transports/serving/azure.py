"""The API as Azure has it: other paths, a version in the query, and the key in a header `api-key`.

| a client is given | its paths begin with |
|---|---|
| the base URL `{endpoint}/openai/v1` | `/openai/v1/`; an `api-version` is allowed |
| the endpoint and an `api_version`, such as `AzureOpenAI` of the official client | `/openai/`, with an `api-version` |

Under `/openai/deployments/{name}/` Azure has other APIs, but not this one: a deployment is named as the `model`. The
`Authorization: Bearer` of a token from Entra is taken too.
https://learn.microsoft.com/azure/ai-services/openai/how-to/responses
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...core.http import HttpResponse, Pairs
from .answers import azure_has_no_such_path, azure_refuses_key, azure_version_too_old
from .received import Received

PREFIX = "/openai"
VERSION = "api-version"
KEY = "api-key"

_OF_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?")
_FIRST_DAY = "2025-03-01-preview"
_OF_ALL_VERSIONS = "/v1"


class ApiPath(NamedTuple):
    """What a request asks of the API: the path and the query without what is Azure's in them."""

    path: str
    query: Pairs


def azure_path(received: Received, beside: str) -> ApiPath | HttpResponse | None:
    """What a request under Azure's paths asks for, or the refusal; None for any other request.

    `beside` is what precedes these paths: what precedes `/v1` in the path of the API itself.
    """
    path = received.path_under(beside + PREFIX)
    if path is None:
        return None
    query = tuple(pair for pair in received.query if pair[0] != VERSION)
    if path == _OF_ALL_VERSIONS or path.startswith(f"{_OF_ALL_VERSIONS}/"):
        return ApiPath(path.removeprefix(_OF_ALL_VERSIONS), query)
    version = next((value for name, value in received.query if name == VERSION), "")
    if _OF_A_DAY.fullmatch(version) is None or path.startswith("/deployments/"):
        return azure_has_no_such_path()
    if version[:10] < _FIRST_DAY[:10]:
        return azure_version_too_old(_FIRST_DAY)
    return ApiPath(path, query)


def refuse_azure_key(received: Received, key: str) -> HttpResponse | None:
    """The refusal of a request that has the key neither as Azure's header nor as a bearer; None for one that has."""
    return None if key in (received.header(KEY), received.bearer()) else azure_refuses_key()
