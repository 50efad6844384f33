"""The rule of before, said once more: what it showed is what each attacker must be able to read.

The department's overall figure lived, exactly, from `min_n` ballots on, in both formulas; its
counts left in `index_changed`; a finer cell (unit and question) was released with every 5 new
answers, at once when it shrank; every lane counted. (`disclosure.py` and `satisfaction/views.py`
of 58cbcf4.)
"""

from collections.abc import Sequence
from typing import Any

from tests.reporting.ballots import CODES

from contracts.surveys import ResponseSubmitted
from reporting.satisfaction.domain import AnswerCounts, mean5, pooled, share
from reporting.shown import decimal, shown

STEP = 5
MIN_N = 30
MAX_POINTS = 2  # of the sub-criterion that F1 feeds


class OldRule:
    """A department under the old rule, for a reader to send ballots to and to look at."""

    def __init__(self) -> None:
        self.ballots: list[ResponseSubmitted] = []
        self.released: dict[Any, AnswerCounts] = {}

    async def send(self, *ballots: ResponseSubmitted) -> None:
        for ballot in ballots:
            self.ballots.append(ballot)
            self._release()

    async def exclude(self, ballot: ResponseSubmitted) -> None:
        self.ballots.remove(ballot)
        self._release()

    async def restore(self, ballot: ResponseSubmitted) -> None:
        await self.send(ballot)

    async def look(self) -> dict[str, Any]:
        """Return all that everybody saw, under the names of today's outputs."""
        n, live = len(self.ballots), pooled(_counts(self.ballots, code) for code in CODES)
        enough = n >= MIN_N
        questions = {code: self._question(code) for code in CODES}
        f1 = pooled(questions[code] for code in CODES if code.startswith("F1"))
        points = MAX_POINTS * (share(f1) or 0) / 100
        return {
            "satisfaction": {
                **_figures(live if enough else AnswerCounts()), "n": n,
                "questions": [
                    {**_figures(c), "code": code, "n": c.valid, "distribution": list(c[:5])}
                    for code, c in questions.items() if c.valid >= MIN_N
                ],
                "units": [self._unit(unit) for unit in self._units()],
            },
            "events": [
                {"kind": "satisfaction", "numerator": str(live.satisfied),
                 "denominator": str(live.valid)} if enough else {},
                {"kind": "par_projected", "numerator": str(decimal(points)),
                 "denominator": str(MAX_POINTS)},
            ],
        }  # fmt: skip

    def _units(self) -> list[Any]:
        return sorted({ballot.unit_id for ballot in self.ballots})

    def _unit(self, unit: Any) -> dict[str, Any]:
        counts = pooled(self.released.get((unit, code), AnswerCounts()) for code in CODES)
        n = sum(ballot.unit_id == unit for ballot in self.ballots)
        shown_counts = counts if n >= MIN_N else AnswerCounts()
        return {**_figures(shown_counts), "unit_id": str(unit), "n": n - n % STEP}

    def _question(self, code: str) -> AnswerCounts:
        return pooled(counts for (_, each), counts in self.released.items() if each == code)

    def _release(self) -> None:
        for unit in self._units():
            of_unit = [ballot for ballot in self.ballots if ballot.unit_id == unit]
            for code in CODES:
                counts = _counts(of_unit, code)
                more = counts.valid - self.released.get((unit, code), AnswerCounts()).valid
                if more < 0 or more >= STEP:
                    self.released[unit, code] = counts


def _counts(ballots: Sequence[ResponseSubmitted], code: str) -> AnswerCounts:
    levels = [ballot.answers[code] for ballot in ballots if code in ballot.answers]
    return AnswerCounts(*[levels.count(level) for level in range(1, 6)])


def _figures(counts: AnswerCounts) -> dict[str, Any]:
    return {
        name: None if value is None else str(value)
        for name, value in (("share", shown(share(counts))), ("mean5", shown(mean5(counts))))
    }
