"""The authorities whose certificates the bank accepts, and what an adviser is told of a certificate pasted."""

from approvals.certificates.reading import thumbprint
from approvals.certificates.refusals import Cause
from approvals.certificates.words import explain
from approvals.credentials.adviser import Right
from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.desk.certificates.checking import Checked
from approvals.model.certificate import Authority
from approvals.model.person import Language
from channels.views.times import milliseconds
from server.http.certificate_forms import (
    AuthoritiesContent,
    AuthorityContent,
    CheckContent,
    CheckForm,
    ReasonContent,
)
from server.http.desks import Desks
from server.http.gates import Advising, Banker
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.tables.certificates import holder_content

_VERDICTS = {
    True: {
        Language.FR: "La banque accepte ce certificat.",
        Language.EN: "The bank accepts this certificate.",
    },
    False: {
        Language.FR: "La banque n'accepte pas ce certificat.",
        Language.EN: "The bank does not accept this certificate.",
    },
}
_UNASKABLE = {
    Language.FR: "Personne ne dit actuellement s'il est révoqué : à vérifier plus tard.",
    Language.EN: "Nobody says at present whether it is revoked: check again later.",
}


async def list_authorities(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    del call
    items = [_authority(each) for each in await desks.certificates.showing.authorities()]
    return Reply(body=AuthoritiesContent(items=items))


async def check(desks: Desks, call: Call[Advising, CheckForm, NoQuery]) -> Reply:
    form = call.body
    checking = desks.certificates.checking
    return Reply(body=_checked(await checking.check(form.certificate, call.caller.adviser, form.client, form.user)))


def _authority(authority: Authority) -> AuthorityContent:
    return AuthorityContent(
        id=authority.id,
        name=authority.name,
        certificate=thumbprint(authority.certificate),
        policies=authority.policies,
        uses=sorted(authority.uses),
        both_uses=authority.both_uses,
        company_from=authority.company_from,
        ocsp_url=authority.ocsp_url,
        crl_url=authority.crl_url,
        nonce=authority.has_nonce,
        withdrawn=None if authority.withdrawn_at is None else milliseconds(authority.withdrawn_at),
    )


def _checked(checked: Checked) -> CheckContent:
    reading = checked.reading
    return CheckContent(
        accepted=checked.is_accepted,
        words=_VERDICTS[checked.is_accepted],
        reasons=[
            *(ReasonContent(code=reason, words=explain(reason)) for reason in checked.reasons),
            *_cause(checked.cause),
        ],
        authority=checked.authority.name if checked.authority else None,
        level=checked.level,
        uses=sorted(checked.uses),
        holder=holder_content(reading.holder) if reading else None,
        thumbprint=reading.thumbprint if reading else None,
        not_before=milliseconds(reading.not_before) if reading else None,
        not_after=milliseconds(reading.not_after) if reading else None,
    )


def _cause(cause: Cause | None) -> list[ReasonContent]:
    return [] if cause is None else [ReasonContent(code=f"revocation_{cause}", words=_UNASKABLE)]


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/authorities",
        summary="List the certificate authorities the bank accepts, and those withdrawn",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=list_authorities,
        gives=Gives(status=200, struct=AuthoritiesContent),
    ),
    Route(
        method="POST",
        path="/v1/certificates/checks",
        summary="Be told in words whether and why a certificate is accepted",
        who=Banker(Right.SERVE),
        intake=Json(CheckForm),
        query=NoQuery,
        handler=check,
        gives=Gives(status=200, struct=CheckContent),
        errors=(OutsidePortfolio,),
    ),
)
