"""A real file of evidence, in the hands of somebody who wants it to say something else."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from approvals.evidence.file import EVIDENCE_TYPE, EvidenceForm, read_file, signed_bytes, write_file
from approvals.evidence.file_check import FileReport, Trust, check_file
from approvals.evidence.refusals import EvidenceInvalid
from approvals.evidence.signatures import read_key_set
from approvals.keys.audit_signer import AuditSigner, make_audit_key
from approvals.keys.release_signer import ReleaseSigner, make_release_key
from approvals.model.ids import ActionId
from approvals.model.seal import SignedHead
from approvals.store.book import SqlBook
from tests.fakes import START
from tests.house import TWO_TOGETHER, House, mine
from tests.joined_desks import Parts
from tests.migrated import open_migrated
from tests.sealing import KEYRING, Sealer

Edit = Callable[[Any], None]


class Case:
    """A file, those who signed it, what was outside when it was made; and the house's own pen."""

    content: bytes
    later: bytes
    signer: AuditSigner
    release_signer: ReleaseSigner
    heads: list[SignedHead]

    @property
    def trust(self) -> Trust:
        return Trust(
            audit_keys=read_key_set(self.signer.published_keys()),
            release_keys=read_key_set(self.release_signer.published_keys()),
            heads=self.heads,
        )

    def check(self, content: bytes) -> FileReport:
        return check_file(content, self.trust)

    def resigned(self, edit: Edit, signer: AuditSigner | None = None) -> bytes:
        """The file with something else in it, signed as the house signs."""
        evidence = msgspec.to_builtins(read_file(self.content).evidence)
        edit(evidence)
        form = msgspec.convert(evidence, EvidenceForm)
        return write_file(form, (signer or self.signer).sign_detached(EVIDENCE_TYPE, signed_bytes(form)))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return asyncio.run(_make(tmp_path_factory.mktemp("evidence")))


async def _make(folder: Path) -> Case:
    """Anne types a wrong code and a right one, Bruno a right one; the sealer comes by before and after."""
    database = await open_migrated(folder / "house.db")
    house = House(Parts(book=SqlBook(database), folder=folder))
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sealer = Sealer(book=house.book, clock=house.clock, signer=house.audit_signer)
    sheet = await house.hold()
    await sealer.desk.run()
    for person in (anne, bruno):
        challenge = mine(sheet, person)
        assert challenge.reader_input is not None
        login = (await house.sign_in(person)).login
        if person is anne:
            await house.answers.answer(login.id, challenge.id, anne.wrong(challenge.reader_input))
        house.clock.advance(seconds=5)
        await house.answers.answer(login.id, challenge.id, person.answer(challenge.reader_input))
    await sealer.desk.run()
    case = Case()
    case.signer, case.release_signer, case.heads = house.audit_signer, house.signer, list(sealer.shelf.heads)
    case.content = await house.evidence.of_action(sheet.id)
    case.later = await _of_a_later_head(house, sealer)
    await database.close()
    return case


async def _of_a_later_head(house: House, sealer: Sealer) -> bytes:
    house.clock.advance(minutes=1)
    sheet = await house.hold("chequebook", {**_CHEQUEBOOK})
    await sealer.desk.run()
    return await house.evidence.of_action(ActionId(sheet.id))


_CHEQUEBOOK: dict[str, str | int] = {
    "account": "FR7630006000011234567890189",
    "book": "desk",
    "number": 1,
    "delivery": "branch",
}


def test_a_file_says_what_is_proved_and_who_asserts_it(case: Case) -> None:
    report = case.check(case.content)
    assert (report.unsealed, report.erased) == (0, 0)
    said = {proved.what: proved.asserted_by for proved in report.proved}
    proofs = [what for what in said if what.startswith("proof ")]
    assert len(proofs) == 3
    assert {said[what] for what in proofs} == {"the bank"}
    (right, *_) = [what for what in proofs if "was right" in what]
    for named in ("card crd_", "issuer_key test/1", "mode respond", "digits_asked ", "atc ", "atc_before "):
        assert named in right
    assert any(what.startswith("2 signatures released payload ") for what in said)
    assert any("under the head of" in what for what in said)
    assert said[next(what for what in said if "among the heads you keep" in what)] == "your own copy"


def test_a_flip_of_any_byte_is_refused(case: Case) -> None:
    assert len(case.content) > 8000
    for position in range(len(case.content)):
        altered = bytearray(case.content)
        altered[position] ^= 1 << position % 8
        with pytest.raises(EvidenceInvalid):
            case.check(bytes(altered))


@pytest.mark.parametrize("mark", list('{}[]":,0'))
def test_any_mark_of_its_structure_put_in_or_taken_out_is_refused(case: Case, mark: str) -> None:
    places = [n for n, byte in enumerate(case.content) if byte == ord(mark)]
    for place in places:
        for altered in (
            case.content[:place] + case.content[place + 1 :],
            case.content[:place] + mark.encode() + case.content[place:],
            case.content[:place] + b" " + case.content[place:],
        ):
            with pytest.raises(EvidenceInvalid):
                case.check(altered)


@pytest.mark.parametrize("edge", [b"\n", b" ", b"\x00", b"\xef\xbb\xbf"])
def test_bytes_before_or_behind_are_refused(case: Case, edge: bytes) -> None:
    for altered in (edge + case.content, case.content + edge, b"", case.content[:-1]):
        with pytest.raises(EvidenceInvalid):
            case.check(altered)


def test_the_same_file_written_another_way_is_refused(case: Case) -> None:
    read = json.loads(case.content)
    for altered in (
        json.dumps(read).encode(),
        json.dumps(read, indent=1).encode(),
        json.dumps(dict(reversed(read.items())), separators=(",", ":"), ensure_ascii=False).encode(),
        case.content.replace(b'"signature":"', b'"signature":"","signature":"', 1),
    ):
        with pytest.raises(EvidenceInvalid):
            case.check(altered)


def test_the_same_signature_in_other_base64_is_refused(case: Case) -> None:
    """The last character of 64 bytes holds four bits that say nothing: sixteen ways to write the same."""
    read = json.loads(case.content)
    signature: str = read["signature"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spared = letters.index(signature[-1]) ^ 1
    altered = signature[:-1] + letters[spared]
    same = [base64.urlsafe_b64decode(f"{each.rpartition('.')[2]}==") for each in (signature, altered)]
    assert same[0] == same[1]
    with pytest.raises(EvidenceInvalid):
        case.check(case.content.replace(signature.encode(), altered.encode()))


def test_the_same_file_signed_again_by_another_key_is_refused(case: Case) -> None:
    other = AuditSigner(KEYRING, [make_audit_key(KEYRING, START)])
    with pytest.raises(EvidenceInvalid, match="not pinned"):
        case.check(case.resigned(lambda _: None, other))
    with pytest.raises(EvidenceInvalid, match="not pinned"):
        check_file(case.content, replace(case.trust, audit_keys=read_key_set(other.published_keys())))
    key = ReleaseSigner(KEYRING, [make_release_key(KEYRING, START)])
    with pytest.raises(EvidenceInvalid, match="not pinned"):
        check_file(case.content, replace(case.trust, release_keys=read_key_set(key.published_keys())))


def test_a_signature_made_for_something_else_is_refused(case: Case) -> None:
    evidence = read_file(case.content).evidence
    for media_type in ("contreseing-head", "contreseing-release+jwt"):
        forged = write_file(evidence, case.signer.sign_detached(media_type, signed_bytes(evidence)))
        with pytest.raises(EvidenceInvalid, match="something else"):
            case.check(forged)


LIES: dict[str, Edit] = {
    "another payee": lambda file: file["action"]["statement"].update(name="Quelqu'un"),
    "another statement, digested": lambda file: file["action"].update(statement_sha256="0" * 64),
    "a policy of one": lambda file: file["action"]["policy"].update(clauses=[{"count": 1, "group": None}]),
    "another payload": lambda file: file["action"].update(payload_sha256="0" * 64),
    "another verdict": lambda file: file["signers"][0]["proofs"][0]["verdict"].update(reason="another"),
    "another card": lambda file: file["signers"][0]["proofs"][0].update(card="crd_9"),
    "a proof left out": lambda file: file["signers"][1].update(proofs=[]),
    "a proof of somebody else": lambda file: file["signers"][0]["proofs"].append(file["signers"][1]["proofs"][0]),
    "an envelope in another language": lambda file: file["signers"][0]["envelope"].update(language="en"),
    "a signer who never signed": lambda file: file["signers"][0].update(status="refused"),
    "a row left out": lambda file: file["audit"].pop(1),
    "a row twice": lambda file: file["audit"].append(file["audit"][-1]),
    "a row's actor": lambda file: file["audit"][0]["row"].update(actor="system"),
    "a row's value": lambda file: file["audit"][0]["value"].update(initiator="usr_9"),
    "a row's salt": lambda file: file["audit"][0].update(salt="0" * 64),
    "a row's place": lambda file: file["audit"][0].update(leaf=file["audit"][0]["leaf"] + 1),
    "a row's path": lambda file: file["audit"][0]["inclusion"].pop(),
    "a head of another root": lambda file: file["seal"]["signed"]["head"].update(root="0" * 64),
    "no head": lambda file: file.update(seal=None),
    "another release token": lambda file: file["release"].update(token=file["release"]["token"][:-2] + "AA"),
    "another environment": lambda file: file["house"].update(environment="production"),
    "another format": lambda file: file.update(format="contreseing-evidence/0"),
}


@pytest.mark.parametrize("lie", LIES)
def test_even_the_houses_own_key_cannot_make_the_file_contradict_itself(case: Case, lie: str) -> None:
    case.check(case.resigned(lambda _: None))
    with pytest.raises(EvidenceInvalid):
        case.check(case.resigned(LIES[lie]))


def test_a_head_that_the_auditors_copy_lacks_is_refused_unless_it_is_newer(case: Case) -> None:
    assert not any("you keep" in proved.what for proved in case.check(case.later).proved)
    older = replace(case.trust, heads=case.heads[:-1])
    assert check_file(case.content, older).unsealed == 0
    later = [signed for signed in case.heads if signed.head.size != case.heads[-1].head.size]
    last = case.heads[-1].head
    grown = replace(case.heads[-1], head=replace(last, at=last.at + timedelta(days=1)))
    with pytest.raises(EvidenceInvalid, match="none of those you keep"):
        check_file(case.content, replace(case.trust, heads=[*later, grown]))


def test_an_erased_value_leaves_a_file_that_holds(case: Case) -> None:
    def erase(file: Any) -> None:  # noqa: ANN401  # JSON
        file["audit"][2].update(value=None, salt=None, erased_by="aud_1")

    report = case.check(case.resigned(erase))
    assert (report.erased, report.unsealed) == (1, 0)


def test_what_is_no_evidence_is_refused(case: Case) -> None:
    for content in (b"", b"{}", b"[]", b"null", b'{"evidence":{},"signature":""}', b"\xff", b"[" * 100_000):
        with pytest.raises(EvidenceInvalid):
            case.check(content)
