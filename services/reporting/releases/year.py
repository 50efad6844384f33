"""The rounds of a year and what they show, newest first: which of them a figure stands on.

What is official stays official until another *result* takes its place: a round that is only opened
takes nothing away, and one that was closed takes the place of an older one only where it shows a
figure itself. Source: composed, docs/indices.md 4.2.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import TIME_ZONE, local_date
from contracts.surveys import RoundState
from reporting.releases import publications
from reporting.releases.publications import Results
from reporting.sources.views import rounds_of

T = TypeVar("T")


@dataclass(frozen=True)
class RoundOfYear:
    """A round with what it shows. `closed_at`: when it ended, as far as is known; None: open."""

    results: Results
    closed_at: datetime | None

    @property
    def is_result(self) -> bool:
        """Whether what it shows is final: closed, and everything released."""
        return self.results.final

    @property
    def closed_on(self) -> date | None:
        """Return the local day on which it ended; None while what it shows is not final."""
        return local_date(self.closed_at) if self.is_result and self.closed_at else None


@dataclass(frozen=True)
class YearRounds:
    """The rounds of a year, newest first."""

    rounds: Sequence[RoundOfYear]

    def result(self, shows: Callable[[RoundOfYear], T | None]) -> T | None:
        """Return what the newest closed round shows that shows it: what is official."""
        return next(self._shown(shows, lambda each: each.is_result), None)

    def newest(self, shows: Callable[[RoundOfYear], T | None]) -> T | None:
        """Return what the newest round shows that shows it, whether it is closed or not."""
        return next(self._shown(shows, lambda _: True), None)

    @property
    def head(self) -> RoundOfYear | None:
        """The round of the year's index: the newest that shows one, else the newest of all."""
        return self.newest(_with_figure) or next(iter(self.rounds), None)

    @property
    def official(self) -> RoundOfYear | None:
        """The round whose index is official: the newest closed one that shows one."""
        return self.result(_with_figure)

    def _shown(
        self, shows: Callable[[RoundOfYear], T | None], which: Callable[[RoundOfYear], bool]
    ) -> Iterator[T]:
        found = (shows(each) for each in self.rounds if which(each))
        return (each for each in found if each is not None)


def _with_figure(each: RoundOfYear) -> RoundOfYear | None:
    return each if each.results.value() is not None else None


def in_order(rounds: Sequence[RoundOfYear]) -> YearRounds:
    """Put the rounds of a year in their order."""
    return YearRounds(sorted(rounds, key=_place, reverse=True))


def _place(each: RoundOfYear) -> tuple[datetime, date, UUID]:
    """Open rounds stand after all closed ones, closed ones by their end."""
    ended = each.closed_at or datetime.max.replace(tzinfo=UTC)
    return ended, each.results.round.opens_on, each.results.round.round_id


async def rounds_of_year(
    session: AsyncSession, year: int, before: datetime | None = None
) -> YearRounds:
    """Return the rounds of a year that were opened and whose questionnaire is known here.

    `before`: with what releases had shown of them until then.
    """
    rounds = []
    for round_, closed_at in await rounds_of(session, year):
        if results := await publications.results(session, round_, before):
            rounds.append(RoundOfYear(results, _ended(round_, closed_at)))
    return in_order(rounds)


def _ended(round_: RoundState, closed_at: datetime | None) -> datetime | None:
    """Return when a round ended; the end of its last day where nobody kept the moment."""
    if round_.status != "closed":
        return None
    return closed_at or datetime.combine(round_.closes_on, time.max, TIME_ZONE)
