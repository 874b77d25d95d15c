"""What an adviser is told of a refused certificate, one row a reason, in both languages."""

from collections.abc import Mapping
from typing import Final

from approvals.certificates.refusals import Reason
from approvals.model.person import Language


def _say(french: str, english: str) -> Mapping[Language, str]:
    return {Language.FR: french, Language.EN: english}


def explain(reason: Reason) -> Mapping[Language, str]:
    """Return the row of this reason."""
    return _ROWS[reason]


_ROWS: Final[Mapping[Reason, Mapping[Language, str]]] = {
    Reason.MALFORMED: _say("Ce n'est pas un certificat X.509 lisible.", "This is no readable X.509 certificate."),
    Reason.UNKNOWN_AUTHORITY: _say(
        "L'autorité qui l'a émis n'est pas acceptée par la banque.",
        "The authority that issued it is not one the bank accepts.",
    ),
    Reason.AUTHORITY_WITHDRAWN: _say(
        "L'autorité qui l'a émis n'est plus acceptée par la banque.",
        "The authority that issued it is no longer accepted by the bank.",
    ),
    Reason.NOT_PERSONAL: _say(
        "C'est le certificat d'une autorité ou d'une machine, pas celui d'une personne.",
        "It is an authority's or a machine's certificate, not a person's.",
    ),
    Reason.NOT_YET_VALID: _say("Sa période de validité n'a pas commencé.", "Its period of validity has not begun."),
    Reason.EXPIRED: _say("Il a expiré : il faut le renouveler.", "It has expired: it is to be renewed."),
    Reason.REVOKED: _say(
        "L'autorité l'a révoqué : il faut en commander un autre.", "The authority revoked it: another is needed."
    ),
    Reason.ON_HOLD: _say(
        "L'autorité l'a suspendu : le porteur doit la contacter.",
        "The authority has it on hold: its holder is to call the authority.",
    ),
    Reason.UNKNOWN_TO_AUTHORITY: _say(
        "L'autorité ne connaît pas ce certificat.", "The authority does not know this certificate."
    ),
    Reason.ALGORITHM: _say(
        "Ses algorithmes ne sont pas admis (RSA, P-256 ou P-384 ; SHA-256 au moins).",
        "Its algorithms are not allowed (RSA, P-256 or P-384; SHA-256 at least).",
    ),
    Reason.KEY_TOO_SHORT: _say("Sa clé RSA a moins de 2048 bits.", "Its RSA key has less than 2048 bits."),
    Reason.NO_USAGE: _say(
        "Il n'est pas émis pour cet usage : signature numérique et authentification client pour se connecter, "
        "non-répudiation pour signer.",
        "It is not issued for this use: digital signature and client authentication to sign in, "
        "non-repudiation to sign.",
    ),
    Reason.USE_NOT_ACCEPTED: _say(
        "La banque n'accepte pas cette autorité pour cet usage.",
        "The bank does not accept this authority for this use.",
    ),
    Reason.WRONG_POLICY: _say(
        "Sa politique de certification n'est pas de celles que la banque accepte.",
        "Its certificate policy is not one the bank accepts.",
    ),
    Reason.LEVEL_TOO_LOW: _say(
        "Son niveau RGS est trop bas pour cette opération.", "Its RGS level is too low for this action."
    ),
    Reason.PATH_INVALID: _say(
        "Le chemin de certification ne tient pas (RFC 5280).", "Its certification path does not hold (RFC 5280)."
    ),
    Reason.PERSON_UNREADABLE: _say(
        "Il ne nomme pas une personne par numéro de série, prénom et nom.",
        "It does not name one person by serial number, given name and surname.",
    ),
    Reason.COMPANY_UNREADABLE: _say(
        "Le SIREN de l'entreprise n'y est pas lisible là où cette autorité l'inscrit.",
        "The company's SIREN cannot be read where this authority writes it.",
    ),
    Reason.OTHER_PERSON: _say("Il est au nom d'une autre personne.", "It names another person."),
    Reason.OTHER_COMPANY: _say("Il est au nom d'une autre entreprise.", "It names another company."),
    Reason.OTHER_USER: _say(
        "Il est enregistré sous un autre numéro d'utilisateur.", "It is enrolled under another user number."
    ),
    Reason.KEY_IN_BROWSER: _say(
        "Un certificat RGS ** ou *** a sa clé dans une clé USB ou une carte, pas dans un navigateur.",
        "An RGS ** or *** certificate has its key in a USB key or a card, not in a browser.",
    ),
}
