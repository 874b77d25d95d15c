"""A person's USB key: SoftHSM2 holds it, a small authority certifies it, the bank's own code verifies what it signs."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from pkcs11 import TokenFlag

from approvals import statement
from approvals.certificates.signature import Algorithm, SignedType, read_detached, sign_in_payload, verify
from approvals.certificates.signature_refusals import SignatureRefused
from approvals.model.certificate import CertificateUse
from approvals.model.ids import ActionId, ChallengeId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.statement import Envelope
from card_bridge.refusals import BridgeRefusal
from card_bridge.tokens.certificates import Found, Unfit, named, unfit
from card_bridge.tokens.pkcs11 import UsbKeys
from card_bridge.tokens.refusals import (
    CertificateWithoutKey,
    EnvelopeExpired,
    KeyLastTryLeft,
    KeyNotUsable,
    KeyPinLocked,
    KeyPinWrong,
    ModuleUnusable,
    NoToken,
    OperationUnknown,
    PurposeForeign,
    StatementAltered,
    StatementRefusal,
    StatementUnreadable,
    TemplateUnknown,
)
from card_bridge.tokens.statements import read_statement
from tests.card_bridge.usb_keys import KeyDesk
from tests.fakes import START
from tests.log_watch import never_log
from tests.pki import Wish, open_authority
from tests.soft_token import MODULE, PIN, SoftTokens, see_tokens_anew, set_flag

never_log(PIN)
FACTS: Facts = {"account": "FR7630006000011234567890189", "number": 2}


def envelope_of(facts: Facts, expires_at: datetime = START + timedelta(hours=1)) -> Envelope:
    return Envelope(
        environment="test",
        purpose="approval",
        action=ActionId("act_1"),
        challenge=ChallengeId("chl_1"),
        signer=UserId("usr_1"),
        expires_at=expires_at,
        statement_digest=statement.digest(facts),
        language=Language.FR,
    )


def request(facts: Facts = FACTS, kind: str = "chequebook", **changed: Json) -> bytes:
    envelope = {**envelope_of(FACTS).facts(), **changed}
    return msgspec.json.encode({"kind": kind, "facts": facts, "envelope": envelope})


@dataclass
class Typist:
    """A person at the prompt, who types one PIN."""

    pin: str = PIN
    asked: list[int | None] = field(default_factory=list)
    warnings: int = 0

    def type_pin(self, tries_left: int | None) -> bytearray:
        self.asked.append(tries_left)
        return bytearray(self.pin.encode())

    def announce_pad(self, tries_left: int | None) -> None:
        self.asked.append(tries_left)

    def warn_of_lost_tries(self) -> None:
        self.warnings += 1


@pytest.fixture
def desk(soft_tokens: SoftTokens, tmp_path: Path) -> Iterator[KeyDesk]:
    yield KeyDesk(tokens=soft_tokens, authority=open_authority(), folder=tmp_path)
    soft_tokens.remove("usb")
    see_tokens_anew()


def found_on(label: str, keys: UsbKeys) -> Found:
    (found,) = [each for each in keys.certificates() if each.token == label]
    return found


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_an_approval_is_signed_as_the_bank_verifies_it(desk: KeyDesk, kind: str) -> None:
    rsa_key = rsa.generate_private_key(65537, 2048) if kind == "RSA" else None
    issued = desk.authority.issue(Wish(key=rsa_key))
    desk.plug_in(issued, "usb")
    keys = UsbKeys(MODULE, Typist())
    text = keys.sign_approval(found_on("usb", keys), read_statement(request(), START))
    signed = read_detached(text)
    assert signed.alg is (Algorithm.PS256 if kind == "RSA" else Algorithm.ES256)
    verify(signed, SignedType.APPROVAL, statement.canonical(envelope_of(FACTS).facts()), issued.der)
    with pytest.raises(SignatureRefused):
        verify(signed, SignedType.SIGN_IN, statement.canonical(envelope_of(FACTS).facts()), issued.der)


def test_a_sign_in_signs_origin_and_nonce(desk: KeyDesk) -> None:
    issued = desk.authority.issue()
    desk.plug_in(issued, "usb")
    keys = UsbKeys(MODULE, Typist())
    nonce = bytes(range(32))
    text = keys.sign_in(found_on("usb", keys), environment="test", origin="https://bank.test", nonce=nonce)
    verify(read_detached(text), SignedType.SIGN_IN, sign_in_payload("test", "https://bank.test", nonce), issued.der)


def test_each_signature_asks_for_the_pin_again(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(), "usb")
    typist = Typist()
    keys = UsbKeys(MODULE, typist)
    for _ in range(2):
        keys.sign_approval(found_on("usb", keys), read_statement(request(), START))
    assert typist.asked == [None, None]


def test_a_wrong_pin_signs_nothing_and_the_right_one_does_after_a_warning(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(), "usb")
    typist = Typist(pin="000000")
    keys = UsbKeys(MODULE, typist)
    found = found_on("usb", keys)
    with pytest.raises(KeyPinWrong):
        keys.sign_approval(found, read_statement(request(), START))
    assert typist.warnings == 0
    typist.pin = PIN
    for _ in range(2):
        assert keys.sign_approval(found, read_statement(request(), START))
    assert typist.warnings == 1  # the right one made good for it


def test_a_locked_pin_is_told_before_it_is_asked(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(), "usb")
    set_flag(desk.tokens, TokenFlag.USER_PIN_LOCKED)
    see_tokens_anew()
    typist = Typist()
    keys = UsbKeys(MODULE, typist)
    with pytest.raises(KeyPinLocked):
        keys.sign_approval(found_on("usb", keys), read_statement(request(), START))
    assert typist.asked == []


def test_the_last_pin_try_is_taken_only_by_who_insists(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(), "usb")
    set_flag(desk.tokens, TokenFlag.USER_PIN_FINAL_TRY)
    see_tokens_anew()
    typist = Typist()
    keys = UsbKeys(MODULE, typist)
    with pytest.raises(KeyLastTryLeft):
        keys.sign_approval(found_on("usb", keys), read_statement(request(), START))
    assert UsbKeys(MODULE, typist, insists=True).sign_approval(found_on("usb", keys), read_statement(request(), START))
    assert typist.asked == [1]


def test_a_certificate_without_its_key_is_seen_and_never_signs(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(), "usb", with_key=False)
    keys = UsbKeys(MODULE, Typist())
    found = found_on("usb", keys)
    assert unfit(found, CertificateUse.APPROVAL, START) is Unfit.NO_KEY
    with pytest.raises(CertificateWithoutKey):
        keys.sign_approval(found, read_statement(request(), START))


def test_a_key_of_another_kind_signs_nothing(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(Wish(key=ec.generate_private_key(ec.SECP384R1()))), "usb")
    keys = UsbKeys(MODULE, Typist())
    with pytest.raises(KeyNotUsable):
        keys.sign_approval(found_on("usb", keys), read_statement(request(), START))


def test_a_key_pulled_out_is_told(desk: KeyDesk) -> None:
    issued = desk.authority.issue()
    desk.plug_in(issued, "usb")
    keys = UsbKeys(MODULE, Typist())
    gone = replace(found_on("usb", keys), der=desk.authority.issue().der)
    with pytest.raises(NoToken):
        keys.sign_approval(gone, read_statement(request(), START))


def test_no_module_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModuleUnusable):
        UsbKeys(tmp_path / "none.so", Typist())


@pytest.mark.parametrize(
    ("wish", "use", "reason"),
    [
        (Wish(), CertificateUse.APPROVAL, None),
        (Wish(), CertificateUse.SIGN_IN, None),
        (Wish(content_commitment=False), CertificateUse.APPROVAL, Unfit.WRONG_USAGE),
        (Wish(digital_signature=False), CertificateUse.SIGN_IN, Unfit.WRONG_USAGE),
        (Wish(has_key_usage=False), CertificateUse.APPROVAL, Unfit.WRONG_USAGE),
        (Wish(not_after=START), CertificateUse.APPROVAL, Unfit.EXPIRED),
        (Wish(not_before=START + timedelta(days=1)), CertificateUse.APPROVAL, Unfit.NOT_YET_VALID),
    ],
)
def test_what_a_certificate_can_serve_for(wish: Wish, use: CertificateUse, reason: Unfit | None) -> None:
    found = Found(der=open_authority().issue(wish).der, key_id=b"\x01", token="usb", has_key=True)  # noqa: S106  # a label
    assert unfit(found, use, START) is reason


def test_whose_a_certificate_is(desk_free: Found) -> None:
    whose = named(desk_free)
    assert whose is not None
    assert (whose.person, whose.issuer) == ("Camille Durand", "AC Test")
    assert whose.company == "Menuiserie Durand NTRFR-732829320"


@pytest.fixture
def desk_free() -> Found:
    return Found(der=open_authority().issue().der, key_id=b"\x01", token="usb", has_key=True)  # noqa: S106  # a label


@given(st.binary(max_size=200))
def test_any_bytes_are_an_unreadable_certificate(content: bytes) -> None:
    found = Found(der=content, key_id=b"", token="usb", has_key=True)  # noqa: S106  # a label
    assert unfit(found, CertificateUse.APPROVAL, START) is Unfit.UNREADABLE
    assert named(found) is None


# --- as a person types it ---------------------------------------------------------------------------------


def run(desk: KeyDesk, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "card_bridge", *words, "--module", str(MODULE)]
    environment = {**desk.tokens.environment, "LC_ALL": "fr_FR.UTF-8", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(  # noqa: S603  # this Python
        line, input=typed, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_command_shows_the_statement_and_prints_the_signature(desk: KeyDesk) -> None:
    today = datetime.fromtimestamp(time.time(), UTC)  # the command judges by this PC's clock
    issued = desk.authority.issue(Wish(not_before=today - timedelta(days=1), not_after=today + timedelta(days=1)))
    desk.plug_in(issued, "usb")
    file = desk.folder / "request.json"
    envelope = envelope_of(FACTS, today + timedelta(hours=1)).facts()
    file.write_bytes(msgspec.json.encode({"kind": "chequebook", "facts": FACTS, "envelope": envelope}))
    ended = run(desk, "approve", "--statement", str(file), typed=f"{PIN}\n")
    assert ended.returncode == 0, ended.stderr
    assert "FR76 3000 6000" in ended.stderr
    assert PIN not in ended.stdout + ended.stderr
    verify(read_detached(ended.stdout.strip()), SignedType.APPROVAL, statement.canonical(envelope), issued.der)


@pytest.mark.parametrize(("typed", "is_signed"), [("1", True), ("2", True), ("3", False), ("", False)])
def test_who_has_several_certificates_chooses_one(desk: KeyDesk, typed: str, *, is_signed: bool) -> None:
    today = datetime.fromtimestamp(time.time(), UTC)
    wish = Wish(not_before=today - timedelta(days=1), not_after=today + timedelta(days=1))
    issued = desk.authority.issue(wish), desk.authority.issue(replace(wish, given_name="Dominique"))
    desk.plug_in(issued[0], "usb")
    desk.put_on("usb", issued[1], number="02")
    file = desk.folder / "request.json"
    envelope = envelope_of(FACTS, today + timedelta(hours=1)).facts()
    file.write_bytes(msgspec.json.encode({"kind": "chequebook", "facts": FACTS, "envelope": envelope}))
    ended = run(desk, "approve", "--statement", str(file), typed=f"{typed}\n{PIN}\n")
    assert ended.returncode == (0 if is_signed else 1), ended.stderr
    if is_signed:
        person = re.search(rf"{typed} - le certificat de (\w+)", ended.stderr)
        assert person is not None
        signer = issued[0] if person[1] == "Camille" else issued[1]
        verify(read_detached(ended.stdout.strip()), SignedType.APPROVAL, statement.canonical(envelope), signer.der)
    else:
        assert (ended.stdout, "[certificate_not_chosen]" in ended.stderr) == ("", True)


def test_the_command_says_whose_certificates_there_are_and_what_for(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(Wish(not_after=START - timedelta(days=1))), "usb")
    said = run(desk, "certificates").stdout
    assert "Camille Durand, Menuiserie Durand NTRFR-732829320" in said
    assert "approuver : expiré" in said


def test_the_command_refuses_when_nothing_fits(desk: KeyDesk) -> None:
    desk.plug_in(desk.authority.issue(Wish(not_after=START - timedelta(days=1))), "usb")
    file = desk.folder / "request.json"
    later = datetime.fromtimestamp(time.time(), UTC) + timedelta(hours=1)
    envelope = envelope_of(FACTS, later).facts()
    file.write_bytes(msgspec.json.encode({"kind": "chequebook", "facts": FACTS, "envelope": envelope}))
    ended = run(desk, "approve", "--statement", str(file), typed=f"{PIN}\n")
    assert ended.returncode == 1
    assert "[no_certificate_fit]" in ended.stderr


# --- what is to be signed ---------------------------------------------------------------------------------


def test_the_statement_is_written_out_from_the_facts() -> None:
    written = read_statement(request(), START)
    assert written.text.title
    assert any("FR76 3000" in line.value for line in written.text.lines)
    assert written.fingerprint == statement.fingerprint(statement.digest(FACTS))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (request({**FACTS, "number": 3}), StatementAltered),
        (request(statement="00" * 32), StatementAltered),
        (request(kind="mortgage"), OperationUnknown),
        (request(template=2), TemplateUnknown),
        (request(purpose="sign_in"), PurposeForeign),
        (request(expires=0), EnvelopeExpired),
        (request(language="de"), StatementUnreadable),
        (request(hash="00" * 32), StatementUnreadable),
        (b'{"digest": "00"}', StatementUnreadable),
    ],
)
def test_what_is_not_signed(content: bytes, refusal: type[StatementRefusal]) -> None:
    with pytest.raises(refusal):
        read_statement(content, START)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_statement(content: bytes) -> None:
    with pytest.raises(BridgeRefusal):
        read_statement(content, START)
