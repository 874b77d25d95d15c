"""Approval by certificate: whose signature of what counts, what a wrong one costs, and what the release asks again."""

from dataclasses import replace
from pathlib import Path

import pytest

from approvals import statement
from approvals.certificates.refusals import Cause, CertificateRefused, Reason, RevocationUnavailable
from approvals.certificates.signature import SignedType
from approvals.credentials.handover import Act
from approvals.desk.answered import Answered
from approvals.errors import (
    ChallengeClosed,
    ConfidentialCodeNeeded,
    MeansNotAccepted,
    NobodyCanSign,
    ProofNotChecked,
)
from approvals.model.action import ActionStatus
from approvals.model.certificate import CertificateStatus, Level
from approvals.model.person import Language
from approvals.model.policy import Means, Policy, Signatures
from approvals.model.proof import Answer, CertificateProof
from approvals.model.sheet import ActionSheet
from approvals.store.book import SqlBook
from tests.certificate_keys import make_token_key
from tests.certified import BY_CERTIFICATE, BY_EITHER, Signing, Validator, certify, put_status
from tests.desk.bridges import pair
from tests.house import CHEQUEBOOK, CODE, House, mine, release_of
from tests.joined_desks import Parts


@pytest.fixture
def validator() -> Validator:
    return Validator()


@pytest.fixture
def house(book: SqlBook, tmp_path: Path, validator: Validator) -> House:
    return House(Parts(book=book, folder=tmp_path, validator=validator))


async def begin(house: House, policy: Policy = BY_CERTIFICATE) -> tuple[Signing, ActionSheet]:
    """Anne holds a certificate, and an action waits for her."""
    anne, _, _ = await house.found(policy)
    signing = await certify(house, anne)
    return signing, await house.hold("chequebook", CHEQUEBOOK)


async def offer(house: House, signing: Signing, sheet: ActionSheet, proof: CertificateProof) -> Answered:
    here = await house.sign_in(signing.person)
    return await house.answers.answer(here.login.id, mine(sheet, signing.person).id, proof)


async def reason(house: House, sheet: ActionSheet) -> str:
    """The audit's own word for why the last proof was judged as it was."""
    proofs = await house.book.reading(lambda ledger: ledger.proofs.of_action(sheet.id))
    assert proofs[-1].verdict is not None
    return proofs[-1].verdict.reason


async def refused(house: House, signing: Signing, sheet: ActionSheet, proof: CertificateProof) -> str:
    """Offer what must be refused; return why. An attempt of challenge and person is spent, and no card's."""
    answered = await offer(house, signing, sheet, proof)
    assert answered == Answered(answer=Answer.PROOF_REFUSED, attempts_left=2)
    assert (await house.user(signing.person)).attempts_left == 4
    assert (await house.card(signing.person)).attempts_left == 3
    assert await release_of(house, sheet) is None
    return await reason(house, sheet)


async def test_a_signature_of_the_envelope_releases_the_action(house: House) -> None:
    signing, sheet = await begin(house)
    answered = await offer(house, signing, sheet, signing.sign(sheet))
    assert answered.answer is Answer.ACCEPTED
    signed = mine(await house.sheet(sheet.id), signing.person)
    assert (signed.signed_with, signed.certificate_id) == (Means.CERTIFICATE, signing.certificate.id)
    assert await release_of(house, sheet) is not None


async def test_a_signature_comes_from_a_bridge_as_from_the_screen_that_handed_over(house: House) -> None:
    anne, bruno, _ = await house.found(BY_CERTIFICATE)
    signing = await certify(house, anne)
    sheet, other = await house.hold("chequebook", CHEQUEBOOK), await house.hold("chequebook", CHEQUEBOOK)
    here = await house.sign_in(anne, with_card=True)
    bridge = await pair(house, here.login.id, bruno)
    handover = await house.handovers.ask(here.login.id, mine(sheet, anne).id)
    await house.handovers.take(await bridge.claim(Act.TAKE, handover.id), handover.id, handover.digits)
    answers = []
    for proof in (signing.sign(other), signing.sign(sheet)):
        claim = await bridge.claim(Act.ANSWER, handover.id)
        answers.append((await house.handovers.answer(claim, handover.id, proof)).answer)
    assert answers == [Answer.PROOF_REFUSED, Answer.ACCEPTED]
    assert (await release_of(house, sheet) is None, await release_of(house, other) is None) == (False, True)


async def test_a_person_with_both_means_answers_with_either(house: House) -> None:
    anne, _, _ = await house.found(BY_EITHER)
    signing = await certify(house, anne)
    first, second = await house.hold("chequebook", CHEQUEBOOK), await house.hold("chequebook", CHEQUEBOOK)
    here = await house.sign_in(anne)
    await house.answers.answer(here.login.id, mine(first, anne).id, signing.sign(first))
    await house.answers.answer(here.login.id, mine(second, anne).id, anne.answer(mine(second, anne).reader_input))
    signed = [mine(await house.sheet(each.id), anne) for each in (first, second)]
    assert [each.signed_with for each in signed] == [Means.CERTIFICATE, Means.CAP]
    assert [each.card_id for each in signed] == [None, anne.card.id]


async def test_nobody_without_a_certificate_is_asked_where_one_is_needed(house: House) -> None:
    await house.found(BY_CERTIFICATE)
    with pytest.raises(NobodyCanSign):
        await house.hold("chequebook", CHEQUEBOOK)


async def test_a_card_code_is_not_taken_where_the_policy_wants_a_certificate(house: House) -> None:
    signing, sheet = await begin(house)
    here = await house.sign_in(signing.person)
    with pytest.raises(MeansNotAccepted):
        await house.answers.answer(here.login.id, mine(sheet, signing.person).id, signing.person.code_key())


async def test_a_signature_is_not_taken_from_who_has_no_certificate(house: House) -> None:
    anne, bruno, _ = await house.found(BY_EITHER)
    signing = await certify(house, anne)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(bruno)
    with pytest.raises(MeansNotAccepted):
        await house.answers.answer(here.login.id, mine(sheet, bruno).id, signing.sign(sheet))
    assert (await house.user(bruno)).attempts_left == 5


async def test_one_challenges_signature_does_not_serve_another(house: House) -> None:
    signing, sheet = await begin(house)
    other = await house.hold("chequebook", CHEQUEBOOK)
    assert await refused(house, signing, sheet, signing.sign(other)) == "jws_wrong_signature"


async def test_a_sign_in_signature_is_no_approval(house: House) -> None:
    signing, sheet = await begin(house)
    proof = signing.over(signing.content(sheet), SignedType.SIGN_IN)
    assert await refused(house, signing, sheet, proof) == "jws_wrong_typ"


async def test_the_language_named_is_the_one_that_was_signed(house: House) -> None:
    signing, sheet = await begin(house)
    english = signing.over(signing.content(sheet, Language.EN))
    assert await refused(house, signing, sheet, english) == "jws_wrong_signature"
    answered = await offer(house, signing, sheet, replace(english, language=Language.EN))
    assert answered.answer is Answer.ACCEPTED


@pytest.mark.parametrize(
    "change",
    [
        {"template": statement.TEMPLATE_VERSION + 1},
        {"statement": "0" * 64},
        {"purpose": "sign_in"},
        {"signer": "usr_2"},
    ],
)
async def test_an_envelope_that_says_anything_else_is_refused(house: House, change: dict[str, str | int]) -> None:
    signing, sheet = await begin(house)
    facts = statement.envelope_of(sheet.action, mine(sheet, signing.person), "test", Language.FR).facts()
    proof = signing.over(statement.canonical({**facts, **change}))
    assert await refused(house, signing, sheet, proof) == "jws_wrong_signature"


async def test_a_signature_for_another_environment_is_refused(house: House) -> None:
    signing, sheet = await begin(house)
    proof = signing.over(signing.content(sheet, environment="production"))
    assert await refused(house, signing, sheet, proof) == "jws_wrong_signature"


async def test_a_lent_certificate_is_refused_like_a_wrong_signature(house: House) -> None:
    anne, bruno, _ = await house.found(BY_CERTIFICATE)
    hers, his = await certify(house, anne), await certify(house, bruno)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    lent = replace(his, person=anne)
    assert await refused(house, hers, sheet, lent.sign(sheet)) == "certificate_of_another"


async def test_a_certificate_nobody_enrolled_is_refused(house: House) -> None:
    signing, sheet = await begin(house)
    stranger = replace(signing, key=make_token_key())
    assert await refused(house, signing, sheet, stranger.sign(sheet)) == "certificate_unknown"


@pytest.mark.parametrize("status", [CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED, CertificateStatus.REMOVED])
async def test_a_certificate_that_was_ended_is_refused(house: House, status: CertificateStatus) -> None:
    signing, sheet = await begin(house)
    await certify(house, signing.person)
    await put_status(house, signing, status)
    assert await refused(house, signing, sheet, signing.sign(sheet)) == f"certificate_not_current_{status}"


async def test_what_the_validator_refuses_is_refused(house: House, validator: Validator) -> None:
    signing, sheet = await begin(house)
    validator.refusal = CertificateRefused(Reason.REVOKED)
    assert await refused(house, signing, sheet, signing.sign(sheet)) == "certificate_revoked"


async def test_where_nobody_says_whether_it_is_revoked_the_attempt_is_given_back(
    house: House, validator: Validator
) -> None:
    signing, sheet = await begin(house)
    validator.refusal = RevocationUnavailable(Cause.NO_ANSWER)
    with pytest.raises(ProofNotChecked):
        await offer(house, signing, sheet, signing.sign(sheet))
    assert (await house.user(signing.person)).attempts_left == 5
    validator.refusal = None
    assert (await offer(house, signing, sheet, signing.sign(sheet))).answer is Answer.ACCEPTED


async def test_text_that_is_no_jws_costs_an_attempt(house: House) -> None:
    signing, sheet = await begin(house)
    assert await refused(house, signing, sheet, CertificateProof(jws="a..b")) == "jws_base64"


async def test_a_signature_past_the_challenges_time_is_not_even_checked(house: House) -> None:
    signing, sheet = await begin(house)
    house.clock.advance(hours=25)
    with pytest.raises(ChallengeClosed):
        await offer(house, signing, sheet, signing.sign(sheet))


# --- keys kept by a browser, and levels -------------------------------------------------------------------


async def in_a_browser(house: House, policy: Policy = BY_CERTIFICATE) -> tuple[Signing, ActionSheet]:
    anne, _, _ = await house.found(policy)
    signing = await certify(house, anne, in_browser=True, level=Level.ONE_STAR)
    return signing, await house.hold("chequebook", CHEQUEBOOK)


async def test_a_browsers_key_signs_with_the_confidential_code(house: House) -> None:
    signing, sheet = await in_a_browser(house)
    assert (await offer(house, signing, sheet, signing.sign(sheet, CODE))).answer is Answer.ACCEPTED


async def test_a_browsers_key_alone_is_not_taken_and_nothing_is_spent(house: House) -> None:
    signing, sheet = await in_a_browser(house)
    with pytest.raises(ConfidentialCodeNeeded):
        await offer(house, signing, sheet, signing.sign(sheet))
    assert (await house.user(signing.person)).attempts_left == 5


async def test_a_wrong_confidential_code_with_a_browsers_key_is_counted(house: House) -> None:
    signing, sheet = await in_a_browser(house)
    assert await refused(house, signing, sheet, signing.sign(sheet, "000000")) == "wrong_code"


async def test_below_the_policys_level_nobody_is_asked(house: House) -> None:
    anne, _, _ = await house.found(replace(BY_CERTIFICATE, certificate_level=Level.THREE_STARS))
    await certify(house, anne, level=Level.TWO_STARS)
    with pytest.raises(NobodyCanSign):
        await house.hold("chequebook", CHEQUEBOOK)


async def test_a_browsers_key_never_reaches_two_stars_whatever_was_enrolled(house: House) -> None:
    anne, _, _ = await house.found(replace(BY_CERTIFICATE, certificate_level=Level.TWO_STARS))
    await certify(house, anne, level=Level.TWO_STARS, in_browser=True)
    with pytest.raises(NobodyCanSign):
        await house.hold("chequebook", CHEQUEBOOK)


async def test_the_weaker_of_two_certificates_is_named_as_such_and_costs_nothing(house: House) -> None:
    anne, _, _ = await house.found(replace(BY_CERTIFICATE, certificate_level=Level.TWO_STARS))
    weak, _ = await certify(house, anne, level=Level.ONE_STAR), await certify(house, anne)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    with pytest.raises(MeansNotAccepted):
        await offer(house, weak, sheet, weak.sign(sheet))
    assert (await house.user(anne)).attempts_left == 5


# --- the release asks again (RULES 2) ---------------------------------------------------------------------

TWO = Policy(clauses=(Signatures(count=2),), means=frozenset({Means.CERTIFICATE}))


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (CertificateStatus.REVOKED, ActionStatus.FAILED),
        (CertificateStatus.REMOVED, ActionStatus.FAILED),
        (CertificateStatus.SUPERSEDED, ActionStatus.APPROVED),
    ],
)
async def test_an_earlier_signers_certificate_is_read_again_at_the_release(
    house: House, status: CertificateStatus, end: ActionStatus
) -> None:
    anne, bruno, _ = await house.found(TWO)
    hers, his = await certify(house, anne), await certify(house, bruno)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    await offer(house, hers, sheet, hers.sign(sheet))
    await put_status(house, hers, status)
    await offer(house, his, sheet, his.sign(sheet))
    assert (await house.sheet(sheet.id)).action.status is end
    assert (await release_of(house, sheet) is not None) is (end is ActionStatus.APPROVED)
