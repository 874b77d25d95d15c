// What travels, as the published documents describe it. Made by `python -m tests.server.test_wire_types`.

export namespace Http {
  interface AccountContent {
    "iban": string;
    "currency": string;
    "label": string;
  }
  interface ActionCardForm {
    "action": string;
  }
  interface ActionContent {
    "id": string;
    "kind": string;
    "status": ActionStatus;
    "reason": string | null;
    "reference": string | null;
    "bundle": string | null;
    "created": number;
    "expires": number;
    "ended": number | null;
    "initiator": PersonContent | null;
    "statement": StatementContent;
    "signatures": Array<SignatureContent>;
    "requirements": Array<RequirementContent>;
    "challenge": ChallengeContent | null;
    "payload_sha256": string;
    "payload_url": string | null;
    "payees_url": string | null;
  }
  interface ActionForm {
    "id": string;
    "subscription": string;
    "kind": string;
    "status": string;
    "reason": string | null;
    "initiator": string;
    "opened_by": string;
    "created": number;
    "expires": number;
    "ended": number | null;
    "reference": string | null;
    "bundle": string | null;
    "payload_sha256": string;
    "statement": Record<string, unknown>;
    "statement_sha256": string;
    "policy": Record<string, unknown>;
  }
  type ActionStatus = "approved" | "expired" | "failed" | "pending" | "rejected" | "released" | "withdrawn";
  interface ActivationForm {
    "client_identifier": string;
    "user_number": string;
    "secret": string;
    "code": string;
  }
  interface AddressedContent {
    "user": string;
    "client_identifier": string;
    "user_number": string;
    "status": LetterStatus;
    "ordered": number;
    "printed": number | null;
    "expires": number | null;
  }
  interface AdviserActivationForm {
    "number": string;
    "secret": string;
    "password": string;
  }
  interface AdviserConfirmationForm {
    "number": string;
    "secret": string;
    "totp": string;
  }
  interface AdviserContent {
    "id": string;
    "number": string;
    "name": string;
    "role": Role;
    "status": UserStatus;
  }
  interface AdviserSignInForm {
    "number": string;
    "password": string;
    "totp"?: string | null;
    "recovery_code"?: string | null;
  }
  interface AlertContent {
    "id": string;
    "kind": AlertKind;
    "client_identifier": string;
    "company": string;
    "user": PersonContent;
    "found": string;
    "raised": number;
    "action": string | null;
    "stopped": boolean;
    "device": string | null;
    "taken_by": string | null;
    "taken": number | null;
  }
  type AlertKind = "action_disavowed" | "sign_in_disavowed";
  type Answer = "accepted" | "proof_refused" | "too_late";
  interface AnsweredContent {
    "answer": Answer;
    "attempts_left": number;
    "warning"?: string | null;
  }
  interface AskedForContent {
    "digits": string;
    "secret": string;
    "expires": number;
  }
  interface AskedHandoverContent {
    "id": string;
    "digits": string;
    "expires": number;
  }
  interface AuditLineContent {
    "code": string;
    "actor": string;
    "at": number;
    "action": string | null;
    "value": unknown;
  }
  interface AuthenticatorForm {
    "totp": string;
  }
  type Author = "adviser" | "assistant" | "house" | "person";
  interface AuthoritiesContent {
    "items": Array<AuthorityContent>;
  }
  interface AuthorityContent {
    "id": string;
    "name": string;
    "certificate": string;
    "policies": Record<string, Level>;
    "uses": Array<CertificateUse>;
    "both_uses": boolean;
    "company_from": CompanyFrom;
    "ocsp_url": string | null;
    "crl_url": string | null;
    "nonce": boolean;
    "withdrawn": number | null;
  }
  interface BandContent {
    "currency": string;
    "from_amount": number;
    "clauses": Array<ClauseContent>;
  }
  interface BeneficiaryContent {
    "name": string;
    "iban": string;
    "bic": string | null;
    "lists": Array<string>;
    "registered": number;
  }
  interface BeneficiaryListsContent {
    "items": Array<string>;
  }
  interface BlockedCardForm {
    "card": string;
    "device": DeviceProof;
  }
  interface BridgeActForm {
    "device": DeviceProof;
  }
  interface BridgeAnswerForm {
    "proof": CapCode | TotpCode | CertificateSignature;
    "device": DeviceProof;
  }
  interface BridgeDigitsForm {
    "digits": string;
    "device": DeviceProof;
  }
  interface CapCode {
    "method": "cap";
    "code": string;
    "card"?: string | null;
  }
  type CapMode = "identify" | "respond" | "sign" | "tds";
  interface CardActivationForm {
    "code": string;
  }
  interface CardContent {
    "id": string;
    "kind": CardKind;
    "status": CardStatus;
    "last4": string;
    "resync_due": boolean;
  }
  type CardKind = "professional" | "secur_acces";
  interface CardOrderContent {
    "card": string;
    "client_identifier": string;
    "user_number": string;
    "kind": CardKind;
    "delivery": Delivery;
    "reason": OrderReason;
    "replaces": string | null;
    "ordered": number;
    "produced": number | null;
    "pin_letter": PinLetter;
  }
  type CardStatus = "active" | "blocked" | "broken" | "expired" | "locked" | "ordered" | "produced" | "replaced" | "reported" | "returned" | "sent";
  interface CeilingContent {
    "kind": string;
    "account": string;
    "currency": string;
    "per_remittance": number | null;
    "per_day": number | null;
    "used_today": number;
  }
  interface CertificateContent {
    "id": string;
    "person": PersonContent | null;
    "authority": string;
    "holder": HolderContent;
    "level": Level;
    "uses": Array<CertificateUse>;
    "thumbprint": string;
    "not_before": number;
    "not_after": number;
    "status": CertificateStatus;
    "expired": boolean;
    "enrolled": number;
    "in_browser": boolean;
  }
  interface CertificateForm {
    "certificate": string;
    "nonce": string;
    "jws": string;
    "in_browser"?: boolean;
    "renews"?: RenewalForm | null;
  }
  interface CertificateNonceForm {
    "client_identifier": string;
    "user_number": string;
  }
  interface CertificateOrderContent {
    "id": string;
    "person": PersonContent | null;
    "shop": string;
    "status": CertificateOrderStatus;
    "requested": number;
    "moved": number;
    "certificate": string | null;
  }
  interface CertificateOrderForm {
    "client"?: string | null;
    "user"?: string | null;
  }
  interface CertificateOrderMoveForm {
    "status": "abandoned" | "ordered" | "received";
  }
  type CertificateOrderStatus = "abandoned" | "enrolled" | "ordered" | "received" | "requested";
  interface CertificateSignInForm {
    "client_identifier": string;
    "user_number": string;
    "nonce": string;
    "jws": string;
    "code"?: string | null;
    "device"?: DeviceProof | null;
  }
  interface CertificateSignature {
    "method": "certificate";
    "jws": string;
    "code"?: string | null;
    "language"?: Language | null;
  }
  type CertificateStatus = "active" | "removed" | "revoked" | "superseded";
  type CertificateUse = "approval" | "sign_in";
  interface ChallengeContent {
    "id": string;
    "action": string;
    "group": string;
    "status": ChallengeStatus;
    "means": Array<Means>;
    "attempts_left": number;
    "expires": number;
    "reader": ReaderContent | null;
    "readers": Array<ReaderContent>;
    "envelope": unknown | null;
  }
  type ChallengeStatus = "closed" | "exhausted" | "expired" | "open" | "refused" | "satisfied" | "waiting";
  interface CheckContent {
    "accepted": boolean;
    "words": Record<string, string>;
    "reasons": Array<ReasonContent>;
    "authority": string | null;
    "level": Level | null;
    "uses": Array<CertificateUse>;
    "holder": HolderContent | null;
    "thumbprint": string | null;
    "not_before": number | null;
    "not_after": number | null;
  }
  interface CheckForm {
    "certificate": string;
    "client"?: string | null;
    "user"?: string | null;
  }
  interface ChoiceContent {
    "entry": string;
    "question": string;
  }
  interface ClauseContent {
    "count": number;
    "group": string | null;
  }
  interface CodeChangeForm {
    "old": string;
    "cap": string;
    "card"?: string | null;
    "code": string;
  }
  interface CodeOnMoneyContent {
    "decided_by": string;
    "decided_on": string;
  }
  interface CompanyContent {
    "id": string;
    "client_identifier": string;
    "name": string;
    "siren": string;
    "legal_form": LegalForm;
    "sol": boolean;
    "means": Array<Means>;
    "adviser": string | null;
  }
  interface CompanyFileContent {
    "company": CompanyContent;
    "people": Array<CompanyPersonContent>;
  }
  type CompanyFrom = "organization_identifier" | "organizational_unit";
  interface CompanyPersonContent {
    "person": PersonContent;
    "status": UserStatus;
    "main": boolean;
  }
  interface ConfirmationContent {
    "id": string;
    "asked": number;
    "expires": number;
  }
  interface ConfirmedSignInForm {
    "client_identifier": string;
    "user_number": string;
    "secret": string;
  }
  type Contact = "adviser" | "card_service";
  interface ConversationContent {
    "id": string;
    "status": ConversationStatus;
    "opened": number;
    "last_at": number;
    "last": number;
    "read_by_person": number;
    "read_by_adviser": number;
    "waiting_since": number | null;
    "adviser": PersonContent | null;
  }
  type ConversationStatus = "assisted" | "claimed" | "closed" | "waiting";
  interface CountedContent {
    "status": ActionStatus;
    "count": number;
  }
  type Delivery = "branch" | "home";
  interface DeviceContent {
    "id": string;
    "kind": DeviceKind;
    "name": string;
    "created": number;
    "revoked": number | null;
  }
  type DeviceKind = "bridge" | "browser" | "phone";
  interface DeviceProof {
    "device": string;
    "nonce": string;
    "signature": string;
  }
  interface DigitsForm {
    "digits": string;
  }
  interface EnrolledContent {
    "device": DeviceContent;
    "token": string;
  }
  interface EnrolmentContent {
    "id": string;
    "status": EnrolmentStatus;
    "device": string | null;
    "expires": number;
  }
  interface EnrolmentForm {
    "name": string;
    "public_key": string;
    "nonce": string;
    "signature": string;
  }
  type EnrolmentStatus = "closed" | "done" | "offered" | "scanned";
  interface EntitlementContent {
    "initiates": Array<string>;
    "signs": Array<string>;
    "power": string | null;
    "accounts": Array<string> | null;
    "ceilings": Array<CeilingContent>;
    "valid_from": string | null;
    "valid_until": string | null;
  }
  interface EvidenceFile {
    "evidence": EvidenceForm;
    "signature": string;
  }
  interface EvidenceForm {
    "format": string;
    "at": number;
    "house": HouseForm;
    "action": ActionForm;
    "texts": Array<TextForm>;
    "signers": Array<SignerForm>;
    "release": ReleaseForm | null;
    "audit": Array<LineForm>;
    "seal": SealForm | null;
    "exhibits": Record<string, string>;
    "keys": KeysForm;
  }
  type Factor = "cap" | "certificate" | "confidential_code" | "device" | "host" | "password" | "phone" | "recovery_code" | "totp";
  interface FcmForm {
    "channel": "fcm";
    "token": string;
  }
  interface FiguresContent {
    "day": string;
    "operations": Array<CountedContent>;
    "signatures": Array<SignedWithinContent>;
  }
  interface FileSummaryContent {
    "sha256": string;
    "size": number;
    "actions": Array<StatedContent>;
  }
  interface HandoverContent {
    "id": string;
    "challenge": string;
    "status": HandoverStatus;
    "answer": Answer | null;
    "expires": number;
  }
  type HandoverStatus = "closed" | "done" | "taken" | "waiting";
  interface HeadForm {
    "environment": string;
    "epoch": string;
    "size": number;
    "root": string;
    "previous": string;
    "at": number;
  }
  interface HealthContent {
    "status": string;
  }
  interface HeldCardContent {
    "id": string;
    "kind": CardKind;
    "status": CardStatus;
    "last4": string | null;
    "resync_due": boolean;
    "expires": string | null;
    "text": string;
    "call": Contact | null;
    "reason": OrderReason | null;
    "replaces": string | null;
    "delivery": Delivery | null;
    "pin_letter": PinLetter | null;
  }
  interface HeldCertificatesContent {
    "certificates": Array<CertificateContent>;
    "orders": Array<CertificateOrderContent>;
    "keys_in_browsers": boolean;
  }
  interface HelpContent {
    "items": Array<HelpEntry>;
  }
  interface HelpEntry {
    "id": string;
    "question": string;
    "answer": string;
  }
  interface HelpReply {
    "answer": HelpEntry | null;
    "suggestions": Array<HelpEntry>;
  }
  interface HolderContent {
    "serial_number": string;
    "given_name": string;
    "surname": string;
    "siren": string;
  }
  interface HolderForm {
    "client_identifier": string;
    "user_number": string;
  }
  interface HouseForm {
    "environment": string;
    "issuer": string;
    "audience": string;
  }
  interface KeysForm {
    "audit": Array<Record<string, unknown>>;
    "release": Array<Record<string, unknown>>;
  }
  type Language = "en" | "fr";
  type LegalForm = "legal_person" | "sole_trader";
  interface LetterContent {
    "user": string;
    "language": Language;
    "title": string;
    "lines": Array<string>;
    "secret": string;
    "expires": number;
  }
  type LetterStatus = "due" | "printed" | "used";
  type Level = "*" | "**" | "***";
  interface LineContent {
    "label": string;
    "value": string;
  }
  interface LineForm {
    "row": Record<string, unknown>;
    "salt": string | null;
    "value": Record<string, unknown> | null;
    "erased_by": string | null;
    "leaf": number | null;
    "inclusion": Array<string> | null;
  }
  interface LoginContent {
    "id": string;
    "device": string | null;
    "factors": Array<Factor>;
    "created": number;
    "last_act": number;
    "expires": number;
  }
  type Means = "cap" | "certificate" | "totp";
  interface MessageContent {
    "conversation": string;
    "n": number;
    "at": number;
    "author": Author;
    "name": string | null;
    "kind": MessageKind;
    "text": string;
    "subject": string | null;
    "choices": Array<ChoiceContent>;
    "starts": string | null;
    "action": string | null;
  }
  interface MessageForm {
    "req": string;
    "text": string;
    "language"?: Language | null;
  }
  type MessageKind = "action" | "answer" | "file" | "notice" | "suggestions" | "text";
  interface MtlsSignInForm {
    "client_identifier": string;
    "user_number": string;
    "code"?: string | null;
    "device"?: DeviceProof | null;
  }
  interface NonceContent {
    "nonce": string;
    "expires": number;
  }
  type OfferStatus = "confirmed" | "declined" | "offered" | "over" | "taken_back";
  interface OfferedEnrolmentContent {
    "id": string;
    "ticket": string;
    "qr": string;
    "expires": number;
  }
  interface OfferedFileContent {
    "id": string;
    "status": OfferStatus;
    "expires": number;
    "sha256": string;
    "size": number;
    "actions": Array<StatedContent>;
  }
  interface OfferedPairingContent {
    "id": string;
    "code": string;
    "expires": number;
  }
  interface OpenedContent {
    "actions": Array<ActionContent>;
  }
  interface OpeningForm {
    "client_identifier"?: string | null;
    "kind": string;
    "payload": Record<string, string | number | boolean | Array<string | number | boolean | Record<string, string | number | boolean | null> | null> | Record<string, string | number | boolean | null> | null>;
    "initiator"?: string | null;
    "reference"?: string | null;
  }
  type OrderReason = "blocked" | "broken" | "expiring" | "first" | "lost" | "stolen";
  interface PageContent_AccountContent_ {
    "items": Array<AccountContent>;
    "next": string | null;
  }
  interface PageContent_ActionContent_ {
    "items": Array<ActionContent>;
    "next": string | null;
  }
  interface PageContent_AddressedContent_ {
    "items": Array<AddressedContent>;
    "next": string | null;
  }
  interface PageContent_AdviserContent_ {
    "items": Array<AdviserContent>;
    "next": string | null;
  }
  interface PageContent_AlertContent_ {
    "items": Array<AlertContent>;
    "next": string | null;
  }
  interface PageContent_AuditLineContent_ {
    "items": Array<AuditLineContent>;
    "next": string | null;
  }
  interface PageContent_BeneficiaryContent_ {
    "items": Array<BeneficiaryContent>;
    "next": string | null;
  }
  interface PageContent_CardOrderContent_ {
    "items": Array<CardOrderContent>;
    "next": string | null;
  }
  interface PageContent_CompanyContent_ {
    "items": Array<CompanyContent>;
    "next": string | null;
  }
  interface PageContent_ConfirmationContent_ {
    "items": Array<ConfirmationContent>;
    "next": string | null;
  }
  interface PageContent_DeviceContent_ {
    "items": Array<DeviceContent>;
    "next": string | null;
  }
  interface PageContent_HeldCardContent_ {
    "items": Array<HeldCardContent>;
    "next": string | null;
  }
  interface PageContent_PayeeContent_ {
    "items": Array<PayeeContent>;
    "next": string | null;
  }
  interface PageContent_PolicyContent_ {
    "items": Array<PolicyContent>;
    "next": string | null;
  }
  interface PageContent_PushSubscriptionContent_ {
    "items": Array<PushSubscriptionContent>;
    "next": string | null;
  }
  interface PageContent_QueuedContent_ {
    "items": Array<QueuedContent>;
    "next": string | null;
  }
  interface PageContent_SessionContent_ {
    "items": Array<SessionContent>;
    "next": string | null;
  }
  interface PageContent_SubstitutionContent_ {
    "items": Array<SubstitutionContent>;
    "next": string | null;
  }
  interface PageContent_UserContent_ {
    "items": Array<UserContent>;
    "next": string | null;
  }
  interface PageContent_WaitingHandoverContent_ {
    "items": Array<WaitingHandoverContent>;
    "next": string | null;
  }
  interface PairingForm {
    "name": string;
    "public_key": string;
    "nonce": string;
    "signature": string;
    "code": string;
  }
  type PayeeAnswer = "CMTC" | "MTCH" | "NMTC" | "NOAP";
  interface PayeeContent {
    "position": number;
    "payment_information_id": string;
    "end_to_end_id": string;
    "name": string;
    "iban": string;
    "amount": number;
    "currency": string;
    "standing": Standing;
    "answer": PayeeAnswer | null;
    "returned_name": string | null;
  }
  type PayeeOrder = "file" | "risk";
  interface PersonContent {
    "id": string;
    "number": string;
    "name": string | null;
  }
  interface PinForm {
    "holder": HolderForm;
    "report": PinReport;
  }
  type PinLetter = "mailed" | "ordered" | "returned";
  type PinReport = "pin_mailed" | "pin_returned";
  interface PolicyContent {
    "kind": string;
    "account": string | null;
    "clauses": Array<ClauseContent>;
    "bands": Array<BandContent>;
    "ordered": boolean;
    "refusal": Refusal;
    "initiator_may_sign": boolean;
    "means": Array<Means>;
    "certificate_level": Level | null;
    "code_on_money": CodeOnMoneyContent | null;
  }
  interface PreparationContent {
    "id": string;
    "status": PreparationStatus;
    "reference": string | null;
    "created": number;
    "ended": number | null;
    "total": number;
    "done": number;
    "answers": Record<string, number>;
    "refusal": string | null;
    "actions": Array<ActionContent>;
  }
  type PreparationStatus = "checking" | "opened" | "refused" | "withdrawn";
  interface Problem {
    "type": string;
    "title": string;
    "status": number;
    "detail": string;
    "code": string;
    "field"?: string | null;
    "path"?: string | null;
    "state"?: string | null;
    "expected"?: number | null;
    "rule"?: string | null;
    "attempts_left"?: number | null;
    "words"?: Record<string, string> | null;
    "retry_after"?: number | null;
    "choices"?: Array<CardContent> | null;
    "request"?: string | null;
  }
  interface ProducedForm {
    "report": "produced";
    "holder": HolderForm;
    "pan": string;
    "psn": string;
    "expires": string;
    "profile": string;
    "issuer_key": string;
    "issuer_key_version"?: number;
  }
  type PushChannel = "fcm" | "web_push";
  interface PushKeyContent {
    "key": string;
  }
  interface PushKeysForm {
    "p256dh": string;
    "auth": string;
  }
  interface PushSubscriptionContent {
    "id": string;
    "device": string;
    "channel": PushChannel;
    "created": number;
    "last_sent": number | null;
    "last_outcome": string | null;
    "current": boolean;
  }
  interface QuestionForm {
    "text": string;
    "language"?: Language;
  }
  interface QueuedContent {
    "conversation": ConversationContent;
    "person": PersonContent;
    "client_identifier": string;
    "company": string;
    "unread": number;
  }
  interface ReadMarkForm {
    "n": number;
  }
  interface ReaderContent {
    "mode": CapMode;
    "digits": string;
    "amount": number | null;
    "currency": string | null;
    "fields": Array<string>;
    "code_length": number;
    "card": CardContent;
    "steps": Array<string>;
  }
  interface ReasonContent {
    "code": string;
    "words": Record<string, string>;
  }
  interface RecoveryCodesContent {
    "recovery_codes": Array<string>;
  }
  type Refusal = "action" | "signer_only";
  interface RefusalForm {
    "reason": RefusalReason;
  }
  type RefusalReason = "not_me" | "not_now" | "other" | "wrong_content";
  interface ReleaseForm {
    "id": string;
    "created": number;
    "token": string;
  }
  interface RenewalForm {
    "certificate": string;
    "jws"?: string | null;
  }
  interface RequirementContent {
    "group": string | null;
    "count": number;
    "signed": number;
  }
  interface ResynchronisationForm {
    "first": string;
    "second": string;
  }
  interface ReturnedForm {
    "report": "returned";
    "holder": HolderForm;
  }
  type Role = "adviser" | "auditor" | "supervisor";
  interface ScanForm {
    "name": string;
    "public_key": string;
    "nonce": string;
    "signature": string;
    "ticket": string;
  }
  interface ScannedContent {
    "device": DeviceContent;
    "token": string;
    "digits": string;
    "expires": number;
  }
  interface SealForm {
    "signed": SignedHeadForm;
    "anchored": number;
    "timestamp": string | null;
  }
  interface SentForm {
    "report": "sent";
    "holder": HolderForm;
  }
  interface SessionContent {
    "login": LoginContent;
    "device_name": string | null;
    "current": boolean;
  }
  interface ShownSeedContent {
    "seed": string;
    "uri": string;
    "qr": string;
  }
  interface SignInForm {
    "client_identifier": string;
    "user_number": string;
    "code"?: string | null;
    "cap"?: string | null;
    "card"?: string | null;
    "device"?: DeviceProof | null;
  }
  interface SignatureContent {
    "signer": PersonContent;
    "group": string;
    "in_place_of": PersonContent | null;
    "status": ChallengeStatus;
    "at": number | null;
  }
  interface SignedHeadForm {
    "head": HeadForm;
    "signature": string;
    "growth": Array<string>;
  }
  interface SignedInContent {
    "login": LoginContent;
    "user": PersonContent;
    "token"?: string | null;
    "csrf"?: string | null;
  }
  interface SignedWithinContent {
    "seconds": number | null;
    "count": number;
  }
  interface SignerForm {
    "challenge": string;
    "signer": string;
    "group": string;
    "means": string | null;
    "status": string;
    "ended": number | null;
    "refusal": string | null;
    "asked": Record<string, unknown> | null;
    "envelope": Record<string, unknown>;
    "envelope_sha256": string;
    "proofs": Array<Record<string, unknown>>;
  }
  interface SnapshotContent {
    "epoch": string;
    "head": number;
    "actions": Array<ActionContent>;
    "next": string | null;
  }
  type Standing = "changed" | "known" | "new" | "unknown";
  interface StatedContent {
    "kind": string;
    "title": string;
    "lines": Array<LineContent>;
  }
  interface StatementContent {
    "title": string;
    "lines": Array<LineContent>;
    "facts": unknown;
    "sha256": string;
    "fingerprint": string;
    "language": Language;
    "template": number;
  }
  interface SubscriptionContent {
    "id": string;
    "client_identifier": string;
    "name": string;
    "siren": string;
    "kind": SubscriptionKind;
    "legal_form": LegalForm;
    "sol": boolean;
    "means": Array<Means>;
    "adviser": string | null;
  }
  type SubscriptionKind = "company" | "house";
  interface SubstitutionContent {
    "id": string;
    "absent": PersonContent | null;
    "substitute": PersonContent | null;
    "first_day": string;
    "last_day": string;
  }
  interface TalkContent {
    "conversation": ConversationContent | null;
    "messages": Array<MessageContent>;
    "opens": number | null;
  }
  interface TextForm {
    "language": string;
    "template": number;
    "title": string;
    "lines": Array<Array<unknown>>;
  }
  interface TicketContent {
    "ticket": string;
    "expires": number;
  }
  interface TicketForm {
    "ticket": string;
  }
  interface TotpCode {
    "method": "totp";
    "code": string;
  }
  interface TransferForm {
    "to"?: string | null;
  }
  type Trouble = "blocked" | "broken" | "lost" | "stolen";
  interface TroubleForm {
    "trouble": Trouble;
  }
  interface UserContent {
    "id": string;
    "number": string;
    "name": string | null;
    "status": UserStatus;
    "main": boolean;
    "entitlement": EntitlementContent;
  }
  type UserStatus = "active" | "invited" | "left" | "locked";
  interface WaitingHandoverContent {
    "id": string;
    "asked": number;
    "expires": number;
  }
  interface WebPushForm {
    "channel": "web_push";
    "endpoint": string;
    "keys": PushKeysForm;
  }
  interface WhoForm {
    "client_identifier": string;
    "user_number": string;
  }
  interface WidgetSessionForm {
    "token": string;
    "host": string;
    "verifier": string;
  }
  interface WidgetTokenContent {
    "token": string;
    "expires": number;
  }
  interface WidgetTokenForm {
    "client_identifier": string;
    "user_number": string;
    "host": string;
    "challenge": string;
  }
}

export namespace Stream {
  interface Ack {
    "type": "ack";
    "s": number;
  }
  interface ActionContent {
    "id": string;
    "kind": string;
    "status": ActionStatus;
    "reason": string | null;
    "reference": string | null;
    "bundle": string | null;
    "created": number;
    "expires": number;
    "ended": number | null;
    "initiator": PersonContent | null;
    "statement": StatementContent;
    "signatures": Array<SignatureContent>;
    "requirements": Array<RequirementContent>;
    "challenge": ChallengeContent | null;
    "payload_sha256": string;
    "payload_url": string | null;
    "payees_url": string | null;
  }
  type ActionStatus = "approved" | "expired" | "failed" | "pending" | "rejected" | "released" | "withdrawn";
  interface AnsweredContent {
    "answer": approvals_model_proof_Answer;
    "attempts_left": number;
    "warning"?: string | null;
  }
  interface Auth {
    "type": "auth";
    "token": string;
  }
  interface AuthNeeded {
    "type": "auth_needed";
    "in": number;
  }
  type Author = "adviser" | "assistant" | "house" | "person";
  interface Bye {
    "type": "bye";
  }
  interface CapCode {
    "method": "cap";
    "code": string;
    "card"?: string | null;
  }
  type CapMode = "identify" | "respond" | "sign" | "tds";
  interface CardContent {
    "id": string;
    "kind": CardKind;
    "status": CardStatus;
    "last4": string;
    "resync_due": boolean;
  }
  type CardKind = "professional" | "secur_acces";
  type CardStatus = "active" | "blocked" | "broken" | "expired" | "locked" | "ordered" | "produced" | "replaced" | "reported" | "returned" | "sent";
  interface CertificateSignature {
    "method": "certificate";
    "jws": string;
    "code"?: string | null;
    "language"?: Language | null;
  }
  interface Challenge {
    "type": "challenge";
    "nonce": string;
  }
  interface ChallengeContent {
    "id": string;
    "action": string;
    "group": string;
    "status": ChallengeStatus;
    "means": Array<Means>;
    "attempts_left": number;
    "expires": number;
    "reader": ReaderContent | null;
    "readers": Array<ReaderContent>;
    "envelope": unknown | null;
  }
  type ChallengeStatus = "closed" | "exhausted" | "expired" | "open" | "refused" | "satisfied" | "waiting";
  interface ChoiceContent {
    "entry": string;
    "question": string;
  }
  interface Drain {
    "type": "drain";
    "after_ms": number;
  }
  interface Error {
    "type": "error";
    "code": string;
    "req": string | null;
    "retryable": boolean;
  }
  interface Event {
    "type": "event";
    "s": number;
    "id": string | null;
    "kind": EventKind;
    "at": number;
    "words": string;
    "action": ActionContent | null;
    "message"?: MessageContent | null;
  }
  type EventKind = "access_last_attempt" | "access_locked" | "access_stopped" | "action_ended" | "action_progressed" | "alert_raised" | "card_activated" | "card_blocked" | "card_expired" | "card_expires_soon" | "card_last_attempt" | "card_locked" | "card_ordered" | "card_reported" | "card_resynchronised" | "card_sent" | "card_unlocked" | "certificate_enrolled" | "certificate_expired" | "certificate_expires_soon" | "certificate_removed" | "certificate_revoked" | "challenge_ended" | "challenge_opened" | "chat_moved" | "code_changed" | "code_renewed" | "conversation_waiting" | "conversation_written" | "device_enrolled" | "device_revoked" | "handover_answered" | "handover_asked" | "handover_closed" | "handover_taken" | "message_received" | "sign_in_requested";
  interface Hello {
    "type": "hello";
    "v": number;
    "tab": string;
    "device"?: string | null;
    "token"?: string | null;
    "signature"?: string | null;
    "ticket"?: string | null;
    "epoch"?: string | null;
    "after"?: number;
    "login"?: string | null;
    "caps"?: Array<string>;
  }
  type Language = "en" | "fr";
  type Level = "device_bound" | "signed_in";
  interface LevelChanged {
    "type": "level";
    "level": Level;
    "expires": number | null;
  }
  interface Limits {
    "frame_bytes": number;
    "frames_per_minute": number;
    "burst": number;
  }
  interface LineContent {
    "label": string;
    "value": string;
  }
  type Means = "cap" | "certificate" | "totp";
  interface MessageContent {
    "conversation": string;
    "n": number;
    "at": number;
    "author": Author;
    "name": string | null;
    "kind": MessageKind;
    "text": string;
    "subject": string | null;
    "choices": Array<ChoiceContent>;
    "starts": string | null;
    "action": string | null;
  }
  type MessageKind = "action" | "answer" | "file" | "notice" | "suggestions" | "text";
  interface PeerTyping {
    "type": "peer_typing";
    "conversation": string;
  }
  interface PersonContent {
    "id": string;
    "number": string;
    "name": string | null;
  }
  interface Ping {
    "type": "ping";
    "s": number;
  }
  interface Pong {
    "type": "pong";
    "s": number;
    "now": number;
  }
  interface Read {
    "type": "read";
    "n": number;
    "conversation"?: string | null;
  }
  interface ReaderContent {
    "mode": CapMode;
    "digits": string;
    "amount": number | null;
    "currency": string | null;
    "fields": Array<string>;
    "code_length": number;
    "card": CardContent;
    "steps": Array<string>;
  }
  type RefusalReason = "not_me" | "not_now" | "other" | "wrong_content";
  interface Refuse {
    "type": "refuse";
    "req": string;
    "challenge": string;
    "reason": RefusalReason;
  }
  interface Refused {
    "status": ChallengeStatus;
  }
  interface RequestError {
    "code": string;
    "detail": string;
    "retryable": boolean;
    "state": string | null;
    "expected": number | null;
    "retry_after": number | null;
    "choices": Array<CardContent> | null;
  }
  interface RequirementContent {
    "group": string | null;
    "count": number;
    "signed": number;
  }
  interface Reset {
    "type": "reset";
    "reason": ResetReason;
    "epoch": string;
    "head": number;
  }
  type ResetReason = "beyond_head" | "epoch" | "pruned";
  interface Result {
    "type": "result";
    "req": string;
    "answered"?: AnsweredContent | null;
    "refused"?: Refused | null;
    "said"?: Said | null;
    "error"?: RequestError | null;
  }
  interface Said {
    "conversation": string;
    "n": number;
  }
  interface Say {
    "type": "say";
    "req": string;
    "text": string;
    "conversation"?: string | null;
    "language"?: Language | null;
  }
  interface SignatureContent {
    "signer": PersonContent;
    "group": string;
    "in_place_of": PersonContent | null;
    "status": ChallengeStatus;
    "at": number | null;
  }
  interface StatementContent {
    "title": string;
    "lines": Array<LineContent>;
    "facts": unknown;
    "sha256": string;
    "fingerprint": string;
    "language": Language;
    "template": number;
  }
  interface Synced {
    "type": "synced";
    "s": number;
  }
  interface TotpCode {
    "method": "totp";
    "code": string;
  }
  interface Typing {
    "type": "typing";
    "conversation"?: string | null;
  }
  interface Welcome {
    "type": "welcome";
    "level": Level;
    "session": string;
    "epoch": string;
    "head": number;
    "resumed": boolean;
    "heartbeat": number;
    "now": number;
    "expires": number | null;
    "limits": Limits;
  }
  type approvals_model_proof_Answer = "accepted" | "proof_refused" | "too_late";
  interface channels_frames_from_device_Answer {
    "type": "answer";
    "req": string;
    "challenge": string;
    "proof": CapCode | TotpCode | CertificateSignature;
  }
}
