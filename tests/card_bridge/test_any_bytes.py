"""Whatever a card sends becomes a value or one of the bridge's refusals: nothing else, and never without end."""

from contextlib import suppress
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from card_bridge.conversation import CardCode, conversation
from card_bridge.emv.apdu import OK, Response, read_response
from card_bridge.emv.refusals import CardRefusal
from card_bridge.emv.tlv import by_tag, read_objects
from card_bridge.readers.pin_pad import VERIFY_PIN_DIRECT, control_code
from card_bridge.refusals import BridgeRefusal
from tests.card_bridge.talking import heard

TYPED = (
    CODE_KEY,
    ReaderInput(mode=CapMode.RESPOND, digits="27890189"),
    ReaderInput(mode=CapMode.SIGN, digits="1", amount=5, currency="EUR"),
    ReaderInput(mode=CapMode.TDS, fields=("12", "345")),
)
SAID = [bytes.fromhex(said)[:-2] for vector in heard() for asked, said in vector.transcript.items() if asked != "atr"]
STATUSES = st.one_of(st.just(OK), st.just(OK), st.just(OK), st.integers(0, 0xFFFF))


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """What a real card said, one byte of it another, or cut short."""
    said = draw(st.sampled_from(SAID))
    place = draw(st.integers(0, len(said)))
    return said[:place] + draw(st.binary(max_size=1)) + said[place + draw(st.integers(0, 1)) :]


answers = st.builds(Response, data=st.one_of(st.sampled_from(SAID), spoilt(), st.binary(max_size=256)), status=STATUSES)


@given(st.one_of(st.binary(max_size=300), spoilt()))
def test_any_bytes_are_objects_or_a_refusal(encoded: bytes) -> None:
    with suppress(CardRefusal):
        assert len(b"".join(by_tag(read_objects(encoded)).values())) <= len(encoded)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_refusal(received: bytes) -> None:
    with suppress(CardRefusal):
        answer = read_response(received)
        assert answer.data + answer.status.to_bytes(2) == received


@given(st.sampled_from(TYPED), st.lists(answers, min_size=1, max_size=30))
def test_any_answers_end_in_a_code_or_a_refusal(typed: ReaderInput, said: list[Response]) -> None:
    talk, given_out = conversation(typed), cycle(said)
    with suppress(BridgeRefusal):
        try:
            next(talk)
            for _ in range(2000):
                talk.send(next(given_out))
        except StopIteration as end:
            code: CardCode = end.value
            assert code.digits.isdigit()
        else:
            pytest.fail("the conversation does not end")


@given(st.binary(max_size=100))
def test_any_bytes_are_features_or_none(features: bytes) -> None:
    code = control_code(features, VERIFY_PIN_DIRECT)
    assert code is None or code.to_bytes(4) in features
