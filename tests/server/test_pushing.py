"""What is served of push is what the settings name."""

from pathlib import Path

import msgspec
import pytest

from approvals.errors import InvalidRequest
from approvals.model.push import PushChannel
from server.foundation import open_foundation
from server.observing import open_observing
from server.pushing import Pushing, open_pushing
from server.settings import PushSettings, Settings, TelemetrySettings
from tests.push.google import write_key_file
from tests.server.test_foundation import make_key_file, set_up, settings_of


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Of a house that is set up."""
    found = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(found)
    return found


async def opened(settings: Settings, push: PushSettings) -> Pushing:
    wanted = msgspec.structs.replace(settings, push=push)
    async with (
        open_observing(TelemetrySettings()) as observing,
        open_foundation(wanted, demo=False) as foundation,
        open_pushing(foundation, observing) as pushing,
    ):
        return pushing


async def test_nothing_is_served_unless_the_settings_name_it(settings: Settings) -> None:
    pushing = await opened(settings, PushSettings())
    assert pushing.lanes == []
    assert (set(pushing.offer.channels), pushing.offer.vapid_key) == (set(), None)


async def test_a_contact_turns_web_push_on_with_the_house_s_own_key(settings: Settings) -> None:
    pushing = await opened(settings, PushSettings(contact="mailto:push@bank.test"))
    assert [lane.channel for lane in pushing.lanes] == [PushChannel.WEB_PUSH]
    again = await opened(settings, PushSettings(contact="mailto:push@bank.test"))
    key = pushing.offer.vapid_key
    assert key is not None
    assert (len(key), key[:1]) == (65, b"\x04")
    assert again.offer.vapid_key == key


async def test_a_service_account_turns_fcm_on(settings: Settings, tmp_path: Path) -> None:
    file = write_key_file(tmp_path / "fcm.json")
    pushing = await opened(settings, PushSettings(fcm_key_file=str(file)))
    assert set(pushing.offer.channels) == {PushChannel.FCM}


async def test_a_key_file_that_is_none_is_told_before_anybody_is_served(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "fcm.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidRequest, match=r"fcm\.json is no key file"):
        await opened(settings, PushSettings(fcm_key_file=str(file)))
