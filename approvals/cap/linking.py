"""Which digits a person types so that the code is good for this action alone (RULES 11 and 12).

The dynamic linking of RTS article 5: amount and payee go into the code where the card's reader can take them.
Which mode an operation wants is the policy's; what the code proves is `check`'s.
"""

import hmac
from typing import Final

from approvals.cap.profile import CapProfile
from approvals.errors import AmountNotSignable, CapInputError
from approvals.model.ids import ChallengeId
from approvals.model.reader import CapMode, LinkPurpose, ReaderInput

_LINKED_DIGITS: Final = 7
_MOST_AMOUNT_DIGITS: Final = 12
_MOST_FIELD_DIGITS: Final = 10


def hashed_digits(secret: bytes, challenge_id: ChallengeId, statement_hash: bytes) -> str:
    """The HMAC form: 7 digits that stand for one challenge and one statement, and that nobody can choose.

    HMAC-SHA256 under the server's secret, over the challenge id (UTF-8) and the 32-byte statement hash, mod
    10⁷. The hash has a fixed length, so no two pairs share one message. Raises CapInputError for another hash.
    """
    if len(statement_hash) != 32:
        raise CapInputError("a statement hash has 32 bytes")
    digest = hmac.digest(secret, challenge_id.encode() + statement_hash, "sha256")
    return f"{int.from_bytes(digest) % 10**_LINKED_DIGITS:0{_LINKED_DIGITS}d}"


def account_digits(iban: str) -> str | None:
    """The last 7 digits of the IBAN's account part, letters skipped; None when it has fewer."""
    digits = [character for character in iban[4:] if character.isascii() and character.isdigit()]
    return "".join(digits[-_LINKED_DIGITS:]) if len(digits) >= _LINKED_DIGITS else None


def statement_input(profile: CapProfile, purpose: LinkPurpose, *, hashed: str) -> ReaderInput:
    """What to type for an action without amount or payee: the purpose and the statement's own digits."""
    return _linked(profile, f"{purpose:d}{hashed}")


def payee_input(profile: CapProfile, purpose: LinkPurpose, *, iban: str, hashed: str) -> ReaderInput:
    """What to type for one account without amount: digits the person finds on their own invoice."""
    return _linked(profile, f"{purpose:d}{account_digits(iban) or hashed}")


def payment_input(
    profile: CapProfile,
    purpose: LinkPurpose,
    *,
    amount: int,
    currency: str,
    hashed: str,
    iban: str | None = None,
) -> ReaderInput:
    """What to type for money: `amount` in minor units, `currency` in ISO letters, `iban` where one payee is paid.

    The reader takes the amount by SIGN or by TDS. Where the card has neither, the total is only in `hashed`,
    with the payees: the person cannot read it in the digits. Raises AmountNotSignable beyond 12 digits.
    """
    if len(str(amount)) > _MOST_AMOUNT_DIGITS:
        raise AmountNotSignable("an amount to sign has at most 12 digits")
    readable = (account_digits(iban) if iban else None) or hashed
    digits = f"{purpose:d}{readable}"
    if CapMode.SIGN in profile.modes:
        asked = currency if profile.layout.is_currency_asked else None
        return ReaderInput(mode=CapMode.SIGN, digits=digits, amount=amount, currency=asked)
    if CapMode.TDS in profile.modes and len(str(amount)) <= _MOST_FIELD_DIGITS:
        return ReaderInput(mode=CapMode.TDS, fields=(str(amount), digits))
    return statement_input(profile, purpose, hashed=hashed)


def _linked(profile: CapProfile, digits: str) -> ReaderInput:
    if CapMode.RESPOND in profile.modes:
        return ReaderInput(mode=CapMode.RESPOND, digits=digits)
    if CapMode.TDS in profile.modes:
        return ReaderInput(mode=CapMode.TDS, fields=(digits,))
    raise CapInputError(f"profile {profile.id} cannot link digits without an amount")
