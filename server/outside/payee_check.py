"""Verification of Payee over HTTP: one request a payee, in the message of the EPC's inter-PSP API.

The shape is that of EPC288-23, *Verification Of Payee Scheme Inter-PSP API Specifications*, as scheme participants
publish it (https://portal.epc-vop.banfico.io/developers/responder/vop and
https://docs.apicunia.com/docs/api/verification-of-payee/standard): POST .../vop/v1/payee-verifications with `party`,
`partyAccount`, `partyAgent` and `requestingAgent`, answered by `partyNameMatch` and, of a close match, `matchedName`.
The routing to the payee's bank is the scheme's or the bank's own router's; without a BIC it finds it by the IBAN.

Any failure is no answer (NOAP), which never blocks (RULES 21); 5 s are the scheme's (BANK.md).
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import aiohttp
import msgspec
from msgspec import Struct

from approvals.errors import PayloadRefused
from approvals.model.verification import NamedAccount, PayeeAnswer, PayeeVerdict
from approvals.operations.names import check_text
from approvals.ports.verification import PayeeCheck
from approvals.ports.world import Clock
from server.outside.bodies import read_at_most
from server.outside.webhook import open_session
from server.settings import PayeeCheckSettings

log = logging.getLogger(__name__)

_LONGEST_BODY: Final = 16 * 1024
_LONGEST_NAME: Final = 140  # Max140Text
_NO_ANSWER: Final = PayeeVerdict(answer=PayeeAnswer.NOT_POSSIBLE)


class _Answer(Struct, frozen=True, rename="camel"):
    """As much of the response as decides; the scheme may add fields."""

    party_name_match: PayeeAnswer
    matched_name: str | None = None


class SchemePayeeCheck:
    """Satisfies `ports.verification.PayeeCheck`; one for the whole node, whose concurrency and rate it bounds."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        settings: PayeeCheckSettings,
        clock: Clock,
        limit: timedelta = timedelta(seconds=5),
    ) -> None:
        """`limit` bounds one whole request."""
        self._session = session
        self._url = settings.url or ""
        self._bic = settings.bic
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=limit.total_seconds())
        self._places = asyncio.Semaphore(settings.at_once)
        self._interval = 1 / settings.per_second
        self._next = 0.0

    async def check(self, payee: NamedAccount) -> PayeeVerdict:
        """Ask once; never raises for anything the network or the other side does."""
        async with self._places:
            await self._turn()
            try:
                return await self._ask(payee)
            except (TimeoutError, aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
                log.info("a payee was not verified", extra={"error": type(error).__name__})
                return _NO_ANSWER

    async def _turn(self) -> None:
        """Wait so that no more than the rate go out."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        self._next = at + self._interval
        await asyncio.sleep(at - now)

    async def _ask(self, payee: NamedAccount) -> PayeeVerdict:
        async with self._session.post(
            self._url,
            data=msgspec.json.encode(self._message(payee)),
            headers=self._headers(),
            timeout=self._timeout,
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                log.info("a payee was not verified", extra={"status": response.status})
                return _NO_ANSWER
            return _read(await read_at_most(response.content, _LONGEST_BODY))

    def _message(self, payee: NamedAccount) -> dict[str, dict[str, object]]:
        message: dict[str, dict[str, object]] = {
            "party": {"name": payee.name},
            "partyAccount": {"iban": payee.iban},
            "requestingAgent": _agent(self._bic),
        }
        return {**message, "partyAgent": _agent(payee.bic)} if payee.bic else message

    def _headers(self) -> dict[str, str]:
        now = self._clock.now().isoformat(timespec="milliseconds")
        return {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "X-Request-ID": str(uuid.uuid4()),
            "X-Request-Timestamp": now.replace("+00:00", "Z"),
        }


class Unanswered:
    """Where nobody is asked: what was begun while somebody was goes on, unanswered."""

    async def check(self, payee: NamedAccount) -> PayeeVerdict:
        del payee
        return _NO_ANSWER


@asynccontextmanager
async def open_payee_check(settings: PayeeCheckSettings, clock: Clock) -> AsyncIterator[PayeeCheck]:
    """Reach the scheme meanwhile, where the settings name an address."""
    if settings.url is None:
        yield Unanswered()
        return
    async with open_session() as session:
        yield SchemePayeeCheck(session=session, settings=settings, clock=clock)


def _agent(bic: str) -> dict[str, object]:
    return {"financialInstitutionId": {"bicfi": bic}}


def _read(body: bytes) -> PayeeVerdict:
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        log.info("a payee was not verified", extra={"error": "unreadable answer"})
        return _NO_ANSWER
    if answer.party_name_match is not PayeeAnswer.CLOSE_MATCH:
        return PayeeVerdict(answer=answer.party_name_match)
    return PayeeVerdict(answer=answer.party_name_match, returned_name=_shown(answer.matched_name))


def _shown(name: str | None) -> str | None:
    """A name that cannot be shown as it is stays out of the text; that the match is only close stays in it."""
    try:
        check_text(name or "", "matchedName")
    except PayloadRefused:
        return None
    return (name or "").strip()[:_LONGEST_NAME] or None
