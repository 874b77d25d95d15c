"""Okapi BM25: which of a few texts is about what was asked, and how sure that is. Pure.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the usual k1 and b.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import Final

_K1: Final = 1.2
_B: Final = 0.75


class Ranking:
    """Texts by their words."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        """`texts`: the words of each, by its id."""
        self._counts = {key: Counter(words) for key, words in texts.items()}
        lengths = {key: len(words) for key, words in texts.items()}
        average = sum(lengths.values()) / max(len(lengths), 1)
        self._room = {key: _K1 * (1 - _B + _B * length / average) for key, length in lengths.items()}
        self._found_in = Counter(word for counts in self._counts.values() for word in counts)

    def rank(self, asked: Sequence[str]) -> list[tuple[str, float]]:
        """Return every text with how much of what was asked it is about, 0 to 1, best first.

        A word no text holds weighs as much as the rarest: what is about something else is sure of nothing.
        """
        weights = {word: self._weight(word) for word in asked}
        most = sum(weights.values()) * (_K1 + 1) or 1.0
        scores = {key: self._score(key, weights) / most for key in self._counts}
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))

    def _score(self, key: str, weights: Mapping[str, float]) -> float:
        counts, room = self._counts[key], self._room[key]
        return sum(weight * counts[word] * (_K1 + 1) / (counts[word] + room) for word, weight in weights.items())

    def _weight(self, word: str) -> float:
        found = self._found_in[word]
        return log(1 + (len(self._counts) - found + 0.5) / (found + 0.5))
