"""What clients and core saw with their own eyes: appended to and never changed. Judging it is `judging`'s.

Times are seconds since 1970 by this process's clock, which never jumps.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An opening was answered 201."""

    at: float
    reference: str
    action: str
    is_replay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A withdrawal was answered 200; `status` is what the bank said the action then was."""

    at: float
    action: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A release came whose signatures are right. `reply` is the status it got, 0 for a connection broken off.

    `webhook` is the id it came under, `content` the digest of all it said.
    """

    at: float
    action: str
    release: str
    webhook: str
    content: str
    signers: tuple[str, ...]
    reply: int
    is_applied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A signer sent a code; `atc` is the card's counter that made it, `is_right` whether it was for this challenge."""

    at: float
    request: str
    challenge: str
    card: str
    atc: int
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a signer was told of a request: an answer or a refusal's status, else the code of an error."""

    at: float
    request: str
    challenge: str
    card: str
    answer: str | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A device read one event; `status` is the action's as it was shown, None where no content came."""

    at: float
    s: int
    kind: str
    subject: str | None
    status: str | None
    expires: float | None


@dataclass(slots=True, kw_only=True)
class Connection:
    """One connection of a device: what it said it had, and what it was sent."""

    after: int
    heard: list[Heard] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class DeviceJournal:
    """Everything one device read, connection by connection. `resets` counts what never comes of a whole store."""

    device: str
    user: str
    connections: list[Connection] = field(default_factory=list)
    resets: int = 0

    @property
    def heard(self) -> list[Heard]:
        return [each for connection in self.connections for each in connection.heard]


@dataclass(slots=True, kw_only=True)
class Journal:
    """Everything seen in one run.

    `asked` are the references of openings sent, answered or not, `asked_back` the actions whose withdrawal was asked.
    """

    asked: set[str] = field(default_factory=set)
    asked_back: set[str] = field(default_factory=set)
    held: list[Held] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    untrusted: int = 0
    offered: list[Offered] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    faults_of_the_bank: list[str] = field(default_factory=list)  # replies 500, by route
    devices: list[DeviceJournal] = field(default_factory=list)
