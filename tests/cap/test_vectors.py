"""Every published known answer, through our own functions."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec
import pytest

from approvals.cap.cryptogram import terminal_values
from approvals.cap.des import Padding, retail_mac
from approvals.cap.keys import (
    CardKeyOption,
    KeyTree,
    SessionKey,
    common_session_key,
    derive_card_key,
    derive_session_key,
)
from approvals.cap.profile import Application, CapProfile
from approvals.cap.tables import read_data_object_list
from approvals.cap.token import CardResponse, TokenLayout, code_of, sign_transaction_data
from approvals.model.reader import CapMode, ReaderInput

NO_NUMBER: Final = bytes(4)


class Vector(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One known answer; its kind says which."""

    id: str


class OptionA(Vector, frozen=True, kw_only=True, tag="udk_option_a"):
    """A card key by EMV option A."""

    imk: str
    pan: str
    psn: str
    expect: str


class OptionB(Vector, frozen=True, kw_only=True, tag="udk_option_b"):
    """A card key by EMV option B."""

    imk: str
    pan: str
    psn: str
    expect: str


class CommonKey(Vector, frozen=True, kw_only=True, tag="session_key_emv_csk"):
    """A session key by the EMV common derivation."""

    icc_mk: str
    r: str
    expect: str


class TreeKey(Vector, frozen=True, kw_only=True, tag="session_key_emv2000_tree"):
    """A session key from the EMV2000 tree."""

    icc_mk: str
    atc: str
    b: int
    h: int
    expect: str


class Mac(Vector, frozen=True, kw_only=True, tag="ac"):
    """A cryptogram from its session key."""

    sk: str
    data: str
    padding: Padding
    expect: str


class Arqc(Vector, frozen=True, kw_only=True, tag="issuer_arqc_end_to_end"):
    """A cryptogram from the issuer key."""

    imk_ac: str
    pan: str
    psn: str
    udk: Literal["Option A"]
    session_derivation: str
    padding_method: Padding
    inputs: dict[str, str]
    ac_data: str
    expect: str


class CalculatorInputs(msgspec.Struct, frozen=True, rename="camel"):
    """What a public calculator was given."""

    master_key: str
    atc: str
    branch_factor: int
    height: int
    cdol1: str
    issuer_proprietary_bitmap: str
    challenge: str
    reference: str
    amount: str
    issuer_application_data: str


class CalculatorInput(msgspec.Struct, frozen=True):
    """What the terminal sent, and what the card added."""

    terminal: str
    icc: str


class CalculatorCode(msgspec.Struct, frozen=True):
    """The digits it showed, not padded."""

    decimal: str


class CalculatorAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """Its steps and its end."""

    session_key: str
    generate_ac_input: CalculatorInput
    generate_ac_result: str
    otp: CalculatorCode


class Calculator(Vector, frozen=True, kw_only=True, tag="cap_token_from_card_key"):
    """A code from the card key."""

    mode: Literal["IDENTIFY", "RESPOND", "SIGN"]
    inputs: CalculatorInputs
    expect: CalculatorAnswer


class Response(Vector, frozen=True, kw_only=True, tag="card_response_to_token"):
    """A code from a card's answer, some with the whole conversation."""

    ipb: str
    iaf: str = "00"
    psn: str | None
    expect: str
    mode: Literal["M1", "M2"] = "M1"
    user_data: str = ""
    cid: str = ""
    atc: str = ""
    ac: str = ""
    iad: str = ""
    gen_ac_capdu: str = ""
    transcript: dict[str, str] = {}
    response_cid_atc_ac_iad: str = ""


AnyVector = OptionA | OptionB | CommonKey | TreeKey | Mac | Arqc | Calculator | Response
Kind = TypeVar("Kind", bound=Vector)


class Vectors(msgspec.Struct, frozen=True):
    """The file."""

    vectors: list[AnyVector]


VECTORS: Final = msgspec.json.decode(
    (Path(__file__).parents[1] / "vectors" / "cap.json").read_bytes(), type=Vectors
).vectors
SESSION_KEYS: Final = {
    "none (card key used directly)": SessionKey.CARD_KEY,
    "EMV CSK R=ATC||000000000000": SessionKey.EMV_COMMON,
    "Mastercard SKD R=ATC||0000||UN": SessionKey.MASTERCARD,
}


def of(kind: type[Kind]) -> list[Kind]:
    return [vector for vector in VECTORS if isinstance(vector, kind)]


def name(vector: Vector) -> str:
    return vector.id


def test_no_vector_is_left_out() -> None:
    """Each kind below has its test; a vector of another kind would not have been read."""
    counts = Counter(type(vector) for vector in VECTORS)
    expected = {OptionA: 2, OptionB: 1, CommonKey: 1, TreeKey: 1, Mac: 1, Arqc: 8, Calculator: 5, Response: 6}
    assert counts == expected
    assert len({vector.id for vector in VECTORS}) == 25


@pytest.mark.parametrize("vector", of(OptionA), ids=name)
def test_the_card_key_of_option_a(vector: OptionA) -> None:
    key = derive_card_key(CardKeyOption.A, bytes.fromhex(vector.imk), vector.pan, vector.psn)
    assert key == bytes.fromhex(vector.expect)


@pytest.mark.parametrize("vector", of(OptionB), ids=name)
def test_the_card_key_of_option_b(vector: OptionB) -> None:
    key = derive_card_key(CardKeyOption.B, bytes.fromhex(vector.imk), vector.pan, vector.psn)
    assert key == bytes.fromhex(vector.expect)


@pytest.mark.parametrize("vector", of(CommonKey), ids=name)
def test_the_common_session_key(vector: CommonKey) -> None:
    key = bytes.fromhex(vector.icc_mk)
    assert common_session_key(key, bytes.fromhex(vector.r)) == bytes.fromhex(vector.expect)
    derived = derive_session_key(SessionKey.EMV_COMMON, key, atc=0x1C, unpredictable_number=NO_NUMBER)
    assert derived == bytes.fromhex(vector.expect)


@pytest.mark.parametrize("vector", of(TreeKey), ids=name)
def test_the_session_key_of_the_tree(vector: TreeKey) -> None:
    tree, atc = KeyTree(branches=vector.b, height=vector.h), int(vector.atc, 16)
    key = derive_session_key(tree, bytes.fromhex(vector.icc_mk), atc=atc, unpredictable_number=NO_NUMBER)
    assert key == bytes.fromhex(vector.expect)


@pytest.mark.parametrize("vector", of(Mac), ids=name)
def test_the_mac_of_a_cryptogram(vector: Mac) -> None:
    mac = retail_mac(bytes.fromhex(vector.sk), bytes.fromhex(vector.data), vector.padding)
    assert mac == bytes.fromhex(vector.expect)


@pytest.mark.parametrize("vector", of(Arqc), ids=name)
def test_the_cryptogram_from_the_issuer_key(vector: Arqc) -> None:
    card_key = derive_card_key(CardKeyOption.A, bytes.fromhex(vector.imk_ac), vector.pan, vector.psn)
    session_key = derive_session_key(
        SESSION_KEYS[vector.session_derivation],
        card_key,
        atc=int(vector.inputs["tag_9f36"], 16),
        unpredictable_number=bytes.fromhex(vector.inputs["tag_9f37"]),
    )
    mac = retail_mac(session_key, bytes.fromhex(vector.ac_data), vector.padding_method)
    assert mac == bytes.fromhex(vector.expect)


def calculator_typed(vector: Calculator) -> ReaderInput:
    """What the calculator was given; over 8 digits it keeps the first 8, and SIGN types the reference."""
    match vector.mode:
        case "IDENTIFY":
            return ReaderInput(mode=CapMode.IDENTIFY)
        case "RESPOND":
            return ReaderInput(mode=CapMode.RESPOND, digits=vector.inputs.challenge[:8])
        case "SIGN":
            amount = int(vector.inputs.amount)
            return ReaderInput(mode=CapMode.SIGN, digits=vector.inputs.reference, amount=amount)


@pytest.mark.parametrize("vector", of(Calculator), ids=name)
def test_the_calculator_s_code_from_the_card_key(vector: Calculator, tree: CapProfile) -> None:
    inputs, expect, atc = vector.inputs, vector.expect, int(vector.inputs.atc, 16)
    profile = replace(tree, cdol1=read_data_object_list(bytes.fromhex(inputs.cdol1)))
    terminal = terminal_values(profile, calculator_typed(vector))
    assert terminal == bytes.fromhex(expect.generate_ac_input.terminal)
    key = derive_session_key(
        KeyTree(branches=inputs.branch_factor, height=inputs.height),
        bytes.fromhex(inputs.master_key),
        atc=atc,
        unpredictable_number=NO_NUMBER,
    )
    assert key == bytes.fromhex(expect.session_key)
    mac = retail_mac(key, terminal + bytes.fromhex(expect.generate_ac_input.icc), Padding.BIT)
    iad = bytes.fromhex(inputs.issuer_application_data)
    assert bytes([0x80]) + atc.to_bytes(2) + mac + iad == bytes.fromhex(expect.generate_ac_result)
    layout = TokenLayout(bitmap=bytes.fromhex(inputs.issuer_proprietary_bitmap), flags=0, code_length=8)
    response = CardResponse(psn="00", cid=0x80, atc=atc, cryptogram=mac, iad=iad)
    assert code_of(layout, response) == expect.otp.decimal.zfill(8)


def card_response(vector: Response) -> CardResponse:
    answer = bytes.fromhex(vector.response_cid_atc_ac_iad or vector.cid + vector.atc + vector.ac + vector.iad)
    atc = int.from_bytes(answer[1:3])
    return CardResponse(psn=vector.psn or "00", cid=answer[0], atc=atc, cryptogram=answer[3:11], iad=answer[11:])


@pytest.mark.parametrize("vector", of(Response), ids=name)
def test_the_code_from_a_real_card_s_answer(vector: Response) -> None:
    layout = TokenLayout(bitmap=bytes.fromhex(vector.ipb), flags=int(vector.iaf, 16), code_length=8)
    response = card_response(vector)
    if vector.mode == "M2":
        chained = sign_transaction_data(response.cryptogram, [vector.user_data])
        response = replace(response, cryptogram=chained)
    assert code_of(layout, response) == vector.expect.zfill(8)


def transcript_typed(vector: Response) -> ReaderInput:
    if vector.mode == "M2":
        return ReaderInput(mode=CapMode.TDS, fields=(vector.user_data,))
    if vector.user_data:
        return ReaderInput(mode=CapMode.RESPOND, digits=vector.user_data)
    return ReaderInput(mode=CapMode.IDENTIFY)


@pytest.mark.parametrize("vector", [vector for vector in of(Response) if vector.transcript], ids=name)
def test_what_the_reader_sends_is_what_the_transcript_shows(vector: Response, tds: CapProfile) -> None:
    found = re.search(r"8C(..)(9F02.*)", "".join(vector.transcript.values()))
    assert found is not None
    cdol1 = read_data_object_list(bytes.fromhex(found[2])[: int(found[1], 16)])
    is_dpa = "00A4040007A0000000038002" in vector.transcript
    profile = replace(tds, cdol1=cdol1, application=Application.DPA if is_dpa else Application.CAP)
    command = bytes.fromhex(vector.gen_ac_capdu)
    assert terminal_values(profile, transcript_typed(vector)) == command[5 : 5 + command[4]]
