"""Every refusal of the core: one tree; each error owns one stable wire code.

The code never changes once published: clients branch on it. The HTTP status is given by the one table in
`channels.wire_errors`; the sentence is for a person reading a log or an answer, and never holds a secret, a
card number or a name.
"""

from typing import ClassVar

from approvals.model.throttle import AtStake


class ApprovalError(Exception):
    """The root: something the core refuses, with the reason a caller can act on."""

    code: ClassVar[str]


class NotFound(ApprovalError):
    """No such thing, or none that this caller may know of: the two are not told apart."""

    code = "not_found"


class Forbidden(ApprovalError):
    """The caller is known and may not do this."""

    code = "forbidden"


class InvalidRequest(ApprovalError):
    """A value the operation cannot take; `field` names it."""

    code = "invalid_request"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


# --- the life of an action ---------------------------------------------------------------------------------


class ActionClosed(ApprovalError):
    """The action is past the point where this can be done; `status` says where it is."""

    code = "action_closed"

    def __init__(self, status: str) -> None:
        super().__init__(f"the action is {status}")
        self.status = status


class PreparationClosed(ApprovalError):
    """The preparation came to its end: its actions are open, or could not be opened; `status` says which."""

    code = "preparation_closed"

    def __init__(self, status: str) -> None:
        super().__init__(f"the preparation is {status}")
        self.status = status


class ChallengeClosed(ApprovalError):
    """The challenge already has its final answer, or its time is over: nothing was checked."""

    code = "challenge_closed"

    def __init__(self, status: str) -> None:
        super().__init__(f"the challenge is {status}")
        self.status = status


class ChallengeWaiting(ApprovalError):
    """Another signer comes first."""

    code = "challenge_waiting"


class NoAttemptLeft(ApprovalError):
    """Every attempt is spent or under way: nothing was checked."""

    code = "no_attempt_left"


class AnswerInProgress(ApprovalError):
    """The same request is being checked right now; ask again for its verdict."""

    code = "answer_in_progress"


class MeansNotAccepted(ApprovalError):
    """The policy does not take this means."""

    code = "means_not_accepted"


class ConfidentialCodeNeeded(ApprovalError):
    """The certificate's key is kept by a browser: the confidential code goes with each signature (RULES 15)."""

    code = "confidential_code_needed"


class InitiatorUnknown(ApprovalError):
    """The policy excludes the initiator, so the core must name them (RULES 5)."""

    code = "initiator_unknown"


class InitiatorNotCaller(ApprovalError):
    """A signed-in person opens in their own name and for their own company only."""

    code = "initiator_not_caller"


class PolicyMissing(ApprovalError):
    """No policy says who may sign this: nothing is opened (fails closed)."""

    code = "policy_missing"


class PolicyUnreadable(ApprovalError):
    """The stored policy is not one we know how to read: nothing is opened or released (fails closed)."""

    code = "policy_unreadable"


class NobodyCanSign(ApprovalError):
    """The people who may sign and have a strong means are too few for the policy."""

    code = "nobody_can_sign"


class DuplicateRemittance(ApprovalError):
    """The same message of the same initiating party is already pending, approved or released (RULES 19)."""

    code = "remittance_duplicate"


class UnknownAccount(ApprovalError):
    """The action concerns an account that is not one of the company's."""

    code = "account_unknown"


class UnknownDebtorAccount(UnknownAccount):
    """The remittance debits an account that is not one of the company's."""

    code = "debtor_account_unknown"


class UnregisteredPayees(ApprovalError):
    """The policy allows registered beneficiaries only."""

    code = "payees_unregistered"


class UploadTooSlow(ApprovalError):
    """The file took longer than an hour to come in: nothing is opened from it."""

    code = "upload_too_slow"


class PayloadTooLarge(ApprovalError):
    """The body is over the limit."""

    code = "payload_too_large"


# --- who is who -------------------------------------------------------------------------------------------


class SignInRefused(ApprovalError):
    """Sign-in failed; which element was wrong is never told (RTS art. 4(3)(a)).

    `attempts_left` warns before what is `at_stake` shuts; a door's are counted for claimed identities, known or not
    (RULES 9).
    """

    code = "sign_in_refused"

    def __init__(self, attempts_left: int, *, at_stake: AtStake = AtStake.DOOR) -> None:
        super().__init__("sign-in refused")
        self.attempts_left = attempts_left
        self.at_stake = at_stake


class PersonLocked(ApprovalError):
    """Too many wrong proofs: the person calls their adviser. Told only behind a first factor (RULES 10)."""

    code = "person_locked"


class NotAuthenticated(ApprovalError):
    """No valid credential came with the request."""

    code = "not_authenticated"


class LoginEnded(ApprovalError):
    """The signed-in stay is over: sign in again."""

    code = "login_ended"


class FreshProofNeeded(ApprovalError):
    """This needs a sign-in with confidential code and CAP code of the last minutes."""

    code = "fresh_proof_needed"


class DeviceKnownAlready(ApprovalError):
    """The person has a device: a further one is enrolled from it (RULES 24)."""

    code = "device_known_already"


class DeviceSignatureRefused(ApprovalError):
    """The device's key did not sign this nonce for this purpose, or the nonce is used or too old."""

    code = "device_signature_refused"


class TooManyFailures(ApprovalError):
    """This caller failed too often lately; `retry_after` in whole seconds."""

    code = "too_many_failures"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many failures: wait {retry_after} s")
        self.retry_after = retry_after


class CodeLengthWrong(ApprovalError):
    """The code has not as many digits as this card's reader shows: nothing was checked or spent."""

    code = "code_length"

    def __init__(self, expected: int) -> None:
        super().__init__(f"the reader shows {expected} digits")
        self.expected = expected


class ProofNotChecked(ApprovalError):
    """The check took too long; the attempt was given back: send the proof again."""

    code = "proof_not_checked"


class ResyncRefused(ApprovalError):
    """The two codes do not follow each other within reach; one attempt is spent."""

    code = "resync_refused"


# --- requests and storage ---------------------------------------------------------------------------------


class IdempotencyKeyReused(ApprovalError):
    """The same key came with another body."""

    code = "idempotency_key_reused"


class StaleVersion(ApprovalError):
    """Somebody else wrote first; the transaction runs again (RULES 1)."""

    code = "conflict"


class StoreUnavailable(ApprovalError):
    """The database cannot take this now, after bounded retries.

    Nothing was done, unless the connection was lost during the commit itself: repeat with the same idempotency key.
    """

    code = "store_unavailable"


class ClockOff(StoreUnavailable):
    """This node's clock and the database's disagree: what is late cannot be told, so nothing is committed (RULES 4)."""

    code = "clock_off"


class SchemaBusy(StoreUnavailable):
    """Others use a table a migration has to alter, or are migrating: nothing was changed, try again."""

    code = "schema_busy"


class RestoreUnfinished(ApprovalError):
    """The store came from a backup: nothing moves before `contreseing restore finish` (RULES 30)."""

    code = "restore_unfinished"


class BackupFailed(ApprovalError):
    """A backup could not be made, or not be brought back: nothing was changed."""

    code = "backup_failed"


class AuditBroken(ApprovalError):
    """A sealed row was changed, removed or added, or a head is not the one that was signed."""

    code = "audit_broken"


class SchemaUnknown(ApprovalError):
    """The database's schema is not the one this version knows: run `contreseing migrate`."""

    code = "schema_unknown"


class DemoStampMismatch(ApprovalError):
    """A demo database without `--demo`, or `--demo` on a real one (RULES 29)."""

    code = "demo_stamp_mismatch"


class HouseMismatch(ApprovalError):
    """A node's settings name another environment, issuer, audience or origin than the database is kept for."""

    code = "house_mismatch"


class KeyringError(ApprovalError):
    """A sealed secret or the key file cannot be opened."""

    code = "keyring_invalid"


# --- payloads and cards -----------------------------------------------------------------------------------


class PayloadRefused(ApprovalError):
    """A sensitive action's payload says something the bank cannot take; `field` names it."""

    code = "payload_refused"

    def __init__(self, detail: str, *, field: str) -> None:
        super().__init__(detail)
        self.field = field


class RemittanceError(ApprovalError):
    """A remittance file the bank cannot take; `path` is where in the file, when known."""

    code = "remittance_invalid"

    def __init__(self, detail: str, *, path: str | None = None) -> None:
        super().__init__(detail)
        self.path = path


class CapError(ApprovalError):
    """A CAP profile, key or input that cannot be used."""

    code = "cap_invalid"


class CapProfileError(CapError):
    """A card profile that contradicts itself, or that no code could be checked under."""

    code = "cap_profile_invalid"


class CapProfileUnknown(CapError):
    """No profile is configured for this card's BIN."""

    code = "cap_profile_unknown"


class CapKeyError(CapError):
    """An issuer key, card key or card number that no key can be derived from."""

    code = "cap_key_invalid"


class CardKeysUnavailable(CapError):
    """The token that holds the issuer keys does not answer, or not to us: nothing was checked, try again."""

    code = "card_keys_unavailable"


class CapInputError(CapError):
    """What the reader would be asked is not something this card answers: a mode, a challenge or an amount."""

    code = "cap_input_invalid"


class AmountNotSignable(CapError):
    """The total has more than the 12 digits a card's amount (9F02) holds (RULES 17)."""

    code = "amount_not_signable"
