from __future__ import annotations

import copy
import html
import json
import pickle
import traceback
from urllib.parse import quote, quote_plus

import pytest

from puresponse.core.credentials import REDACTED
from puresponse.transports.network.secret import Hidden, HiddenValues, Secret, hidden, hidden_values

KEY = "sk-proj-0123456789abcdef"


def test_a_secret_shows_as_redacted_in_every_form() -> None:
    secret = Secret(KEY)
    assert [repr(secret), str(secret), f"{secret}", f"{secret!r}"] == [
        f"Secret({REDACTED})",
        REDACTED,
        REDACTED,
        f"Secret({REDACTED})",
    ]
    assert KEY not in repr({"key": [secret]})


def test_a_secret_is_revealed_on_demand() -> None:
    assert Secret(KEY).reveal() == KEY


def test_secrets_of_the_same_text_are_equal_and_nothing_else_is() -> None:
    assert Secret(KEY) == Secret(KEY)
    assert hash(Secret(KEY)) == hash(Secret(KEY))
    assert Secret(KEY) != Secret(KEY + "0")
    assert Secret(KEY) != KEY


@pytest.mark.parametrize(
    "text", ["", "sk-\n", "sk-a\r\nX-Injected: 1", "sk a", " sk", "sk\t", "sk\x00", "sk-é", "sk\x7f"]
)
def test_a_text_that_could_not_be_a_header_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII") as raised:
        Secret(text)
    shown = "".join(traceback.format_exception_only(raised.value))
    assert text == "" or text not in shown


def test_a_secret_is_never_pickled() -> None:
    for value in (Secret(KEY), Secret(KEY).header()):
        with pytest.raises(TypeError, match="never pickled"):
            pickle.dumps(value)


def test_a_copy_of_a_secret_is_the_secret() -> None:
    secret = Secret(KEY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_a_header_of_a_secret_encodes_to_its_text_and_shows_as_redacted() -> None:
    value = Secret(KEY).header("Bearer ")
    assert value.encode("latin-1") == f"Bearer {KEY}".encode()
    assert [repr(value), str(value), f"{value}", f"{value:>12}"] == [REDACTED, REDACTED, REDACTED, f"{REDACTED:>12}"]
    assert KEY not in repr({"Authorization": value}.copy())
    assert isinstance(value, Hidden)


def test_hidden_values_show_as_redacted_and_are_plain_strings() -> None:
    headers = HiddenValues({"Proxy-Authorization": KEY})
    assert repr(headers) == "{'Proxy-Authorization': '[redacted]'}"
    assert f"{headers['Proxy-Authorization']}" == KEY


def test_a_secret_is_taken_out_of_what_repeats_it_and_nothing_else_is() -> None:
    secret = Secret(KEY)
    assert secret.redact(f"the key {KEY}, {KEY}") == f"the key {REDACTED}, {REDACTED}"
    assert secret.redact_bytes(f"the key {KEY}".encode()) == f"the key {REDACTED}".encode()
    data = b"no key at all"
    assert secret.redact_bytes(data) is data


ODD = "a/b+c=d&e<f>\"g'h\\i"


@pytest.mark.parametrize(
    "spelled",
    [
        ODD,
        quote(ODD, ""),
        quote(ODD),
        quote_plus(ODD),
        quote(ODD, "")
        .replace("%2B", "%2b")
        .replace("%2F", "%2f")
        .replace("%3D", "%3d")
        .replace("%5C", "%5c")
        .replace("%3C", "%3c")
        .replace("%3E", "%3e"),
        json.dumps(ODD)[1:-1],
        json.dumps(ODD)[1:-1].replace("/", "\\/"),
        ODD.replace("\\", "\\\\")
        .replace('"', "\\u0022")
        .replace("+", "\\u002B")
        .replace("&", "\\u0026")
        .replace("<", "\\u003C")
        .replace(">", "\\u003E")
        .replace("'", "\\u0027"),
        html.escape(ODD),
        html.escape(ODD, quote=False),
    ],
)
def test_a_secret_is_taken_out_however_it_is_escaped(spelled: str) -> None:
    secret = Secret(ODD)
    assert secret.redact(f"the key {spelled}.") == f"the key {REDACTED}."
    assert secret.redact_bytes(f"the key {spelled}.".encode()) == f"the key {REDACTED}.".encode()


def test_a_secret_that_is_refused_is_in_no_report_that_prints_local_variables() -> None:
    with pytest.raises(ValueError, match="visible ASCII") as raised:
        Secret(f"{KEY}\n")
    stack = traceback.TracebackException.from_exception(raised.value, capture_locals=True).stack
    assert KEY not in repr([frame.locals for frame in stack if frame.filename != __file__])


def test_a_secret_of_a_hidden_string_is_its_text() -> None:
    assert f"{Secret(Hidden(KEY)).reveal()}" == KEY


def test_what_is_hidden_shows_nowhere_and_is_what_it_was() -> None:
    assert repr(hidden_values({"a": KEY})) == "{'a': [redacted]}"
    assert hidden_values({"a": KEY}) == {"a": KEY}
    assert hidden(None) is None
    secret = Secret(KEY)
    assert hidden(secret) is secret
