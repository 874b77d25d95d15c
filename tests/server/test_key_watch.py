from pathlib import Path

import pytest

from approvals.cap.card_key import CardKeyReference
from approvals.desk.house import HouseDesk
from approvals.errors import CapKeyError, KeyringError
from approvals.keys.house_secrets import make_issuer_key
from approvals.keys.release_signer import make_release_key
from approvals.keys.software import SoftwareCardKeys, seal_pan
from approvals.model.ids import CardId, ProfileId
from approvals.ports.vault import SealedSecret
from server.foundation import Foundation, open_foundation
from server.key_watch import KeyWatch
from tests.server.test_foundation import OWN, PUBLISHED, make_key_file, set_up, settings_of


async def keep(foundation: Foundation, secret: SealedSecret) -> None:
    desk = HouseDesk(book=foundation.book, clock=foundation.clock, ids=foundation.ids)
    await desk.keep([secret], code="key_added")


def watched(foundation: Foundation) -> tuple[SoftwareCardKeys, KeyWatch]:
    card_keys = SoftwareCardKeys(foundation.vault.keyring, foundation.vault.issuer_keys)
    return card_keys, KeyWatch(foundation, card_keys)


def reference(foundation: Foundation) -> CardKeyReference:
    """A card of the issuer key's second version."""
    return CardKeyReference(
        card_id=CardId("crd_1"),
        issuer_key_id="maker",
        key_version=2,
        pan_sealed=seal_pan(foundation.vault.keyring, CardId("crd_1"), "4970100000000154"),
        psn="00",
        profile=foundation.profiles[ProfileId("secur-acces")],
    )


async def test_two_nodes_sign_with_a_new_release_key_and_publish_both(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    async with open_foundation(settings, demo=False) as one, open_foundation(settings, demo=False) as other:
        old = one.vault.signer.key_id
        new = make_release_key(one.vault.keyring, one.clock.now())
        await keep(one, new)
        for node in (one, other):
            await watched(node)[1].look()
            assert node.vault.signer.key_id == new.id != old
            published = node.vault.signer.published_keys().decode()
            assert old in published
            assert new.id in published


async def test_a_further_issuer_key_serves_without_a_restart(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    async with open_foundation(settings, demo=False) as foundation:
        card_keys, watch = watched(foundation)
        key = make_issuer_key(foundation.vault.keyring, "maker", 2, OWN[::-1], foundation.clock.now())
        await keep(foundation, key)
        with pytest.raises(CapKeyError):
            card_keys.cryptogram(reference(foundation), 1, bytes(43))
        await watch.look()
        assert len(card_keys.cryptogram(reference(foundation), 1, bytes(43))) == 8


async def test_a_published_key_is_not_taken_in_later_either(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    async with open_foundation(settings, demo=False) as foundation:
        key = make_issuer_key(foundation.vault.keyring, "maker", 2, PUBLISHED, foundation.clock.now())
        await keep(foundation, key)
        with pytest.raises(KeyringError, match="published"):
            await watched(foundation)[1].look()
