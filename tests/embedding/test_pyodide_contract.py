"""The contract suite over `FetchTransport`, inside Pyodide under Node.js: the suite as it is, and every law of it.

The suite's threads are fibres there and its servers those of Node.js (`pyodide/fibres.py`); what sends is Node's fetch.
"""

from __future__ import annotations

from typing import Any

import pytest
from pyodide_runtime import SCRIPTS, run_in_pyodide

from puresponse.transports.testing.contract import (
    AsyncNetworkTransportContract,
    AsyncStreamingNetworkTransportContract,
    NetworkTransportContract,
    StreamingNetworkTransportContract,
    TransportContract,
)

FORMS: dict[str, type[TransportContract]] = {
    "awaited": AsyncNetworkTransportContract,
    "awaited, opening": AsyncStreamingNetworkTransportContract,
    "blocking": NetworkTransportContract,
    "blocking, opening": StreamingNetworkTransportContract,
}

LEFT_OUT = {
    "test_a_certificate_of_a_given_authority_is_trusted": (
        "the host says whom it trusts, a fetch cannot; test_pyodide_fetch tells Node.js (NODE_EXTRA_CA_CERTS)"
    ),
    "test_a_certificate_of_an_unknown_authority_is_tls": (
        "trustme, which makes the authority, does not run in Pyodide; test_pyodide_fetch has such a server outside"
    ),
    "test_a_client_certificate_is_shown": "a fetch shows no certificate of its caller's",
    "test_a_missing_client_certificate_is_tls": "the same; and trustme does not run in Pyodide",
    "test_a_handshake_that_the_server_does_not_answer_times_out_unsent": (
        "a fetch does not tell that it is still connecting: such a silence is an Interrupted, which promises less"
    ),
    "test_any_status_is_a_success": (
        "a fetch rejects a 407, as its specification has it; test_pyodide_fetch has all others"
    ),
    "test_a_body_whose_connection_is_reset_breaks_off": (
        "Node.js takes a reset for the end of a body that has neither length nor chunks; test_pyodide_fetch has "
        "those with either"
    ),
}
"""The laws that this fetch does not keep, or that cannot be tried there, each with the reason."""


def laws_of(contract: type[TransportContract]) -> list[str]:
    return sorted(name for name in dir(contract) if name.startswith("test_"))


@pytest.fixture(scope="module")
def outcomes() -> Any:
    modules = [SCRIPTS / "fibres.py", SCRIPTS / "laws.py"]
    return run_in_pyodide("contract.py", modules=modules, blocking=True, laws_of="laws", forms=tuple(FORMS))


def test_every_law_of_the_suite_is_tried_in_every_form(outcomes: Any) -> None:
    assert {form: sorted(tried) for form, tried in outcomes.items()} == {
        form: laws_of(contract) for form, contract in FORMS.items()
    }
    assert [len(tried) for tried in outcomes.values()] == [42, 59, 41, 57]


@pytest.mark.parametrize(
    ("form", "law"),
    [(form, law) for form, contract in FORMS.items() for law in laws_of(contract) if law not in LEFT_OUT],
)
def test_a_law_is_kept(outcomes: Any, form: str, law: str) -> None:
    assert outcomes[form][law] == ""


@pytest.mark.parametrize(
    ("form", "law"),
    [(form, law) for form, contract in FORMS.items() for law in laws_of(contract) if law in LEFT_OUT],
)
def test_a_law_that_is_left_out_could_not_be_kept(outcomes: Any, form: str, law: str) -> None:
    assert outcomes[form][law] != "", "it is kept after all: strike it from the list"
