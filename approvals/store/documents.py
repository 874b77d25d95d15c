"""Values kept as JSON in a TEXT column, and read back as what they were."""

from functools import lru_cache
from typing import Final

import msgspec

from approvals.errors import PolicyUnreadable
from approvals.model.conversation import Choice
from approvals.model.entitlement import Entitlement
from approvals.model.json import Facts
from approvals.model.policy import Policy
from approvals.model.proof import Verdict
from approvals.model.reader import ReaderInput

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_FACTS: Final = msgspec.json.Decoder(dict[str, object])
_POLICY: Final = msgspec.json.Decoder(Policy)
_ENTITLEMENT: Final = msgspec.json.Decoder(Entitlement)
_READER_INPUT: Final = msgspec.json.Decoder(ReaderInput)
_CHOICES: Final = msgspec.json.Decoder(tuple[Choice, ...])


def write(value: object) -> str:
    """Return the value as JSON; the same value always as the same text."""
    return _ENCODER.encode(value).decode()


def read_facts(text: str) -> Facts:
    facts: Facts = msgspec.json.decode(text)
    return facts


@lru_cache(maxsize=1024)
def read_policy(text: str) -> Policy:
    """Return the policy; companies have few, and every look at an action reads one.

    Raises PolicyUnreadable for one that says anything this version does not know.
    A word left out on reading could be the one that asks for a second signer, so what was read is written again and
    must say all that was stored (fails closed).
    """
    try:
        stored = _FACTS.decode(text)
        policy = _POLICY.decode(text)
    except msgspec.MsgspecError as error:
        raise PolicyUnreadable("the stored policy cannot be read") from error
    if not stored.items() <= _FACTS.decode(write(policy)).items():
        raise PolicyUnreadable("the stored policy says something this version does not know")
    return policy


@lru_cache(maxsize=4096)
def read_entitlement(text: str) -> Entitlement:
    """Return the entitlement; each step of an approval reads its company's.

    A word this version does not know could be the one that limits: ValidationError.
    """
    entitlement = _ENTITLEMENT.decode(text)
    if write(entitlement) != text:
        raise msgspec.ValidationError("the stored entitlement says something this version does not know")
    return entitlement


def read_reader_input(text: str) -> ReaderInput:
    return _READER_INPUT.decode(text)


def read_choices(text: str) -> tuple[Choice, ...]:
    return _CHOICES.decode(text)


def read_verdict(text: str) -> Verdict:
    """Field by field as `write` left it: its facts are of a recursive type, which msgspec does not decode."""
    return Verdict(**msgspec.json.decode(text))
