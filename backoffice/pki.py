"""Door: our own certificates (X.509, P-256): one CA, the office, the broker, each terminal.

A terminal's common name is its id; the broker takes it as user name and client id. Client
certificates may only authenticate clients and the broker's only a server, so that no till can pose
as the broker (RFC 5280 section 4.2.1.12).
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backoffice.errors import ConfigFault
from backoffice.secrets_file import private_folder, write_private

CA_YEARS = 20
LEAF_YEARS = 5
OFFICE_NAME = "office"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, PEM."""

    certificate: bytes
    key: bytes


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _started(common_name: str, years: int) -> x509.CertificateBuilder:
    # A day of grace: a till whose clock is behind must still accept the certificate.
    begin = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=365 * years))
    )


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca, key_cert_sign=is_ca, crl_sign=is_ca,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _new_ca() -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = "Steelyard office CA"
    made = (
        _started(name, CA_YEARS)
        .issuer_name(_name(name))
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_ca=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(made.public_bytes(serialization.Encoding.PEM), _key_pem(key))


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class Authority:
    """The office's CA, kept in the state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)
        self._pair = self._kept("ca", _new_ca)
        try:
            self._certificate = x509.load_pem_x509_certificate(self._pair.certificate)
            key = serialization.load_pem_private_key(self._pair.key, None)
        except ValueError as error:
            raise ConfigFault(
                "The CA in {folder} is damaged; restore the backup.", folder=folder
            ) from error
        assert isinstance(key, ec.EllipticCurvePrivateKey), "our CA is P-256"
        self._key = key

    def _kept(self, name: str, make: Callable[[], Pair]) -> Pair:
        certificate, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        if not certificate.exists() or not key.exists():
            pair = make()
            write_private(key, pair.key)
            write_private(certificate, pair.certificate)
        return Pair(certificate.read_bytes(), key.read_bytes())

    @property
    def ca(self) -> bytes:
        """The CA's certificate, PEM."""
        return self._pair.certificate

    def client(self, common_name: str) -> Pair:
        """A new certificate that may only authenticate a client."""
        return self._issued(common_name, ExtendedKeyUsageOID.CLIENT_AUTH, ())

    def server(self, hosts: tuple[str, ...]) -> Pair:
        """A new certificate for a broker reached by any of `hosts`."""
        names = tuple(dict.fromkeys((*LOOPBACK, *hosts)))
        return self._issued("broker", ExtendedKeyUsageOID.SERVER_AUTH, names)

    def office(self) -> Path:
        """Folder with `office.pem` and `office.key`, made at the first use."""
        self._kept(OFFICE_NAME, lambda: self.client(OFFICE_NAME))
        return self._folder

    def _issued(
        self, common_name: str, usage: x509.ObjectIdentifier, hosts: tuple[str, ...]
    ) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _started(common_name, LEAF_YEARS)
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if hosts:
            alternatives = x509.SubjectAlternativeName([_alternative(host) for host in hosts])
            made = made.add_extension(alternatives, critical=False)
        signed = made.sign(self._key, hashes.SHA256())
        return Pair(signed.public_bytes(serialization.Encoding.PEM), _key_pem(key))
