"""What people are told before a block, and at it, in both languages (RTS 2018/389 art. 4(3)).

Nobody's existence shows: a door is spoken of alike for identities known and unknown (RULES 9).
"""

from collections.abc import Mapping
from typing import Final

from approvals.model.person import Language
from approvals.model.throttle import AtStake

_LAST: Final[Mapping[AtStake, Mapping[Language, str]]] = {
    AtStake.DOOR: {
        Language.FR: "Dernier essai : après un nouvel échec, l'accès depuis un appareil inconnu sera fermé.",
        Language.EN: "Last attempt: after another failure, access from unknown devices is shut.",
    },
    AtStake.ACCESS: {
        Language.FR: "Dernier essai : après un nouvel échec, la carte ou l'accès sera verrouillé.",
        Language.EN: "Last attempt: after another failure, the card or the access is locked.",
    },
}
_SPENT: Final[Mapping[AtStake, Mapping[Language, str]]] = {
    AtStake.DOOR: {
        Language.FR: "L'accès depuis un appareil inconnu est fermé : entrez depuis un appareil déjà connu, "
        "ou contactez votre chargé d'affaires.",
        Language.EN: "Access from unknown devices is shut: come in from a device already known, or call your adviser.",
    },
    AtStake.ACCESS: {
        Language.FR: "La carte ou l'accès est verrouillé : contactez votre chargé d'affaires.",
        Language.EN: "The card or the access is locked: call your adviser.",
    },
}


def warning(at_stake: AtStake, attempts_left: int) -> Mapping[Language, str] | None:
    """Return what to say when one attempt is left, and when none is; else None."""
    match attempts_left:
        case 1:
            return _LAST[at_stake]
        case 0:
            return _SPENT[at_stake]
        case _:
            return None
