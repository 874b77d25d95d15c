from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from approvals.credentials.push_target import read_target
from approvals.desk.resealing import Resealed, ResealingDesk, Sealing
from approvals.errors import KeyringError
from approvals.keys.canaries import CANARY, make_canary, require_canaries
from approvals.keys.house_secrets import LINKING, make_house_secrets, open_newest, reseal_secret
from approvals.keys.keyring import Keyring
from approvals.keys.push_secrets import reseal_target
from approvals.keys.software import reseal_pan
from approvals.model.ids import CardId
from approvals.model.push import PUSH_TARGET, FcmTarget
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from tests.house import House, Person

OLD, NEW = bytes(range(32)), b"n" * 32
BOTH = Keyring({1: OLD, 2: NEW})
MADE = 8  # canary, linking secret, three webhook secrets, release, audit and VAPID key: the canary is not sealed anew


@pytest.fixture
async def people(house: House) -> tuple[Person, ...]:
    """A house whose secrets and cards are all under the first key."""
    found = await house.found()

    async def work(ledger: Ledger) -> None:
        for secret in make_house_secrets(house.keyring, house.clock.now()):
            await ledger.secrets.put(secret)

    await house.book.transaction(work)
    return found


def desk(house: House, keyring: Keyring) -> ResealingDesk:
    sealing = Sealing(
        canary=make_canary(keyring, house.clock.now()),
        secret=partial(reseal_secret, keyring),
        pan=partial(reseal_pan, keyring),
        target=partial(reseal_target, keyring),
    )
    return ResealingDesk(book=house.book, clock=house.clock, sealing=sealing)


async def test_push_targets_open_under_the_new_key_alone(house: House, people: tuple[Person, ...]) -> None:
    signed_in, _ = await house.enrol(people[0])
    await house.push.subscribe(signed_in.login.id, FcmTarget(registration="of-a-phone"))
    assert (await desk(house, BOTH).run()).targets == 1
    assert (await desk(house, BOTH).run()).targets == 0
    (kept,) = await house.push.mine(people[0].user.id)
    opened = Keyring({2: NEW}).open(PUSH_TARGET, kept.id, 1, kept.target_sealed)
    assert read_target(opened) == FcmTarget(registration="of-a-phone")


async def secrets_of(house: House, kind: str) -> Sequence[SealedSecret]:
    return await house.book.reading(lambda ledger: ledger.secrets.of_kind(kind))


async def open_everything(house: House, keyring: Keyring) -> None:
    """Raises KeyringError when one thing does not open."""
    secrets = await house.book.reading(lambda ledger: ledger.secrets.all())
    require_canaries(keyring, [secret for secret in secrets if secret.kind == CANARY])
    for secret in secrets:
        if secret.kind != CANARY:
            keyring.open(secret.kind, secret.id, secret.version, secret.sealed)
    for card in await house.book.reading(lambda ledger: ledger.cards.browse(None, 100)):
        keyring.open("pan", card.id, 1, card.pan_sealed)


async def test_everything_opens_under_the_new_key_alone(house: House, people: tuple[Person, ...]) -> None:
    linking = open_newest(house.keyring, LINKING, await secrets_of(house, LINKING))
    resealed = await desk(house, BOTH).run()
    assert resealed == Resealed(secrets=MADE - 1, cards=len(people), targets=0)
    await open_everything(house, Keyring({2: NEW}))
    assert open_newest(Keyring({2: NEW}), LINKING, await secrets_of(house, LINKING)) == linking


async def test_a_rotation_run_again_finds_nothing_to_do(house: House, people: tuple[Person, ...]) -> None:
    assert people
    await desk(house, BOTH).run()
    assert await desk(house, BOTH).run() == Resealed(secrets=0, cards=0, targets=0)


async def test_a_rotation_stopped_halfway_goes_on_where_it_was(house: House, people: tuple[Person, ...]) -> None:
    broken = people[1].card.id
    await house.book.transaction(lambda ledger: ledger.cards.reseal(broken, b"\0\0\0\1" + bytes(40)))
    with pytest.raises(KeyringError):
        await desk(house, BOTH).run()
    require_canaries(BOTH, await secrets_of(house, CANARY))
    await house.book.transaction(lambda ledger: ledger.cards.reseal(broken, people[1].card.pan_sealed))
    assert (await desk(house, BOTH).run()).cards == len(people)
    await open_everything(house, Keyring({2: NEW}))


async def test_while_it_runs_no_node_starts_without_the_new_key(house: House, people: tuple[Person, ...]) -> None:
    broken = people[0].card.id
    await house.book.transaction(lambda ledger: ledger.cards.reseal(broken, b"\0\0\0\1" + bytes(40)))
    with pytest.raises(KeyringError):
        await desk(house, BOTH).run()
    with pytest.raises(KeyringError, match="no version 2"):
        require_canaries(house.keyring, await secrets_of(house, CANARY))


async def test_many_cards_are_sealed_anew_in_small_steps(house: House, people: tuple[Person, ...]) -> None:
    async def work(ledger: Ledger) -> None:
        for number in range(50):
            card_id = CardId(f"crd_x{number:02}")
            sealed = house.keyring.seal("pan", card_id, 1, b"0")
            await ledger.cards.add(replace(people[0].card, id=card_id, pan_sealed=sealed))

    await house.book.transaction(work)
    assert (await desk(house, BOTH).run()).cards == 50 + len(people)
    await open_everything(house, Keyring({2: NEW}))
