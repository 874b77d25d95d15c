from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.errors import InvalidRequest, PolicyUnreadable, StaleVersion
from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import ChallengeStatus, RefusalReason
from approvals.model.ids import ActionId, ActionKind, BundleId, ChallengeId, UserId
from approvals.model.opener import Opener
from approvals.model.policy import Means, Policy, Refusal, Signatures
from approvals.model.proof import Answer, ProofStatus, Verdict
from approvals.ports.actions import ActionFilter
from approvals.ports.book import Ledger
from approvals.store.actions import SqlActions
from approvals.store.book import SqlBook
from approvals.store.database import Connection, Database
from tests.builders import (
    COMPANY,
    NOW,
    TOMORROW,
    add_company,
    add_pending,
    make_action,
    make_api_key,
    make_bundle,
    make_challenge,
    make_proof,
    make_upload,
)

ANNA, BRUNO = "usr_anna", "usr_bruno"
RICH_POLICY = Policy(
    clauses=(Signatures(count=1, group="A"), Signatures(count=2)),
    ordered=True,
    refusal=Refusal.SIGNER_ONLY,
    means=frozenset({Means.CAP, Means.CERTIFICATE}),
)


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    await book.transaction(lambda ledger: add_company(ledger, [ANNA, BRUNO]))
    return book


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    async with database.transaction() as opened:
        yield opened


async def test_an_action_comes_back_as_it_was_written_to_the_millisecond(filled: SqlBook) -> None:
    late = NOW + timedelta(milliseconds=123)
    written = replace(make_action("act_1", RICH_POLICY), created_at=late, reference="REF-7")
    await filled.transaction(lambda ledger: ledger.actions.add(written))
    assert await filled.reading(lambda ledger: ledger.actions.load(written.id)) == written
    assert await filled.reading(lambda ledger: ledger.actions.load(ActionId("act_2"))) is None


async def test_less_than_a_millisecond_is_rounded_down(filled: SqlBook) -> None:
    odd = replace(make_action("act_1"), expires_at=NOW + timedelta(microseconds=1_999))
    await filled.transaction(lambda ledger: ledger.actions.add(odd))
    read = await filled.reading(lambda ledger: ledger.actions.load(odd.id))
    assert read is not None
    assert read.expires_at == NOW + timedelta(milliseconds=1)


async def test_saving_raises_the_version_and_an_old_one_is_refused(filled: SqlBook) -> None:
    action = make_action("act_1")
    await filled.transaction(lambda ledger: ledger.actions.add(action))

    async def save_twice(ledger: Ledger) -> Action:
        ended = replace(action, status=ActionStatus.WITHDRAWN, reason="withdrawn", ended_at=NOW)
        saved = await ledger.actions.save(ended)
        assert saved == replace(ended, version=1)
        with pytest.raises(StaleVersion):
            await ledger.actions.save(ended)
        return saved

    saved = await filled.transaction(save_twice)
    assert await filled.reading(lambda ledger: ledger.actions.load(action.id)) == saved


@pytest.mark.parametrize(
    "stored",
    [
        "not json",
        "[]",
        '{"clauses": [{"count": 1, "seal": "company"}]}',
        '{"clauses": [{"count": 1}], "notary": true}',
        '{"clauses": [{"count": 1}], "refusal": "never"}',
    ],
)
async def test_a_policy_that_says_more_than_is_known_fails_closed(
    filled: SqlBook, connection: Connection, stored: str
) -> None:
    assert filled is not None
    await SqlActions(connection).add(make_action("act_1"))
    await connection.execute("UPDATE actions SET policy = $1", stored)
    with pytest.raises(PolicyUnreadable):
        await SqlActions(connection).load(ActionId("act_1"))


async def add_seven(ledger: Ledger) -> None:
    await ledger.api_keys.add(make_api_key("key_other"))
    await ledger.uploads.begin(make_upload("upl_1"))
    await ledger.actions.add_bundle(make_bundle("bun_1", "upl_1"))
    for n in range(7):  # two by two at one moment: the id decides between them
        action = replace(make_action(f"act_{n}"), created_at=NOW + timedelta(seconds=n // 2))
        if n == 3:
            action = replace(action, kind=ActionKind("chequebook"), opened_by=Opener("api_key:key_other"))
        if n in {4, 5}:
            action = replace(action, bundle_id=BundleId("bun_1"), status=ActionStatus.EXPIRED)
        await add_pending(ledger, action, [BRUNO] if n == 2 else [ANNA])


async def listed(book: SqlBook, wanted: ActionFilter, limit: int = 3) -> list[str]:
    """The ids of every page, in order."""

    async def walk(ledger: Ledger) -> list[str]:
        page = await ledger.actions.browse(wanted, None, limit)
        actions = list(page.items)
        while page.next is not None:
            page = await ledger.actions.browse(wanted, page.next, limit)
            actions += page.items
        return [action.id.removeprefix("act_") for action in actions]

    return await book.reading(walk)


async def test_actions_are_listed_newest_first_page_by_page(filled: SqlBook) -> None:
    await filled.transaction(add_seven)
    for limit in (1, 2, 3, 6, 7, 8):
        assert await listed(filled, ActionFilter(), limit) == ["6", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ActionFilter(subscription_id=COMPANY), "6543210"),
        (ActionFilter(signer=UserId(BRUNO)), "2"),
        (ActionFilter(opened_by=Opener("api_key:key_other")), "3"),
        (ActionFilter(status=ActionStatus.EXPIRED), "54"),
        (ActionFilter(kind=ActionKind("chequebook")), "3"),
        (ActionFilter(bundle_id=BundleId("bun_1"), signer=UserId(ANNA)), "54"),
        (ActionFilter(bundle_id=BundleId("bun_1"), signer=UserId(BRUNO)), ""),
    ],
)
async def test_every_field_of_the_filter_narrows(filled: SqlBook, wanted: ActionFilter, found: str) -> None:
    await filled.transaction(add_seven)
    assert "".join(await listed(filled, wanted)) == found


@pytest.mark.parametrize("cursor", ["", "é", "AAAA", "MTIz", "eAp5", "MTIKMzQKNTY", "=", "\0"])
async def test_a_cursor_we_did_not_write_is_refused(filled: SqlBook, cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        await filled.reading(lambda ledger: ledger.actions.browse(ActionFilter(), cursor, 10))


async def test_only_pending_actions_past_their_time_are_overdue(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.actions.add(replace(make_action("act_late"), expires_at=NOW))
        await ledger.actions.add(make_action("act_in_time"))
        await ledger.actions.add(replace(make_action("act_done"), expires_at=NOW, status=ActionStatus.APPROVED))

    await filled.transaction(work)
    assert await filled.reading(lambda ledger: ledger.actions.overdue(NOW, 10)) == ["act_late"]


@pytest.mark.parametrize("status", list(ActionStatus))
async def test_a_message_may_come_again_once_its_actions_came_to_nothing(filled: SqlBook, status: ActionStatus) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.uploads.begin(make_upload("upl_1"))
        await ledger.actions.add_bundle(make_bundle("bun_1", "upl_1"))
        await ledger.actions.add(replace(make_action("act_1"), bundle_id=BundleId("bun_1"), status=status))

    await filled.transaction(work)
    live = await filled.reading(lambda ledger: ledger.actions.live_bundle(COMPANY, "Acme SARL", "MSG-1"))
    other = await filled.reading(lambda ledger: ledger.actions.live_bundle(COMPANY, "Acme SARL", "MSG-2"))
    alive = status in {ActionStatus.PENDING, ActionStatus.APPROVED, ActionStatus.RELEASED}
    assert (live == "bun_1") is alive
    assert other is None


async def test_challenges_come_by_id_for_one_action_and_for_several(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        for name in ("act_1", "act_2", "act_3"):
            await add_pending(ledger, make_action(name), [BRUNO, ANNA])

    await filled.transaction(work)
    one = await filled.reading(lambda ledger: ledger.challenges.of_action(ActionId("act_2")))
    assert one == (make_challenge("act_2", ANNA), make_challenge("act_2", BRUNO))
    two = await filled.reading(lambda ledger: ledger.challenges.of_actions([ActionId("act_3"), ActionId("act_1")]))
    assert [challenge.action_id for challenge in two] == ["act_1", "act_1", "act_3", "act_3"]
    assert await filled.reading(lambda ledger: ledger.challenges.of_actions([])) == []


async def test_actions_come_with_their_challenges_in_one_look(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await add_pending(ledger, make_action("act_2"), [BRUNO, ANNA])
        await ledger.actions.add(make_action("act_1"))  # nobody's to sign

    await filled.transaction(work)
    wanted = [ActionId("act_2"), ActionId("act_none"), ActionId("act_1")]
    (first, nobodys), (second, both) = await filled.reading(lambda ledger: ledger.actions.with_challenges(wanted))
    assert (first.id, nobodys) == ("act_1", ())
    assert second == await filled.reading(lambda ledger: ledger.actions.load(second.id))
    assert both == await filled.reading(lambda ledger: ledger.challenges.of_action(second.id))
    assert len(both) == 2
    assert await filled.reading(lambda ledger: ledger.actions.with_challenges([])) == []


async def test_a_challenge_is_found_with_its_action_and_those_of_the_other_signers(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        for name in ("act_1", "act_2"):
            await add_pending(ledger, make_action(name), [BRUNO, ANNA])

    await filled.transaction(work)
    asked = make_challenge("act_2", BRUNO)
    found = await filled.reading(lambda ledger: ledger.actions.of_challenge(asked.id))
    assert found == (make_action("act_2"), (make_challenge("act_2", ANNA), asked))
    assert await filled.reading(lambda ledger: ledger.actions.of_challenge(ChallengeId("chl_none"))) is None


async def test_a_challenge_is_saved_whole_and_an_old_version_is_refused(filled: SqlBook) -> None:
    challenge = make_challenge("act_1", ANNA)
    ended = replace(
        challenge,
        status=ChallengeStatus.REFUSED,
        attempts_left=1,
        checking=1,
        ended_at=NOW,
        refusal=RefusalReason.NOT_ME,
    )

    async def work(ledger: Ledger) -> None:
        await add_pending(ledger, make_action("act_1"), [ANNA])
        await ledger.challenges.save(ended)
        with pytest.raises(StaleVersion):
            await ledger.challenges.save(ended)

    await filled.transaction(work)
    read = await filled.reading(lambda ledger: ledger.challenges.load(challenge.id))
    assert read == replace(ended, version=1)


async def test_a_signer_sees_what_waits_for_them_newest_first(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        for n in range(4):
            action = replace(make_action(f"act_{n}"), created_at=NOW - timedelta(minutes=n))
            await ledger.actions.add(action)
            status = [ChallengeStatus.OPEN, ChallengeStatus.WAITING, ChallengeStatus.CLOSED][n % 3]
            await ledger.challenges.add([replace(make_challenge(action.id, ANNA), status=status)])

    await filled.transaction(work)
    seen = await filled.reading(lambda ledger: ledger.challenges.of_signer(UserId(ANNA), limit=10))
    assert [challenge.action_id for challenge in seen] == ["act_0", "act_1", "act_3"]
    seen = await filled.reading(lambda ledger: ledger.challenges.of_signer(UserId(ANNA), limit=1))
    assert [challenge.action_id for challenge in seen] == ["act_0"]


async def test_a_proof_is_settled_once_and_keeps_its_verdict(filled: SqlBook) -> None:
    proof = make_proof("prf_1", make_challenge("act_1", ANNA))
    judged = replace(
        proof,
        status=ProofStatus.RIGHT,
        judged_at=NOW,
        answer=Answer.ACCEPTED,
        attempts_left=2,
        verdict=Verdict(right=True, reason="right", atc=12, evidence={"mode": "respond", "digits": ["1"]}),
    )

    async def work(ledger: Ledger) -> list[bool]:
        await add_pending(ledger, make_action("act_1"), [ANNA])
        await ledger.proofs.add(proof)
        given_back = replace(proof, status=ProofStatus.NOT_CHECKED)
        return [await ledger.proofs.settle(judged), await ledger.proofs.settle(given_back)]

    assert await filled.transaction(work) == [True, False]
    assert await filled.reading(lambda ledger: ledger.proofs.load(proof.id)) == judged


async def test_proofs_are_found_when_their_check_was_abandoned_and_as_evidence(filled: SqlBook) -> None:
    challenge = make_challenge("act_1", ANNA)
    slow = make_proof("prf_slow", challenge)
    second = replace(make_proof("prf_second", challenge), offered_at=NOW + timedelta(seconds=1))
    second = replace(second, deadline=TOMORROW)

    async def work(ledger: Ledger) -> None:
        await add_pending(ledger, make_action("act_1"), [ANNA])
        await ledger.proofs.add(second)
        await ledger.proofs.add(slow)

    await filled.transaction(work)
    a_minute_on = NOW + timedelta(minutes=1)
    assert await filled.reading(lambda ledger: ledger.proofs.overdue(NOW, 10)) == []
    assert await filled.reading(lambda ledger: ledger.proofs.overdue(a_minute_on, 10)) == [slow]
    assert await filled.reading(lambda ledger: ledger.proofs.under_check(UserId(ANNA))) == [slow, second]
    assert await filled.reading(lambda ledger: ledger.proofs.under_check(UserId(BRUNO))) == []
    assert await filled.reading(lambda ledger: ledger.proofs.of_action(ActionId("act_1"))) == [slow, second]
