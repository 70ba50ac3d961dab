"""Certificates of a server, good ones and those that no client may accept: made anew for each run of the tests."""

from __future__ import annotations

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Signer(NamedTuple):
    """Who signs certificates."""

    name: x509.Name
    key: Key
    certificate: x509.Certificate


class Certificates:
    """An authority that the client trusts, and servers, by the name of what is the matter with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = signed("authority", ca=True)
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(self._authority.certificate.public_bytes(Encoding.PEM))
        self.server = cache(self._server)

    def _server(self, matter: str) -> ssl.SSLContext:
        """The TLS of a server whose certificate, or whose settings, are as `matter` says."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if matter == "a key that is too short":
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.load_cert_chain(self._written(*self._chain(matter)))
        if matter == "no shared cipher":
            context.set_ciphers("NULL-SHA256:@SECLEVEL=0")
        if matter == "old protocol":
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        elif matter in {"TLS 1.2", "no shared cipher", "client certificate demanded, 1.2"}:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        if matter.startswith("client certificate demanded"):
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.ca)
        return context

    def _chain(self, matter: str) -> tuple[Signer, ...]:
        """A server's certificate, then those of the authorities between it and the one that is trusted."""
        trusted = self._authority
        if matter == "self-signed":
            return (signed("127.0.0.1"),)
        if matter == "unknown authority":
            return (signed("127.0.0.1", by=signed("nobody", ca=True)),)
        if matter == "an authority that is not sent":
            return (signed("127.0.0.1", by=signed("between", by=trusted, ca=True)),)
        if matter == "an authority that is none":
            between = signed("127.0.0.1", by=trusted)
            return (signed("127.0.0.1", by=between), between)
        if matter == "an authority in between":
            between = signed("between", by=trusted, ca=True)
            return (signed("127.0.0.1", by=between), between)
        if matter == "expired":
            return (signed("127.0.0.1", by=trusted, days=(-9, -1)),)
        if matter == "not yet valid":
            return (signed("127.0.0.1", by=trusted, days=(1, 9)),)
        if matter == "another host":
            return (signed("127.0.0.1", by=trusted, names=[x509.DNSName("api.example.com")]),)
        if matter == "another address":
            return (signed("127.0.0.1", by=trusted, names=[x509.IPAddress(ip_address("127.0.0.2"))]),)
        if matter == "the address as a name":
            return (signed("127.0.0.1", by=trusted, names=[x509.DNSName("127.0.0.1")]),)
        if matter == "the name in the subject alone":
            return (signed("127.0.0.1", by=trusted, names=[]),)
        if matter == "for clients alone":
            return (signed("127.0.0.1", by=trusted, purpose=ExtendedKeyUsageOID.CLIENT_AUTH),)
        if matter == "a key that is too short":
            return (signed("127.0.0.1", by=trusted, key=rsa.generate_private_key(65537, 1024)),)
        return (signed("127.0.0.1", by=trusted),)

    def _written(self, own: Signer, *others: Signer) -> Path:
        path = self._folder / "server.pem"
        key = own.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(key + b"".join(one.certificate.public_bytes(Encoding.PEM) for one in (own, *others)))
        return path


def signed(
    name: str,
    *,
    by: Signer | None = None,
    ca: bool = False,
    days: tuple[int, int] = (-1, 1),
    names: list[x509.GeneralName] | None = None,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    key: Key | None = None,
) -> Signer:
    """Sign a certificate of a server, or of an authority; by itself, where nobody signs it."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.name if by else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + days[0] * DAY)
        .not_valid_after(NOW + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((by.key if by else own).public_key()), critical=False
        )
    )
    if ca:
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        alternatives = [x509.IPAddress(ip_address(name))] if names is None else names
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return Signer(subject, own, builder.sign(by.key if by else own, hashes.SHA256()))
