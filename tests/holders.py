"""People who hold keys with certificates, and what they send to enrol them."""

from base64 import b64encode, urlsafe_b64decode
from dataclasses import replace

from approvals.certificates import signature
from approvals.certificates.reading import thumbprint
from approvals.certificates.signature import Algorithm, SignedType
from approvals.model.certificate import Certificate
from approvals.model.ids import UserId
from approvals.ports.book import Ledger
from tests.certificate_keys import TokenKey
from tests.house import House
from tests.pki import Issued, IssuingAuthority, Wish

ANNE = Wish(given_name="Anne", surname="MORVAN", siren="552100554")
"""A certificate that names Anne of the tests' company."""


def token(issued: Issued) -> TokenKey:
    return TokenKey(key=issued.key, certificate=issued.der)


def pasted(issued: Issued) -> str:
    return issued.pem.decode()


async def form(
    house: House, issued: Issued, *, renews: Certificate | str | None = None, old: Issued | None = None
) -> dict[str, object]:
    """What is posted to enrol this certificate; `old` signs that it is followed by it."""
    nonce, _ = await house.devices.nonce()
    signed = urlsafe_b64decode(nonce + "=")
    environment, origin = house.terms.parties.environment, house.terms.origin
    payload = signature.sign_in_payload(environment, origin, signed)
    body: dict[str, object] = {
        "certificate": b64encode(issued.der).decode(),
        "nonce": nonce,
        "jws": token(issued).jws(SignedType.SIGN_IN, payload, Algorithm.ES256),
    }
    if renews is None:
        return body
    renewal: dict[str, object] = {"certificate": renews if isinstance(renews, str) else renews.id}
    if old is not None:
        successor = thumbprint(issued.der)
        named = signature.renewal_payload(environment, origin, signed, successor)
        renewal["jws"] = token(old).jws(SignedType.RENEWAL, named, Algorithm.ES256)
    return {**body, "renews": renewal}


async def accept(house: House, authority: IssuingAuthority, **changed: object) -> None:
    """Write the authority as two advisers would have."""
    entry = replace(authority.entry(ocsp_url="http://ocsp.test/"), **changed)  # type: ignore[arg-type]  # fields by name

    async def work(ledger: Ledger) -> None:
        await ledger.authorities.put(entry)

    await house.book.transaction(work)


async def held(house: House, user_id: UserId) -> list[Certificate]:
    return list(await house.book.reading(lambda ledger: ledger.certificates.of_users([user_id])))
