"""A small French certificate authority for tests: it issues certificates of people, and revokes them.

`open_authority()` makes one; `authority.issue(Wish())` a certificate that is right, `Wish(...)` one that differs;
`authority.entry()` is the row an adviser would keep of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from approvals.model.certificate import Authority, CertificateUse, CompanyFrom, Level
from approvals.model.ids import AuthorityId
from tests.fakes import START

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ONE_STAR = "1.2.250.1.999.1.1"
TWO_STARS = "1.2.250.1.999.1.2"
THREE_STARS = "1.2.250.1.999.1.3"
FOREIGN_POLICY = "1.2.250.1.999.9.9"
SIREN = "732829320"
YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a certificate is to say; the defaults make one good for both uses, RGS `**`."""

    serial_number: str | None = "IDCFR-4711"
    given_name: str | None = "Camille"
    surname: str | None = "Durand"
    siren: str = SIREN
    company_from: CompanyFrom = CompanyFrom.ORGANIZATION_IDENTIFIER
    organization_identifier: str | None = None  # written as it stands
    policies: Collection[str] = (TWO_STARS,)
    digital_signature: bool = True
    content_commitment: bool = True
    has_key_usage: bool = True
    purposes: Collection[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    is_authority: bool = False
    not_before: datetime = START - timedelta(days=30)
    not_after: datetime = START + YEARS
    key: PrivateKey | None = None
    digest: hashes.SHA256 | hashes.SHA224 | hashes.SHA384 = field(default_factory=hashes.SHA256)
    extensions: Collection[x509.ExtensionType] = ()  # further ones, critical


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingAuthority:
    """An issuing authority at work."""

    issued: Issued

    @property
    def certificate(self) -> x509.Certificate:
        return self.issued.certificate

    def issue(self, wish: Wish | None = None) -> Issued:
        """Return a certificate of a person."""
        wish = wish or Wish()
        key = wish.key or ec.generate_private_key(ec.SECP256R1())
        builder = self._begun(subject(wish), key, wish.not_before, wish.not_after)
        for extension, critical in _extensions(wish):
            builder = builder.add_extension(extension, critical=critical)
        return Issued(certificate=builder.sign(self.issued.key, wish.digest), key=key)

    def responder(self, not_after: datetime = START + YEARS, *, may_answer: bool = True) -> Issued:
        """Return a delegated OCSP responder's certificate (RFC 6960 4.2.2.2)."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._begun(_name({NameOID.COMMON_NAME: "OCSP"}), key, START - timedelta(days=30), not_after)
        purpose = ExtendedKeyUsageOID.OCSP_SIGNING if may_answer else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return Issued(certificate=builder.sign(self.issued.key, hashes.SHA256()), key=key)

    def crl(
        self,
        revoked: Mapping[int, x509.ReasonFlags],
        this_update: datetime = START,
        lasts: timedelta = timedelta(days=1),
        signed_by: PrivateKey | None = None,
    ) -> bytes:
        """Return its list of those revoked, by serial number, DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(this_update + lasts)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(_key_of(self.certificate), critical=False)
        )
        for serial, reason in revoked.items():
            builder = builder.add_revoked_certificate(_entry(serial, reason, this_update))
        return builder.sign(signed_by or self.issued.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def entry(  # as an adviser keeps it
        self,
        *,
        ocsp_url: str | None = None,
        crl_url: str | None = None,
        has_nonce: bool = False,
        both_uses: bool = True,
        uses: Collection[CertificateUse] = tuple(CertificateUse),
        company_from: CompanyFrom = CompanyFrom.ORGANIZATION_IDENTIFIER,
        withdrawn_at: datetime | None = None,
    ) -> Authority:
        return Authority(
            id=AuthorityId("aut_test"),
            name="AC Test",
            certificate=self.issued.der,
            policies={ONE_STAR: Level.ONE_STAR, TWO_STARS: Level.TWO_STARS},
            uses=frozenset(uses),
            both_uses=both_uses,
            company_from=company_from,
            ocsp_url=ocsp_url,
            crl_url=crl_url,
            has_nonce=has_nonce,
            withdrawn_at=withdrawn_at,
        )

    def _begun(
        self, name: x509.Name, key: PrivateKey, not_before: datetime, not_after: datetime
    ) -> x509.CertificateBuilder:
        return _certificate(name, self.certificate.subject, key, not_before, not_after).add_extension(
            _key_of(self.certificate), critical=False
        )


def open_authority(name: str = "AC Test", not_after: datetime = START + 3 * YEARS) -> IssuingAuthority:
    """Make an authority that signed itself: what the bank pins is its certificate, whoever signed that."""
    key = ec.generate_private_key(ec.SECP256R1())
    known = _name({NameOID.COUNTRY_NAME: "FR", NameOID.ORGANIZATION_NAME: name, NameOID.COMMON_NAME: name})
    signs = x509.KeyUsage(
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
    builder = _certificate(known, known, key, START - YEARS, not_after)
    for extension in (x509.BasicConstraints(ca=True, path_length=0), signs):
        builder = builder.add_extension(extension, critical=True)
    return IssuingAuthority(issued=Issued(certificate=builder.sign(key, hashes.SHA256()), key=key))


def subject(wish: Wish) -> x509.Name:
    """Return the subject, with a common name that says nothing anybody relies on."""
    by_unit = wish.company_from is CompanyFrom.ORGANIZATIONAL_UNIT
    identifier = wish.organization_identifier or f"NTRFR-{wish.siren}"
    return _name(
        {
            NameOID.COUNTRY_NAME: "FR",
            NameOID.ORGANIZATION_NAME: "Menuiserie Durand",
            NameOID.ORGANIZATION_IDENTIFIER: None if by_unit else identifier,
            NameOID.ORGANIZATIONAL_UNIT_NAME: f"0002 {wish.siren}" if by_unit else None,
            NameOID.COMMON_NAME: "Camille DURAND",
            NameOID.SURNAME: wish.surname,
            NameOID.GIVEN_NAME: wish.given_name,
            NameOID.SERIAL_NUMBER: wish.serial_number,
        }
    )


def _extensions(wish: Wish) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = [(each, True) for each in wish.extensions]
    found.append((x509.BasicConstraints(ca=wish.is_authority, path_length=None), True))
    if wish.policies:
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(each), None) for each in wish.policies]
        found.append((x509.CertificatePolicies(policies), False))
    if wish.purposes:
        found.append((x509.ExtendedKeyUsage(list(wish.purposes)), False))
    if wish.has_key_usage:
        found.append((_usage(wish), True))
    return found


def _usage(wish: Wish) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=wish.digital_signature,
        content_commitment=wish.content_commitment,
        key_encipherment=not (wish.digital_signature or wish.content_commitment),
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(
    name: x509.Name, issuer: x509.Name, key: PrivateKey, not_before: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _entry(serial: int, reason: x509.ReasonFlags, at: datetime) -> x509.RevokedCertificate:
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(at - timedelta(hours=1))
        .add_extension(x509.CRLReason(reason), critical=False)
        .build()
    )


def _key_of(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def _name(attributes: Mapping[x509.ObjectIdentifier, str | None]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in attributes.items() if text is not None])
