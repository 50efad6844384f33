"""Attackers: what a reader concludes from what he sees, whatever the rule behind it.

Each reads pages (all that is shown at a moment) before and after ballots of which all but the
victim's are his own, and says what it takes the victim's answers to be; {} when it learns nothing.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol

from tests.reporting.attacks.outputs import Page, found

from contracts.surveys import ResponseSubmitted as Ballot

Reading = dict[str, int]
"""What is known of the victim: the level by question, or `score`, `satisfied` of all together."""


class Department(Protocol):
    """Whatever takes ballots and shows figures."""

    async def send(self, *ballots: Ballot) -> None: ...
    async def exclude(self, ballot: Ballot) -> None: ...
    async def restore(self, ballot: Ballot) -> None: ...
    async def look(self) -> Page: ...


def truth(victim: Ballot) -> Reading:
    """Return all that can be read of a ballot."""
    levels = victim.answers.values()
    return {**victim.answers, "score": sum(levels), "satisfied": sum(v >= 4 for v in levels)}


def by_distributions(before: Page, after: Page, own: Sequence[Ballot]) -> Reading:
    """Subtract two distributions and one's own answers: is one answer left over, it is theirs."""
    old = {each["code"]: each["distribution"] for each in found(before, "code", "distribution")}
    reading = {}
    for each in found(after, "code", "distribution"):
        code, more = each["code"], each["distribution"]
        mine = [ballot.answers.get(code) for ballot in own]
        left = [
            new - was - mine.count(level)
            for level, (new, was) in enumerate(zip(more, old.get(code, [0] * 5), strict=True), 1)
        ]
        if sum(left) == 1 and min(left) == 0:
            reading[code] = left.index(1) + 1
    return reading


def by_figures(before: Page, after: Page, own: Sequence[Ballot]) -> Reading:
    """Turn exact figures over n ballots back into sums; subtract them and one's own."""
    old, new = _sums(before, own), _sums(after, own)
    if old is None or new is None or new[0] - old[0] != len(own) + 1:
        return {}
    mine = [truth(ballot) for ballot in own]
    satisfied = new[1] - old[1] - sum(each["satisfied"] for each in mine)
    score = new[2] - old[2] - sum(each["score"] for each in mine)
    return {"satisfied": satisfied, "score": score}


def by_events(before: Page, after: Page, own: Sequence[Ballot]) -> Reading:
    """Subtract the counts that a change of the index was announced with."""
    pair = [_last_announced(page) for page in (before, after)]
    if None in pair:
        return {}
    (was, of_was), (now, of_now) = pair
    answers = sum(len(ballot.answers) for ballot in own)
    if not 0 < of_now - of_was - answers <= 4:
        return {}
    return {"satisfied": now - was - sum(truth(ballot)["satisfied"] for ballot in own)}


def read(before: Page, after: Page, own: Sequence[Ballot] = ()) -> Reading:
    """Try everything."""
    ways: Sequence[Callable[..., Reading]] = (by_figures, by_events, by_distributions)
    reading: Reading = {}
    for way in ways:
        reading |= way(before, after, own)
    return reading


async def surround(
    department: Department, victim: Ballot, before: Sequence[Ballot], after: Sequence[Ballot]
) -> Reading:
    """Send own ballots one by one around the victim's; read at every moment what one can.

    Adaptive: as soon as a finer figure moves, that is where the next subtraction starts.
    """
    reading: Reading = {}
    base, sent = await department.look(), list[Ballot]()
    for own in before:
        await department.send(own)
        now = await department.look()
        sent.append(own)
        if _finer(now) != _finer(base):
            base, sent = now, []
    last = await department.look()
    await department.send(victim)
    now = await department.look()
    reading |= read(last, now) | read(base, now, sent)
    for own in after if _finer(now) == _finer(base) else ():
        sent.append(own)
        await department.send(own)
        now = await department.look()
        reading |= read(base, now, sent)
        if _finer(now) != _finer(base):
            break
    return reading


async def exclude_and_restore(department: Department, victim: Ballot) -> Reading:
    """Take the victim's ballot out and back, and see what that does to the figures."""
    there = await department.look()
    await department.exclude(victim)
    away = await department.look()
    reading = read(away, there)
    await department.restore(victim)
    return reading | read(away, await department.look())


def outside_of_units(page: Page) -> Reading:
    """Subtract the units from the department: are the answers of one ballot left over, read them.

    Fewer than 10 left over are told as `left`, too: they are a group that the rule forbids.
    """
    whole = _exact(page)
    units = [each for each in found(page, "unit_id", "share", "mean5") if "unit_name" not in each]
    if whole is None or not units:
        return {}
    n = whole["n"] - sum(each["n"] for each in units)
    if not 0 < n < 10:
        return {}
    satisfied, score = (
        _sum(whole, name) - sum(_sum(each, name) for each in units) for name in ("share", "mean5")
    )
    return {"left": n, "satisfied": satisfied, "score": score}


def _sum(figure: dict[str, Any], name: str) -> int:
    """Return the satisfied answers, or the sum of levels, of a figure over n straight ballots."""
    most = 1 if name == "share" else 5
    return round(Fraction(figure[name]) / 100 * figure["n"] * 4 * most)


def _exact(page: Page) -> dict[str, Any] | None:
    """Return the department's overall figure, when it is exact: both formulas and n."""
    return next((each for each in found(page, "share", "mean5", "n", "units", "questions")), None)


def _sums(page: Page, _: Sequence[Ballot]) -> tuple[int, int, int] | None:
    whole = _exact(page)
    return whole and (whole["n"], _sum(whole, "share"), _sum(whole, "mean5"))


def _finer(page: Page) -> list[Any]:
    return [each["distribution"] for each in found(page, "code", "distribution")]


def _last_announced(page: Page) -> tuple[int, int] | None:
    told = [
        (each["numerator"], each["denominator"])
        for each in found(page, "kind", "numerator", "denominator")
        if each["kind"] == "satisfaction"
    ]
    if not told or "." in told[-1][0]:
        return None
    return int(told[-1][0]), int(told[-1][1])
