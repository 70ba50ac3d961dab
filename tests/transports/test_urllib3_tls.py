"""Certificates: the files that a transport is given, and what is wrong with them."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from puresponse.core.http import HttpRequest
from puresponse.core.results import value_or_raise
from puresponse.transports.testing.contract.transports import repeat_request
from puresponse.transports.testing.loopback import serving
from puresponse.transports.urllib3.transport import Urllib3Transport

GET = HttpRequest("GET", "/responses/resp_1")
PASSWORD = "hush hush"


class Files:
    """The files of an authority and of a client, and the TLS settings of a server that knows only such clients."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        client = authority.issue_cert("client@example.com")
        self.ca = folder / "ca.pem"
        self.certificate = folder / "client.pem"
        self.key = folder / "client.key"
        self.encrypted_key = folder / "client.encrypted.key"
        authority.cert_pem.write_to_path(str(self.ca))
        client.cert_chain_pems[0].write_to_path(str(self.certificate))
        client.private_key_pem.write_to_path(str(self.key))
        key = load_pem_private_key(client.private_key_pem.bytes(), None)
        encryption = BestAvailableEncryption(PASSWORD.encode())
        self.encrypted_key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        self.server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.ca)
        self.server.verify_mode = ssl.CERT_REQUIRED
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        self.server.load_cert_chain(folder / "server.pem")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def answered(files: Files, **arguments: Any) -> bool:
    with (
        serving(repeat_request, tls=files.server) as base_url,
        Urllib3Transport(base_url=base_url, ca_file=files.ca, client_certificate=files.certificate, **arguments) as (
            transport
        ),
    ):
        return value_or_raise(transport(GET)).status == 200


def test_a_client_key_can_be_in_a_file_of_its_own(files: Files) -> None:
    assert answered(files, client_key=files.key)


def test_a_client_key_can_be_encrypted(files: Files) -> None:
    assert answered(files, client_key=files.encrypted_key, client_key_password=PASSWORD)


def test_an_encrypted_key_without_a_password_is_refused_and_asks_nobody(files: Files) -> None:
    with pytest.raises(ValueError, match="invalid argument 'client_key_password': it is None, but"):
        Urllib3Transport(client_certificate=files.certificate, client_key=files.encrypted_key)


def test_a_wrong_password_is_refused_and_not_shown(files: Files) -> None:
    with pytest.raises(ValueError, match="invalid argument 'client_certificate'") as raised:
        Urllib3Transport(
            client_certificate=files.certificate, client_key=files.encrypted_key, client_key_password="not it"
        )
    assert "not it" not in str(raised.value)


def test_an_authority_of_the_environment_is_trusted(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(files.ca))
    with (
        serving(repeat_request, tls=files.server) as base_url,
        Urllib3Transport(base_url=base_url, client_certificate=files.certificate, client_key=files.key) as transport,
    ):
        assert value_or_raise(transport(GET)).status == 200


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"ca_file": "{0}/none.pem"}, "invalid argument 'ca_file': '{0}/none.pem' cannot be used: No such file"),
        ({"ca_file": "{0}/text.pem"}, "invalid argument 'ca_file': '{0}/text.pem' cannot be used: "),
        (
            {"client_certificate": "{0}/none.pem"},
            "invalid argument 'client_certificate': '{0}/none.pem' cannot be used",
        ),
        ({"client_certificate": "{0}/client.pem"}, "invalid argument 'client_certificate': '{0}/client.pem' cannot be"),
        ({"client_key": "{0}/client.key"}, "invalid argument 'client_key': it needs a client_certificate"),
        ({"client_key_password": PASSWORD}, "invalid argument 'client_key': it needs a client_certificate"),
    ],
)
@pytest.mark.parametrize("base_url", ["https://127.0.0.1", "http://127.0.0.1"])
def test_files_that_cannot_be_used_are_refused_at_once(
    arguments: dict[str, str], reason: str, base_url: str, files: Files, tmp_path: Path
) -> None:
    (tmp_path / "text.pem").write_text("no certificate")
    given: dict[str, Any] = {name: value.format(tmp_path) for name, value in arguments.items()}
    with pytest.raises(ValueError, match="invalid argument") as raised:
        Urllib3Transport(base_url=base_url, **given)
    assert str(raised.value).startswith(reason.format(tmp_path))
