"""Proposals which sub-criteria a task serves, by code and wording. Only a person confirms one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from reporting.criteria.domain import CriteriaSet
from reporting.criteria.vocabulary import ABBREVIATIONS, COMMON

LEAST = Fraction(1, 10)  # below it one common syllable speaks, and only noise was seen
SUBJECT_WEIGHT = 2  # the subject matter names the criterion, the content says what is done about it


SURE = Fraction(2, 5)  # from here on, and so far ahead of the second, a proposal is mostly right:
LEAD = Fraction(1, 10)  # measured on the demo's rows, docs/links.md
_WRITTEN = re.compile(r"[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)+")
Confidence = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sub-criterion a task may serve. `score` 0..1; `words` of its name found in the task.

    `basis`: its code stands in the task's text, or the wording is alike.
    """

    code: str
    score: Fraction
    words: tuple[str, ...]
    basis: Literal["code", "wording"] = "wording"
    confidence: Confidence = "low"


class Wording:
    """The words of a criteria set, to be held against tasks. Build it once per set."""

    def __init__(self, criteria: CriteriaSet) -> None:
        """Read the names; the fewer sub-criteria use a word, the more it weighs."""
        self._names = {
            sub.code: words(f"{criterion.name}. {sub.name}")
            for area in criteria.areas
            for criterion in area.criteria
            for sub in criterion.sub_criteria
        }
        used = Counter(word for name in self._names.values() for word in name)
        # floor(log2) + 1 of how rare it is: the usual inverse frequency, in whole numbers
        self._weight = {w: (len(self._names) // n).bit_length() for w, n in used.items()}

    def propose(self, subject_matter: str, content: str, most: int = 3) -> list[Proposal]:
        """Return the likeliest sub-criteria, best first; empty when too little is shared.

        A code that stands in the text comes first, with score 1. Else the score is twice the weight
        of the shared words over that of both sides' words (of the task's only those the set knows);
        the subject matter's words count twice. Ties: by code.
        """
        subject = dict.fromkeys(words(subject_matter), SUBJECT_WEIGHT)
        task = dict.fromkeys(words(content), 1) | subject
        written = self._written(f"{subject_matter} {content}")
        found = (self._proposal(code, task) for code in self._names if code not in written)
        alike = sorted((p for p in found if p.score >= LEAST), key=lambda p: (-p.score, p.code))
        return [*map(_by_code, written), *_with_confidence(alike)][:most]

    def _written(self, text: str) -> list[str]:
        """Return the codes of the set that stand in a text, in their order."""
        return [code for code in dict.fromkeys(_WRITTEN.findall(text)) if code in self._names]

    def _proposal(self, code: str, task: Mapping[str, int]) -> Proposal:
        name = self._names[code]
        shared = [word for word in name if word in task]
        of_task = sum(self._weight.get(word, 0) * times for word, times in task.items())
        of_name = SUBJECT_WEIGHT * sum(self._weight[word] for word in name)
        of_both = sum(self._weight[word] * task[word] for word in shared)
        score = Fraction(2 * of_both, of_task + of_name) if shared else Fraction(0)
        return Proposal(code, score, tuple(_phrases(shared)))


def _by_code(code: str) -> Proposal:
    return Proposal(code, Fraction(1), (code,), "code", "high")


def _with_confidence(alike: Sequence[Proposal]) -> list[Proposal]:
    """Say how sure each is: only the first can be, and only well ahead of the second."""
    if not alike:
        return []
    first, *others = alike
    ahead = first.score - (others[0].score if others else 0)
    confidence: Confidence = "high" if first.score >= SURE and ahead >= LEAD else "low"
    return [replace(first, confidence=confidence), *others]


def words(written: str) -> tuple[str, ...]:
    """Return the telling syllables and pairs of neighbours, once each: most words here have two.

    Lower case, abbreviations spelt out; a pair never spans a comma or full stop.
    """
    plain = unicodedata.normalize("NFC", written).lower()
    clauses = [_syllables(clause) for clause in re.split(r"[^\w\s]", plain)]
    single = (s for clause in clauses for s in clause if s not in COMMON)
    pairs = (pair for clause in clauses for pair in pairwise(clause) if not COMMON.issuperset(pair))
    return tuple(dict.fromkeys([*single, *(" ".join(pair) for pair in pairs)]))


def _syllables(clause: str) -> list[str]:
    written = re.findall(r"[^\W\d_]+", clause)
    return [part for word in written for part in ABBREVIATIONS.get(word, word).split()]


def _phrases(shared: Iterable[str]) -> list[str]:
    """Join pairs that overlap into the phrase they came from; drop syllables that stand in one."""
    phrases: list[str] = []
    for word in shared:
        first, _, second = word.partition(" ")
        if second and phrases and phrases[-1].endswith(f" {first}"):
            phrases[-1] += f" {second}"
        else:
            phrases.append(word)
    inside = {part for phrase in phrases if " " in phrase for part in phrase.split()}
    return [phrase for phrase in phrases if phrase not in inside]
