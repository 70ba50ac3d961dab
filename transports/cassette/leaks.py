"""What looks like a key in a recording, or is the credential of the transport: told before anything is written.

Law: every text of a recording is looked through in each way in which it can be read: as it is, as the JSON that it is,
with what JSON and URLs escape, and the parts of a text that was sent in deltas as one. What is found is told by its
place, and not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import unquote_plus

from msgspec import json

from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_array, is_mapping, is_object
from ...core.credentials import REDACTED, names_a_credential
from ...core.errors import Interrupted, NotSent
from ...core.http import HttpResponse, Pairs
from .canned_answers import StreamedResponse
from .event_texts import delta_text, deltas_in, events_in
from .format import Recording

Leaks: TypeAlias = Callable[[bytes], bool]
"""Whether bytes hold a credential of a transport: it tells no more."""

_FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sk-",), r"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}"),  # OpenAI, Anthropic, and many like them
    (("sess-",), r"(?<![A-Za-z0-9])sess-[A-Za-z0-9]{20,}"),
    (("ek_",), r"(?<![A-Za-z0-9])ek_[0-9a-f]{24,}"),
    (("AKIA", "ASIA"), r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])"),  # AWS
    (("gh",), r"(?<![A-Za-z0-9])gh[oprsu]_[A-Za-z0-9]{30,}"),  # GitHub
    (("github_pat_",), r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{30,}"),
    (("glpat-",), r"(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,}"),
    (("xox",), r"(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10,}"),  # Slack
    (("AIza",), r"(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{35}"),  # Google
    (("ya29.",), r"(?<![A-Za-z0-9])ya29\.[0-9A-Za-z_-]{20,}"),
    (("hf_",), r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}"),
    (("k_live_", "k_test_"), r"(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),  # Stripe
    (("eyJ",), r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),  # a JWT
    (("PRIVATE KEY",), r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    (("earer", "EARER"), r"(?i:\bbearer\s+)(?=[A-Za-z._~+/-]*[0-9])[A-Za-z0-9._~+/-]{20,}=*"),
    (("://",), r"(?<=://)[^/\s:@\"'\[\]]+:[^/\s:@\"'\[\]]+(?=@)"),  # of a URL, as of a proxy
)
"""Keys and tokens that can be told by their form; before each, texts one of which it has, which are found faster."""

_SEARCHES = tuple((texts, re.compile(pattern)) for texts, pattern in _FORMS)

LOOKS_LIKE_A_KEY = re.compile("|".join(pattern for _, pattern in _FORMS))
"""All of them."""


def looks_like_a_key(text: str) -> bool:
    """Whether there is any of them in a text."""
    return any(any(one in text for one in texts) and pattern.search(text) is not None for texts, pattern in _SEARCHES)


_PARAMETERS = re.compile(r"[?&;]([A-Za-z0-9_.\[\]-]{2,40})=([^&\s\"'#]{8,})")


_FoundIn: TypeAlias = Callable[[str, str], str | None]
"""What is found in a text at a place; None for nothing."""


class SecretFound(ValueError):
    """What is recorded holds what looks like a key, or the transport's own credential: `path` was not written.

    `places` are where. Nothing is lost: add a rule to the recorder (`redact`), and close it again.
    """

    def __init__(self, path: str, places: Collection[str]) -> None:
        self.places = tuple(places)
        more = f", and {len(self.places) - _MOST} more" if len(self.places) > _MOST else ""
        super().__init__(
            f"the cassette {path} was not written, for it would hold a secret: {'; '.join(self.places[:_MOST])}{more}. "
            "Nothing is lost: add a rule to the recorder, `recorder.redact(Redaction(member=…))`, and close it again; "
            "what is no secret is named in `harmless`"
        )


_MOST = 5


def secrets_in(recording: Recording, leaks: Leaks | None, harmless: Collection[str] = ()) -> list[str]:
    """The places in a recording that hold what looks like a key, or what `leaks`, apart from `harmless` texts."""

    def found_in(place: str, text: str) -> str | None:
        return _found_in(place, _without(text, harmless), leaks)

    found: dict[str, None] = {}
    for place, text in _texts_of(recording, found_in):
        what = found_in(place, text)
        if what is not None:
            found.setdefault(f"{shown(place, leaks)} holds {what}")
    return list(found)


def shown(text: str, leaks: Leaks | None) -> str:
    """A path or a place, without what is secret in it."""
    masked = LOOKS_LIKE_A_KEY.sub(REDACTED, text)
    if leaks is not None and (leaks(_encoded(masked)) or leaks(_encoded(unquote_plus(masked)))):
        return REDACTED
    return masked


def _found_in(place: str, text: str, leaks: Leaks | None) -> str | None:
    is_body = " body" in place
    plain = unquote_plus(text) if "%" in text and not is_body else text
    if leaks is not None and (leaks(_encoded(text)) or (plain != text and leaks(_encoded(plain)))):
        return "the transport's own credential"
    if looks_like_a_key(text) or (plain != text and looks_like_a_key(plain)):
        return "what looks like a key or a token"
    if not is_body and any(_is_given(match) for match in _PARAMETERS.finditer(text)):
        return "a URL with a credential"
    return None


def _without(text: str, harmless: Collection[str]) -> str:
    for known in harmless:
        text = text.replace(known, "")
    return text


def _is_given(match: re.Match[str]) -> bool:
    return names_a_credential(match[1]) and REDACTED not in unquote_plus(match[2])


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _texts_of(recording: Recording, found_in: _FoundIn) -> Iterator[tuple[str, str]]:
    request, answer = recording.request, recording.answer
    yield "request path", request.path
    yield from _texts_of_pairs("request query", request.query)
    yield from _texts_of_pairs("request header", request.headers)
    if request.body:
        yield from _texts_of_body("request body", request.body, found_in)
    if isinstance(answer, NotSent | Interrupted):
        yield "failure reason", answer.reason
        if isinstance(answer, Interrupted) and answer.partial is not None:
            yield from _texts_of_response(answer.partial, found_in)
    elif isinstance(answer, StreamedResponse):
        yield from _texts_of_pairs("response header", answer.headers)
        yield from _texts_of_body("response body", b"".join(answer.chunks), found_in)
        if answer.error is not None:
            yield "failure reason", answer.error.reason
    else:
        yield from _texts_of_response(answer, found_in)


def _texts_of_response(response: HttpResponse, found_in: _FoundIn) -> Iterator[tuple[str, str]]:
    yield from _texts_of_pairs("response header", response.headers)
    yield from _texts_of_body("response body", response.body, found_in)


def _texts_of_pairs(where: str, pairs: Pairs) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        yield f"{where} {name}", value
        yield f"{where}s", f"{name}={value}"


def _texts_of_body(where: str, body: bytes, found_in: _FoundIn) -> Iterator[tuple[str, str]]:
    text = body.decode("utf-8", "surrogateescape")
    # What nothing is found in, and nothing is escaped in, has no string in which anything would be.
    is_clean = "\\" not in text and found_in(where, text) is None
    try:
        value = None if is_clean and "data:" not in text else json.decode(body)
    except REFUSALS:
        events = events_in(text)
        for number, event in enumerate(events if not is_clean else (), start=1):
            yield from _strings_in(f"{where}, event {number}, $", event.value)
        for parts in deltas_in(events):
            if len(parts) > 1:
                yield f"{where}, the deltas of {parts[0].value.get('type')} together,", delta_text(parts)
    else:
        if not is_clean:
            yield from _strings_in(f"{where} $", value)
    if not is_clean:
        yield where, text


def _strings_in(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif is_array(value):
        for index, item in enumerate(value):
            yield from _strings_in(f"{where}[{index}]", item)
    elif is_object(value):
        for name, member in value.items():
            yield f"{where}, a name", name
            yield from _strings_in(f"{where}.{name}", member)


def leaks_of(transport: object) -> Leaks | None:
    """What tells whether bytes hold a credential of a transport, or of those beneath it; None where none can tell."""
    found: list[Leaks] = []
    _gather(transport, found, set())
    return partial(_any_leaks, tuple(found)) if found else None


def _gather(transport: Any, found: list[Leaks], seen: set[int]) -> None:
    if transport is None or id(transport) in seen:
        return
    seen.add(id(transport))
    leaks: Leaks | None = getattr(transport, "leaks", None)
    if leaks is not None:
        found.append(leaks)
    _gather(getattr(transport, "transport", None), found, seen)
    several = getattr(transport, "transports", None)
    if is_mapping(several):
        for one in several.values():
            _gather(one, found, seen)


def _any_leaks(known: tuple[Leaks, ...], data: bytes) -> bool:
    return any(leaks(data) for leaks in known)
