"""Where the demo keeps its things and reaches its processes, and what the people of the demo know by heart."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

CLIENT: Final = "40718295"
SIGNER: Final = "1"
INITIATOR: Final = "2"
CONFIDENTIAL_CODE: Final = "20260915"
PIN: Final = "4271"
PAN: Final = "9250999000000019"
PSN: Final = "01"
OTHER_PANS: Final = {
    "helene": "9250999000000027",
    "marc": "9250999000000035",
    "ines": "9250999000000043",
    "yann": "9250999000000050",
}
"""The cards of the other companies' people: the same PIN and confidential code for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody of the demo's companies with a card: what they type to come in, and whose card file it is."""

    card: str
    name: str
    company: str
    client: str
    number: str
    pan: str


HOLDERS: Final = (
    Holder(card="claire", name="Claire Fontaine", company="Ateliers du Canal", client=CLIENT, number=SIGNER, pan=PAN),
    *(
        Holder(card=card, name=name, company=company, client=client, number=number, pan=OTHER_PANS[card])
        for card, name, company, client, number in (
            ("helene", "Hélène Vasseur", "Charpentes de la Loire", "40718303", "1"),
            ("marc", "Marc Lefort", "Charpentes de la Loire", "40718303", "2"),
            ("ines", "Inès Roux", "Charpentes de la Loire", "40718303", "3"),
            ("yann", "Yann Le Bihan", "Yann Le Bihan", "40718311", "1"),
        )
    ),
)
COMPANIES: Final = ("company.toml", "joint.toml", "sole_trader.toml")
PROFILE: Final = "secur-acces"
ISSUER_KEY: Final = "demo"
"""What cards call the issuer key; the key itself is drawn anew at every set-up."""

BIC: Final = "BATIFRP1XXX"
ISSUER: Final = "contreseing-demo"
AUDIENCE: Final = "demo-core"
ENVIRONMENT: Final = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Files under one folder, and ports of this machine; what has no port is not started."""

    home: Path
    server_port: int
    core_port: int
    payees_port: int | None = None
    reader_port: int | None = None
    bank_port: int | None = None

    @property
    def server(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def core(self) -> str:
        return f"http://127.0.0.1:{self.core_port}"

    @property
    def payees_banks(self) -> str | None:
        """Where payees are verified (`payees_banks.PATH`)."""
        return None if self.payees_port is None else f"http://127.0.0.1:{self.payees_port}/vop/v1/payee-verifications"

    @property
    def reader_page(self) -> str:
        return f"http://127.0.0.1:{self.reader_port}"

    @property
    def online_bank(self) -> str:
        """Another site than the server's, as a page that holds the widget is."""
        return f"http://localhost:{self.bank_port}"

    @property
    def settings(self) -> Path:
        return self.home / "contreseing.toml"

    @property
    def keyring(self) -> Path:
        return self.home / "keyring.txt"

    @property
    def database(self) -> Path:
        return self.home / "contreseing.db"

    @property
    def server_log(self) -> Path:
        return self.home / "server.log"

    @property
    def core_folder(self) -> Path:
        """What the bank's core knows: its API key, the webhook secret, the release key it pinned, the files it sent."""
        return self.home / "core"

    @property
    def api_key(self) -> Path:
        return self.core_folder / "api.key"

    @property
    def widget_key(self) -> Path:
        """The client area's own key: it vouches for who is signed in there, and does nothing else."""
        return self.home / "widget.key"

    @property
    def webhook_secret(self) -> Path:
        return self.core_folder / "webhook.secret"

    @property
    def phone(self) -> Path:
        """What the phone keeps: its key and who it is."""
        return self.home / "phone.json"

    @property
    def authenticators(self) -> Path:
        """What the two advisers' phones hold: the seeds of their authenticators."""
        return self.home / "authenticators.json"

    @property
    def card(self) -> Path:
        """The card: its own key, its PIN, its counter."""
        return self.home / "card.json"

    def card_of(self, name: str) -> Path:
        """The card of one of the `HOLDERS`."""
        return self.card if name == "claire" else self.home / f"card-{name}.json"
