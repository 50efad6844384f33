"""How a rule refuses: it raises one of these, and the door answers. Pure: rules may use it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.words import Sentence


class RuleBroken(Exception):
    """A rule forbids the act as things stand now: 409. `code` is public and stable."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.code, self.sentence = code, sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong value. `pointer`: where it stands in the input (RFC 6901)."""

    pointer: str
    sentence: Sentence


class InputRefused(Exception):
    """What somebody gave in breaks a rule whatever the state: 422, all problems at once."""

    def __init__(self, code: str, sentence: Sentence, problems: Sequence[Problem] = ()) -> None:
        super().__init__(str(sentence))
        self.code, self.sentence, self.problems = code, sentence, tuple(problems)


class WrongValue(ValueError):
    """One value that cannot be, found where a body or a setting is read: 422 at its pointer."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
