"""What a key is to sign of a hand-over: written out from the facts, for the challenge that was taken over."""

from datetime import timedelta

import msgspec
import pytest

from approvals import statement
from approvals.model.ids import ActionId, ChallengeId, UserId
from approvals.model.json import Json
from approvals.model.person import Language
from approvals.model.policy import Means
from approvals.statement import Envelope
from card_bridge.link.bank import ActionAsked, ChallengeAsked, StatementAsked
from card_bridge.link.refusals import StatementTampered
from card_bridge.link.statement import key_statement_text, statement_for_key
from card_bridge.refusals import BridgeRefusal
from card_bridge.tokens.refusals import EnvelopeExpired, PurposeForeign, StatementAltered, StatementUnreadable
from tests.fakes import START

FACTS: dict[str, Json] = {"account": "FR7630006000011234567890189", "number": 2}
DIGEST = statement.digest(FACTS)


def asked(facts: dict[str, Json] = FACTS, **changed: Json) -> ActionAsked:
    envelope = Envelope(
        environment="test",
        purpose="approval",
        action=ActionId("act_1"),
        challenge=ChallengeId("chl_1"),
        signer=UserId("usr_1"),
        expires_at=START + timedelta(hours=1),
        statement_digest=DIGEST,
        language=Language.FR,
    )
    return taken_over(facts, msgspec.json.encode({**envelope.facts(), **changed}))


def taken_over(facts: dict[str, Json], envelope: bytes) -> ActionAsked:
    return ActionAsked(
        kind="chequebook",
        statement=StatementAsked(facts=msgspec.Raw(statement.canonical(facts)), sha256=DIGEST, language=Language.FR),
        challenge=ChallengeAsked(id="chl_1", means=(Means.CERTIFICATE,), readers=(), envelope=msgspec.Raw(envelope)),
    )


def test_the_text_is_of_the_facts_and_says_which_bank_it_is_for() -> None:
    text = key_statement_text(statement_for_key(asked(), START))
    assert text.startswith("[test] ")
    assert "FR76 3000 6000" in text
    assert text.endswith(statement.fingerprint(DIGEST))


@pytest.mark.parametrize(
    ("taken", "refusal"),
    [
        (asked(challenge="chl_2"), StatementTampered),
        (asked({**FACTS, "number": 3}), StatementAltered),
        (asked(purpose="sign_in"), PurposeForeign),
        (asked(expires=0), EnvelopeExpired),
        (taken_over(FACTS, b"null"), StatementUnreadable),
        (msgspec.structs.replace(asked(), challenge=None), StatementTampered),
    ],
)
def test_what_is_not_of_this_challenge_is_not_signed(taken: ActionAsked, refusal: type[BridgeRefusal]) -> None:
    with pytest.raises(refusal):
        statement_for_key(taken, START)
