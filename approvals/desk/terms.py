"""What the house has decided once for every action: how long, how often, in whose name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from approvals.model.certificate import Certificate
from approvals.release import Parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Durations and limits of the approvals, from the settings.

    `action_life` is how long signers have; `check_limit` how long a proof may be under check before its attempt is
    given back; `origin` what devices sign for over HTTP and the stream; `widget_hosts` whose pages may hold the chat;
    `keys_in_browsers` whether a browser may keep a certificate's key (RULES 15).
    """

    parties: Parties
    origin: str
    action_life: timedelta = timedelta(hours=24)
    challenge_attempts: int = 3
    check_limit: timedelta = timedelta(seconds=10)
    widget_hosts: Sequence[str] = ()
    keys_in_browsers: bool = False

    def takes(self, certificate: Certificate) -> bool:
        """Whether this house takes what its key signs; of a browser's key, where browsers may keep any (RULES 15)."""
        return self.keys_in_browsers or not certificate.in_browser
