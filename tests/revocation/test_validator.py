import asyncio
import os
import signal
from datetime import timedelta

import pytest
from aiohttp import web
from cryptography import x509

from approvals.certificates.refusals import Cause, CertificateRefused, Reason, RevocationUnavailable
from approvals.model.certificate import Authority, CertificateUse, Level, Validation
from server.outside.revocation.fetching import Fetching, Limits
from server.outside.revocation.supervisor import Supervisor
from server.outside.revocation.validator import RevocationValidator
from server.outside.webhook import open_session
from tests.fakes import START
from tests.pki import FOREIGN_POLICY, Issued, Wish, open_authority
from tests.revocation.authority_house import AuthorityHouse

NOW = START + timedelta(minutes=5)


async def validate(validator: RevocationValidator, issued: Issued, entry: Authority) -> Validation:
    return await validator.validate(issued.der, entry, CertificateUse.APPROVAL, NOW)


async def reason(validator: RevocationValidator, issued: Issued, entry: Authority) -> Reason:
    with pytest.raises(CertificateRefused) as refused:
        await validate(validator, issued, entry)
    return refused.value.reason


async def cause(validator: RevocationValidator, issued: Issued, entry: Authority) -> Cause:
    with pytest.raises(RevocationUnavailable) as unavailable:
        await validate(validator, issued, entry)
    return unavailable.value.cause


def person(house: AuthorityHouse, wish: Wish | None = None) -> Issued:
    return house.issue(house.authority.issue(wish))


def by_ocsp(house: AuthorityHouse, *, has_nonce: bool = False) -> Authority:
    return house.authority.entry(ocsp_url=house.ocsp_url, has_nonce=has_nonce)


def by_crl(house: AuthorityHouse) -> Authority:
    return house.authority.entry(crl_url=house.crl_url)


async def test_a_good_certificate_comes_back_with_what_shows_it_years_later(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    issued, entry = person(house), by_ocsp(house, has_nonce=True)
    found = await validate(validator, issued, entry)
    assert (found.level, found.at, found.crl) == (Level.TWO_STARS, NOW, None)
    assert found.chain == (issued.der, entry.certificate)
    assert found.ocsp is not None


async def test_an_answer_without_nonce_serves_again_for_four_hours(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    issued, entry = person(house), by_ocsp(house)
    for minutes in (0, 60, 239):
        await validator.validate(issued.der, entry, CertificateUse.APPROVAL, START + timedelta(minutes=minutes))
    assert house.asked == 1
    with pytest.raises(RevocationUnavailable, match="revoked"):
        await validator.validate(issued.der, entry, CertificateUse.APPROVAL, START + timedelta(minutes=241))
    assert house.asked == 2


async def test_an_answer_with_a_nonce_never_serves_again(validator: RevocationValidator, house: AuthorityHouse) -> None:
    issued, entry = person(house), by_ocsp(house, has_nonce=True)
    await validate(validator, issued, entry)
    house.revoked[issued.certificate.serial_number] = x509.ReasonFlags.key_compromise
    assert await reason(validator, issued, entry) is Reason.REVOKED
    assert house.asked == 2


@pytest.mark.parametrize("ask", [by_ocsp, by_crl])
@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        (x509.ReasonFlags.key_compromise, Reason.REVOKED),
        (x509.ReasonFlags.certificate_hold, Reason.ON_HOLD),
    ],
)
async def test_a_revoked_one_and_one_on_hold_are_told_apart(
    validator: RevocationValidator, house: AuthorityHouse, ask: type, flag: x509.ReasonFlags, expected: Reason
) -> None:
    issued = person(house)
    house.revoked[issued.certificate.serial_number] = flag
    assert await reason(validator, issued, ask(house)) is expected


async def test_an_answer_that_does_not_know_the_certificate_refuses_it(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    house.is_unknown = True
    assert await reason(validator, person(house), by_ocsp(house)) is Reason.UNKNOWN_TO_AUTHORITY


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(not_after=START), Reason.EXPIRED),
        (Wish(not_before=START + timedelta(days=1)), Reason.NOT_YET_VALID),
        (Wish(policies=[FOREIGN_POLICY]), Reason.WRONG_POLICY),
        (Wish(has_key_usage=False), Reason.NO_USAGE),
        (
            Wish(extensions=[x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")]),
            Reason.PATH_INVALID,
        ),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_named(
    validator: RevocationValidator, house: AuthorityHouse, wish: Wish, expected: Reason
) -> None:
    assert await reason(validator, person(house, wish), by_ocsp(house)) is expected


async def test_a_foreign_authoritys_certificate_asks_nobody(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    foreign = open_authority().issue()  # of the same name, with another key
    assert await reason(validator, foreign, by_ocsp(house)) is Reason.UNKNOWN_AUTHORITY
    assert house.asked == 0


async def test_a_stale_answer_counts_for_nothing(validator: RevocationValidator, house: AuthorityHouse) -> None:
    house.this_update = NOW - timedelta(hours=4, minutes=1)
    assert await cause(validator, person(house), by_ocsp(house)) is Cause.STALE
    house.this_update, house.lasts = NOW - timedelta(hours=2), timedelta(hours=1)
    assert await cause(validator, person(house), by_ocsp(house)) is Cause.STALE
    assert await cause(validator, person(house), by_crl(house)) is Cause.STALE


async def test_an_answer_from_the_future_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    house.this_update = NOW + timedelta(hours=1)
    assert await cause(validator, person(house), by_ocsp(house)) is Cause.STALE


async def test_a_replayed_answer_counts_for_nothing(validator: RevocationValidator, house: AuthorityHouse) -> None:
    issued, entry = person(house), by_ocsp(house, has_nonce=True)
    old = (await validate(validator, issued, entry)).ocsp
    house.misbehave = lambda _: web.Response(body=old)
    assert await cause(validator, issued, entry) is Cause.REPLAYED
    house.misbehave, house.echoes_nonce = None, False
    assert await cause(validator, issued, entry) is Cause.REPLAYED


async def test_an_answer_for_another_certificate_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    house.spoken_of = house.authority.issue()
    found = await cause(validator, person(house), by_ocsp(house))
    assert found in {Cause.OTHER_CERTIFICATE, Cause.WRONG_SIGNER}


async def test_an_answer_by_a_key_that_may_not_answer_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    for signer in (
        open_authority().responder(),
        house.authority.responder(may_answer=False),
        house.authority.responder(not_after=NOW - timedelta(minutes=1)),
    ):
        house.signer = signer
        assert await cause(validator, person(house), by_ocsp(house)) is Cause.WRONG_SIGNER
    house.signer = house.authority.issued
    await validate(validator, person(house), by_ocsp(house))


async def test_an_answer_whose_signature_was_changed_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    issued, entry = person(house), by_ocsp(house, has_nonce=True)
    house.spoil_signature = True
    assert await cause(validator, issued, entry) is Cause.WRONG_SIGNER


async def test_a_list_signed_by_the_wrong_key_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    house.list_of = house.authority.crl({}, signed_by=open_authority().issued.key)
    assert await cause(validator, person(house), by_crl(house)) is Cause.WRONG_SIGNER


async def test_a_list_of_another_authority_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    house.list_of = open_authority("AC Autre").crl({})
    assert await cause(validator, person(house), by_crl(house)) in {Cause.OTHER_CERTIFICATE, Cause.WRONG_SIGNER}


@pytest.mark.parametrize("ask", [by_ocsp, by_crl])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda: web.Response(status=503), Cause.NO_ANSWER),
        (lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1/elsewhere"}), Cause.REDIRECTED),
        (lambda: web.Response(body=b"\x30\x80nonsense"), Cause.UNREADABLE),
        (lambda: web.Response(body=b"\x30" * (17 * 1024 * 1024)), Cause.TOO_LARGE),
    ],
)
async def test_what_a_responder_may_do_instead_of_answering_is_named(
    validator: RevocationValidator, house: AuthorityHouse, ask: type, answer: type, expected: Cause
) -> None:
    house.misbehave = lambda _: answer()
    assert await cause(validator, person(house), ask(house)) is expected


async def test_a_responder_that_is_down_or_slow_counts_for_nothing(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the other side has had enough
        writer.close()

    silent = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    entry = house.authority.entry(ocsp_url=f"http://127.0.0.1:{port}/")
    assert await cause(validator, person(house), entry) is Cause.TOO_SLOW
    silent.close()
    await silent.wait_closed()
    assert await cause(validator, person(house), entry) is Cause.NO_ANSWER
    assert await cause(validator, person(house), house.authority.entry()) is Cause.NO_ADDRESS


async def test_a_list_of_20_000_is_fetched_once_and_names_the_revoked(
    validator: RevocationValidator, house: AuthorityHouse
) -> None:
    good, revoked = person(house), person(house)
    house.list_of = house.authority.crl(
        {
            **{10**18 + n: x509.ReasonFlags.superseded for n in range(19_999)},
            revoked.certificate.serial_number: x509.ReasonFlags.key_compromise,
        }
    )
    entry = by_crl(house)
    assert (await validate(validator, good, entry)).crl == house.list_of
    assert await reason(validator, revoked, entry) is Reason.REVOKED
    assert house.asked == 1


async def test_a_worker_that_hangs_is_killed_and_replaced(house: AuthorityHouse) -> None:
    supervisor = Supervisor(limit=timedelta(seconds=1))
    await supervisor.start()
    stopped = supervisor.process_id
    assert stopped is not None
    async with open_session() as session:
        validator = RevocationValidator(Fetching(session, Limits()), supervisor)
        os.kill(stopped, signal.SIGSTOP)
        assert await cause(validator, person(house), by_ocsp(house)) is Cause.CHECK_ABANDONED
        with pytest.raises(ProcessLookupError):
            os.kill(stopped, 0)
        await validate(validator, person(house), by_ocsp(house))
        assert supervisor.process_id not in {None, stopped}
    await supervisor.close()
