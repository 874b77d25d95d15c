"""The HTTP side of a whole bank, on a real socket; what is behind it is `tests.house`'s."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from approvals.desk.evidence import EvidenceDesk
from server.clock import ClockGuard
from server.http.address import Proxies
from server.http.desks import Desks
from server.http.door import Door
from server.http.health import Health
from server.http.keys import RequestKeys
from server.http.openapi import make_document
from server.http.published import Published
from server.http.reference import reference_page, style_sheet
from server.http.tables import ROWS
from tests.house import House
