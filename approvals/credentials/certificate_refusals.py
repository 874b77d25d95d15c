"""Every refusal about people's certificates and their orders; they hang in the core's one tree.

ApprovalError
└── CertificateRuleError
    ├── CertificateTaken · CertificateKnownAlready · CertificateNotActive · AuthorityKnown
    └── CertificateOrderOpen · CertificateOrderClosed · BrowserKeysOff
"""

from approvals.errors import ApprovalError


class CertificateRuleError(ApprovalError):
    """What stands between a person and a certificate; each reason is an error of its own."""

    code = "certificate_rule"


class CertificateTaken(CertificateRuleError):
    """The certificate, or another of the same holder, works under another user number (RULES 14)."""

    code = "certificate_taken"


class CertificateKnownAlready(CertificateRuleError):
    """The certificate was enrolled by this person before."""

    code = "certificate_known_already"


class CertificateNotActive(CertificateRuleError):
    """The certificate was superseded, revoked or removed: it does not come back."""

    code = "certificate_not_active"


class AuthorityKnown(CertificateRuleError):
    """An accepted authority has this certificate: change that one instead."""

    code = "authority_known"


class CertificateOrderOpen(CertificateRuleError):
    """The person has an order under way."""

    code = "certificate_order_open"


class CertificateOrderClosed(CertificateRuleError):
    """The order has come to its end."""

    code = "certificate_order_closed"


class BrowserKeysOff(CertificateRuleError):
    """This house lets no browser keep a certificate's key, or does no more (RULES 15)."""

    code = "browser_keys_off"
