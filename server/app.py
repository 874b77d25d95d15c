"""The composition root: the one place where stores, keys, checkers, desks, stream and HTTP are joined."""

import hmac
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Final

import msgspec
from aiohttp import web

from approvals.checkers.cap import CapChecker, CapProfiles
from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.desk.access import AccessDesk
from approvals.desk.actions import ActionDesk
from approvals.desk.answers import AnswerDesk, AnswerParts
from approvals.desk.cards import CardDesk
from approvals.desk.devices import DeviceDesk
from approvals.desk.evidence import EvidenceDesk
from approvals.desk.inbox import InboxDesk
from approvals.desk.opening import Opening
from approvals.desk.remittances import RemittanceDesk
from approvals.desk.settling import Settling
from approvals.desk.sign_in import SignIn, SignInParts
from approvals.desk.sweeping import SweepDesk
from approvals.desk.terms import Terms
from approvals.keys.software import SoftwareCardKeys
from approvals.model.remittance import RemittanceFormat, RemittanceRules
from approvals.ports.world import Announcer
from approvals.release import Parties
from approvals.store.migrate import require_schema
from server.clock import ClockGuard
from server.foundation import Foundation
from server.http.address import Proxies
from server.http.desks import Desks
from server.http.door import Door
from server.http.health import Health
from server.http.keys import RequestKeys
from server.http.openapi import make_document
from server.http.published import Published
from server.http.reference import reference_page, style_sheet
from server.http.tables import ROWS
from server.settings import Settings

_REQUEST_KEYS: Final = b"contreseing request keys v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """How proofs are judged."""

    profiles: CapProfiles
    checker: CapChecker
    hasher: ConfidentialCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The desks that people and the bank's core call, over HTTP and the stream alike."""

    access: AccessDesk
    actions: ActionDesk
    answers: AnswerDesk
    cards: CardDesk
    devices: DeviceDesk
    evidence: EvidenceDesk
    inbox: InboxDesk
    remittances: RemittanceDesk
    sweeping: SweepDesk
