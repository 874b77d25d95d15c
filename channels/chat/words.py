"""A text as the words it is searched by: folded, without the commonest words, stemmed, synonyms made one. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

import snowballstemmer

from approvals.model.person import Language

_WORD: Final = re.compile(r"[a-z0-9]+")
_STEMMERS: Final = {Language.FR: "french", Language.EN: "english"}
_COMMON: Final = {
    Language.FR: """
            a ai au aux avec ce ces cela ca c comment d dans de des donc du elle en est et etre eu faire fais
            fait faut hier il ils j je l la le les leur lui m ma mais me mes mon n ne nos notre nous on ou par
            pas peut peux plus pour puis qu que quel quelle quels quelles qui quoi s sa sans se ses si son sont
            sur t ta te tes ton tu un une vos votre vous y
        """,
    Language.EN: """
            a am an and are as at be been but by can could did do does for from had has have how i if in into is
            it its me my no not of on or our s should so t than that the their them then there they this to up
            was we were what when where which who why will with would you your
        """,
}


class Reader:
    """Reads texts of one language."""

    def __init__(self, language: Language, synonyms: Mapping[str, str]) -> None:
        """`synonyms`: from a word or a few words, folded, to the one they count as."""
        self._common = frozenset(_COMMON[language].split())
        self._stemmer = snowballstemmer.stemmer(_STEMMERS[language])
        self._synonyms = synonyms
        longest_first = sorted(map(re.escape, synonyms), key=len, reverse=True)
        self._led = re.compile(rf"\b(?:{'|'.join(longest_first)})\b")

    def words(self, text: str) -> Sequence[str]:
        """Return the words searched by, in order, as often as they stand there."""
        heads = self._led.sub(lambda found: self._synonyms[found[0]], fold(text))
        return [self._stemmer.stemWord(word) for word in _WORD.findall(heads) if word not in self._common]


def fold(text: str) -> str:
    """Return it in lower case without accents: people type them or not."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
