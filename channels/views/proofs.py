"""What came over the wire as a proof, as the core takes it: the one translation in this direction."""

from typing import assert_never

from approvals.model.proof import CapProof, CertificateProof, OfferedProof, TotpProof
from channels.frames.content import CapCode, CertificateSignature, OfferedCode, TotpCode


def offered_proof(code: OfferedCode) -> OfferedProof:
    match code:
        case CapCode():
            return CapProof(code=code.code, card=code.card)
        case TotpCode():
            return TotpProof(code=code.code)
        case CertificateSignature():
            return CertificateProof(jws=code.jws, code=code.code, language=code.language)
        case _:
            assert_never(code)
