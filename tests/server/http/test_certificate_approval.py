"""A certificate from its enrolment to a released action, over HTTP and the stream, its authority really asked.

Real parts throughout: the validator with its worker process, and an OCSP responder that answers each time anew.
"""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import rfc8785
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from joserfc.jwk import ECKey
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from approvals.certificates import signature
from approvals.certificates.signature import Algorithm, SignedType, sign_in_payload
from approvals.model.ids import ActionId
from approvals.model.json import Json
from approvals.store.book import SqlBook
from server.outside.revocation.fetching import Limits
from server.outside.revocation.validator import open_validator
from tests.certificate_keys import TokenKey, make_token_key
from tests.certified import BY_CERTIFICATE, name_house
from tests.channels import stream
from tests.holders import ANNE, accept, form, token
from tests.house import CLIENT, House, Person, release_of
from tests.joined_desks import Parts
from tests.revocation.authority_house import AuthorityHouse, running_authority
from tests.server.http.site import Site
from tests.server.spec import Answered, Api


@pytest.fixture
async def authority() -> AsyncIterator[AuthorityHouse]:
    async with running_authority() as running:
        yield running


@pytest.fixture
async def house(sqlite_book: SqlBook, tmp_path: Path) -> AsyncIterator[House]:
    async with open_validator(Limits()) as validator:
        yield House(Parts(book=sqlite_book, folder=tmp_path, validator=validator))


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    await name_house(house)
    return await house.found(BY_CERTIFICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Anne, signed in with the certificate she enrolled."""

    site: Site
    person: Person
    key: TokenKey
    api: Api

    async def ask(self) -> "Asked":
        """The core opens an action; read from her inbox which challenge is hers, and what is to be signed."""
        opened = await self.site.hold()
        shown = (await self.api.get("/v1/inbox")).items("actions")
        (action,) = [each for each in shown if each["id"] == opened.text("id")]
        challenge = action["challenge"]
        assert isinstance(challenge, dict)
        assert challenge["envelope"] is not None
        return Asked(
            holder=self,
            action=ActionId(opened.text("id")),
            challenge=str(challenge["id"]),
            envelope=rfc8785.dumps(challenge["envelope"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An action that waits for her, and the bytes her key is to sign."""

    holder: Holder
    action: ActionId
    challenge: str
    envelope: bytes

    def jws(self, signed_type: SignedType = SignedType.APPROVAL) -> str:
        return self.holder.key.jws(signed_type, self.envelope)

    def with_members(self, signer: TokenKey | None = None, **changed: object) -> str:
        """A JWS whose header says this besides or instead, with a signature that is right for it."""
        header = _encoded(json.dumps(members_of(self.holder.key) | changed).encode())
        content = signature.signing_input(header, self.envelope)
        return signature.assemble(header, (signer or self.holder.key).sign(Algorithm.ES256, content))

    async def answer(self, jws: str) -> Answered:
        path = f"/v1/challenges/{self.challenge}/answers"
        return await self.holder.api.post(path, {"method": "certificate", "jws": jws})

    async def is_released(self) -> bool:
        house = self.holder.site.house
        return await release_of(house, await house.sheet(self.action)) is not None

    async def refuses(self, jws: str) -> bool:
        """Whether it is refused as a wrong proof is, one attempt spent, and nothing goes."""
        answered = await self.answer(jws)
        told = {"answer": "proof_refused", "attempts_left": 2, "warning": None}
        return (answered.status, answered.body) == (200, told) and not await self.is_released()


def members_of(key: TokenKey) -> dict[str, object]:
    encoded = signature.header(key.certificate, Algorithm.ES256, SignedType.APPROVAL)
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(encoded + "=="))
    return found


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


async def sign_in(site: Site, person: Person, key: TokenKey) -> Answered:
    """Sign a nonce given for this person."""
    claimed = {"client_identifier": CLIENT, "user_number": person.user.number}
    nonce = (await site.nobody.post("/v1/sessions/certificate/nonces", claimed)).text("nonce")
    payload = sign_in_payload("test", site.house.terms.origin, base64.urlsafe_b64decode(nonce + "="))
    jws = key.jws(SignedType.SIGN_IN, payload)
    return await site.nobody.post("/v1/sessions/certificate", {**claimed, "nonce": nonce, "jws": jws})


@pytest.fixture
async def holder(site: Site, people: tuple[Person, ...], authority: AuthorityHouse) -> Holder:
    await accept(site.house, authority.authority, ocsp_url=authority.ocsp_url, has_nonce=True)
    issued = authority.issue(authority.authority.issue(ANNE))
    with_card = await site.sign_in(people[0], with_card=True)
    enrolled = await with_card.post("/v1/certificates", await form(site.house, issued))
    assert (enrolled.status, enrolled.body["status"]) == (201, "active")
    signed_in = await sign_in(site, people[0], token(issued))
    assert signed_in.node("login")["factors"] == ["certificate"]
    api = site.nobody.having(signed_in.text("token"))
    return Holder(site=site, person=people[0], key=token(issued), api=api)


async def test_an_action_is_approved_with_the_certificate_that_signed_in(
    holder: Holder, authority: AuthorityHouse
) -> None:
    asked, before = await holder.ask(), authority.asked
    answered = await asked.answer(asked.jws())
    assert (answered.status, answered.body["answer"]) == (200, "accepted")
    assert await asked.is_released()
    assert authority.asked == before + 1


async def test_the_same_signature_goes_over_the_stream(holder: Holder) -> None:
    phone, asked = await stream.enrol(holder.site.house, holder.person), await holder.ask()
    proof: dict[str, Json] = {"method": "certificate", "jws": asked.jws()}
    address = f"ws{holder.site.origin.removeprefix('http')}/v1/stream"
    async with connect(address, subprotocols=[Subprotocol("contreseing.v1")], logger=stream.QUIET) as socket:
        talking = stream.Phone(socket, phone, holder.site.house.terms.origin)
        await talking.greet_signed_in()
        await talking.send({"type": "answer", "req": "r1", "challenge": asked.challenge, "proof": proof})
        result = (await talking.receive_until("result"))[-1]
    assert "'answer': 'accepted'" in str(result["answered"])
    assert await asked.is_released()


async def test_revoked_since_the_action_was_opened_it_signs_nothing(holder: Holder, authority: AuthorityHouse) -> None:
    asked = await holder.ask()
    serial = x509.load_der_x509_certificate(holder.key.certificate).serial_number
    authority.revoked[serial] = x509.ReasonFlags.key_compromise
    assert await asked.refuses(asked.jws())
    assert (await holder.api.get("/v1/inbox")).code == "login_ended"
    assert (await sign_in(holder.site, holder.person, holder.key)).code == "sign_in_refused"


async def test_while_the_responder_is_down_nothing_is_signed_and_nothing_spent(
    holder: Holder, authority: AuthorityHouse
) -> None:
    asked = await holder.ask()
    authority.misbehave = lambda _: web.Response(status=500)
    refused = await asked.answer(asked.jws())
    assert (refused.status, refused.code) == (503, "proof_not_checked")
    authority.misbehave = None
    assert (await asked.answer(asked.jws())).body["answer"] == "accepted"


async def test_a_sign_in_signature_is_no_approval(holder: Holder) -> None:
    asked = await holder.ask()
    assert await asked.refuses(asked.jws(SignedType.SIGN_IN))


async def test_another_challenges_signature_is_refused(holder: Holder) -> None:
    asked, other = await holder.ask(), await holder.ask()
    assert await asked.refuses(other.jws())


def unsigned(asked: Asked) -> str:
    return asked.with_members(alg="none")


def with_the_public_key_as_a_secret(asked: Asked) -> str:
    public = x509.load_der_x509_certificate(asked.holder.key.certificate).public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header = _encoded(json.dumps(members_of(asked.holder.key) | {"alg": "HS256"}).encode())
    value = hmac.digest(secret, signature.signing_input(header, asked.envelope), "sha256")
    return signature.assemble(header, value)


def with_a_key_of_its_own(asked: Asked) -> str:
    stranger = make_token_key()
    assert isinstance(stranger.key, EllipticCurvePrivateKey)
    return asked.with_members(stranger, jwk=ECKey.import_key(stranger.key).as_dict(private=False))


def with_a_key_elsewhere(asked: Asked) -> str:
    return asked.with_members(make_token_key(), x5u="https://keys.test/one.pem")


def with_a_set_of_keys_elsewhere(asked: Asked) -> str:
    return asked.with_members(make_token_key(), jku="https://keys.test/all.json")


def with_a_foreign_certificate(asked: Asked) -> str:
    stranger = make_token_key(asked.holder.person.user.name)
    return asked.with_members(stranger, x5c=members_of(stranger)["x5c"])


def all_of_it_a_strangers(asked: Asked) -> str:
    stranger = make_token_key(asked.holder.person.user.name)
    return asked.with_members(stranger, **members_of(stranger))


def with_a_critical_extension(asked: Asked) -> str:
    return asked.with_members(crit=["b64"], b64=False)


def with_base64_bits_that_mean_nothing(asked: Asked) -> str:
    """86 characters hold 64 bytes and 4 bits more, which a lenient decoder drops."""
    text, alphabet = asked.jws(), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        with_the_public_key_as_a_secret,
        with_a_key_of_its_own,
        with_a_key_elsewhere,
        with_a_set_of_keys_elsewhere,
        with_a_foreign_certificate,
        all_of_it_a_strangers,
        with_a_critical_extension,
        with_base64_bits_that_mean_nothing,
    ],
)
async def test_a_forged_or_twisted_jws_is_a_wrong_proof(holder: Holder, forge: Callable[[Asked], str]) -> None:
    asked = await holder.ask()
    assert await asked.refuses(forge(asked))


async def test_text_of_another_shape_is_refused_before_anything_is_spent(holder: Holder) -> None:
    asked = await holder.ask()
    text = asked.jws()
    for other in (text + "==", text.replace("..", f".{_encoded(asked.envelope)}."), text.partition("..")[0] + ".."):
        refused = await asked.answer(other)
        assert (refused.status, refused.body["field"]) == (422, "jws")
    assert (await asked.answer(text)).body["answer"] == "accepted"
