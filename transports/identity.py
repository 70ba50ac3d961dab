"""Who a transport says that it is: the headers and query parameters that it adds to every request.

Credentials among them show as redacted wherever they could be seen, and `redact` takes them out of what a server
sends back.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from ..core.errors import InvalidArgument
from ..core.http import HttpResponse, Pairs
from ..core.http_syntax import check_header
from .environment import API_KEY, ORGANIZATION, PROJECT, given_or
from .secret import Hidden, Secret, names_a_credential

_SHORTEST_SECRET = 8
"""Characters. Servers that need no key are given one such as `x` or `EMPTY`: no secret, and part of many words."""


class Identity(Struct, frozen=True):
    """Headers, query parameters, and the secrets that they hold."""

    headers: Pairs
    query: Pairs
    secrets: tuple[Secret, ...]

    def redact(self, response: HttpResponse) -> HttpResponse:
        """The response, without any secret that its body or headers repeat."""
        body, headers = response.body, response.headers
        for secret in self.secrets:
            body = secret.redact_bytes(body)
            headers = tuple((name, secret.redact(value)) for name, value in headers)
        return replace(response, body=body, headers=headers)

    def redact_text(self, text: str) -> str:
        """The text, without any secret that it repeats."""
        for secret in self.secrets:
            text = secret.redact(text)
        return text


def identity_of(
    *,
    api_key: str | Secret | None,
    organization: str | None,
    project: str | None,
    azure_api_version: str | None,
    default_headers: Mapping[str, str],
    default_query: Mapping[str, str],
    agent: str | None,
) -> Identity:
    """Put together who a transport is; what is None is read from the environment. Raises `ValueError`.

    `agent` is the `User-Agent` header; None sends none of the transport's own.
    """
    key = _key(api_key)
    headers = {"Accept": "application/json"}
    if agent is not None:
        headers["User-Agent"] = agent
    query: dict[str, str] = {}
    if azure_api_version is not None:
        if not azure_api_version:
            raise ValueError(str(InvalidArgument("azure_api_version", "it is empty; Azure's own default is 'v1'")))
        query["api-version"] = azure_api_version
    if key is not None:
        name, scheme = ("Authorization", "Bearer ") if azure_api_version is None else ("api-key", "")
        headers[name] = key.header(scheme)
    for parameter, name, text in (
        ("organization", "OpenAI-Organization", given_or(organization, ORGANIZATION)),
        ("project", "OpenAI-Project", given_or(project, PROJECT)),
    ):
        if text:
            headers[name] = _checked(parameter, name, text)
    secrets = [] if key is None else [key]
    taken = {name.lower() for name in default_headers}
    standing = [pair for pair in headers.items() if pair[0].lower() not in taken]
    for name, value in default_headers.items():
        _checked("default_headers", name, value)
        if names_a_credential(name):
            # A scheme such as Bearer goes before the credential itself.
            secrets.extend(_secret("default_headers", word) for word in value.split()[-1:])
        standing.append((name, Hidden(value) if names_a_credential(name) else value))
    for name, value in default_query.items():
        if names_a_credential(name):
            secrets.append(_secret("default_query", value))
        query[name] = value
    return Identity(
        tuple(standing),
        tuple(query.items()),
        tuple(secret for secret in secrets if len(secret.reveal()) >= _SHORTEST_SECRET),
    )


def user_agent() -> str:
    """What the library calls itself (RFC 9110, section 10.1.5)."""
    # Both load modules of the network on some Pythons, which not every transport wants.
    import platform
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("puresponse")
    except PackageNotFoundError:  # vendored into another package
        own = "unknown"
    return f"puresponse/{own} python/{platform.python_version()}"


def without_credentials(pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs whose names do not say that they are credentials."""
    return {name: value for name, value in pairs.items() if not names_a_credential(name)}


def _key(given: str | Secret | None) -> Secret | None:
    if isinstance(given, Secret):
        return given
    text = given_or(given, API_KEY)
    return _secret("api_key", text) if text else None


def _secret(parameter: str, text: str) -> Secret:
    try:
        return Secret(text)
    except ValueError as error:
        raise ValueError(str(InvalidArgument(parameter, str(error)))) from None


def _checked(parameter: str, name: str, value: str) -> str:
    try:
        check_header(name, value)
    except ValueError as error:
        raise ValueError(str(InvalidArgument(parameter, str(error)))) from None
    return value
