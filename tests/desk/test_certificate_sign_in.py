"""Sign-in by certificate: what is signed, by whom, once; and that no refusal tells who exists (RULES 9 and 10)."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from approvals.certificates.refusals import Cause, CertificateRefused, Reason, RevocationUnavailable
from approvals.certificates.signature import SignedType, sign_in_payload
from approvals.desk.certificate_sign_in import CertificateRequest, ShownRequest
from approvals.desk.devices import require_fresh
from approvals.desk.sign_in import SignedIn
from approvals.errors import FreshProofNeeded, LoginEnded, ProofNotChecked, SignInRefused, TooManyFailures
from approvals.model.certificate import CertificateStatus
from approvals.model.device import Factor
from approvals.model.ids import LoginId
from approvals.ports.audit_lines import AuditFilter
from approvals.store.book import SqlBook
from tests.certificate_keys import TokenKey, make_token_key
from tests.certified import Signing, Validator, certify, put_status
from tests.house import CLIENT, CODE, House
from tests.joined_desks import Parts


@pytest.fixture
def validator() -> Validator:
    return Validator()


@pytest.fixture
def house(book: SqlBook, tmp_path: Path, validator: Validator) -> House:
    return House(Parts(book=book, folder=tmp_path, validator=validator))


async def signed_request(
    house: House,
    key: TokenKey,
    number: str = "001",
    *,
    origin: str = "https://bank.test",
    signed_type: SignedType = SignedType.SIGN_IN,
) -> CertificateRequest:
    """Ask for a nonce as this user number, and sign it."""
    nonce, _ = await house.ways_in.certificate.nonce(CLIENT, number)
    payload = sign_in_payload("test", origin, base64.urlsafe_b64decode(nonce + "="))
    return CertificateRequest(
        client_identifier=CLIENT,
        user_number=number,
        address="192.0.2.7",
        nonce=nonce,
        jws=key.jws(signed_type, payload),
    )


async def enter(house: House, request: CertificateRequest) -> SignedIn:
    return await house.ways_in.certificate.run(request)


async def refused(house: House, request: CertificateRequest) -> tuple[str, int]:
    """Offer what must be refused; return the audit's word for why, and the attempts left as told."""
    house.clock.advance(seconds=1)
    with pytest.raises(SignInRefused) as refusal:
        await enter(house, request)
    return await last_reason(house), refusal.value.attempts_left


async def last_reason(house: House) -> str:
    wanted = AuditFilter(code="sign_in_refused")
    page = await house.book.reading(lambda ledger: ledger.audit_lines.browse(wanted, None, 1))
    return str(page.items[0].value["reason"])


async def anne(house: House) -> Signing:
    person, _, _ = await house.found()
    return await certify(house, person)


async def test_the_holder_of_the_key_comes_in_and_counts_as_strong(house: House) -> None:
    signing = await anne(house)
    signed_in = await enter(house, await signed_request(house, signing.key))
    assert signed_in.user.id == signing.person.user.id
    assert signed_in.login.factors == {Factor.CERTIFICATE}
    presence = await house.access.presence(signed_in.token)
    require_fresh(presence, house.clock.now())
    house.clock.advance(minutes=6)
    with pytest.raises(FreshProofNeeded):
        require_fresh(presence, house.clock.now())


async def test_a_nonce_is_good_once(house: House) -> None:
    signing = await anne(house)
    request = await signed_request(house, signing.key)
    await enter(house, request)
    assert (await refused(house, request))[0] == "nonce_unknown"


async def test_a_nonce_is_good_for_five_minutes(house: House) -> None:
    signing = await anne(house)
    request = await signed_request(house, signing.key)
    house.clock.advance(minutes=5)
    assert (await refused(house, request))[0] == "nonce_unknown"


async def test_a_nonce_is_good_for_the_person_it_was_given_to(house: House) -> None:
    signing = await anne(house)
    request = await signed_request(house, signing.key, "002")
    assert (await refused(house, replace(request, user_number="001")))[0] == "nonce_unknown"


async def test_a_devices_nonce_is_none_of_a_certificate(house: House) -> None:
    signing = await anne(house)
    nonce, _ = await house.devices.nonce()
    request = await signed_request(house, signing.key)
    assert (await refused(house, replace(request, nonce=nonce)))[0] == "nonce_unknown"


async def test_a_signature_for_another_origin_is_refused(house: House) -> None:
    signing = await anne(house)
    request = await signed_request(house, signing.key, origin="https://bank.example")
    assert (await refused(house, request))[0] == "jws_wrong_signature"


async def test_an_approval_signature_does_not_sign_in(house: House) -> None:
    signing = await anne(house)
    request = await signed_request(house, signing.key, signed_type=SignedType.APPROVAL)
    assert (await refused(house, request))[0] == "jws_wrong_typ"


async def test_every_refusal_looks_the_same_whoever_exists(house: House) -> None:
    signing = await anne(house)
    told = [
        await refused(house, await signed_request(house, signing.key, "002")),  # lent
        await refused(house, await signed_request(house, make_token_key(), "001")),  # never enrolled
        await refused(house, await signed_request(house, signing.key, "999")),  # nobody
    ]
    assert [reason for reason, _ in told] == ["certificate_of_another", "certificate_unknown", "certificate_of_another"]
    assert len({left for _, left in told[:1] + told[2:]}) == 1


@pytest.mark.parametrize("status", [CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED, CertificateStatus.REMOVED])
async def test_a_certificate_that_was_ended_lets_nobody_in(house: House, status: CertificateStatus) -> None:
    signing = await anne(house)
    await put_status(house, signing, status)
    reason, _ = await refused(house, await signed_request(house, signing.key))
    assert reason == f"certificate_not_current_{status}"


async def test_what_the_validator_refuses_does_not_come_in(house: House, validator: Validator) -> None:
    signing = await anne(house)
    validator.refusal = RevocationUnavailable(Cause.NO_ANSWER)
    with pytest.raises(ProofNotChecked):
        await enter(house, await signed_request(house, signing.key))
    validator.refusal = CertificateRefused(Reason.REVOKED)
    assert (await refused(house, await signed_request(house, signing.key)))[0] == "certificate_revoked"


async def test_a_browsers_key_needs_the_confidential_code_besides(house: House) -> None:
    person, _, _ = await house.found()
    signing = await certify(house, person, in_browser=True)
    assert (await refused(house, await signed_request(house, signing.key)))[0] == "code_missing"
    wrong = replace(await signed_request(house, signing.key), code="000000")
    assert (await refused(house, wrong))[0] == "wrong_code"
    signed_in = await enter(house, replace(await signed_request(house, signing.key), code=CODE))
    assert signed_in.login.factors == {Factor.CERTIFICATE, Factor.CONFIDENTIAL_CODE}


async def test_where_the_house_allows_no_more_a_browsers_key_opens_nothing(
    house: House, book: SqlBook, tmp_path: Path, validator: Validator
) -> None:
    person, _, _ = await house.found()
    signing = await certify(house, person, in_browser=True)
    closed = House(Parts(book=book, folder=tmp_path, validator=validator, keys_in_browsers=False))
    right = replace(await signed_request(closed, signing.key), code=CODE)
    assert (await refused(closed, right))[0] == "browser_keys_off"


async def test_failures_are_counted_at_the_door_and_a_right_signature_opens_it(house: House) -> None:
    signing = await anne(house)
    left = [(await refused(house, await signed_request(house, make_token_key())))[1] for _ in range(3)]
    assert left == sorted(left, reverse=True)
    await enter(house, await signed_request(house, signing.key))
    assert (await refused(house, await signed_request(house, make_token_key())))[1] == left[0]


async def test_a_shut_door_stays_shut_to_a_right_signature(house: House) -> None:
    signing = await anne(house)
    for _ in range(5):
        await refused(house, await signed_request(house, make_token_key()))
    with pytest.raises((SignInRefused, TooManyFailures)):
        await enter(house, await signed_request(house, signing.key))


async def is_live(house: House, login_id: LoginId) -> bool:
    login = await house.book.reading(lambda ledger: ledger.logins.load(login_id))
    return login is not None and login.ended_at is None


async def test_logins_opened_with_a_certificate_end_when_it_is_heard_to_be_revoked(
    house: House, validator: Validator
) -> None:
    signing = await anne(house)
    opened = await enter(house, await signed_request(house, signing.key))
    with_code, elsewhere = await house.sign_in(signing.person), await signed_request(house, signing.key)
    validator.refusal = CertificateRefused(Reason.REVOKED)
    await refused(house, elsewhere)
    assert not await is_live(house, opened.login.id)
    assert await is_live(house, with_code.login.id)


async def test_logins_opened_with_a_certificate_end_when_it_is_removed(house: House) -> None:
    signing = await anne(house)
    opened = await enter(house, await signed_request(house, signing.key))
    with_code = await house.sign_in(signing.person)
    await house.certificates.ending.remove(with_code.login.id, signing.certificate.id)
    with pytest.raises(LoginEnded):
        await house.certificates.ending.remove(opened.login.id, signing.certificate.id)
    assert await is_live(house, with_code.login.id)


# --- shown in the handshake of the mTLS host --------------------------------------------------------------


def shown_by(key: TokenKey, number: str = "001", code: str | None = None) -> ShownRequest:
    return ShownRequest(
        client_identifier=CLIENT, user_number=number, address="192.0.2.7", certificate=key.certificate, code=code
    )


async def refused_shown(house: House, request: ShownRequest) -> tuple[str, int]:
    house.clock.advance(seconds=1)
    with pytest.raises(SignInRefused) as refusal:
        await house.ways_in.certificate.run_shown(request)
    return await last_reason(house), refusal.value.attempts_left


async def test_a_certificate_shown_lets_its_person_in(house: House) -> None:
    signing = await anne(house)
    signed_in = await house.ways_in.certificate.run_shown(shown_by(signing.key))
    assert signed_in.user.id == signing.person.user.id
    assert signed_in.login.factors == {Factor.CERTIFICATE}


async def test_every_refusal_of_one_shown_looks_the_same_whoever_exists(house: House) -> None:
    signing = await anne(house)
    told = [
        await refused_shown(house, shown_by(signing.key, "002")),
        await refused_shown(house, shown_by(signing.key, "999")),
        await refused_shown(house, replace(shown_by(signing.key, "003"), certificate=None)),
        await refused_shown(house, replace(shown_by(signing.key, "998"), certificate=None)),
    ]
    assert [reason for reason, _ in told] == ["certificate_of_another"] * 2 + ["certificate_not_shown"] * 2
    assert len({left for _, left in told}) == 1


async def test_failures_with_one_shown_shut_the_door_to_the_right_one(house: House) -> None:
    signing = await anne(house)
    left = [(await refused_shown(house, shown_by(make_token_key())))[1] for _ in range(5)]
    assert left == sorted(left, reverse=True)
    with pytest.raises((SignInRefused, TooManyFailures)):
        await house.ways_in.certificate.run_shown(shown_by(signing.key))


@pytest.mark.parametrize("status", [CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED, CertificateStatus.REMOVED])
async def test_one_that_was_ended_is_shown_in_vain(house: House, status: CertificateStatus) -> None:
    signing = await anne(house)
    await put_status(house, signing, status)
    assert (await refused_shown(house, shown_by(signing.key)))[0] == f"certificate_not_current_{status}"


async def test_one_shown_is_validated_anew(house: House, validator: Validator) -> None:
    signing = await anne(house)
    validator.refusal = CertificateRefused(Reason.PATH_INVALID)
    assert (await refused_shown(house, shown_by(signing.key)))[0] == "certificate_path_invalid"
    validator.refusal = RevocationUnavailable(Cause.NO_ANSWER)
    with pytest.raises(ProofNotChecked):
        await house.ways_in.certificate.run_shown(shown_by(signing.key))


async def test_a_browsers_key_shown_needs_the_confidential_code_besides(house: House) -> None:
    person, _, _ = await house.found()
    signing = await certify(house, person, in_browser=True)
    assert (await refused_shown(house, shown_by(signing.key)))[0] == "code_missing"
    assert (await refused_shown(house, shown_by(signing.key, code="000000")))[0] == "wrong_code"
    signed_in = await house.ways_in.certificate.run_shown(shown_by(signing.key, code=CODE))
    assert signed_in.login.factors == {Factor.CERTIFICATE, Factor.CONFIDENTIAL_CODE}
