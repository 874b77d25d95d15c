"""The desks of certificates, joined on the parts they share."""

from dataclasses import dataclass
from typing import Self

from approvals.desk.certificates.ageing import CertificateAgeingDesk
from approvals.desk.certificates.checking import CheckDesk
from approvals.desk.certificates.ending import EndDesk
from approvals.desk.certificates.enrolling import EnrolDesk
from approvals.desk.certificates.ordering import OrderDesk
from approvals.desk.certificates.parts import CertificateParts
from approvals.desk.certificates.showing import ShowDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDesks:
    """A verb a desk's method."""

    enrolling: EnrolDesk
    ending: EndDesk
    ageing: CertificateAgeingDesk
    ordering: OrderDesk
    checking: CheckDesk
    showing: ShowDesk

    @classmethod
    def of(cls, parts: CertificateParts) -> Self:
        return cls(
            enrolling=EnrolDesk(parts),
            ending=EndDesk(parts),
            ageing=CertificateAgeingDesk(parts),
            ordering=OrderDesk(parts),
            checking=CheckDesk(parts),
            showing=ShowDesk(parts),
        )
