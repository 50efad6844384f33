"""What a release showed, as it is stored and as every output reads it: values, no tallies."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from reporting.shown import number, text


def _read(value: object) -> object:
    return number(value) if isinstance(value, str) else value


Percent = Annotated[Fraction, BeforeValidator(_read), PlainSerializer(text)]
"""An index in percent: a step of its release while the round is open, exact once it is closed."""


class Shown(BaseModel):
    """Something that left in a release and never changes."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)


class Figure(Shown):
    """A figure of released ballots, in percent; None: too few, or the other method while open.

    `n` ballots stand behind it, since `release` at `at`, an instant cut to the hour. `answers`
    n1..n5: of one question, once the round is closed.
    """

    n: int
    release: int
    at: datetime
    share: Percent | None = None
    mean5: Percent | None = None
    answers: tuple[int, ...] | None = None


class Published(Shown):
    """All figures of a round that one release shows.

    Units keep the figure of the release they were last in. `closed_in`: the release that closed the
    round; only since: `unit_questions`, `beside` (ballots that are not in the index, by lane), and
    `options` (how often each option of a question with one choice was chosen, in their order).
    """

    round_id: UUID
    release: int
    at: datetime
    closed_in: int | None = None
    department: Figure
    factors: Mapping[str, Figure] = Field(default_factory=dict)
    questions: Mapping[str, Figure] = Field(default_factory=dict)
    units: Mapping[UUID, Figure] = Field(default_factory=dict)
    unit_questions: Mapping[UUID, Mapping[str, Figure]] = Field(default_factory=dict)
    beside: Mapping[str, Figure] = Field(default_factory=dict)
    options: Mapping[str, tuple[int, ...]] = Field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Whether it shows everything, exactly."""
        return self.closed_in is not None
