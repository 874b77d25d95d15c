"""What stands between the person and a signature by their USB key.

TokenRefusal
  ModuleUnusable NoToken TokenFailed NoCertificateFit CertificateNotChosen CertificateWithoutKey KeyNotUsable
  KeyPinRefusal          KeyPinWrong KeyPinLocked KeyLastTryLeft
StatementRefusal
  StatementUnreadable StatementAltered OperationUnknown TemplateUnknown PurposeForeign EnvelopeExpired
"""

from card_bridge.refusals import BridgeRefusal


class TokenRefusal(BridgeRefusal):
    """The USB key cannot sign this, or not now."""


class ModuleUnusable(TokenRefusal):
    """The PKCS#11 module is missing, or is none."""

    code = "token_module_unusable"
    french = "Le pilote PKCS#11 de la clé USB est introuvable ou inutilisable : vérifiez --module."
    english = "The USB key's PKCS#11 driver is missing or cannot be used: check --module."


class NoToken(TokenRefusal):
    """No USB key is plugged in."""

    code = "no_token"
    french = "Aucune clé USB de certificat : branchez-la et recommencez."
    english = "No USB key with a certificate: plug it in and try again."


class TokenFailed(TokenRefusal):
    """The key was pulled out mid-way, or answers with an error."""

    code = "token_failed"
    french = "La clé USB ne répond pas : débranchez-la, rebranchez-la et recommencez."
    english = "The USB key does not answer: unplug it, plug it in and start again."


class NoCertificateFit(TokenRefusal):
    """None is in time, for this use, and has its key beside it."""

    code = "no_certificate_fit"
    french = "Aucun certificat de la clé ne convient : « contreseing-bridge certificates » dit pourquoi."
    english = "No certificate on the key fits: `contreseing-bridge certificates` says why."


class CertificateNotChosen(TokenRefusal):
    """Several fit, and the person named none of them."""

    code = "certificate_not_chosen"
    french = "Aucun certificat n'a été choisi : rien n'est signé."
    english = "No certificate was chosen: nothing is signed."


class CertificateWithoutKey(TokenRefusal):
    """After login there is no private key of the certificate's CKA_ID."""

    code = "certificate_without_key"
    french = "La clé privée de ce certificat n'est pas sur la clé USB."
    english = "The private key of this certificate is not on the USB key."


class KeyNotUsable(TokenRefusal):
    """Neither P-256 nor RSA of 2048 bits or more."""

    code = "token_key_not_usable"
    french = "Ce type de clé n'est pas admis : il faut RSA (2048 bits au moins) ou P-256."
    english = "This kind of key is not taken: RSA (2048 bits at least) or P-256 is needed."


class KeyPinRefusal(TokenRefusal):
    """The key's PIN was not verified."""


class KeyPinWrong(KeyPinRefusal):
    """The PIN is wrong; a try is lost."""

    code = "token_pin_wrong"
    french = "Code PIN de la clé USB faux : un essai est perdu."
    english = "Wrong PIN of the USB key: one try is lost."


class KeyPinLocked(KeyPinRefusal):
    """Too many wrong PINs."""

    code = "token_pin_locked"
    french = "La clé USB est verrouillée après trop de codes PIN faux : débloquez-la avec l'outil de son autorité."
    english = "The USB key is locked after too many wrong PINs: unlock it with its authority's tool."


class KeyLastTryLeft(KeyPinRefusal):
    """One try is left, and the person did not insist."""

    code = "token_last_try_left"
    french = "Il ne reste qu'un essai avant le verrouillage de la clé USB. Si vous êtes sûr : --last-try."
    english = "One try is left before the USB key locks. If you are sure of the PIN: --last-try."


class StatementRefusal(BridgeRefusal):
    """What was handed over is not signed: the bridge signs only what it wrote out itself."""


class StatementUnreadable(StatementRefusal):
    """No statement with its envelope, or with values of another shape."""

    code = "statement_unreadable"
    french = "La demande à signer est illisible : rien n'est signé."
    english = "What is to be signed cannot be read: nothing is signed."


class StatementAltered(StatementRefusal):
    """The facts are not those whose digest the envelope names."""

    code = "statement_altered"
    french = "Le texte montré n'est pas celui que la banque fait signer : rien n'est signé. Prévenez votre banque."
    english = "The text shown is not the one the bank has signed: nothing is signed. Tell your bank."


class OperationUnknown(StatementRefusal):
    """A kind of action this version cannot write out."""

    code = "operation_unknown"
    french = "Cette version ne connaît pas cette opération : mettez contreseing-bridge à jour."
    english = "This version does not know this operation: update contreseing-bridge."


class TemplateUnknown(StatementRefusal):
    """Another version of the text than this one writes."""

    code = "template_unknown"
    french = "Cette version écrit un autre texte que la banque : mettez contreseing-bridge à jour."
    english = "This version writes another text than the bank: update contreseing-bridge."


class PurposeForeign(StatementRefusal):
    """The envelope is for something else than an approval."""

    code = "purpose_foreign"
    french = "Cette demande n'est pas une approbation : rien n'est signé."
    english = "This request is not for an approval: nothing is signed."


class EnvelopeExpired(StatementRefusal):
    """Its time is over."""

    code = "envelope_expired"
    french = "Le délai pour signer est passé."
    english = "The time to sign is over."
