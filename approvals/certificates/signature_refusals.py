"""Why a signature by certificate is none: each fault is told to the audit, never to who offered it (RULES 10)."""

from enum import StrEnum

from approvals.errors import ApprovalError


class SignatureFault(StrEnum):
    """What is wrong with a detached JWS; the words are the audit's and never change."""

    TOO_LONG = "jws_too_long"
    NOT_DETACHED = "jws_not_detached"  # not three parts with nothing between the dots (RFC 7515 appendix F)
    BASE64 = "jws_base64"
    NOT_AN_OBJECT = "jws_header_not_an_object"
    MEMBER_TWICE = "jws_member_twice"
    MEMBER_MISSING = "jws_member_missing"
    MEMBER_MISTYPED = "jws_member_mistyped"
    MEMBER_UNKNOWN = "jws_member_unknown"
    CRITICAL_UNKNOWN = "jws_crit_unknown"
    UNENCODED = "jws_b64_false"  # RFC 7797: the payload is always encoded
    FOREIGN_KEY = "jws_names_a_key"  # jwk, jku, x5u, kid: the key is the enrolled certificate's, and no other
    ALGORITHM_NONE = "jws_alg_none"
    ALGORITHM_SYMMETRIC = "jws_alg_symmetric"  # a public key taken for a shared secret
    ALGORITHM = "jws_alg_not_accepted"
    PURPOSE = "jws_wrong_typ"
    THUMBPRINT = "jws_thumbprint_differs"
    CHAIN = "jws_x5c_differs"
    KEY_UNFIT = "jws_key_unfit"  # of another kind than the algorithm's, or too short
    WRONG = "jws_wrong_signature"


class SignatureRefused(ApprovalError):
    """The text is no signature by this certificate of this content for this purpose; `fault` is the audit's word."""

    code = "signature_refused"

    def __init__(self, fault: SignatureFault) -> None:
        super().__init__(f"the signature is refused: {fault}")
        self.fault = fault
