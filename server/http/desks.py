"""The desks and views' needs that handlers lean on; joined once, in the composition root."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from approvals.desk.access import AccessDesk
from approvals.desk.actions import ActionDesk
from approvals.desk.answers import AnswerDesk
from approvals.desk.beneficiaries import BeneficiaryDesk
from approvals.desk.cards.desks import CardDesks
from approvals.desk.certificates.desks import CertificateDesks
from approvals.desk.company import CompanyDesk
from approvals.desk.conversations.desks import ConversationDesks
from approvals.desk.devices import DeviceDesk
from approvals.desk.evidence import EvidenceDesk
from approvals.desk.handovers import HandoverDesk
from approvals.desk.inbox import InboxDesk
from approvals.desk.preparations import PreparationDesk
from approvals.desk.push import PushDesk
from approvals.desk.remittances import RemittanceDesk
from approvals.desk.staff import Staff
from approvals.desk.ways_in import WaysIn
from approvals.model.person import Language
from approvals.ports.world import CardProfiles, Clock
from channels.chat.assistant import Assistant
from channels.hub.hub import Hub
from server.http.health import Health
from server.http.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """A verb a desk's method; `profiles` and `clock` are what views ask.

    `stream` carries a connection on from its upgrade request, and `hub` hears at once of who must go; `request_secret`
    keys the digests of idempotent requests; `published_keys` gives the JWKS.
    """

    access: AccessDesk
    actions: ActionDesk
    answers: AnswerDesk
    assistants: Mapping[Language, Assistant]
    cards: CardDesks
    beneficiaries: BeneficiaryDesk
    certificates: CertificateDesks
    company: CompanyDesk
    conversations: ConversationDesks
    devices: DeviceDesk
    evidence: EvidenceDesk
    handovers: HandoverDesk
    inbox: InboxDesk
    preparations: PreparationDesk
    push: PushDesk
    remittances: RemittanceDesk
    staff: Staff
    ways_in: WaysIn
    health: Health
    profiles: CardProfiles
    clock: Clock
    hub: Hub
    stream: Callable[[web.Request], Awaitable[web.StreamResponse]]
    request_secret: bytes = field(repr=False)
    published: Published
    published_keys: Callable[[], bytes]
