"""What a credential is, by its name; and requests and answers without one, to be shown or kept.

Law: there is one list of such names, for headers and for query parameters. A request has none of them (`extra_headers`
and `extra_query` refuse it, for it belongs to the transport); whatever shows or keeps a request that was made by hand,
or an answer, shows and keeps `[redacted]` in its place; a base URL has none, whatever it is called.

A name is read word by word, in any case, apart at hyphens, underscores, dots, brackets and capitals: so `accessToken`,
`X-ACCESS-TOKEN` and `auth[accesstoken]` are credentials, and `author`, `monkey`, `max_output_tokens` and `page_token`
are none. Where a name may be either, it is one: a default of the transport can have any name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from .http import HttpRequest, HttpResponse, Pairs

REDACTED = "[redacted]"
"""What is put in the place of a credential."""

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LOWER_WORDS = re.compile(r"[a-z]+|[0-9]+")

_SECRETS = (
    "accesskeyid",
    "assertion",
    "auth",
    "authentication",
    "authorization",
    "authz",
    "bearer",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "csrf",
    "dpop",
    "hmac",
    "macaroon",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pwd",
    "secret",
    "secrets",
    "sessid",
    "signature",
    "xsrf",
)
"""A credential is whatever is called so, or has a word that ends so: `oauth`, `clientsecret`."""

_WHOLE_WORDS = frozenset(
    {"appcheck", "codeverifier", "jsessionid", "jwt", "otp", "samlart", "samlrequest", "samlresponse", "sig", "totp"}
)
"""The same for whole words, in which others may end, or which are short for two."""

_ALONE = frozenset({"code", "pass", "pw", "sas"})
"""Credentials only where no other word is beside them: Azure Functions takes `?code=`, but `country_code` is none."""

_PHRASES = frozenset(
    {
        ("access", "key"),
        ("code", "verifier"),
        ("device", "code"),
        ("functions", "code"),
        ("oidc", "data"),
    }
)
"""Two words of a name, anywhere in it."""

_DESCRIBING = frozenset(
    {
        "algorithm",
        "consent",
        "count",
        "enabled",
        "endpoint",
        "expires",
        "expiry",
        "input",
        "length",
        "method",
        "mode",
        "policy",
        "protected",
        "provider",
        "realm",
        "required",
        "scheme",
        "scope",
        "status",
        "ttl",
        "type",
        "uri",
        "url",
        "version",
    }
)
"""What ends the name of something that a credential has: `token_type`, `signature_version`."""

_TRAILING = frozenset({"b", "base", "header", "hint", "md", "raw", "v", "value"})
"""What ends the name of a credential all the same, as digits do: `token_v2`, `key_base64`, `id_token_hint`."""

_TOKENS_OF = frozenset(
    {
        "bos",
        "continuation",
        "cursor",
        "delta",
        "eos",
        "first",
        "idempotency",
        "last",
        "max",
        "min",
        "next",
        "pad",
        "page",
        "pagination",
        "per",
        "prev",
        "previous",
        "resume",
        "resumption",
        "scroll",
        "skip",
        "special",
        "start",
        "stop",
        "sync",
    }
)
"""A token of these is a place in a list, or a part of a text."""

_KEYS_OF = frozenset(
    {
        "affinity",
        "cache",
        "dedup",
        "deduplication",
        "filter",
        "filters",
        "foreign",
        "group",
        "idempotency",
        "idempotent",
        "index",
        "lock",
        "lookup",
        "message",
        "metadata",
        "object",
        "order",
        "ordering",
        "partition",
        "primary",
        "public",
        "range",
        "routing",
        "row",
        "shard",
        "socket",
        "sort",
        "surrogate",
        "unique",
        "websocket",
    }
)
"""A key of these names or finds something."""

_RUN_ON_KEYS = tuple(
    f"{of}key"
    for of in (
        "access",
        "account",
        "api",
        "app",
        "auth",
        "client",
        "consumer",
        "encryption",
        "functions",
        "license",
        "master",
        "pass",
        "private",
        "secret",
        "session",
        "shared",
        "signing",
        "subscription",
        "user",
    )
)
"""Keys that are written as one word. Other words end so too: `monkey`, `turnkey`."""

_RUN_ON_TOKENS_OF = tuple(word for word in sorted(_TOKENS_OF) if len(word) > 3)
"""Such tokens written as one word: `nextpagetoken`. Few letters are the end of many a word: `supertoken`."""


@lru_cache(256)  # the headers of answers are called the same again and again
def names_a_credential(name: str) -> bool:
    """Whether a header or a query parameter of that name must be expected to hold a credential.

    >>> names_a_credential("Ocp-Apim-Subscription-Key"), names_a_credential("Idempotency-Key")
    (True, False)
    """
    if _is_said(_LOWER_WORDS.findall(name.lower())):
        return True
    return not name.islower() and _is_said([word.lower() for word in _WORDS.findall(name)])


def hide_pairs(pairs: Pairs) -> Pairs:
    """The pairs, `[redacted]` in place of what is a credential by its name; themselves where none is."""
    for name, _ in pairs:
        if names_a_credential(name):
            return tuple((name, REDACTED if names_a_credential(name) else value) for name, value in pairs)
    return pairs


def hide_in_request(request: HttpRequest) -> HttpRequest:
    """The request without the credentials that it was given by hand; itself where it has none."""
    headers, query = hide_pairs(request.headers), hide_pairs(request.query)
    if headers is request.headers and query is request.query:
        return request
    return replace(request, headers=headers, query=query)


def hide_in_response(response: HttpResponse) -> HttpResponse:
    """The response without the credentials among its headers; itself where it has none."""
    headers = hide_pairs(response.headers)
    return response if headers is response.headers else replace(response, headers=headers)


def _is_said(words: list[str]) -> bool:
    while words and (words[-1] in _TRAILING or words[-1].isdigit()):
        words.pop()
    if not words or words[-1] in _DESCRIBING:
        return False
    if len(words) == 1 and words[0] in _ALONE:
        return True
    before = ""
    for word in words:
        if (before, word) in _PHRASES or word in _WHOLE_WORDS or word.removesuffix("s").endswith(_RUN_ON_KEYS):
            return True
        # `Access-Control-Allow-Credentials` says whether there may be any.
        if word.endswith(_SECRETS) and before != "allow":
            return True
        before = word
    *others, last = words
    of = others[-1] if others else ""
    if last == "key":
        return of not in _KEYS_OF
    if last == "keys":
        return f"{of}key" in _RUN_ON_KEYS
    if last == "token":
        return of not in _TOKENS_OF
    of = last.removesuffix("token")
    return of != last and of not in _TOKENS_OF and not of.endswith(_RUN_ON_TOKENS_OF)
