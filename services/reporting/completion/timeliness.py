"""Whether what was due was done, and in time: by the deadlines as they are, and as they first were.

An extension moves the deadline a figure is held against. Both are told, so that nobody is on time
by having asked for time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Self

from chassis.words import N_, Sentence
from reporting.completion.domain import Completion, rate
from reporting.explanations.domain import Explanation, percent
from reporting.shown import text

Deadline = Literal["current", "first"]
_SAID: dict[Deadline, str] = {
    "current": N_(
        "{done} trong {total} nhiệm vụ đã đến hạn được gửi kết quả đúng hạn hiện tại: {rate}"
    ),
    "first": N_(
        "{done} trong {total} nhiệm vụ đã đến hạn ban đầu được gửi kết quả đúng hạn đó, không kể "
        "gia hạn: {rate}"
    ),
}
_RATE = N_("100 × số gửi kết quả đúng hạn và được duyệt / số đã đến hạn; chưa có thì không tính")


@dataclass(frozen=True, slots=True)
class Timely:
    """Assignments that are due: all, those done, and those done in time. Differences may be < 0."""

    due: int = 0
    done: int = 0
    on_time: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.due + other.due, self.done + other.done, self.on_time + other.on_time
        )

    def __sub__(self, other: Self) -> Self:
        return type(self)(
            self.due - other.due, self.done - other.done, self.on_time - other.on_time
        )

    @property
    def rate_done(self) -> Fraction | None:
        """Done of those due, in percent; None when nothing is."""
        return rate(self.done, self.due)

    @property
    def rate_on_time(self) -> Fraction | None:
        """Done in time of those due, in percent; None when nothing is."""
        return rate(self.on_time, self.due)


@dataclass(frozen=True, slots=True)
class Extended:
    """The assignments of a plan whose deadline was put off: due by each of their deadlines."""

    by_current: Timely = Timely()
    by_first: Timely = Timely()

    def __add__(self, other: Self) -> Self:
        return type(self)(self.by_current + other.by_current, self.by_first + other.by_first)


def timely(completion: Completion, extended: Extended, by: Deadline) -> Timely:
    """Return what is due by one kind of deadline, and what of it came in time.

    By the first one, those put off are counted by the day they first had: due sooner, and late when
    they came after it. What is paused is due by neither (docs/indices.md 5).
    """
    due = completion.due
    current = Timely(due.total, due.done, due.done_on_time)
    if by == "current":
        return current
    return current - extended.by_current + extended.by_first


def explain(found: Timely, by: Deadline, plans: Sequence[tuple[str, Timely]] = ()) -> Explanation:
    """Explain a share that came in time, in percent; `plans`: of a year's, each plan's own."""
    value = found.rate_on_time
    facts = {"done": found.on_time, "total": found.due, "rate": percent(value)}
    parts = tuple(_of_plan(title, explain(each, by)) for title, each in plans)
    return Explanation(
        rule="rate", step=f"on_time_by_{by}_deadline", text=Sentence(_SAID[by], facts),
        formula=Sentence(_RATE), facts={"done": found.on_time, "total": found.due}, parts=parts,
        value=None if value is None else text(value),
    )  # fmt: skip


def _of_plan(title: str, found: Explanation) -> Explanation:
    told = Sentence("{plan}: {rate}", {**found.text.facts, "plan": title, "rate": found.text})
    return replace(found, text=told)
