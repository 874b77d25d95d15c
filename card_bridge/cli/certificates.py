"""`certificates`: what is on the USB keys plugged in, whose it is, and what it can serve for."""

from collections.abc import Mapping
from typing import Final

from approvals.model.certificate import CertificateUse
from card_bridge.cli.screen import Keyboard, say
from card_bridge.cli.token_options import ModuleOption, now
from card_bridge.tokens.certificates import Found, Named, Unfit, named, unfit
from card_bridge.tokens.pkcs11 import UsbKeys

_USES: Final[Mapping[CertificateUse, tuple[str, str]]] = {
    CertificateUse.SIGN_IN: ("se connecter", "sign in"),
    CertificateUse.APPROVAL: ("approuver", "approve"),
}
_WHY: Final[Mapping[Unfit, tuple[str, str]]] = {
    Unfit.UNREADABLE: ("illisible", "unreadable"),
    Unfit.NO_KEY: ("sans clé privée", "without its private key"),
    Unfit.NOT_YET_VALID: ("pas encore valable", "not yet valid"),
    Unfit.EXPIRED: ("expiré", "expired"),
    Unfit.WRONG_USAGE: ("pas pour cet usage", "not for this use"),
}


def certificates(*, module: ModuleOption) -> None:
    """Les certificats des clés USB branchées / the certificates on the USB keys plugged in.

    Exemple / example: `contreseing-bridge certificates --module /usr/lib/softhsm/libsofthsm2.so`
    """
    for found in UsbKeys(module, Keyboard()).certificates():
        _show(found)


def _show(found: Found) -> None:
    whose = named(found)
    if whose is not None:
        _show_holder(whose)
    for use, (french, english) in _USES.items():
        reason = unfit(found, use, now())
        said = ("oui", "yes") if reason is None else _WHY[reason]
        say(f"  {french} : {said[0]}", f"  {english}: {said[1]}")


def _show_holder(whose: Named) -> None:
    line, policies = f"{whose.person}, {whose.company}", " ".join(whose.policies)
    say(line, line)
    say(
        f"  émis par {whose.issuer} ({policies}), jusqu'au {whose.not_after:%d/%m/%Y}",
        f"  issued by {whose.issuer} ({policies}), until {whose.not_after:%Y-%m-%d}",
    )
