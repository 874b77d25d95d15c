"""Pages of long lists."""

from collections.abc import Callable
from typing import TypeVar

from approvals.model.account import Beneficiary
from approvals.model.page import Page
from approvals.model.payee import Payee
from channels.frames.content import BeneficiaryContent, PageContent, PayeeContent
from channels.views.times import milliseconds

Item = TypeVar("Item")
Shown = TypeVar("Shown")


def page_content(page: Page[Item], show: Callable[[Item], Shown]) -> PageContent[Shown]:
    return PageContent(items=[show(item) for item in page.items], next=page.next)


def beneficiary_content(beneficiary: Beneficiary) -> BeneficiaryContent:
    return BeneficiaryContent(
        name=beneficiary.name,
        iban=beneficiary.iban,
        bic=beneficiary.bic,
        lists=beneficiary.lists,
        registered=milliseconds(beneficiary.registered_at),
    )


def payee_content(payee: Payee) -> PayeeContent:
    return PayeeContent(
        position=payee.position,
        payment_information_id=payee.payment_information_id,
        end_to_end_id=payee.end_to_end_id,
        name=payee.name,
        iban=payee.iban,
        amount=payee.amount,
        currency=payee.currency,
        standing=payee.standing,
        answer=payee.verdict.answer if payee.verdict else None,
        returned_name=payee.verdict.returned_name if payee.verdict else None,
    )
