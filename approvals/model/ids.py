"""Typed ids: text made by us (`Ids`), never a bare `str`, so that one kind cannot stand for another."""

from typing import Final, NewType

SubscriptionId = NewType("SubscriptionId", str)
UserId = NewType("UserId", str)
AccountId = NewType("AccountId", str)
CardId = NewType("CardId", str)
CertificateId = NewType("CertificateId", str)
AuthorityId = NewType("AuthorityId", str)
CertificateOrderId = NewType("CertificateOrderId", str)
MessageId = NewType("MessageId", str)
ProfileId = NewType("ProfileId", str)
DeviceId = NewType("DeviceId", str)
LoginId = NewType("LoginId", str)
EnrolmentId = NewType("EnrolmentId", str)
ConfirmationId = NewType("ConfirmationId", str)
HandoverId = NewType("HandoverId", str)
ApiKeyId = NewType("ApiKeyId", str)
ActionId = NewType("ActionId", str)
ActionKind = NewType("ActionKind", str)
BundleId = NewType("BundleId", str)
ChallengeId = NewType("ChallengeId", str)
ProofId = NewType("ProofId", str)
ReleaseId = NewType("ReleaseId", str)
UploadId = NewType("UploadId", str)
PreparationId = NewType("PreparationId", str)
SubstitutionId = NewType("SubstitutionId", str)
ImportId = NewType("ImportId", str)
AuditId = NewType("AuditId", str)
PushSubscriptionId = NewType("PushSubscriptionId", str)

UNKNOWN_INITIATOR: Final = UserId("unknown")
"""Who started the action is not known to the core that opened it (RULES 5); never the id of a person."""
