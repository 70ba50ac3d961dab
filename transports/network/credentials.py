"""The identity of a transport: the headers and query parameters that it adds to every request.

Credentials among them show as redacted wherever they could be seen, and `redact` takes them out of what a server
sends back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...core.credentials import REDACTED, hide_pairs, names_a_credential
from ...core.errors import Error, Interrupted, NotSent
from ...core.http import HttpResponse, Pairs
from ...core.http_syntax import check_header
from .asked import AskedCredential, AsyncKey, is_asked_for
from .environment import (
    API_KEY,
    AZURE_AD_TOKEN,
    AZURE_API_KEY,
    ORGANIZATION,
    PROJECT,
    Setting,
    refused,
    setting,
)
from .secret import Hidden, Secret

_SHORTEST_SECRET = 8
"""Characters. Servers that need no key are given one such as `x` or `EMPTY`: no secret, and part of many words."""


class Identity(Struct, frozen=True):
    """Headers, query parameters, and the secrets that they hold; and the credential that each request asks for.

    `asked` is None where the credential is among the headers, or there is none.
    """

    headers: Pairs
    query: Pairs
    secrets: tuple[Secret, ...]
    asked: AskedCredential | None = None

    @property
    def known(self) -> tuple[Secret, ...]:
        """All that must not be seen by now: the secrets, and the credentials that were asked for and used."""
        return self.secrets if self.asked is None else (*self.secrets, *filter(_is_long_enough, self.asked.used))

    @property
    def shown_query(self) -> Pairs:
        """The query parameters that are no credentials."""
        return tuple(pair for pair in self.query if not isinstance(pair[1], Hidden))

    @property
    def hidden_query(self) -> Pairs:
        """The query parameters that are credentials."""
        return tuple(pair for pair in self.query if isinstance(pair[1], Hidden))

    def with_secrets(self, secrets: Iterable[Secret]) -> Identity:
        """The same, with more that must not be seen."""
        return replace(self, secrets=(*self.secrets, *filter(_is_long_enough, secrets)))

    def redact(self, response: HttpResponse) -> HttpResponse:
        """The response without any secret that its body or headers repeat, and without credentials of the server's."""
        body, headers = response.body, hide_pairs(response.headers)
        values = "\n".join([value for _, value in headers])
        for secret in self.known:
            body = secret.redact_bytes(body)
            if secret.redact(values) != values:  # as nearly never, which is known at once of all
                headers = tuple((name, secret.redact(value)) for name, value in headers)
        return replace(response, body=body, headers=headers)

    def redact_begun(self, response: HttpResponse) -> HttpResponse:
        """A response whose body broke off, without the beginning of a secret that it ends with."""
        body = response.body
        for secret in self.known:
            text = secret.reveal().encode()
            for length in range(len(text) - 1, _SHORTEST_SECRET - 1, -1):
                if body.endswith(text[:length]):
                    return replace(response, body=body[:-length] + REDACTED.encode())
        return response

    def redact_text(self, text: str) -> str:
        """The text, without any secret that it repeats."""
        for secret in self.known:
            text = secret.redact(text)
        return text

    def leaks(self, data: bytes) -> bool:
        """Whether `data` holds any secret."""
        return any(secret.is_in(data) for secret in self.known)

    def redact_error(self, error: Error) -> Error:
        """The error, without any secret that its reason repeats."""
        if isinstance(error, NotSent | Interrupted):
            return replace(error, reason=self.redact_text(error.reason))
        return error


def identity_of(
    *,
    api_key: AsyncKey | None,
    organization: str | None,
    project: str | None,
    azure_api_version: str | None,
    default_headers: Mapping[str, str],
    default_query: Mapping[str, str],
    agent: str | None,
    azure_ad_token: AsyncKey | None = None,
) -> Identity:
    """Put the identity of a transport together; what is None is read from the environment. Raises `ValueError`.

    `azure_api_version` is None where the service is not Azure's. `agent` is the `User-Agent` header; None sends none
    of the transport's own.
    """
    azure = azure_api_version is not None
    credential = _credential(api_key, azure_ad_token, azure=azure)
    headers = {"Accept": "application/json"}
    if agent is not None:
        headers["User-Agent"] = agent
    query: dict[str, str] = {}
    if azure_api_version is not None:
        if not azure_api_version:
            raise refused("azure_api_version", "it is empty; Azure's own default is 'v1'")
        query["api-version"] = azure_api_version
    asked, secrets = None, list[Secret]()
    if isinstance(credential, AskedCredential):
        asked = credential
    elif credential is not None:
        name, scheme, key = credential
        headers[name] = key.header(scheme)
        secrets.append(key)
    for parameter, name, given, variable in (
        ("organization", "OpenAI-Organization", organization, ORGANIZATION),
        ("project", "OpenAI-Project", project, PROJECT),
    ):
        found = setting(parameter, given, variable)
        if found is not None and found.text:
            headers[name] = _checked(found.name, name, found.text)
    taken = {name.lower() for name in default_headers}
    extra = [pair for pair in headers.items() if pair[0].lower() not in taken]
    if asked is not None and asked.header.lower() in taken:
        asked = None
    for name, value in default_headers.items():
        _checked("default_headers", name, value)
        if names_a_credential(name):
            secrets.extend(_secret("default_headers", part) for part in _secret_parts(value))
        extra.append((name, _shown(name, value)))
    for name, value in default_query.items():
        if names_a_credential(name):
            secrets.extend(_secret("default_query", part) for part in map(Hidden, value.split()))
        query[name] = _shown(name, value)
    return Identity(tuple(extra), tuple(query.items()), (), asked).with_secrets(secrets)


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
    return {name: _shown(name, value) for name, value in pairs.items() if not names_a_credential(name)}


def _shown(name: str, value: str) -> str:
    """A value that shows, unless its name says that it is a credential.

    An empty one shows: what percent-encodes text returns it unchanged, and so it would be shown, and sent, as hidden.
    """
    return Hidden(value) if value and names_a_credential(name) else str.__str__(value)


def _secret_parts(value: str) -> Iterator[Hidden]:
    """What is secret in the value of a header: all but a scheme such as Bearer; `a=…; b=…` part by part."""
    words = re.split(r"[\s;,]+", value)
    for word in words[1:] if len(words) > 1 and "=" not in words[0] else words:
        for part in (word, word.partition("=")[2].strip('"')):
            if part:
                yield Hidden(part)


def _is_long_enough(secret: Secret) -> bool:
    return len(secret.reveal()) >= _SHORTEST_SECRET


def _credential(
    api_key: AsyncKey | None, azure_ad_token: AsyncKey | None, *, azure: bool
) -> AskedCredential | tuple[str, str, Secret] | None:
    """The credential that is asked for; or the header, the scheme and the secret of one that stays; or None."""
    if api_key is not None and azure_ad_token is not None:
        raise refused("azure_ad_token", "api_key is given as well; a request has one credential: give one of them")
    if azure_ad_token is not None or not azure:
        name, scheme = "Authorization", "Bearer "
    else:
        name, scheme = "api-key", ""
    parameter, given = ("api_key", api_key) if azure_ad_token is None else ("azure_ad_token", azure_ad_token)
    if isinstance(given, Secret):
        return name, scheme, given
    if is_asked_for(given):
        source: Any = given
        return AskedCredential(parameter, name, scheme, source)
    if given is not None and not isinstance(given, str):
        allowed = "a text, a Secret, a function that returns either, or a RefreshingToken"
        raise refused(parameter, f"it is a {type(given).__name__}; it must be {allowed}")
    if given is None:
        variables = (AZURE_AD_TOKEN, AZURE_API_KEY, API_KEY) if azure else (API_KEY,)
        found = setting("api_key", None, *variables)
        if found is not None and found.name == AZURE_AD_TOKEN:
            name, scheme = "Authorization", "Bearer "
    else:
        found = Setting(parameter, given)
    if found is None or not found.text:
        return None
    return name, scheme, _secret(found.name, Hidden(found.text))


def _secret(name: str, text: str) -> Secret:
    try:
        return Secret(text)
    except ValueError as error:
        raise refused(name, str(error)) from None


def _checked(parameter: str, name: str, value: str) -> str:
    try:
        check_header(name, value)
    except ValueError as error:
        raise refused(parameter, str(error)) from None
    return value
