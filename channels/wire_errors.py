"""The one table: error class -> HTTP status, title, and whether the same request may be sent again.

HTTP and the stream both speak from it; every class of the tree has its own row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from approvals import errors
from approvals.certificates import refusals as certified
from approvals.certificates import signature_refusals
from approvals.certificates.words import explain
from approvals.conversations import refusals as talk
from approvals.credentials import adviser_refusals, card_refusals
from approvals.credentials import certificate_refusals as certificates
from approvals.credentials import refusals as refused
from approvals.credentials.warnings import warning
from approvals.errors import ApprovalError
from approvals.evidence import refusals as evidence
from approvals.model.card import Card
from approvals.operations import refusals as wrong
from approvals.remittance import refusals
from channels.frames.content import CardContent, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class WireError:
    """How one class is told. `retryable`: the same request may succeed later, unchanged."""

    status: int
    title: str
    retryable: bool = False


def _row(status: int, title: str) -> WireError:
    return WireError(status=status, title=title, retryable=status in {429, 503})


WIRE_ERRORS: Final[Mapping[type[ApprovalError], WireError]] = {
    errors.NotFound: _row(404, "Not found"),
    errors.Forbidden: _row(403, "Not allowed"),
    refused.WidgetMayNot: _row(403, "Not in the widget"),
    errors.InvalidRequest: _row(422, "A value cannot be taken"),
    talk.CodeInMessage: _row(422, "A message holds a code"),
    talk.TooManyMessages: _row(429, "Too many messages"),
    talk.ConversationClosed: _row(409, "The conversation is closed"),
    talk.ConversationTaken: _row(409, "The conversation is taken"),
    talk.ConversationNotClaimed: _row(409, "The conversation is not claimed"),
    talk.FileOffered: _row(409, "A file waits already"),
    talk.FileOfferOver: _row(409, "The file can be confirmed no more"),
    errors.PayloadRefused: _row(422, "A value of the payload cannot be taken"),
    wrong.TextNulRefused: _row(422, "A text holds U+0000"),
    wrong.TextControlRefused: _row(422, "A text holds an invisible character"),
    wrong.TextDirectionRefused: _row(422, "A text turns the direction of writing"),
    wrong.TextHoldsCode: _row(422, "A text holds a code"),
    wrong.NameHomograph: _row(422, "A name mixes scripts"),
    wrong.IbanLengthWrong: _row(422, "An IBAN has another country's length"),
    wrong.IbanWrong: _row(422, "An IBAN is wrong"),
    wrong.BicWrong: _row(422, "A BIC is wrong"),
    wrong.BicOfAnotherCountry: _row(422, "A BIC is of another country"),
    wrong.BeneficiaryUnknown: _row(422, "The beneficiary is unknown"),
    wrong.BeneficiaryKnown: _row(422, "The beneficiary is registered already"),
    wrong.FunctionUnknown: _row(422, "A function nobody can be given"),
    errors.ActionClosed: _row(409, "The action is closed"),
    errors.PreparationClosed: _row(409, "The preparation is closed"),
    errors.ChallengeClosed: _row(409, "The challenge is closed"),
    errors.ChallengeWaiting: _row(409, "Another signer comes first"),
    errors.NoAttemptLeft: _row(409, "No attempt left"),
    errors.AnswerInProgress: WireError(status=409, title="The answer is being checked", retryable=True),
    errors.MeansNotAccepted: _row(422, "Another means is needed"),
    errors.ConfidentialCodeNeeded: _row(422, "The confidential code is needed"),
    signature_refusals.SignatureRefused: _row(422, "The signature is refused"),
    errors.InitiatorUnknown: _row(422, "The initiator is unknown"),
    errors.InitiatorNotCaller: _row(403, "Somebody else is named"),
    refused.RightsError: _row(403, "Rights do not reach this far"),
    refused.NotEntitled: _row(403, "Not entitled"),
    refused.CeilingExceeded: _row(409, "The ceiling is exceeded"),
    refused.SelfGranting: _row(403, "One's own rights"),
    refused.EntitlementError: _row(422, "The entitlement cannot be taken"),
    refused.LimitBelowZero: _row(422, "A limit is below zero"),
    refused.AccountNotHeld: _row(422, "The account is not the company's"),
    refused.PeriodReversed: _row(422, "The period is reversed"),
    refused.PersonNotHere: _row(422, "No such user"),
    refused.UserNumberTaken: _row(409, "The user number is taken"),
    refused.SubstituteError: _row(409, "This person cannot stand in"),
    refused.SubstituteLoop: _row(409, "A substitute for a substitute"),
    refused.SubstituteTaken: _row(409, "A substitute is named already"),
    refused.SubstitutePowerless: _row(409, "No signing power"),
    errors.PolicyMissing: _row(409, "No policy"),
    errors.PolicyUnreadable: _row(500, "The policy cannot be read"),
    errors.NobodyCanSign: _row(409, "Too few people can sign"),
    errors.DuplicateRemittance: _row(409, "The remittance is here already"),
    errors.UnknownAccount: _row(422, "The account is unknown"),
    errors.UnknownDebtorAccount: _row(422, "The debtor account is unknown"),
    errors.UnregisteredPayees: _row(422, "Some payees are not registered"),
    errors.PayloadTooLarge: _row(413, "The body is too large"),
    errors.UploadTooSlow: _row(408, "The upload took too long"),
    errors.SignInRefused: _row(401, "Sign-in refused"),
    errors.PersonLocked: _row(423, "The access is locked"),
    card_refusals.CardLocked: _row(423, "The card is locked"),
    card_refusals.CardBlocked: _row(423, "The card's chip is blocked"),
    card_refusals.CardResyncDue: _row(409, "The card is out of step"),
    card_refusals.CardNotUsable: _row(409, "The card cannot be used"),
    card_refusals.CardChoiceNeeded: _row(409, "Which card it is must be said"),
    card_refusals.CardActivatedAlready: _row(409, "The card is active already"),
    card_refusals.CardNotLocked: _row(409, "The card is not locked"),
    card_refusals.CardReportRepeated: _row(409, "This was reported before"),
    card_refusals.CardReportOutOfOrder: _row(409, "The report is out of order"),
    card_refusals.CardReportForeign: _row(409, "The card was not ordered for this person"),
    card_refusals.CardOrderOpen: _row(409, "A card is on its way already"),
    card_refusals.CardOrderStale: _row(409, "The order no longer holds"),
    card_refusals.FeeUnknown: _row(409, "The tariff has no such fee"),
    certificates.CertificateRuleError: _row(409, "The certificate cannot be taken"),
    certificates.CertificateTaken: _row(409, "The certificate works for somebody else"),
    certificates.CertificateKnownAlready: _row(409, "The certificate is enrolled already"),
    certificates.CertificateNotActive: _row(409, "The certificate is out of use"),
    certificates.CertificateOrderOpen: _row(409, "A certificate is on order already"),
    certificates.CertificateOrderClosed: _row(409, "The order is closed"),
    certificates.BrowserKeysOff: _row(403, "No browser keeps a certificate's key here"),
    certificates.AuthorityKnown: _row(409, "The authority is accepted already"),
    errors.NotAuthenticated: _row(401, "Not authenticated"),
    errors.LoginEnded: _row(401, "Signed out"),
    errors.FreshProofNeeded: _row(403, "A fresh sign-in is needed"),
    errors.DeviceKnownAlready: _row(409, "A device is enrolled already"),
    errors.DeviceSignatureRefused: _row(401, "The device's signature is refused"),
    errors.TooManyFailures: _row(429, "Too many failures"),
    errors.CodeLengthWrong: _row(422, "The code has another length"),
    errors.ProofNotChecked: _row(503, "The proof was not checked"),
    errors.ResyncRefused: _row(422, "Resynchronisation refused"),
    adviser_refusals.RoleInsufficient: _row(403, "The role does not allow this"),
    adviser_refusals.OutsidePortfolio: _row(404, "Outside the portfolio"),
    adviser_refusals.OwnActUnsignable: _row(403, "Somebody else approves this"),
    adviser_refusals.AdvisersOnly: _row(403, "For advisers only"),
    adviser_refusals.AdvisersExist: _row(409, "There are advisers already"),
    adviser_refusals.AdviserNumberTaken: _row(409, "The number is taken"),
    adviser_refusals.TooFewAdvisers: _row(409, "Two advisers must stay"),
    adviser_refusals.EnrolmentCodeWrong: _row(422, "The first code is wrong"),
    adviser_refusals.PasswordWeak: _row(422, "The password is weak"),
    adviser_refusals.AlertTaken: _row(409, "A colleague has the alert"),
    errors.IdempotencyKeyReused: _row(409, "The key was used for another request"),
    errors.StaleVersion: WireError(status=409, title="Somebody else wrote first", retryable=True),
    errors.StoreUnavailable: _row(503, "The store is not available"),
    errors.ClockOff: _row(503, "The server's clock is off"),
    errors.SchemaBusy: _row(503, "The store's schema is busy"),
    errors.RestoreUnfinished: _row(503, "A restore is unfinished"),
    errors.BackupFailed: _row(500, "The backup failed"),
    errors.AuditBroken: _row(500, "The audit does not hold"),
    errors.SchemaUnknown: _row(503, "The store's schema is unknown"),
    errors.DemoStampMismatch: _row(503, "The store is not the one expected"),
    errors.HouseMismatch: _row(503, "The store is kept for other settings"),
    errors.KeyringError: _row(500, "A secret cannot be opened"),
    refused.CodeNotAllowed: _row(422, "The code is easily guessed"),
    refused.ProofRefused: _row(422, "The proof is refused"),
    refused.ActivationRefused: _row(401, "Activation refused"),
    refused.ActivationExpired: _row(409, "The letter is too old"),
    refused.EnrolmentTicketRefused: _row(409, "The QR code is used or too old"),
    refused.PairingCodeRefused: _row(409, "The pairing code is used or too old"),
    refused.EnrolmentClosed: _row(409, "The enrolment is over"),
    refused.EnrolmentWaiting: WireError(status=409, title="The new device has not scanned yet", retryable=True),
    refused.DigitsWrong: _row(422, "The two digits are others"),
    refused.DeviceNeeded: _row(403, "An enrolled device is needed"),
    refused.PushNotServed: _row(404, "Push is not served"),
    refused.PushTargetRefused: _row(422, "The push target is refused"),
    refused.SignInWaiting: WireError(status=409, title="The phone has not answered yet", retryable=True),
    refused.ConfirmationClosed: _row(409, "The other screen waits no more"),
    refused.BridgeNeeded: _row(403, "A card bridge is needed"),
    refused.HandoverTaken: _row(409, "Another card bridge has it"),
    refused.HandoverClosed: _row(409, "The challenge is not handed over"),
    evidence.EvidenceInvalid: _row(422, "The evidence does not hold"),
    evidence.AnchorsUnreadable: _row(422, "The anchors cannot be read"),
    evidence.TimestampRefused: _row(503, "No timestamp was given"),
    certified.CertificateRefused: _row(422, "The certificate is refused"),
    certified.EnrolmentRefused: _row(422, "The certificate cannot be enrolled"),
    certified.RevocationUnavailable: _row(503, "Revocation cannot be asked"),
    errors.RemittanceError: _row(422, "The remittance cannot be taken"),
    refusals.RemittanceEmpty: _row(422, "The file is empty"),
    refusals.EncodingUnsupported: _row(422, "The file is not in UTF-8"),
    refusals.DoctypeRefused: _row(422, "A document type declaration is refused"),
    refusals.XmlMalformed: _row(422, "The file is not well-formed XML"),
    refusals.MessageNotSupported: _row(422, "The message is not one that is taken"),
    refusals.SchemaViolated: _row(422, "The message does not follow its schema"),
    refusals.ElementNotTaken: _row(422, "An element is not taken"),
    refusals.ElementMissing: _row(422, "An element is missing"),
    refusals.OrderTooLarge: _row(422, "An order is too long"),
    refusals.TooManyBlocks: _row(422, "Too many payment blocks"),
    refusals.TooManyGroups: _row(422, "Too many debtor accounts"),
    refusals.BlockDuplicated: _row(422, "A payment block comes twice"),
    refusals.CountMismatch: _row(422, "The number of orders is another"),
    refusals.ControlSumMismatch: _row(422, "The sum of the amounts is another"),
    refusals.AmountNotPositive: _row(422, "An amount is zero or less"),
    refusals.AmountScaleWrong: _row(422, "An amount has too many decimals"),
    refusals.CurrencyUnknown: _row(422, "A currency is unknown"),
    refusals.CurrencyMixed: _row(422, "Two currencies are in one block"),
    refusals.IbanInvalid: _row(422, "An IBAN is wrong"),
    refusals.AccountNotIban: _row(422, "An account has no IBAN"),
    refusals.AddressUnstructured: _row(422, "An address is unstructured"),
    refusals.CharacterRefused: _row(422, "A character is refused"),
    refusals.DateInvalid: _row(422, "A date is wrong"),
    refusals.CreditorIdInvalid: _row(422, "A creditor identifier is wrong"),
    refusals.CreditorIdMixed: _row(422, "Two creditor identifiers are in one block"),
    refusals.RecordLengthWrong: _row(422, "A record has another length"),
    refusals.RecordUnexpected: _row(422, "A record is out of place"),
    refusals.RecordMissing: _row(422, "A record is missing"),
    refusals.OperationCodeWrong: _row(422, "An operation code is wrong"),
    refusals.RunningNumberWrong: _row(422, "A running number is wrong"),
    refusals.EntryCodeWrong: _row(422, "An entry code is wrong"),
    refusals.AcceptanceWrong: _row(422, "An acceptance code is wrong"),
    refusals.AmountMalformed: _row(422, "An amount is malformed"),
    refusals.RibInvalid: _row(422, "An account number is wrong"),
    refusals.SirenInvalid: _row(422, "A SIREN is wrong"),
    errors.CapError: _row(500, "The card cannot be served"),
    errors.CapProfileError: _row(500, "The card's profile is wrong"),
    errors.CapProfileUnknown: _row(500, "The card's profile is unknown"),
    errors.CapKeyError: _row(500, "The card's key cannot be made"),
    errors.CardKeysUnavailable: _row(503, "Codes cannot be checked just now"),
    errors.CapInputError: _row(422, "The card does not answer this"),
    errors.AmountNotSignable: _row(422, "The amount is too long to sign"),
}


def wire_error_of(error: ApprovalError) -> WireError:
    """Return the row of the error's class, or of the nearest class above it that has one."""
    return next(WIRE_ERRORS[kind] for kind in type(error).__mro__ if kind in WIRE_ERRORS)


def problem_of(error: ApprovalError, *, request: str | None = None) -> Problem:
    """Say it as RFC 9457. A fault of ours (500) is told by its title alone: its sentence is for the log."""
    row = wire_error_of(error)
    problem = Problem(
        type=f"urn:contreseing:problem:{error.code}",
        title=row.title,
        status=row.status,
        detail=row.title if row.status == 500 else str(error) or row.title,
        code=error.code,
        request=request,
    )
    return _with_particulars(problem, error)


def _with_particulars(problem: Problem, error: ApprovalError) -> Problem:
    match error:
        case (
            errors.InvalidRequest() | errors.PayloadRefused() | refused.EntitlementError() | refused.PushTargetRefused()
        ):
            return replace(problem, field=error.field)
        case errors.RemittanceError():
            return replace(problem, path=error.path)
        case errors.ActionClosed() | errors.ChallengeClosed() | errors.PreparationClosed():
            return replace(problem, state=error.status)
        case errors.CodeLengthWrong():
            return replace(problem, expected=error.expected)
        case refused.CodeNotAllowed() | certified.EnrolmentRefused():
            return _with_rule(problem, error)
        case errors.SignInRefused() | refused.ActivationRefused() | refused.ProofRefused():
            words = warning(error.at_stake, error.attempts_left)
            return replace(problem, attempts_left=error.attempts_left, words=words)
        case errors.TooManyFailures() | talk.TooManyMessages():
            return replace(problem, retry_after=error.retry_after)
        case card_refusals.CardChoiceNeeded():
            return replace(problem, choices=[_choice(card) for card in error.choices])
        case _:
            return problem


def _with_rule(problem: Problem, error: refused.CodeNotAllowed | certified.EnrolmentRefused) -> Problem:
    if isinstance(error, refused.CodeNotAllowed):
        return replace(problem, field="code", rule=error.rule)
    return replace(problem, field="certificate", rule=error.reason, words=explain(error.reason))


def _choice(card: Card) -> CardContent:
    return CardContent(id=card.id, kind=card.kind, status=card.status, last4=card.last4, resync_due=card.resync_due)
