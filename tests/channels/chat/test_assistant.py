"""The assistant on questions put in people's own words: mostly right, and silent about what it does not know."""

from collections.abc import Mapping

import pytest

from approvals.conversations.codes import holds_code
from approvals.model.person import Language
from channels.chat.assistant import read_assistants

ASKED: Mapping[Language, Mapping[str, str]] = {
    Language.FR: {
        "comment je fais pour entrer sur le site": "sign_in",
        "je trouve pas mon numero d utilisateur": "numbers",
        "comment on se sert du boitier avec la carte": "cap_steps",
        "pourquoi il faut appuyer sur SIGN": "sign_key",
        "3 pin faux carte bloquée": "pin_blocked",
        "ma carte ne marche plus": "card_broken",
        "on m'a volé ma carte hier": "card_lost",
        "ça coûte combien une nouvelle carte": "fees",
        "le pin arrive par la poste ?": "card_delivery",
        "activer la nouvelle carte": "card_activation",
        "je peux prendre ma carte bancaire pro ?": "card_choice",
        "c'est quoi SOL": "sol",
        "à quoi sert le certificat": "certificate_what",
        "où commander un certificat électronique": "certificate_order",
        "j'ai un certificat d'une autre autorité vous le prenez ?": "certificate_other",
        "me connecter avec ma clé usb": "certificate_sign_in",
        "prêter mon certificat à mon collègue": "certificate_lend",
        "mon certificat a expiré": "certificate_renew",
        "c'est quoi les fonctions sensibles": "sensitive",
        "pourquoi mon virement n'est pas parti": "held",
        "il faut deux signatures ?": "joint",
        "plafond par jour": "ceilings",
        "changer les droits d'un utilisateur": "entitlements",
        "je pars en vacances qui signe": "substitute",
        "ajouter un fournisseur": "new_beneficiary",
        "le nom ne correspond pas au compte du bénéficiaire": "vop",
        "mon code est refusé": "wrong_code",
        "mon accès est verrouillé": "locked",
        "code confidentiel oublié": "forgotten_code",
        "changer de code confidentiel": "change_code",
        "j'ai reçu une lettre d'activation": "first_entry",
        "pourquoi la session se coupe": "idle",
        "perdu mon portable": "phone_lost",
        "enregistrer mon nouveau téléphone": "phone_new",
        "un conseiller au téléphone veut mon code": "scam",
        "je ne reconnais pas cette opération ce n'était pas moi": "not_me",
        "est-ce que c'est chiffré": "https",
        "quelle preuve de ma signature": "evidence",
        "je voudrais un chéquier": "chequebook",
        "on peut avoir la carte et le certificat": "means",
        "c'est qui l'utilisateur principal": "main_user",
        "mon fichier pain.001 est refusé": "payment_files",
        "quel format de fichier": "payment_files",
        "mon conseiller m'a envoyé un fichier": "offered_file",
        "comment joindre mon conseiller": "adviser",
        "mon fournisseur a un nouvel iban": "change_beneficiary",
        "modifier un bénéficiaire": "change_beneficiary",
        "comment envoyer une remise": "remittance",
        "je veux déposer un fichier de virements": "remittance",
        "voir mes connexions ouvertes": "stays",
        "quelqu'un utilise mon accès": "stays",
    },
    Language.EN: {
        "how can I log in": "sign_in",
        "where is my client identifier": "numbers",
        "how do I use the card reader": "cap_steps",
        "why press SIGN": "sign_key",
        "three wrong pins, card blocked": "pin_blocked",
        "my card does not work any more, it is damaged": "card_broken",
        "my card was stolen": "card_lost",
        "what does a new card cost": "fees",
        "when do I receive the PIN": "card_delivery",
        "activate new card": "card_activation",
        "can I use my professional bank card": "card_choice",
        "what is SOL": "sol",
        "what is an electronic certificate": "certificate_what",
        "where do I order a certificate": "certificate_order",
        "do you accept a certificate from another authority": "certificate_other",
        "sign in with the usb key": "certificate_sign_in",
        "lend certificate to a colleague": "certificate_lend",
        "my certificate expired": "certificate_renew",
        "which functions are sensitive": "sensitive",
        "why has my transfer not left": "held",
        "are two signatures needed": "joint",
        "ceiling per day": "ceilings",
        "change rights of a user": "entitlements",
        "I am on holiday, who signs": "substitute",
        "add a supplier": "new_beneficiary",
        "the name does not match": "vop",
        "my code was refused": "wrong_code",
        "access locked": "locked",
        "forgot confidential code": "forgotten_code",
        "change confidential code": "change_code",
        "activation letter": "first_entry",
        "why does the session close": "idle",
        "lost my phone": "phone_lost",
        "enrol my new phone": "phone_new",
        "somebody on the phone wants my code": "scam",
        "it was not me": "not_me",
        "is it encrypted": "https",
        "proof of a signature": "evidence",
        "I would like a chequebook": "chequebook",
        "can I have both card and certificate": "means",
        "who is the main user": "main_user",
        "my pain.001 file is refused": "payment_files",
        "which file format": "payment_files",
        "my adviser sent me a file": "offered_file",
        "how do I reach my adviser": "adviser",
        "my supplier changed IBAN": "change_beneficiary",
        "change a beneficiary": "change_beneficiary",
        "how do I send a remittance": "remittance",
        "I want to drop a file of transfers": "remittance",
        "see my open sessions": "stays",
        "is somebody using my access": "stays",
    },
}
ELSEWHERE = {
    Language.FR: ["quel temps fera-t-il demain", "recette de la tarte aux pommes", "qui a gagné", "azertyuiop"],
    Language.EN: ["will it rain tomorrow", "recipe for apple pie", "who won the match", "qwertyuiop"],
}
ASSISTANTS = read_assistants()


@pytest.mark.parametrize("language", list(Language))
def test_nearly_every_question_finds_its_answer(language: Language) -> None:
    said = {asked: ASSISTANTS[language].reply(asked).answer for asked in ASKED[language]}
    right = [asked for asked, entry in said.items() if entry is not None and entry.id == ASKED[language][asked]]
    missed = {asked: entry and entry.id for asked, entry in said.items() if asked not in right}
    assert len(right) / len(said) >= 0.9, missed


@pytest.mark.parametrize("language", list(Language))
def test_every_question_as_it_stands_is_answered_with_its_own_entry(language: Language) -> None:
    for key in ASKED[language].values():
        entry = next(e for e in ASSISTANTS[language].known if e.id == key)
        assert ASSISTANTS[language].reply(entry.question).answer == entry


@pytest.mark.parametrize("language", list(Language))
def test_what_it_does_not_know_is_met_with_three_suggestions(language: Language) -> None:
    for asked in ELSEWHERE[language]:
        reply = ASSISTANTS[language].reply(asked)
        assert reply.answer is None, asked
        assert len({entry.id for entry in reply.suggestions}) == 3


def test_both_languages_know_the_same() -> None:
    french, english = ({entry.id for entry in ASSISTANTS[language].known} for language in Language)
    assert french == english


@pytest.mark.parametrize("text", ["", "?!", "\u202e", "🙂" * 200])
def test_a_text_without_words_is_met_with_suggestions(text: str) -> None:
    assert ASSISTANTS[Language.FR].reply(text).answer is None


@pytest.mark.parametrize("text", ["39514287", "mon code 3951 4287", "39.51.42.87", "123456", "code: 1234-567890"])
def test_a_bare_code_is_recognised(text: str) -> None:
    assert holds_code(text)


@pytest.mark.parametrize(
    "text",
    ["FR7630006000011234567890189", "1 250,00 EUR", "le 24/11/2026", "12345", "12345678901", "CARTE123456", ""],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert not holds_code(text)
