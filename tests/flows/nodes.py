"""A bank served by several processes on one database and one Redis, and a person whose devices talk to any of them."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import aiohttp
from typing_extensions import override
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from approvals.credentials.device import SIGN_IN, signed_bytes
from approvals.desk.house import HouseDesk
from approvals.desk.tokens import digest_of
from approvals.keys.house_secrets import make_house_secrets, make_issuer_key
from approvals.model.device import Device
from approvals.model.ids import ActionId, DeviceId
from approvals.model.json import Json
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from approvals.store.migrate import migrate
from server.clock import SystemClock
from tests.channels.stream import Enrolled, Phone
from tests.house import CLIENT, CODE, ISSUER_KEY, House, Parts, Person, SteppedClock, mine
from tests.log_watch import folder
from tests.postgresql import PostgresqlServer
from tests.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
CORE_TOKEN = "ctk_core"  # noqa: S105  # the house's own core, in tests alone
_numbers = count(1)


