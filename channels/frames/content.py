"""What people and the bank's core are shown, over the stream and HTTP alike. How it is filled is `channels.views`'."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeAlias, TypeVar

import msgspec
from typing_extensions import override

from approvals.credentials.card_texts import Contact
from approvals.model.action import ActionStatus
from approvals.model.card import CardKind, CardStatus
from approvals.model.card_order import Delivery, OrderReason, PinLetter
from approvals.model.challenge import ChallengeStatus
from approvals.model.device import DeviceKind, Factor
from approvals.model.payee import Standing
from approvals.model.person import Language
from approvals.model.policy import Means
from approvals.model.preparation import PreparationStatus
from approvals.model.proof import Answer
from approvals.model.reader import CapMode
from approvals.model.verification import PayeeAnswer
from channels.frames.fields import (
    CardName,
    CodeDigits,
    ConfidentialCode,
    Day,
    Id,
    Jws,
    Milliseconds,
    Sha256,
    TotpDigits,
)

Item = TypeVar("Item")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Every field is always there; what does not apply is null."""


class CapCode(Content, frozen=True, kw_only=True, tag_field="method", tag="cap"):
    """A proof by the digits the reader showed; `card` says which card's, where the person has several."""

    code: CodeDigits
    card: CardName | None = None

    @override
    def __repr__(self) -> str:
        return "CapCode(…)"  # a code never reaches a log


class TotpCode(Content, frozen=True, kw_only=True, tag_field="method", tag="totp"):
    """A proof by the digits an adviser's authenticator showed."""

    code: TotpDigits

    @override
    def __repr__(self) -> str:
        return "TotpCode(…)"  # a code never reaches a log


class CertificateSignature(Content, frozen=True, kw_only=True, tag_field="method", tag="certificate"):
    """A proof by a certificate's key: a detached JWS over the challenge's `envelope`, `typ` contreseing-approval+jws.

    `language` is the one the statement was read in, where it is not the person's own. `code` is the confidential code,
    needed where the key is kept by a browser.
    """

    jws: Jws
    code: ConfidentialCode | None = None
    language: Language | None = None

    @override
    def __repr__(self) -> str:
        return "CertificateSignature(…)"  # neither signature nor code ever reaches a log


OfferedCode: TypeAlias = CapCode | TotpCode | CertificateSignature
"""A proof; the means are told apart by `method`."""


class LineContent(Content, frozen=True, kw_only=True):
    """One line of the statement; an empty label goes on under the one before."""

    label: str
    value: str


class StatedContent(Content, frozen=True, kw_only=True):
    """What an action would state, in the reader's language: nothing that could be signed."""

    kind: str
    title: str
    lines: Sequence[LineContent]


class StatementContent(Content, frozen=True, kw_only=True):
    """What is signed: the text in the reader's language, and the facts it was rendered from.

    `facts` is the RFC 8785 form itself, so `sha256` is the digest of its bytes as they stand here. `fingerprint`
    is what two people compare by voice. `template` is the version of the text's template.
    """

    title: str
    lines: Sequence[LineContent]
    facts: msgspec.Raw
    sha256: Sha256
    fingerprint: str
    language: Language
    template: int


class PersonContent(Content, frozen=True, kw_only=True):
    """A person by the number they have in their company; `name` only for people of that company."""

    id: Id
    number: str
    name: str | None


class RequirementContent(Content, frozen=True, kw_only=True):
    """One thing the policy asks: so many signatures, of one group (null: of any), and how many there are."""

    group: str | None
    count: int
    signed: int


class SignatureContent(Content, frozen=True, kw_only=True):
    """How far one signer is; `at` is when they ended. A substitute signs `in_place_of` somebody."""

    signer: PersonContent
    group: str
    in_place_of: PersonContent | None
    status: ChallengeStatus
    at: Milliseconds | None


class CardContent(Content, frozen=True, kw_only=True):
    """A card as its holder knows it; with `resync_due` its codes count once it is resynchronised."""

    id: Id
    kind: CardKind
    status: CardStatus
    last4: str
    resync_due: bool


class HeldCardContent(Content, frozen=True, kw_only=True):
    """A card as its holder lists it, from its order on.

    `last4` is null until it is made; `text` says what to do and `call` whom to call, null where nobody need be.
    `expires` is its last good day. `delivery` and `pin_letter` are null for a card that was not ordered here.
    """

    id: Id
    kind: CardKind
    status: CardStatus
    last4: str | None
    resync_due: bool
    expires: Day | None
    text: str
    call: Contact | None
    reason: OrderReason | None
    replaces: Id | None
    delivery: Delivery | None
    pin_letter: PinLetter | None


class ReaderContent(Content, frozen=True, kw_only=True):
    """What is typed into the reader for one code, and the same in words.

    `digits` is empty for `identify`; `amount` is in minor units of `currency` and null unless the reader asks it;
    `fields` are the numbers of `tds`, in the order they are typed; `code_length` is how many digits it then shows.
    """

    mode: CapMode
    digits: str
    amount: int | None
    currency: str | None
    fields: Sequence[str]
    code_length: int
    card: CardContent
    steps: Sequence[str]


class ChallengeContent(Content, frozen=True, kw_only=True):
    """What one signer is asked, for the reader of each card they could answer with: none unless it is open.

    `reader` is the only one of `readers`; null where there are several, and the answer says which `card` it is of.
    `means` are those the signer has of what the policy takes. `envelope` is what a certificate's key signs, in RFC 8785
    form: rebuild it from the `statement` you show, and compare; null where no certificate of theirs signs.
    """

    id: Id
    action: Id
    group: str
    status: ChallengeStatus
    means: Sequence[Means]
    attempts_left: int
    expires: Milliseconds
    reader: ReaderContent | None
    readers: Sequence[ReaderContent]
    envelope: msgspec.Raw | None


class ActionContent(Content, frozen=True, kw_only=True):
    """One action as its reader may see it.

    All of `requirements` must be met. `initiator` is null when nobody named them. `challenge` is the reader's own, null
    for the core. The addresses are null where there is no file behind the action.
    """

    id: Id
    kind: str
    status: ActionStatus
    reason: str | None
    reference: str | None
    bundle: Id | None
    created: Milliseconds
    expires: Milliseconds
    ended: Milliseconds | None
    initiator: PersonContent | None
    statement: StatementContent
    signatures: Sequence[SignatureContent]
    requirements: Sequence[RequirementContent]
    challenge: ChallengeContent | None
    payload_sha256: Sha256
    payload_url: str | None
    payees_url: str | None


class BeneficiaryContent(Content, frozen=True, kw_only=True):
    """A registered account the company pays, and the lists it is on."""

    name: str
    iban: str
    bic: str | None
    lists: Sequence[str]
    registered: Milliseconds


class PreparationContent(Content, frozen=True, kw_only=True):
    """A request whose payees are being verified; nothing is to be signed before its actions are there.

    `answers` says how often each answer came (MTCH, CMTC, NMTC, NOAP), for `done` orders of `total`. `refusal` is the
    code of why the actions could not be opened in the end.
    """

    id: Id
    status: PreparationStatus
    reference: str | None
    created: Milliseconds
    ended: Milliseconds | None
    total: int
    done: int
    answers: Mapping[str, int]
    refusal: str | None
    actions: Sequence[ActionContent]


class PayeeContent(Content, frozen=True, kw_only=True):
    """One order of a remittance; `amount` in minor units of `currency`.

    `answer` is the Verification of Payee's, with `returned_name` of a close match; null where nobody was asked.
    """

    position: int
    payment_information_id: str
    end_to_end_id: str
    name: str
    iban: str
    amount: int
    currency: str
    standing: Standing
    answer: PayeeAnswer | None
    returned_name: str | None


class AnsweredContent(Content, frozen=True, kw_only=True):
    """What came of a proof. Wrong and old are told alike (`proof_refused`), with the attempts left (RULES 10).

    `warning` is what the person is told before the last attempt, and after it, in their language.
    """

    answer: Answer
    attempts_left: int
    warning: str | None = None


class DeviceContent(Content, frozen=True, kw_only=True):
    """An enrolled device, as its owner lists it."""

    id: Id
    kind: DeviceKind
    name: str
    created: Milliseconds
    revoked: Milliseconds | None


class LoginContent(Content, frozen=True, kw_only=True):
    """A signed-in stay; `expires` is when it ends unless the person acts before."""

    id: Id
    device: Id | None
    factors: Sequence[Factor]
    created: Milliseconds
    last_act: Milliseconds
    expires: Milliseconds


class PageContent(Content, Generic[Item], frozen=True, kw_only=True):
    """`next` is the opaque cursor of the page that follows, null on the last."""

    items: Sequence[Item]
    next: str | None


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457, with a stable `code` to branch on; the optional members only where they say something.

    `field` names the value at fault, `path` the place in a file, `state` where the action or challenge is, `expected`
    the number of digits the reader shows, `rule` what a chosen code or a certificate was refused for, `attempts_left`
    how many failures before a door shuts or an access is locked, `words` what to tell the person then, by language,
    `choices` the cards a code could be of, `retry_after` whole seconds to wait, `request` the id to tell the bank.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    path: str | None = None
    state: str | None = None
    expected: int | None = None
    rule: str | None = None
    attempts_left: int | None = None
    words: Mapping[Language, str] | None = None
    retry_after: int | None = None
    choices: Sequence[CardContent] | None = None
    request: str | None = None
