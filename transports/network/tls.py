"""The TLS settings of a transport: whom it trusts, and the certificate that it shows.

One context serves all connections of a transport: making one reads the system's store, which takes 30 to 40 ms.

Whom the default trusts is OpenSSL's to say, and Python's (`ssl.create_default_context`): on Linux the files of the
distribution, on Windows the certificates of the system's stores `ROOT` and `CA` that are there by then, on macOS the
files of that Python's own OpenSSL, and not the keychain. `SSL_CERT_FILE` and `SSL_CERT_DIR` say otherwise, on all of
them. OpenSSL says nothing of one that it cannot read, and then trusts nobody: so they are read here first.
"""

from __future__ import annotations

import os
import ssl
from typing import NoReturn, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .environment import (
    CA_FILE,
    CLIENT_CERTIFICATE,
    CLIENT_KEY,
    CLIENT_KEY_PASSWORD,
    Setting,
    Variable,
    refused,
    setting,
)
from .secret import hidden

Path: TypeAlias = str | os.PathLike[str]

_CERTIFICATES = Variable("SSL_CERT_FILE")
_FOLDER = Variable("SSL_CERT_DIR")


class TlsSettings(Struct, frozen=True):
    """What a context is made of, by the names of the arguments and variables that say it."""

    ca_file: Setting | None
    client_certificate: Setting | None
    client_key: Setting | None
    client_key_password: Setting | None
    system_trust: bool = False

    @property
    def is_any(self) -> bool:
        """Whether anything but the default was asked for."""
        return self != _NOTHING

    @property
    def without_variables(self) -> TlsSettings:
        """What was given alone: the variables are for the API, and not for who else is asked."""
        own = {name: getattr(self, name) for name in ("ca_file", "client_certificate", "client_key")}
        own["client_key_password"] = self.client_key_password
        given = {
            name: None if found is None or isinstance(found.name, Variable) else found for name, found in own.items()
        }
        return replace(self, **given)

    def context(self) -> ssl.SSLContext:
        """Make a context that verifies servers. Raises `ValueError` for files that cannot be read or do not fit."""
        context = _by_the_system(self.ca_file) if self.system_trust else _trusting(self.ca_file)
        self._show_certificate(context)
        return context

    def _show_certificate(self, context: ssl.SSLContext) -> None:
        certificate, key, password = self.client_certificate, self.client_key, self.client_key_password
        if certificate is None:
            alone = key or password
            if alone is not None:
                other = CLIENT_CERTIFICATE if isinstance(alone.name, Variable) else "client_certificate"
                raise refused("client_key" if other == "client_certificate" else alone.name, f"it needs a {other!s}")
            return
        files = certificate.text, None if key is None else key.text
        of_variable = isinstance(certificate.name, Variable)

        def no_password() -> NoReturn:
            name = CLIENT_KEY_PASSWORD if of_variable else "client_key_password"
            raise refused(name, f"it is {'not set' if of_variable else None}, but the key is encrypted")

        try:
            # Without a password OpenSSL would ask for one on the terminal.
            context.load_cert_chain(*files, no_password if password is None else str.__str__(password.text))
        except OSError as error:
            raise _unusable(certificate, error) from None


_NOTHING = TlsSettings(None, None, None, None)


def tls_settings(
    ca_file: Path | None,
    client_certificate: Path | None,
    client_key: Path | None,
    client_key_password: str | None,
    *,
    system_trust: bool = False,
    environment: bool = True,
) -> TlsSettings:
    """What is given, or else what the official client's variables for mTLS say, if the `environment` is to be read.

    Args:
        ca_file: PEM file of the authorities to trust, in place of the system's; else `OPENAI_MTLS_CA_BUNDLE`.
        client_certificate: PEM file of the certificate to show to the server, with its chain; else
            `OPENAI_MTLS_CERTIFICATE_CHAIN`.
        client_key: PEM file of its private key; where there is none the certificate's file holds it. Else
            `OPENAI_MTLS_PRIVATE_KEY`.
        client_key_password: What the key is encrypted with; else `OPENAI_MTLS_PRIVATE_KEY_PASSWORD`.
        system_trust: Whether the operating system verifies servers; then no variable names an authority.
        environment: Whether variables are read.

    A certificate and its key belong together: where one of them is given, no variable adds to it.
    """
    given = (client_certificate, client_key, client_key_password) != (None, None, None)
    own = environment and not given

    def found(parameter: str, path: Path | None, variable: Variable, *, reading: bool) -> Setting | None:
        text = None if path is None else os.fspath(path)
        return setting(parameter, text, *((variable,) if reading else ()))

    password = found("client_key_password", client_key_password, CLIENT_KEY_PASSWORD, reading=own)
    return TlsSettings(
        found("ca_file", ca_file, CA_FILE, reading=environment and not system_trust),
        found("client_certificate", client_certificate, CLIENT_CERTIFICATE, reading=own),
        found("client_key", client_key, CLIENT_KEY, reading=own),
        None if password is None else Setting(password.name, hidden(password.text)),
        system_trust,
    )


def tls_context(
    ca_file: Path | None, client_certificate: Path | None, client_key: Path | None, client_key_password: str | None
) -> ssl.SSLContext:
    """Make a context of what is given alone. Raises `ValueError` for files that cannot be read or do not fit."""
    return tls_settings(ca_file, client_certificate, client_key, client_key_password, environment=False).context()


def _trusting(ca_file: Setting | None) -> ssl.SSLContext:
    if ca_file is not None:
        try:
            return ssl.create_default_context(cafile=ca_file.text)
        except OSError as error:
            raise _unusable(ca_file, error) from None
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    certificates, folder = os.environ.get(_CERTIFICATES), os.environ.get(_FOLDER)
    if certificates:
        try:
            context.load_verify_locations(certificates)
        except OSError as error:
            raise _unusable(Setting(_CERTIFICATES, certificates), error) from None
    elif certificates is not None and os.path.isfile(paths.openssl_cafile):  # empty: for OpenSSL, a file of that name
        context.load_verify_locations(paths.openssl_cafile)
    if folder:
        for path in folder.split(os.pathsep):
            if not os.path.isdir(path):
                raise refused(_FOLDER, f"{path!r} cannot be used: it is no folder")
    return context


def _by_the_system(ca_file: Setting | None) -> ssl.SSLContext:
    if ca_file is not None:
        raise refused("system_trust", f"{ca_file.name} says whom to trust as well; give one of them")
    try:
        from truststore import SSLContext
    except ImportError:
        reason = "it needs the package truststore: install puresponse[truststore]"
        raise refused("system_trust", reason) from None
    return SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _unusable(path: Setting, error: OSError) -> ValueError:
    return refused(path.name, f"{path.text!r} cannot be used: {error.strerror}")
