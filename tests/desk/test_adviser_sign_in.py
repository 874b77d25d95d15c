"""Advisers come in by letter, password and authenticator, and no refusal says which was wrong."""

import asyncio
import statistics
import time
from dataclasses import replace

import pytest

from approvals.credentials.adviser_refusals import AdvisersExist, EnrolmentCodeWrong, PasswordWeak
from approvals.credentials.recovery import COUNT
from approvals.credentials.refusals import ActivationExpired, ActivationRefused
from approvals.desk.adviser_enrolment import Claim
from approvals.desk.adviser_sign_in import AdviserSignInRequest, RecoveryCode
from approvals.desk.advisers import Founder
from approvals.desk.first_entry import FirstEntryRequest
from approvals.desk.sign_in import SignInRequest
from approvals.errors import FreshProofNeeded, InvalidRequest, PersonLocked, SignInRefused, TooManyFailures
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.device import Factor
from approvals.model.person import UserStatus
from approvals.model.proof import TotpProof
from tests.house import House
from tests.staff import ADDRESS, CHOSEN, Banker, Staff

WRONG = "wrong word 3 of it"


@pytest.fixture
def staff(house: House) -> Staff:
    return Staff(house)


@pytest.fixture
async def denise(staff: Staff) -> Banker:
    denise, _ = await staff.found()
    return denise


async def refused(staff: Staff, request: AdviserSignInRequest) -> int:
    """The attempts left a refusal tells."""
    with pytest.raises(SignInRefused) as refusal:
        await staff.sign_in.run(request)
    return refusal.value.attempts_left


# --- the first two ----------------------------------------------------------------------------------------


async def test_bootstrap_makes_two_supervisors_who_wait_for_their_letters(staff: Staff) -> None:
    first, second = Founder(number="1", name="A", secret="s" * 16), Founder(number="2", name="B", secret="t" * 16)
    await staff.desk.bootstrap(first, second, house_name="Banque")
    assert [each.user.status for each in await staff.desk.colleagues()] == [UserStatus.INVITED] * 2
    assert [each.adviser.seed_version for each in await staff.desk.colleagues()] == [0, 0]


async def test_bootstrap_works_once(staff: Staff) -> None:
    await staff.found()
    more = Founder(number="8", name="C", secret="s" * 16), Founder(number="9", name="D", secret="t" * 16)
    with pytest.raises(AdvisersExist):
        await staff.desk.bootstrap(*more, house_name="Banque")
    assert [each.user.number for each in await staff.desk.colleagues()] == ["001", "002"]


async def test_two_bootstraps_at_once_make_two_advisers(staff: Staff) -> None:
    pairs = [[Founder(number=f"{n}{m}", name="X", secret="s" * 16) for m in range(2)] for n in range(3)]
    ends = await asyncio.gather(
        *(staff.desk.bootstrap(*pair, house_name="Banque") for pair in pairs), return_exceptions=True
    )
    assert sorted(type(end).__name__ for end in ends) == ["AdvisersExist", "AdvisersExist", "NoneType"]
    assert len(await staff.desk.colleagues()) == 2


async def test_the_two_have_two_numbers(staff: Staff) -> None:
    same = Founder(number="1", name="A", secret="s" * 16)
    with pytest.raises(InvalidRequest):
        await staff.desk.bootstrap(same, replace(same, name="B"), house_name="Banque")


# --- first entry ------------------------------------------------------------------------------------------


@pytest.fixture
async def claim(staff: Staff) -> Claim:
    """A founder who has not come in yet."""
    secret = "s" * 16
    first, second = Founder(number="1", name="A", secret=secret), Founder(number="2", name="B", secret="t" * 16)
    await staff.desk.bootstrap(first, second, house_name="Banque")
    return Claim(number="1", address=ADDRESS, secret=secret)


async def test_the_first_right_code_makes_an_adviser_with_ten_recovery_codes(staff: Staff, claim: Claim) -> None:
    shown = await staff.enrolment.begin(claim, CHOSEN)
    assert shown.uri.startswith("otpauth://totp/")
    assert f"secret={shown.seed}" in shown.uri
    banker = await staff.banker("1")
    codes = await staff.enrolment.confirm(claim, banker.authenticator.show())
    assert len(set(codes)) == COUNT == 10
    assert (await staff.banker("1")).user.status is UserStatus.ACTIVE


async def test_the_secret_is_good_once(staff: Staff, claim: Claim) -> None:
    await staff.enrolment.begin(claim, CHOSEN)
    await staff.enrolment.confirm(claim, (await staff.banker("1")).authenticator.show())
    with pytest.raises(ActivationRefused):
        await staff.enrolment.begin(claim, CHOSEN)
    with pytest.raises(ActivationRefused):
        await staff.enrolment.confirm(claim, (await staff.banker("1")).authenticator.show(steps=1))


async def test_until_the_first_code_the_secret_may_be_shown_again(staff: Staff, claim: Claim) -> None:
    before = await staff.enrolment.begin(claim, CHOSEN)
    old = (await staff.banker("1")).authenticator
    again = await staff.enrolment.begin(claim, "another long 9 word")
    assert before.seed != again.seed
    with pytest.raises(EnrolmentCodeWrong):
        await staff.enrolment.confirm(claim, old.show())
    await staff.enrolment.confirm(claim, (await staff.banker("1")).authenticator.show())


@pytest.mark.parametrize("wrong", [{"secret": "w" * 16}, {"number": "2"}, {"number": "99"}])
async def test_a_secret_of_nobody_s_opens_nothing(staff: Staff, claim: Claim, wrong: dict[str, str]) -> None:
    with pytest.raises(ActivationRefused):
        await staff.enrolment.begin(replace(claim, **wrong), CHOSEN)


async def test_an_old_secret_opens_nothing(staff: Staff, claim: Claim, house: House) -> None:
    house.clock.advance(days=31)
    with pytest.raises(ActivationExpired):
        await staff.enrolment.begin(claim, CHOSEN)


@pytest.mark.parametrize("password", ["short9words", "motdepasse123456", "aaaaaaaaaaaaaaaa", "Azerty123456789!"])
async def test_a_weak_password_is_refused_and_counts_nothing(staff: Staff, claim: Claim, password: str) -> None:
    for _ in range(8):
        with pytest.raises(PasswordWeak):
            await staff.enrolment.begin(claim, password)
    await staff.enrolment.begin(claim, CHOSEN)


async def test_before_the_first_code_nobody_signs_in(staff: Staff, claim: Claim) -> None:
    await staff.enrolment.begin(claim, CHOSEN)
    banker = await staff.banker("1")
    assert await refused(staff, banker.request()) == 4


async def test_an_adviser_has_no_way_in_by_the_customers_door(staff: Staff, claim: Claim, house: House) -> None:
    entry = FirstEntryRequest(
        client_identifier=HOUSE_CLIENT, user_number="1", address=ADDRESS, secret=claim.secret, code="739164"
    )
    with pytest.raises(ActivationRefused):
        await house.ways_in.first_entry.run(entry)
    await staff.enrolment.begin(claim, CHOSEN)
    await staff.enrolment.confirm(claim, (await staff.banker("1")).authenticator.show())
    knock = SignInRequest(client_identifier=HOUSE_CLIENT, user_number="1", address=ADDRESS, code=CHOSEN)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(knock)


# --- signing in -------------------------------------------------------------------------------------------


async def test_password_and_totp_sign_in(staff: Staff, denise: Banker) -> None:
    signed_in = await staff.sign_in.run(denise.request())
    assert signed_in.login.factors == {Factor.PASSWORD, Factor.TOTP}


async def test_what_was_wrong_is_not_told(staff: Staff, denise: Banker) -> None:
    right, wrong = denise.authenticator.show(), denise.authenticator.wrong()
    assert await refused(staff, denise.request(typed=WRONG, totp=right)) == 4
    assert await refused(staff, denise.request(totp=wrong)) == 3
    assert await refused(staff, denise.request(typed=WRONG, totp=wrong)) == 2
    assert await refused(staff, replace(denise.request(), number="777")) == 4


async def test_a_step_used_to_sign_in_is_used_up(staff: Staff, denise: Banker) -> None:
    totp = denise.authenticator.show()
    await staff.sign_in.run(denise.request(totp=totp))
    await refused(staff, denise.request(totp=totp))


async def test_one_code_twice_at_once_lets_one_in(staff: Staff, denise: Banker) -> None:
    totp = denise.authenticator.show()
    ends = await asyncio.gather(
        *(staff.sign_in.run(denise.request(totp=totp)) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(end).__name__ for end in ends) == ["SignInRefused", "SignedIn"]


@pytest.mark.parametrize("steps", [-2, 2])
async def test_a_code_too_early_or_too_late_is_refused(staff: Staff, denise: Banker, steps: int) -> None:
    await refused(staff, denise.request(totp=denise.authenticator.show(steps=steps)))


async def test_strangers_slow_an_adviser_s_door_and_never_lock_them(staff: Staff, denise: Banker, house: House) -> None:
    for n in range(5):
        await refused(staff, denise.request(typed=WRONG, address=f"192.0.2.{n}"))
    with pytest.raises(TooManyFailures) as slowed:
        await staff.sign_in.run(denise.request())
    assert 0 < slowed.value.retry_after <= 300
    house.clock.advance(seconds=slowed.value.retry_after)
    assert (await staff.sign_in.run(denise.request())).user.status is UserStatus.ACTIVE


async def test_a_number_nobody_has_is_slowed_alike(staff: Staff, denise: Banker) -> None:
    nobody = replace(denise.request(), number="777")
    assert [await refused(staff, nobody) for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(TooManyFailures):
        await staff.sign_in.run(nobody)


async def test_behind_the_right_password_five_wrong_codes_lock_for_good(
    staff: Staff, denise: Banker, house: House
) -> None:
    for _ in range(5):
        await refused(staff, denise.request(totp=denise.authenticator.wrong()))
        house.clock.advance(minutes=6)
    with pytest.raises(PersonLocked):
        await staff.sign_in.run(denise.request())
    assert await refused(staff, denise.request(totp=denise.authenticator.wrong())) >= 0


async def test_a_recovery_code_stands_in_once(staff: Staff, claim: Claim) -> None:
    await staff.enrolment.begin(claim, CHOSEN)
    codes = await staff.enrolment.confirm(claim, (await staff.banker("1")).authenticator.show())
    by_code = replace((await staff.banker("1")).request(), second=RecoveryCode(code=codes[0].lower().replace("-", " ")))
    assert (await staff.sign_in.run(by_code)).login.factors == {Factor.PASSWORD, Factor.RECOVERY_CODE}
    await refused(staff, by_code)
    other = await staff.sign_in.run(replace(by_code, second=RecoveryCode(code=codes[1])))
    assert other.user.number == "1"


async def test_a_recovery_code_of_a_colleague_is_none(staff: Staff, denise: Banker) -> None:
    login = await staff.enter(denise)
    await staff.enrolment.begin_again(login.login.id)
    codes = await staff.enrolment.confirm_again(login.login.id, (await staff.banker("001")).authenticator.show())
    other = await staff.banker("002")
    await refused(staff, replace(other.request(), second=RecoveryCode(code=codes[0])))


# --- another authenticator --------------------------------------------------------------------------------


async def test_another_authenticator_takes_the_old_one_s_place_at_its_first_code(
    staff: Staff, denise: Banker, house: House
) -> None:
    presence = await staff.enter(denise)
    await staff.enrolment.begin_again(presence.login.id)
    await staff.sign_in.run(denise.request())
    new = await staff.banker("001")
    with pytest.raises(EnrolmentCodeWrong):
        await staff.enrolment.confirm_again(presence.login.id, TotpProof(code=new.authenticator.wrong().code))
    await staff.enrolment.confirm_again(presence.login.id, new.authenticator.show())
    house.clock.advance(seconds=30)
    await refused(staff, denise.request())
    await staff.sign_in.run(new.request())


async def test_another_authenticator_needs_a_sign_in_of_the_last_minutes(
    staff: Staff, denise: Banker, house: House
) -> None:
    presence = await staff.enter(denise)
    for _ in range(2):
        house.clock.advance(minutes=3)
        await house.access.touch(presence)
    with pytest.raises(FreshProofNeeded):
        await staff.enrolment.begin_again(presence.login.id)


# --- nobody and somebody cost the same ---------------------------------------------------------------------


@pytest.mark.alone
async def test_a_number_nobody_has_and_a_wrong_password_take_as_long(
    staff: Staff, denise: Banker, house: House
) -> None:
    taken: dict[str, list[float]] = {"001": [], "777": []}
    totp = denise.authenticator.wrong()
    for n in range(200):
        for number in ("001", "777") if n % 2 else ("777", "001"):
            request = replace(denise.request(typed=WRONG, totp=totp), number=number)
            begun = time.perf_counter()
            await refused(staff, replace(request, address=f"198.51.100.{n}"))
            taken[number].append(time.perf_counter() - begun)
        house.clock.advance(minutes=5)
    known, nobody = (statistics.median(taken[number]) for number in ("001", "777"))
    assert abs(known - nobody) < 0.1 * max(known, nobody)
