"""The digest of a group, recomputed from the file alone as docs/remittance.md tells an auditor to."""

import hashlib
from decimal import Decimal

import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from approvals.model.iban import Iban
from approvals.model.remittance import PaymentOrder
from approvals.remittance.totals import canonical_line
from deploy.demo.make_remittance import Batch, french_iban
from tests.remittance.files import make_file, read

TWO_ACCOUNTS = make_file(
    Batch(id="B1", orders=5),
    Batch(id="B2", orders=3, debtor_iban=french_iban(7), payees=[('L\'Étage "Nord" & Cie <é>', french_iban(8))]),
    Batch(id="B3", orders=2, smallest=1),
)


def audit(file: bytes, debtor_iban: str) -> str:
    """Read nothing but the file, with plain lxml and an RFC 8785 library."""
    names = {"n": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    digest = hashlib.sha256()
    for position, order in enumerate(etree.fromstring(file).iterfind(".//n:CdtTrfTxInf", names), start=1):
        block = order.getparent()
        assert block is not None
        if block.findtext("n:DbtrAcct/n:Id/n:IBAN", namespaces=names) == debtor_iban:
            line = [
                position,
                block.findtext("n:PmtInfId", namespaces=names),
                order.findtext("n:PmtId/n:EndToEndId", namespaces=names),
                order.findtext("n:Cdtr/n:Nm", namespaces=names),
                order.findtext("n:CdtrAcct/n:Id/n:IBAN", namespaces=names),
                int(Decimal(order.findtext("n:Amt/n:InstdAmt", namespaces=names) or "") * 100),
                "EUR",
            ]
            digest.update(rfc8785.dumps(line) + b"\n")
    return digest.hexdigest()


def test_an_auditor_finds_the_same_digest_from_the_file_alone() -> None:
    _, whole = read(TWO_ACCOUNTS)
    assert len(whole.groups) == 2
    assert [group.digest for group in whole.groups] == [
        audit(TWO_ACCOUNTS, group.debtor_iban) for group in whole.groups
    ]


def test_any_change_of_payee_account_amount_or_order_changes_the_digest() -> None:
    swapped = make_file(
        Batch(id="B1", orders=2, payees=[("A", french_iban(1)), ("B", french_iban(2))], smallest=100),
    )
    changes = [(b">A<", b">C<"), (french_iban(1).encode(), french_iban(3).encode()), (b"B1-1", b"B1-3")]
    files = [swapped, *(swapped.replace(old, new) for old, new in changes)]
    files.append(swapped.replace(b">1.00<", b">x<").replace(b">2.01<", b">1.00<").replace(b">x<", b">2.01<"))
    assert len({read(file)[1].groups[0].digest for file in files}) == len(files)


def test_the_place_of_the_blocks_in_the_file_is_part_of_the_digest() -> None:
    first, second = Batch(id="B1", orders=1), Batch(id="B2", orders=1)
    _, forward = read(make_file(first, second))
    _, backward = read(make_file(second, first))
    assert forward.groups[0].digest != backward.groups[0].digest


@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs"])), amount=st.integers(1, 10**12 - 1))
def test_a_line_is_canonical_json(text: str, amount: int) -> None:
    order = PaymentOrder(
        group=0,
        position=1,
        payment_information_id="B1",
        end_to_end_id=text,
        name=text,
        iban=Iban(french_iban(1)),
        bic=None,
        country=None,
        amount=amount,
        currency="EUR",
        category_purpose=None,
        reference=None,
        unstructured_address=False,
    )
    assert canonical_line(order) == rfc8785.dumps([1, "B1", text, text, french_iban(1), amount, "EUR"]) + b"\n"
