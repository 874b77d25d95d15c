"""Keys that operators add while nodes run: looked for now and then, so that a rotation restarts nobody.

The keyring follows its file by itself; here are the keys that rest in the database.
"""

from approvals.checkers.cap import CardKeys
from approvals.keys.audit_signer import KIND as AUDIT
from approvals.keys.house_secrets import ISSUER_KEY
from approvals.keys.release_signer import KIND as RELEASE
from approvals.keys.software import SoftwareCardKeys
from server.foundation import Foundation, accept_issuer_keys


class KeyWatch:
    """Takes in further issuer, release and audit keys."""

    def __init__(self, foundation: Foundation, card_keys: CardKeys) -> None:
        self._foundation = foundation
        self._card_keys = card_keys

    async def look(self) -> None:
        """Look once. Raises StoreUnavailable, and KeyringError for a key that cannot be used: the others stay."""
        book, vault = self._foundation.book, self._foundation.vault
        issuer_keys = await book.reading(lambda ledger: ledger.secrets.of_kind(ISSUER_KEY))
        release_keys = await book.reading(lambda ledger: ledger.secrets.of_kind(RELEASE))
        audit_keys = await book.reading(lambda ledger: ledger.secrets.of_kind(AUDIT))
        if isinstance(self._card_keys, SoftwareCardKeys):  # a token is looked into when a card needs a further key
            self._card_keys.hold(accept_issuer_keys(vault.keyring, issuer_keys, demo=self._foundation.is_demo))
        vault.signer.hold(release_keys)
        vault.audit_signer.hold(audit_keys)
