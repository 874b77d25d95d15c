"""Challenges and actions in every state, for the tests of the machine and for the diagram in the docs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import ActionId, ActionKind, CardId, ChallengeId, SubscriptionId, UserId
from approvals.model.opener import Opener
from approvals.model.policy import Policy, Signatures
from approvals.model.reader import CODE_KEY

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=24)
LATE = DEADLINE
ANNE, BRUNO, CHLOE = UserId("usr_anne"), UserId("usr_bruno"), UserId("usr_chloe")
ALONE = Policy(clauses=(Signatures(count=1),))
TOGETHER = Policy(clauses=(Signatures(count=1, group="A"), Signatures(count=1, group="B")))
IN_TURN = replace(TOGETHER, ordered=True)


def challenge(
    status: ChallengeStatus = ChallengeStatus.OPEN,
    *,
    signer: UserId = ANNE,
    group: str = "A",
    attempts_left: int = 3,
    checking: int = 0,
) -> Challenge:
    return Challenge(
        id=ChallengeId(f"chl_{signer}"),
        action_id=ActionId("act_1"),
        user_id=signer,
        group=group,
        status=status,
        card_id=CardId(f"crd_{signer}"),
        reader_input=CODE_KEY,
        expires_at=DEADLINE,
        attempts_left=attempts_left,
        checking=checking,
        ended_at=NOW if status.is_final else None,
    )


def action(policy: Policy = ALONE, status: ActionStatus = ActionStatus.PENDING) -> Action:
    return Action(
        id=ActionId("act_1"),
        subscription_id=SubscriptionId("sub_1"),
        kind=ActionKind("chequebook"),
        status=status,
        initiator=CHLOE,
        opened_by=Opener("api_key:key_1"),
        facts={"kind": "chequebook"},
        statement_digest="00" * 32,
        payload_digest="00" * 32,
        policy=policy,
        created_at=NOW,
        expires_at=DEADLINE,
    )
