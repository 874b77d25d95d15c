"""Cards of the published profiles, answering under a key of their own."""

from collections.abc import Callable
from functools import partial

import pytest

from approvals.cap.check import CheckedCard
from approvals.cap.cryptogram import card_values, cryptogram_for, terminal_values
from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles
from approvals.cap.token import ARQC, CardResponse, code_of, sign_transaction_data
from approvals.model.reader import CapMode, ReaderInput

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PSN = "01"

Show = Callable[..., str]
CardOf = Callable[..., CheckedCard]


def _profile(name: str) -> CapProfile:
    return next(profile for profile in published_profiles() if profile.id == name)


@pytest.fixture
def french() -> CapProfile:
    """16 bits of cryptogram, 9 of ATC, shared with payments; no amount asked."""
    return _profile("visa-dpa-fr")


@pytest.fixture
def secur_acces() -> CapProfile:
    """The same card with a counter of its own: a window of 32 out of 512."""
    return _profile("secur-acces")


@pytest.fixture
def tree() -> CapProfile:
    """20 bits of cryptogram, 5 of ATC, one of IAD; SIGN asks the amount."""
    return _profile("mastercard-cap-tree")


@pytest.fixture
def tds() -> CapProfile:
    """18 bits of cryptogram, 8 of ATC; signs transaction data."""
    return _profile("mastercard-cap-tds")


def _cryptogram(profile: CapProfile, atc: int, message: bytes) -> bytes:
    return cryptogram_for(profile, KEY, atc=atc, message=message)


@pytest.fixture
def card_of() -> CardOf:
    """The bank's view of a card: its profile and the last counter consumed."""

    def build(profile: CapProfile, *, last_atc: int) -> CheckedCard:
        return CheckedCard(profile=profile, psn=PSN, last_atc=last_atc, cryptogram=partial(_cryptogram, profile))

    return build


@pytest.fixture
def show() -> Show:
    """What the reader shows for a card of this profile at this counter."""

    def show_code(profile: CapProfile, typed: ReaderInput, *, atc: int, iad: bytes | None = None) -> str:
        message = terminal_values(profile, typed) + card_values(profile, atc)
        cryptogram = _cryptogram(profile, atc, message)
        if typed.mode is CapMode.TDS:
            cryptogram = sign_transaction_data(cryptogram, typed.fields)
        response = CardResponse(psn=PSN, cid=ARQC, atc=atc, cryptogram=cryptogram, iad=iad or profile.iad)
        return code_of(profile.layout, response)

    return show_code
