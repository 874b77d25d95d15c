"""What a person may sign with: a card of theirs, or a certificate on a USB key plugged in. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from approvals.model.certificate import CertificateUse
from approvals.model.person import Language
from approvals.model.policy import Means
from card_bridge.link import words
from card_bridge.link.bank import ActionAsked, ReaderAsked
from card_bridge.tokens.certificates import Found, named, unfit
from card_bridge.tokens.refusals import NoCertificateFit

Choice: TypeAlias = ReaderAsked | Found
Listed = TypeVar("Listed", bound=Choice)


def cards(asked: ActionAsked) -> Sequence[ReaderAsked]:
    """Return what each card of the person's would be asked; none where the policy takes no card."""
    challenge = asked.challenge
    return challenge.readers if challenge is not None and Means.CAP in challenge.means else ()


def takes_certificate(asked: ActionAsked) -> bool:
    """The policy takes one, and the person has enrolled one that serves."""
    return asked.challenge is not None and Means.CERTIFICATE in asked.challenge.means


def fitting(found: Iterable[Found], now: datetime) -> Sequence[Found]:
    """Return those that could approve; which of them the bank knows, it says when it is signed with.

    Raises NoCertificateFit.
    """
    fit = [each for each in found if unfit(each, CertificateUse.APPROVAL, now) is None]
    if not fit:
        raise NoCertificateFit
    return fit


def question(choices: Sequence[Choice], language: Language) -> str:
    """Return what is asked where there are several: a number is to be typed."""
    listed = (f"{number} - {name(choice, language)}" for number, choice in enumerate(choices, 1))
    return words.WHICH[language].format(choices=", ".join(listed))


def chosen(choices: Sequence[Listed], typed: str) -> Listed | None:
    """Return the one whose number was typed; None for anything else."""
    numbered = {str(number): choice for number, choice in enumerate(choices, 1)}
    return numbered.get(typed)


def name(choice: Choice, language: Language) -> str:
    """Say which card, by its last four digits, or whose certificate, by whom, until when."""
    if isinstance(choice, ReaderAsked):
        return words.CARD[language].format(last4=choice.card.last4)
    whose = named(choice)
    if whose is None:  # an unreadable one is never among those that fit
        return choice.token
    return words.CERTIFICATE[language].format(
        person=whose.person, issuer=whose.issuer, until=whose.not_after.date().isoformat()
    )
