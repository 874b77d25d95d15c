"""The full check of one certificate, in the worker process: RFC 5280 path, and the OCSP answer or CRL it rests on.

The pinned authority is the only anchor and no certificate but the two is known to the path. Revocation is checked by
hand after the path: the library asks only where the certificate itself names a responder, and would accept one that
names none. Whatever it raises, AssertionError and TimeoutError included, is a refusal.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.errors import (
    CRLNoMatchesError,
    CRLValidationError,
    CRLValidationIndeterminateError,
    ExpiredError,
    NotYetValidError,
    OCSPNoMatchesError,
    OCSPValidationError,
    OCSPValidationIndeterminateError,
    RevokedError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    FreshnessReqType,
    PKIXValidationParams,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response
from pyhanko_certvalidator.validate import async_validate_path

from approvals.certificates.refusals import Cause, Reason
from server.outside.revocation.messages import Question, Verdict

_BY_HAND: Final = RevocationCheckingPolicy(
    ee_certificate_rule=RevocationCheckingRule.NO_CHECK,
    intermediate_ca_cert_rule=RevocationCheckingRule.NO_CHECK,
)


def judge(question: Question) -> Verdict:
    """Return what is wrong with the certificate, or with the answer on it; never raises."""
    try:
        path = _path(question)
        context = _context(question)
        asyncio.run(async_validate_path(context, path, _parameters(question)))
    except ExpiredError:
        return Verdict(reason=Reason.EXPIRED)
    except NotYetValidError:
        return Verdict(reason=Reason.NOT_YET_VALID)
    except Exception:  # noqa: BLE001  # any exception is a refusal (CERTIFICATES, "Traps")
        return Verdict(reason=Reason.PATH_INVALID)
    return _revocation(question, path, context)


def _revocation(question: Question, path: ValidationPath, context: ValidationContext) -> Verdict:
    verify = verify_ocsp_response if question.ocsp is not None else verify_crl
    try:
        asyncio.run(verify(path.leaf, path, context))
    except RevokedError as error:
        is_held = error.reason.native == "certificate_hold"
        return Verdict(reason=Reason.ON_HOLD if is_held else Reason.REVOKED)
    except (OCSPNoMatchesError, CRLNoMatchesError):
        return Verdict(cause=Cause.OTHER_CERTIFICATE)
    except (OCSPValidationIndeterminateError, CRLValidationIndeterminateError) as error:
        return Verdict(cause=Cause.STALE if error.suspect_stale else Cause.WRONG_SIGNER)
    except (OCSPValidationError, CRLValidationError):
        return Verdict(cause=Cause.WRONG_SIGNER)
    except Exception:  # noqa: BLE001  # any exception is a refusal
        return Verdict(cause=Cause.UNREADABLE)
    return Verdict()


def _path(question: Question) -> ValidationPath:
    issuer = x509.Certificate.load(question.issuer, strict=True)
    return ValidationPath(CertTrustAnchor(issuer), [], x509.Certificate.load(question.certificate, strict=True))


def _context(question: Question) -> ValidationContext:
    by_age = question.freshness is not None
    return ValidationContext(
        trust_roots=[x509.Certificate.load(question.issuer, strict=True)],
        moment=datetime.fromtimestamp(question.at / 1000, UTC),
        allow_fetching=False,
        ocsps=[ocsp.OCSPResponse.load(each, strict=True) for each in (question.ocsp,) if each is not None],
        crls=[_list(each) for each in (question.crl,) if each is not None],
        revinfo_policy=CertRevTrustPolicy(
            _BY_HAND,
            freshness=timedelta(seconds=question.freshness) if question.freshness is not None else None,
            freshness_req_type=(
                FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION if by_age else FreshnessReqType.DEFAULT
            ),
        ),
    )


@lru_cache(maxsize=1)
def _list(der: bytes) -> crl.CertificateList:
    """Keep the last list as it was read: its entries stay parsed for the next question.

    One alone: parsed, it takes some fifty times its bytes.
    """
    return crl.CertificateList.load(der, strict=True)


def _parameters(question: Question) -> PKIXValidationParams:
    return PKIXValidationParams(
        user_initial_policy_set=frozenset(question.policies),
        initial_explicit_policy=True,
        initial_policy_mapping_inhibit=True,
        initial_any_policy_inhibit=True,
    )
