"""Whom the transport trusts, and which certificate it shows, by the variables of the environment."""

from __future__ import annotations

import ssl
import sys
from importlib.metadata import metadata
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

from puresponse.core.errors import NotSent
from puresponse.core.http import HttpRequest
from puresponse.core.results import value_or_raise
from puresponse.transports.network.tls import tls_settings
from puresponse.transports.testing.contract.transports import error_of, repeat_request
from puresponse.transports.testing.loopback import serving
from puresponse.transports.urllib3.transport import Urllib3Transport

GET = HttpRequest("GET", "/responses/resp_1")
PASSWORD = "hush hush"
MTLS = (
    "OPENAI_MTLS_CA_BUNDLE",
    "OPENAI_MTLS_CERTIFICATE_CHAIN",
    "OPENAI_MTLS_PRIVATE_KEY",
    "OPENAI_MTLS_PRIVATE_KEY_PASSWORD",
)


class Files:
    """The files of an authority and of a client, and the TLS settings of servers."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        client = authority.issue_cert("client@example.com")
        self.ca, self.certificate, self.key = folder / "ca.pem", folder / "client.pem", folder / "client.key"
        authority.cert_pem.write_to_path(str(self.ca))
        client.cert_chain_pems[0].write_to_path(str(self.certificate))
        key = load_pem_private_key(client.private_key_pem.bytes(), None)
        encryption = BestAvailableEncryption(PASSWORD.encode())
        self.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        self.text = folder / "text.pem"
        self.text.write_text("no certificate")
        self.server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.ca)
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        self.server.load_cert_chain(folder / "server.pem")

    def asking_for_certificates(self) -> ssl.SSLContext:
        self.server.verify_mode = ssl.CERT_REQUIRED
        return self.server


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*MTLS, "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENAI_BASE_URL", "OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def mtls(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in zip(MTLS, (files.ca, files.certificate, files.key, PASSWORD), strict=True):
        monkeypatch.setenv(name, str(text))


def test_the_official_clients_variables_for_mtls_are_read(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    mtls(files, monkeypatch)
    with (
        serving(repeat_request, tls=files.asking_for_certificates()) as base_url,
        Urllib3Transport(base_url=base_url) as transport,
    ):
        assert value_or_raise(transport(GET)).status == 200
    with Urllib3Transport() as transport:
        assert transport.base_url == "https://mtls.api.openai.com/v1"
    with Urllib3Transport(region="mtls-eu") as transport:
        assert transport.base_url == "https://mtls-eu.api.openai.com/v1"


def test_the_names_of_the_variables_are_those_of_the_official_clients_readme() -> None:
    readme = str(metadata("openai").json["description"])
    assert [name for name in MTLS if f'"{name}"' not in readme] == []


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("OPENAI_MTLS_CA_BUNDLE", "/no/such.pem", "'/no/such.pem' cannot be used: No such file"),
        ("OPENAI_MTLS_CERTIFICATE_CHAIN", "/no/such.pem", "'/no/such.pem' cannot be used: No such file"),
        ("OPENAI_MTLS_PRIVATE_KEY", None, "OPENAI_MTLS_CERTIFICATE_CHAIN"),
        ("OPENAI_MTLS_PRIVATE_KEY_PASSWORD", "hush", "OPENAI_MTLS_CERTIFICATE_CHAIN"),
    ],
)
def test_what_is_malformed_is_refused_by_the_name_of_its_variable(
    name: str, given: str | None, said: str, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, given or str(files.key))
    with pytest.raises(ValueError, match=f"^invalid environment variable '{name}': ") as raised:
        Urllib3Transport()
    assert said in str(raised.value)
    assert "hush" not in str(raised.value)


def test_an_encrypted_key_without_its_password_is_refused_by_the_name_of_the_variable(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    mtls(files, monkeypatch)
    monkeypatch.delenv("OPENAI_MTLS_PRIVATE_KEY_PASSWORD")
    with pytest.raises(
        ValueError, match=r"^invalid environment variable 'OPENAI_MTLS_PRIVATE_KEY_PASSWORD': it is not"
    ):
        Urllib3Transport()


def test_an_argument_goes_before_the_variables_and_a_key_goes_with_its_certificate(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in MTLS:
        monkeypatch.setenv(name, "/no/such.pem")
    given = tls_settings(files.ca, files.certificate, files.key, PASSWORD)
    assert [found and found.name for found in (given.client_key, given.client_certificate)] == [
        "client_key",
        "client_certificate",
    ]
    assert given.context().get_ca_certs()
    assert tls_settings(None, files.certificate, None, None).client_key is None


def test_for_azure_the_variables_for_mtls_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in MTLS:
        monkeypatch.setenv(name, "/no/such.pem")
    with Urllib3Transport(azure_endpoint="https://example.openai.azure.com", api_key="az") as transport:
        assert transport.base_url == "https://example.openai.azure.com/openai/v1"


def test_the_password_of_the_key_shows_nowhere(files: Files) -> None:
    assert "hush" not in repr(tls_settings(files.ca, files.certificate, files.key, PASSWORD))


# --- SSL_CERT_FILE, SSL_CERT_DIR -----------------------------------------------------------------


def test_an_authority_of_ssl_cert_file_is_trusted_and_the_systems_are_not_added(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(files.ca))
    files.server.verify_mode = ssl.CERT_NONE
    with serving(repeat_request, tls=files.server) as base_url:
        with Urllib3Transport(base_url=base_url) as transport:
            assert value_or_raise(transport(GET)).status == 200
        monkeypatch.delenv("SSL_CERT_FILE")
        with Urllib3Transport(base_url=base_url) as transport:
            error = error_of(transport(GET), "an authority that nobody knows")
        assert isinstance(error, NotSent)
        assert error.kind == "tls"


@pytest.mark.parametrize("given", ["/no/such.pem", "text", "."])
def test_an_ssl_cert_file_that_openssl_would_pass_over_in_silence_is_refused(
    given: str, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(files.text) if given == "text" else given)
    with pytest.raises(ValueError, match=r"^invalid environment variable 'SSL_CERT_FILE': '.*' cannot be used: "):
        Urllib3Transport()


def test_an_ssl_cert_dir_that_is_no_folder_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", f"{files.ca.parent}")
    Urllib3Transport().close()
    monkeypatch.setenv("SSL_CERT_DIR", f"{files.ca.parent}:/no/such")
    with pytest.raises(
        ValueError, match=r"^invalid environment variable 'SSL_CERT_DIR': '/no/such' cannot be used: it"
    ):
        Urllib3Transport()


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = len(tls_settings(None, None, None, None).context().get_ca_certs())
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", *MTLS):
        monkeypatch.setenv(name, "")
    assert len(tls_settings(None, None, None, None).context().get_ca_certs()) == trusted


def test_a_ca_file_goes_before_ssl_cert_file(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such.pem")
    assert len(tls_settings(files.ca, None, None, None).context().get_ca_certs()) == 1


# --- the operating system's own verification -----------------------------------------------------


def test_the_operating_system_can_verify(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    import truststore

    assert isinstance(tls_settings(None, None, None, None, system_trust=True).context(), truststore.SSLContext)
    monkeypatch.setenv("SSL_CERT_FILE", str(files.ca))  # which it heeds on Linux, where OpenSSL is the system's
    files.server.verify_mode = ssl.CERT_NONE
    with (
        serving(repeat_request, tls=files.server) as base_url,
        Urllib3Transport(base_url=base_url, system_trust=True) as transport,
    ):
        assert value_or_raise(transport(GET)).status == 200


def test_a_server_that_the_operating_system_does_not_trust_is_refused(files: Files) -> None:
    files.server.verify_mode = ssl.CERT_NONE
    with (
        serving(repeat_request, tls=files.server) as base_url,
        Urllib3Transport(base_url=base_url, system_trust=True) as transport,
    ):
        error = error_of(transport(GET), "an authority that nobody knows")
    assert isinstance(error, NotSent)
    assert error.kind == "tls"


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: Any = None
    monkeypatch.setitem(sys.modules, "truststore", missing)
    with pytest.raises(ValueError, match=r"invalid argument 'system_trust': it needs the package truststore: install"):
        Urllib3Transport(system_trust=True)


def test_two_who_say_whom_to_trust_are_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="invalid argument 'system_trust': ca_file says whom to trust as well"):
        Urllib3Transport(system_trust=True, ca_file=files.ca)
    monkeypatch.setenv("OPENAI_MTLS_CA_BUNDLE", "/no/such.pem")
    Urllib3Transport(system_trust=True).close()
