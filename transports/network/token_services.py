"""Tokens of the services that issue them: OpenAI's, for a workload that proves who it is; Entra's; those of machines.

Each is asked over a transport of the caller's, which is made for that service alone and has no key: so its proxies, its
certificates and its limits are settings like any other, and a test needs no network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import UNREAD, DecodeError
from ...core.endpoints.answers import api_error
from ...core.errors import Error, NotSent
from ...core.http import HttpRequest, Pairs
from ...core.results import is_failure
from ..contract import Transport
from .environment import refused
from .secret import Secret, hidden
from .tokens import DEFAULT_MARGIN, AccessToken, RefreshingToken

SubjectToken: TypeAlias = Callable[[], str | Secret] | RefreshingToken
"""What proves who a workload is: a function that returns its token, or a token that is kept."""

_SUBJECT_TYPES = {
    "jwt": "urn:ietf:params:oauth:token-type:jwt",
    "id": "urn:ietf:params:oauth:token-type:id_token",
    "x509": "urn:openai:params:oauth:token-type:x509",
}


def workload_identity(
    transport: Transport,
    *,
    identity_provider_id: str,
    service_account_id: str,
    subject_token: SubjectToken | None,
    subject_type: Literal["jwt", "id"] = "jwt",
    margin: float = DEFAULT_MARGIN,
) -> RefreshingToken:
    """Make a token of OpenAI's for a workload, by exchanging the token that proves who it is (RFC 8693).

    Args:
        transport: A blocking transport to `https://auth.openai.com`, with an empty key; for a certificate, to
            `https://mtls.auth.openai.com`, with `client_certificate`.
        identity_provider_id: The id of the identity provider.
        service_account_id: The id of the service account.
        subject_token: What returns the token of the platform; None where the certificate of the transport proves it.
        subject_type: `jwt`, or `id` for an ID token of OpenID Connect.
        margin: How many seconds before it expires a token is exchanged anew, more than 0; at most half of its life.

    Raises `ValueError` for an argument that cannot be used. What fails later, fails the request that needs the token.

    >>> from puresponse import StubTransport, json_response
    >>> issuer = StubTransport.answering(json_response({"access_token": "at-0123456789", "expires_in": 3600}))
    >>> ids = {"identity_provider_id": "idp-1", "service_account_id": "sa-1"}
    >>> workload_identity(issuer, **ids, subject_token=lambda: "eyJ0eXAi.of-the-pod").ask().unwrap()
    Secret([redacted])
    """
    for name, text in (("identity_provider_id", identity_provider_id), ("service_account_id", service_account_id)):
        _check_text(name, text)
    kind = "x509" if subject_token is None else subject_type
    if kind not in _SUBJECT_TYPES:
        raise refused("subject_type", f"it is {str(kind)[:20]!r}; it must be 'jwt' or 'id'")
    fields = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": _SUBJECT_TYPES[kind],
        "identity_provider_id": identity_provider_id,
        "service_account_id": service_account_id,
    }

    def fetch() -> Result[AccessToken, Error]:
        if subject_token is None:
            return _issued(transport, "/oauth/token", "application/json", encode(fields))
        subject = _proof(subject_token)
        if isinstance(subject, NotSent):
            return Failure(subject)
        body = encode({**fields, "subject_token": subject.reveal()})
        return _issued(transport, "/oauth/token", "application/json", body)

    return RefreshingToken(fetch, margin=margin)


def entra_token(
    transport: Transport,
    *,
    tenant: str,
    client_id: str,
    client_secret: str | Secret | None = None,
    client_assertion: SubjectToken | None = None,
    scope: str = "https://cognitiveservices.azure.com/.default",
    margin: float = DEFAULT_MARGIN,
) -> RefreshingToken:
    """Make a token of Entra for an application: by its secret, or by an assertion, such as a pod's service account.

    Args:
        transport: A blocking transport to `https://login.microsoftonline.com`, with an empty key.
        tenant: The id of the directory.
        client_id: The id of the application.
        client_secret: Its secret; or
        client_assertion: what returns a token that proves who it is.
        scope: What the token is for.
        margin: How many seconds before it expires a token is fetched anew, more than 0; at most half of its life.

    Raises `ValueError` for an argument that cannot be used.
    https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow

    >>> from puresponse import StubTransport, json_response
    >>> issuer = StubTransport.answering(json_response({"access_token": "eyJ0eXAi.0123", "expires_in": 3600}))
    >>> entra_token(issuer, tenant="a-tenant", client_id="an-application", client_secret="0123456789").ask().unwrap()
    Secret([redacted])
    """
    client_secret = hidden(client_secret)
    for name, text in (("tenant", tenant), ("client_id", client_id), ("scope", scope)):
        _check_text(name, text)
    if "/" in tenant:
        raise refused("tenant", "it has a slash; it must be the id of a directory")
    if (client_secret is None) is (client_assertion is None):
        raise refused("client_secret", "either it or client_assertion must be given, and not both")
    own = None if client_secret is None else _secret("client_secret", client_secret)
    fields = {"grant_type": "client_credentials", "client_id": client_id, "scope": scope}

    def fetch() -> Result[AccessToken, Error]:
        if own is not None:
            proof = {"client_secret": own.reveal()}
        else:
            asserted = NotSent("invalid_request", "") if client_assertion is None else _proof(client_assertion)
            if isinstance(asserted, NotSent):
                return Failure(asserted)
            kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            proof = {"client_assertion_type": kind, "client_assertion": asserted.reveal()}
        body = urlencode({**fields, **proof}).encode()
        return _issued(transport, f"/{tenant}/oauth2/v2.0/token", "application/x-www-form-urlencoded", body)

    return RefreshingToken(fetch, margin=margin)


def managed_identity(
    transport: Transport,
    *,
    resource: str = "https://cognitiveservices.azure.com",
    client_id: str | None = None,
    margin: float = DEFAULT_MARGIN,
) -> RefreshingToken:
    """Make a token of the managed identity of a virtual machine at Azure: for Azure itself, or as a `subject_token`.

    Args:
        transport: A blocking transport to `http://169.254.169.254`, with an empty key and without a proxy.
        resource: What the token is for; for `workload_identity` it is `https://management.azure.com/`.
        client_id: Which identity, where the machine has several.
        margin: How many seconds before it expires a token is fetched anew, more than 0; at most half of its life.

    Raises `ValueError` for an argument that cannot be used.
    https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token

    >>> from puresponse import StubTransport, json_response
    >>> issuer = StubTransport.answering(json_response({"access_token": "eyJ0eXAi.0123", "expires_in": "3600"}))
    >>> managed_identity(issuer).ask().unwrap()
    Secret([redacted])
    """
    _check_text("resource", resource)
    query: Pairs = (("api-version", "2018-02-01"), ("resource", resource))
    if client_id is not None:
        _check_text("client_id", client_id)
        query = (*query, ("client_id", client_id))
    path = "/metadata/identity/oauth2/token"
    request = HttpRequest("GET", path, query, (("Metadata", "true"),), idempotent=True, timeout=_PATIENCE)
    return RefreshingToken(lambda: _answered(transport, request), margin=margin)


class TokenFile(Struct, frozen=True):
    """A file that a platform keeps a token in, such as a pod's service account: read whenever it is asked for.

    `path` is where it is, by default where Kubernetes mounts that of a service account.
    """

    path: str = "/var/run/secrets/kubernetes.io/serviceaccount/token"

    def __call__(self) -> Secret:
        """The token. Raises `OSError` and `ValueError`."""
        with open(self.path, encoding="ascii") as file:
            return Secret(file.read(_LONGEST).strip())


_LONGEST = 1 << 20
"""Bytes of a token."""

_PATIENCE = 10.0
"""Seconds that a token service may be silent."""


class _Issued(Struct):
    access_token: str
    expires_in: float | str


class _Refused(Struct):
    error: str


def _issued(transport: Transport, path: str, kind: str, body: bytes) -> Result[AccessToken, Error]:
    headers: Pairs = (("Content-Type", kind),)
    return _answered(
        transport, HttpRequest("POST", path, headers=headers, body=body, idempotent=True, timeout=_PATIENCE)
    )


def _answered(transport: Transport, request: HttpRequest) -> Result[AccessToken, Error]:
    answer = transport(request)
    if is_failure(answer):
        return answer
    response = answer.unwrap()
    if not response.is_success:
        error = api_error(response)
        return Failure(error if error.code else replace(error, code=_code_of(response.body)))
    try:
        issued: _Issued = decoder_of(_Issued)(response.body)
        return Success(AccessToken(issued.access_token, float(issued.expires_in)))
    except (*UNREAD, ValueError):
        return Failure(DecodeError(reason="expected an access_token and expires_in"))


def _code_of(body: bytes) -> str | None:
    """The `error` of RFC 6749, section 5.2."""
    try:
        said: _Refused = decoder_of(_Refused)(body)
    except UNREAD:
        return None
    return said.error


def _proof(source: SubjectToken) -> Secret | NotSent:
    """What proves who somebody is, or why there is nothing. A function's own exceptions pass through, to be told."""
    if isinstance(source, RefreshingToken):
        asked = source.ask()
        return asked.failure() if is_failure(asked) else asked.unwrap()
    given: Any = hidden(source())
    return given if isinstance(given, Secret) else _secret("subject_token", given)


def _secret(name: str, text: Any) -> Secret:
    if isinstance(text, Secret):
        return text
    if not isinstance(text, str) or not text:
        raise refused(name, f"it is {'empty' if text == '' else f'a {type(text).__name__}'}; it must be a text")
    try:
        return Secret(text)
    except ValueError as error:
        raise refused(name, str(error)) from None


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str) or not text or not text.isprintable():
        raise refused(name, f"it is {repr(text)[:40]}; it must be a text that is not empty")
