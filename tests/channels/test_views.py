from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from approvals import statement
from approvals.desk.inbox import Delivery
from approvals.model.action import ActionStatus
from approvals.model.card import CardKind
from approvals.model.challenge import ChallengeStatus
from approvals.model.ids import ActionId, DeviceId, UploadId, UserId
from approvals.model.inbox import Event, EventKind, News
from approvals.model.json import Facts
from approvals.model.person import Language
from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from approvals.model.sheet import ActionSheet
from channels.frames.content import ActionContent, ReaderContent
from channels.frames.from_server import write_frame
from channels.views.actions import core_content, signer_content
from channels.views.events import full_event, opaque_event
from channels.views.people import device_content, login_content
from channels.views.times import milliseconds
from tests.builders import NOW, TOMORROW, make_device, make_login
from tests.channels.sheets import (
    BENEFICIARY,
    CHEQUEBOOK,
    PAYEE_IBAN,
    REMITTANCE,
    SIGNER,
    CodesOfEight,
    expiring,
    initiated_by,
    make_sheet,
)

ENGLISH = replace(SIGNER, language=Language.EN)


def shown(sheet: ActionSheet, *, in_english: bool = False) -> ActionContent:
    return signer_content(sheet, ENGLISH if in_english else SIGNER, CodesOfEight(), NOW)


def reader(kind: str, facts: Facts, asked: ReaderInput, *, in_english: bool = False) -> ReaderContent:
    challenge = shown(make_sheet(kind, facts, asked), in_english=in_english).challenge
    assert challenge is not None
    assert challenge.reader is not None
    return challenge.reader


def test_a_signer_reads_the_statement_in_their_language() -> None:
    french, english = shown(make_sheet()), shown(make_sheet(), in_english=True)
    assert [line.label for line in french.statement.lines] == ["Opération", "Titulaire", "IBAN"]
    assert english.statement.lines[0].value == "addition"
    assert french.statement.sha256 == english.statement.sha256


def test_the_facts_are_the_very_bytes_the_digest_is_of() -> None:
    content = shown(make_sheet())
    assert bytes(content.statement.facts) == statement.canonical(BENEFICIARY)
    assert content.statement.sha256 == statement.digest(BENEFICIARY)
    assert b'"facts":' + statement.canonical(BENEFICIARY) in msgspec.json.encode(content)


def test_a_signer_sees_every_signer_and_their_own_challenge() -> None:
    content = shown(make_sheet())
    assert [signature.signer.name for signature in content.signatures] == ["Person usr_1", "Person usr_2"]
    assert content.challenge is not None
    assert content.challenge.id == "chl_act_1_usr_1"


def test_the_core_sees_numbers_and_no_name_and_nothing_to_type() -> None:
    content = core_content(initiated_by(make_sheet(), "usr_2"), Language.FR, NOW)
    assert content.challenge is None
    assert b"Person" not in msgspec.json.encode(content)
    assert content.initiator is not None
    assert content.initiator.number == "2"


def test_an_initiator_nobody_named_is_null() -> None:
    assert shown(make_sheet()).initiator is None


def test_a_file_s_action_says_where_file_and_payees_are() -> None:
    sheet = make_sheet("remittance", REMITTANCE)
    with_file = replace(sheet, action=replace(sheet.action, upload_id=UploadId("upl_1")))
    content = shown(with_file)
    assert (content.payload_url, content.payees_url) == ("/v1/actions/act_1/payload", "/v1/actions/act_1/payees")
    assert shown(sheet).payload_url is None


def test_what_is_past_its_time_is_shown_expired_before_anybody_swept_it() -> None:
    content = shown(expiring(make_sheet(), NOW))
    assert content.status is ActionStatus.EXPIRED
    assert content.reason == "expired"
    assert content.challenge is not None
    assert content.challenge.status is ChallengeStatus.EXPIRED
    assert content.challenge.reader is None
    assert {signature.status for signature in content.signatures} == {ChallengeStatus.EXPIRED}


def test_what_is_still_in_time_is_shown_open() -> None:
    content = shown(expiring(make_sheet(), NOW + timedelta(milliseconds=1)))
    assert content.status is ActionStatus.PENDING
    assert content.challenge is not None
    assert content.challenge.reader is not None


@pytest.mark.parametrize("status", [status for status in ChallengeStatus if status is not ChallengeStatus.OPEN])
def test_only_an_open_challenge_has_something_to_type(status: ChallengeStatus) -> None:
    sheet = make_sheet()
    own = replace(sheet.challenges[0], status=status)
    challenge = shown(replace(sheet, challenges=(own, sheet.challenges[1]))).challenge
    assert challenge is not None
    assert challenge.reader is None


# --- the reader's steps ------------------------------------------------------------------------------------


def test_the_code_key_asks_nothing_to_be_typed_but_the_pin() -> None:
    assert reader("chequebook", CHEQUEBOOK, CODE_KEY).steps == [
        "Insérez dans le lecteur votre carte Sécur@ccès se terminant par 0119, puce vers vous.",
        "Appuyez sur la touche CODE.",
        "Composez le code secret de la carte et validez.",
        "Recopiez ici les 8 chiffres affichés par le lecteur.",
    ]


def test_the_digits_of_one_payee_are_said_to_be_theirs() -> None:
    asked = ReaderInput(mode=CapMode.RESPOND, digits="2" + "1302606")
    assert PAYEE_IBAN.endswith("13M02606")
    steps = reader("beneficiary", BENEFICIARY, asked, in_english=True).steps
    assert steps[1] == "Press the SIGN key."
    assert steps[3] == (
        "Type 21302606 and confirm: 2 stands for this kind of operation, 1302606 are the last 7 digits of the "
        "payee's account, to be compared with your invoice."
    )


def test_digits_that_only_a_computer_can_check_are_never_said_to_be_the_payee_s() -> None:
    asked = ReaderInput(mode=CapMode.RESPOND, digits="29999999")
    assert "are computed over all that is in it" in reader("beneficiary", BENEFICIARY, asked, in_english=True).steps[3]


@pytest.mark.parametrize(("in_english", "amount"), [(False, "1234,50"), (True, "1234.50")])
def test_an_amount_is_typed_in_the_currency_s_main_unit(*, in_english: bool, amount: str) -> None:
    asked = ReaderInput(mode=CapMode.SIGN, digits="31302606", amount=123450)
    steps = reader("remittance", REMITTANCE, asked, in_english=in_english).steps
    assert amount in steps[4]
    assert len(steps) == 6


def test_transaction_data_is_typed_amount_first() -> None:
    asked = ReaderInput(mode=CapMode.TDS, fields=("123450", "31302606"))
    steps = reader("remittance", REMITTANCE, asked, in_english=True).steps
    assert steps[3].startswith("Type 123450 and confirm: the total amount")
    assert steps[4].startswith("Type 31302606")


def test_a_professional_card_is_called_what_it_is() -> None:
    sheet = make_sheet(asked=CODE_KEY)
    cards = {card_id: replace(card, kind=CardKind.PROFESSIONAL) for card_id, card in sheet.cards.items()}
    challenge = shown(replace(sheet, cards=cards)).challenge
    assert challenge is not None
    assert challenge.reader is not None
    assert "carte bancaire professionnelle" in challenge.reader.steps[0]


# --- events, at two levels ---------------------------------------------------------------------------------


def an_event(kind: EventKind = EventKind.CHALLENGE_OPENED) -> Event:
    return Event(s=1, at=NOW, news=News(user_id=UserId("usr_1"), kind=kind, action_id=ActionId("act_1")))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", EventKind)
def test_a_locked_screen_learns_a_kind_and_an_id_and_no_content(kind: EventKind, language: Language) -> None:
    frame = opaque_event(an_event(kind), language)
    assert frame.id == "act_1"
    assert frame.words
    for secret in ("Le Goff", PAYEE_IBAN, "beneficiary", "Person"):
        assert secret not in write_frame(frame).decode()


def test_a_signed_in_person_gets_the_action_with_the_event() -> None:
    delivery = Delivery(event=an_event(), sheet=make_sheet())
    frame = full_event(delivery, SIGNER, CodesOfEight(), NOW)
    assert frame.action is not None
    assert frame.action.statement.lines[1].value == "Menuiserie Le Goff"


def test_an_event_about_no_action_names_the_device_or_nothing() -> None:
    news = News(user_id=UserId("usr_1"), kind=EventKind.DEVICE_ENROLLED, device_id=DeviceId("dev_1"))
    assert opaque_event(Event(s=1, at=NOW, news=news), Language.FR).id == "dev_1"
    locked = News(user_id=UserId("usr_1"), kind=EventKind.CARD_LOCKED)
    assert opaque_event(Event(s=1, at=NOW, news=locked), Language.FR).id is None


def test_times_are_whole_milliseconds_rounded_down() -> None:
    assert milliseconds(NOW.replace(microsecond=1999)) - milliseconds(NOW) == 1
    assert milliseconds(TOMORROW) - milliseconds(NOW) == 86_400_000


def test_a_login_is_shown_with_the_end_it_has_unless_the_person_acts() -> None:
    login = make_login("lgn_1", "usr_1")
    assert login_content(login).expires == milliseconds(login.last_act_at + timedelta(minutes=5))
    assert device_content(make_device("dev_1", "usr_1")).revoked is None
