"""Whose a certificate is, and how one is pasted."""

from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.certificates.binding import require_named
from approvals.certificates.pasting import read_pasted
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import Holder
from tests.pki import open_authority


def holder(given_name: str, surname: str) -> Holder:
    return Holder(serial_number="1", given_name=given_name, surname=surname, siren="732829320")


@pytest.mark.parametrize(
    ("given_name", "surname", "name"),
    [
        ("Anne", "MORVAN", "Anne Morvan"),
        ("Anne", "MORVAN", "Morvan Anne"),
        ("Jean-Pierre", "LE GOFF", "Jean Pierre Le Goff"),
        ("HELENE", "D'ALEMBERT", "Hélène d\N{RIGHT SINGLE QUOTATION MARK}Alembert"),
        ("Zoe\u0308", "Cœur", "Zoë COEUR"),
        ("Inès", "Weiß", "ines weiss"),
    ],
)
def test_spelling_does_not_make_another_person(given_name: str, surname: str, name: str) -> None:
    require_named(holder(given_name, surname), name)


@pytest.mark.parametrize(
    ("given_name", "surname", "name"),
    [
        ("Anne", "Morvan", "Anna Morvan"),
        ("Anne", "Morvan", "Anne"),
        ("Anne Marie", "Morvan", "Anne Morvan"),
        ("Anne", "Morvan", "A. Morvan"),
        ("Anne", "Morvan", "Аnne Morvan"),  # noqa: RUF001  # a Cyrillic A
    ],
)
def test_a_letter_more_or_less_does(given_name: str, surname: str, name: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        require_named(holder(given_name, surname), name)
    assert refused.value.reason is Reason.OTHER_PERSON


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_certificate_is_pasted_as_pem_or_as_base64(end: str) -> None:
    issued = open_authority().issued
    assert read_pasted(f"  {issued.pem.decode()}".replace("\n", end)) == issued.der
    assert read_pasted(b64encode(issued.der).decode()) == issued.der


@given(st.text() | st.binary().map(lambda content: b64encode(content).decode()))
def test_any_text_is_bytes_or_the_one_refusal(text: str) -> None:
    with suppress(CertificateRefused):
        assert 0 < len(read_pasted(text)) <= 16_384
