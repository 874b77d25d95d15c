"""People who hold a certificate, and a validator at its port that says what a test wants said."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from approvals.certificates.reading import thumbprint
from approvals.certificates.refusals import CertificateRefused, RevocationUnavailable
from approvals.certificates.signature import SignedType
from approvals.model.certificate import (
    Authority,
    Certificate,
    CertificateStatus,
    CertificateUse,
    CompanyFrom,
    Holder,
    Level,
    Validation,
)
from approvals.model.ids import AuthorityId, CertificateId
from approvals.model.person import Language
from approvals.model.policy import Means, Policy, Signatures
from approvals.model.proof import CertificateProof
from approvals.model.sheet import ActionSheet
from approvals.statement import canonical, envelope_of
from tests.certificate_keys import TokenKey, make_token_key
from tests.house import IDENTITY, House, Person, mine

BY_CERTIFICATE = Policy(clauses=(Signatures(count=1),), means=frozenset({Means.CERTIFICATE}))
BY_EITHER = Policy(clauses=(Signatures(count=1),), means=frozenset({Means.CERTIFICATE, Means.CAP}))
AUTHORITY = Authority(
    id=AuthorityId("aut_1"),
    name="AC de test",
    certificate=b"the authority's own",
    policies={"1.2.250.1.1": Level.TWO_STARS},
    uses=frozenset(CertificateUse),
    both_uses=True,
    company_from=CompanyFrom.ORGANIZATION_IDENTIFIER,
    ocsp_url="http://ocsp.test",
    crl_url=None,
    has_nonce=False,
)


@dataclass(slots=True)
class Validator:
    """The CertificateValidator port: everything is good, until `refusal` says otherwise."""

    refusal: CertificateRefused | RevocationUnavailable | None = None

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        del use
        if self.refusal is not None:
            raise self.refusal
        chain = (certificate, authority.certificate)
        return Validation(level=Level.TWO_STARS, chain=chain, ocsp=b"an OCSP answer", crl=None, at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Somebody with a certificate in hand."""

    person: Person
    key: TokenKey
    certificate: Certificate

    def content(self, sheet: ActionSheet, language: Language = Language.FR, environment: str = "test") -> bytes:
        """The envelope of their challenge, as the bridge rebuilds it from what it shows."""
        return canonical(envelope_of(sheet.action, mine(sheet, self.person), environment, language).facts())

    def sign(self, sheet: ActionSheet, code: str | None = None) -> CertificateProof:
        return self.over(self.content(sheet), code=code)

    def over(
        self, content: bytes, signed_type: SignedType = SignedType.APPROVAL, code: str | None = None
    ) -> CertificateProof:
        return CertificateProof(jws=self.key.jws(signed_type, content), code=code)


async def certify(
    house: House,
    person: Person,
    key: TokenKey | None = None,
    *,
    level: Level = Level.TWO_STARS,
    in_browser: bool = False,
) -> Signing:
    """Enrol a certificate under this person's user number."""
    key, now, n = key or make_token_key(person.user.name), house.clock.now(), house.ids.make("crt")
    certificate = Certificate(
        id=CertificateId(n),
        user_id=person.user.id,
        authority_id=AUTHORITY.id,
        der=key.certificate,
        thumbprint=thumbprint(key.certificate),
        holder=Holder(serial_number=person.user.id, given_name="Anne", surname="Morvan", siren="552100554"),
        level=level,
        uses=frozenset(CertificateUse),
        not_before=now - timedelta(days=30),
        not_after=now + timedelta(days=700),
        status=CertificateStatus.ACTIVE,
        enrolled_at=now,
        in_browser=in_browser,
    )
    await house.book.transaction(lambda ledger: ledger.authorities.put(AUTHORITY))
    await name_house(house)
    signing = Signing(person=person, key=key, certificate=certificate)
    await put_status(house, signing, CertificateStatus.ACTIVE)
    return signing


async def name_house(house: House) -> None:
    """Write down what envelopes name, where no node has."""
    if await house.book.reading(lambda ledger: ledger.house.identity()) is None:
        await house.book.transaction(lambda ledger: ledger.house.put_identity(IDENTITY))


async def put_status(house: House, signing: Signing, status: CertificateStatus) -> None:
    """Write it as the calendar or an adviser would."""
    await house.book.transaction(lambda ledger: ledger.certificates.put(replace(signing.certificate, status=status)))
