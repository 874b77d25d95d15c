from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from approvals.certificates.binding import require_company, require_holder
from approvals.certificates.checks import check, uses_of
from approvals.certificates.issuing import find_issuer
from approvals.certificates.levels import require_level
from approvals.certificates.reading import Reading, read
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.certificates.words import explain
from approvals.model.certificate import CertificateUse, CompanyFrom, Holder, Level
from approvals.model.ids import AuthorityId
from approvals.model.person import Language
from tests.fakes import START
from tests.pki import FOREIGN_POLICY, ONE_STAR, SIREN, TWO_STARS, Wish, open_authority

AUTHORITY = open_authority()
ENTRY = AUTHORITY.entry()
RIGHT = AUTHORITY.issue().der
HERE, THERE = AuthorityId("aut_here"), AuthorityId("aut_there")
HOLDER = Holder(serial_number="IDCFR-4711", given_name="Camille", surname="Durand", siren=SIREN)


def reading(wish: Wish | None = None) -> Reading:
    return read(AUTHORITY.issue(wish).der, ENTRY)


def why(wish: Wish, use: CertificateUse = CertificateUse.APPROVAL) -> Reason:
    with pytest.raises(CertificateRefused) as refused:
        check(reading(wish), ENTRY, use, START)
    return refused.value.reason


def test_it_names_person_and_company() -> None:
    assert reading().holder == HOLDER


def test_the_company_is_read_where_the_authority_writes_it() -> None:
    wish = Wish(company_from=CompanyFrom.ORGANIZATIONAL_UNIT)
    entry = AUTHORITY.entry(company_from=CompanyFrom.ORGANIZATIONAL_UNIT)
    assert read(AUTHORITY.issue(wish).der, entry).holder == HOLDER
    assert why(wish) is Reason.COMPANY_UNREADABLE


@pytest.mark.parametrize("missing", ["serial_number", "given_name", "surname"])
def test_a_person_without_one_of_the_three_is_nobody(missing: str) -> None:
    assert why(Wish(**{missing: None})) is Reason.PERSON_UNREADABLE  # type: ignore[arg-type]  # each takes None


@pytest.mark.parametrize("written", ["NTRFR-732829321", "NTRDE-732829320", "VATFR-732829320", "NTRFR-7328293200"])
def test_a_siren_that_is_none_names_no_company(written: str) -> None:
    assert why(Wish(organization_identifier=written)) is Reason.COMPANY_UNREADABLE


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish(not_after=START - timedelta(seconds=1)), Reason.EXPIRED),
        (Wish(not_before=START + timedelta(seconds=1)), Reason.NOT_YET_VALID),
        (Wish(policies=()), Reason.WRONG_POLICY),
        (Wish(policies=[FOREIGN_POLICY]), Reason.WRONG_POLICY),
        (Wish(policies=["2.5.29.32.0"]), Reason.WRONG_POLICY),
        (Wish(has_key_usage=False), Reason.NO_USAGE),
        (Wish(content_commitment=False), Reason.NO_USAGE),
        (Wish(is_authority=True), Reason.NOT_PERSONAL),
        (Wish(purposes=[ExtendedKeyUsageOID.SERVER_AUTH]), Reason.NOT_PERSONAL),
        (Wish(key=rsa.generate_private_key(65537, 1024)), Reason.KEY_TOO_SHORT),  # noqa: S505  # to be refused
        (Wish(key=ec.generate_private_key(ec.SECP521R1())), Reason.ALGORITHM),
        (Wish(key=ec.generate_private_key(ec.SECP256K1())), Reason.ALGORITHM),
        (Wish(digest=hashes.SHA224()), Reason.ALGORITHM),
    ],
)
def test_what_is_wrong_is_named(wish: Wish, reason: Reason) -> None:
    assert why(wish) is reason


def test_signing_in_asks_for_other_bits_than_approving() -> None:
    signs_in = Wish(content_commitment=False)
    assert uses_of(reading(signs_in), ENTRY) == {CertificateUse.SIGN_IN}
    approves = Wish(digital_signature=False, purposes=())
    assert uses_of(reading(approves), ENTRY) == {CertificateUse.APPROVAL}
    assert why(Wish(purposes=()), CertificateUse.SIGN_IN) is Reason.NO_USAGE


def test_one_key_does_both_only_where_the_authoritys_row_allows_it() -> None:
    assert uses_of(reading(), ENTRY) == set(CertificateUse)
    assert uses_of(reading(), AUTHORITY.entry(both_uses=False)) == {CertificateUse.SIGN_IN}


def test_an_authority_is_accepted_for_named_uses_and_until_it_is_withdrawn() -> None:
    with pytest.raises(CertificateRefused) as refused:
        check(reading(), AUTHORITY.entry(uses=[CertificateUse.SIGN_IN]), CertificateUse.APPROVAL, START)
    assert refused.value.reason is Reason.USE_NOT_ACCEPTED
    with pytest.raises(CertificateRefused) as refused:
        check(reading(), AUTHORITY.entry(withdrawn_at=START), CertificateUse.APPROVAL, START)
    assert refused.value.reason is Reason.AUTHORITY_WITHDRAWN


def test_another_authority_of_the_same_name_is_unknown() -> None:
    with pytest.raises(CertificateRefused) as refused:
        check(read(open_authority().issue().der, ENTRY), ENTRY, CertificateUse.APPROVAL, START)
    assert refused.value.reason is Reason.UNKNOWN_AUTHORITY


def test_the_level_is_the_highest_of_its_policies() -> None:
    both = Wish(policies=[ONE_STAR, TWO_STARS])
    assert check(reading(both), ENTRY, CertificateUse.APPROVAL, START) is Level.TWO_STARS
    require_level(Level.TWO_STARS, Level.TWO_STARS)
    with pytest.raises(CertificateRefused) as refused:
        require_level(Level.ONE_STAR, Level.TWO_STARS)
    assert refused.value.reason is Reason.LEVEL_TOO_LOW


def test_a_renewal_in_capitals_is_the_same_persons() -> None:
    renewed = Holder(serial_number="IDCFR-4711", given_name="CAMILLE", surname=" DURAND", siren=SIREN)
    require_holder(renewed, HERE, HOLDER, HERE)


@pytest.mark.parametrize(
    ("found", "authority", "reason"),
    [
        (HOLDER, THERE, Reason.OTHER_PERSON),
        (Holder(serial_number="9", given_name="Camille", surname="Durand", siren=SIREN), HERE, Reason.OTHER_PERSON),
        (Holder(serial_number="IDCFR-4711", given_name="A", surname="Durand", siren=SIREN), HERE, Reason.OTHER_PERSON),
        (
            Holder(serial_number="IDCFR-4711", given_name="Camille", surname="Durand", siren="552100554"),
            HERE,
            Reason.OTHER_COMPANY,
        ),
    ],
)
def test_another_person_or_company_is_refused(found: Holder, authority: AuthorityId, reason: Reason) -> None:
    with pytest.raises(CertificateRefused) as refused:
        require_holder(found, authority, HOLDER, HERE)
    assert refused.value.reason is reason


def test_the_company_is_told_by_its_siren_alone() -> None:
    require_company(HOLDER, SIREN)
    with pytest.raises(CertificateRefused):
        require_company(HOLDER, "552100554")


def test_every_reason_is_explained_in_both_languages() -> None:
    assert all(explain(reason)[language] for reason in Reason for language in Language)


def test_a_refusal_tells_whoever_offers_it_nothing() -> None:
    assert str(CertificateRefused(Reason.REVOKED)) == str(CertificateRefused(Reason.EXPIRED))


@given(st.binary(max_size=200) | st.tuples(st.integers(0, len(RIGHT) - 1), st.integers(0, 255)))
def test_any_bytes_are_a_reading_or_a_refusal(content: bytes | tuple[int, int]) -> None:
    if isinstance(content, tuple):
        place, byte = content
        content = RIGHT[:place] + bytes([byte]) + RIGHT[place + 1 :]
    try:
        found = read(content, ENTRY)
    except CertificateRefused:
        return
    assert isinstance(found.certificate, x509.Certificate)


def test_a_certificate_too_large_to_be_one_is_not_parsed() -> None:
    with pytest.raises(CertificateRefused) as refused:
        read(RIGHT + bytes(20_000), ENTRY)
    assert refused.value.reason is Reason.MALFORMED


def test_a_version_nobody_knows_is_no_certificate() -> None:
    sixth = RIGHT.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020106"), 1)
    for reader in (lambda: read(sixth, ENTRY), lambda: find_issuer(sixth, [ENTRY])):
        with pytest.raises(CertificateRefused) as refused:
            reader()
        assert refused.value.reason is Reason.MALFORMED
