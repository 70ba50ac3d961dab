"""The TLS settings of a transport: whom it trusts, and the certificate that it shows.

One context serves all connections of a transport: making one reads the system's store, which takes 30 to 40 ms.
"""

from __future__ import annotations

import os
import ssl
from typing import NoReturn, TypeAlias

from ...core.errors import InvalidArgument

Path: TypeAlias = str | os.PathLike[str]


def tls_context(
    ca_file: Path | None, client_certificate: Path | None, client_key: Path | None, client_key_password: str | None
) -> ssl.SSLContext:
    """Make a context that verifies servers. Raises `ValueError` for files that cannot be read or do not fit.

    Args:
        ca_file: PEM file of the authorities to trust, in place of the system's. (OpenSSL's own `SSL_CERT_FILE` and
            `SSL_CERT_DIR` say what the system's are.)
        client_certificate: PEM file of the certificate to show to the server, with its chain.
        client_key: PEM file of its private key; where there is none the certificate's file holds it.
        client_key_password: What the key is encrypted with.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise _unusable("ca_file", ca_file, error) from None
    if client_certificate is None:
        if client_key is not None or client_key_password is not None:
            raise ValueError(str(InvalidArgument("client_key", "it needs a client_certificate")))
        return context
    # Without a password OpenSSL would ask for one on the terminal.
    password = _no_password if client_key_password is None else client_key_password
    try:
        context.load_cert_chain(client_certificate, client_key, password)
    except OSError as error:
        raise _unusable("client_certificate", client_certificate, error) from None
    return context


def _no_password() -> NoReturn:
    raise ValueError(str(InvalidArgument("client_key_password", "it is None, but the key is encrypted")))


def _unusable(parameter: str, path: Path | None, error: OSError) -> ValueError:
    return ValueError(str(InvalidArgument(parameter, f"{os.fspath(path or '')!r} cannot be used: {error.strerror}")))
