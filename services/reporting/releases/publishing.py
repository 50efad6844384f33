"""Which figures a release shows of a round's released ballots. Pure.

While a round is open: the department's overall figure, by factor and by question, and each unit's
overall one; in the round's own method, to a step. Once it is closed: exact, both formulas, answers
question by question, units question by question. Source: composed, docs/indices.md 4.1.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from reporting.disclosure.closing import Split, askable
from reporting.disclosure.published import Figure, Published
from reporting.disclosure.thresholds import (
    DEPARTMENT,
    FINER,
    department_threshold,
    is_few,
    stepped,
)
from reporting.satisfaction.ballots import Ballots, Tally
from reporting.satisfaction.domain import AnswerCounts, Measure, mean5, share


class Stamp(NamedTuple):
    """A release: its number, and its instant cut to the hour."""

    release: int
    at: datetime


def while_open(
    tally: Tally, stamp: Stamp, released: Collection[UUID], before: Published | None
) -> Published:
    """Return what a release of some units shows; the other units keep their figure."""
    whole, least = tally.department, department_threshold(tally.round.min_n)
    method = tally.round.method

    def figure(measured: Measure, least: int) -> Figure:
        told = None if measured.stands_on_few else measured.value
        return _stamped(stamp, measured.n, **{method: stepped(told, measured.behind, least)})

    kept = dict(before.units) if before else {}
    return Published(
        round_id=tally.round.round_id, release=stamp.release, at=stamp.at,
        department=figure(tally.measure(whole), least),
        factors={
            code: figure(_answered(tally.measure(whole, code)), least)
            for code in tally.questionnaire.factors
        },
        questions={
            question.code: figure(_single(tally, question.code, whole), least)
            for question in tally.questions
        },
        units=kept | {unit: figure(tally.measure(tally.units[unit]), FINER) for unit in released},
    )  # fmt: skip


def at_closing(tally: Tally, stamp: Stamp, units: Split, before: Published | None) -> Published:
    """Return what the release of everything shows. Units that keep theirs stand as `before`."""
    whole, least = tally.department, department_threshold(tally.round.min_n)
    if whole.n < least:
        units = Split(frozenset(), frozenset(), frozenset(tally.units))
    figures = {unit: _exact(tally.measure(tally.units[unit]), FINER, stamp) for unit in units.exact}
    figures |= {unit: Figure(n=0, release=stamp.release, at=stamp.at) for unit in units.hidden}
    figures |= {unit: before.units[unit] for unit in units.keeping if before}
    told = _told_factors(tally)
    return Published(
        round_id=tally.round.round_id, release=stamp.release, at=stamp.at,
        closed_in=before.closed_in if before and before.closed else stamp.release,
        department=_exact(tally.measure(whole), least, stamp),
        factors={
            code: _exact(_answered(tally.measure(whole, code)), least, stamp) for code in told
        },
        questions=_questions(tally, told, least, stamp),
        units=figures,
        unit_questions=_unit_questions(tally, units.exact, stamp),
        beside={
            lane: _exact(tally.measure(ballots), DEPARTMENT, stamp)
            for lane, ballots in tally.beside.items()
        },
        options=_options(tally, least) if whole.n >= least else {},
    )  # fmt: skip


def _options(tally: Tally, least: int) -> dict[str, tuple[int, ...]]:
    """Return what was chosen, of the questions that enough answered: as few as a figure needs."""
    return {code: tuple(n) for code, n in tally.options.items() if sum(n) >= least}


def _told_factors(tally: Tally) -> list[str]:
    """Return the factors that may be told: all, or none where one's few answers were what is left.

    A factor that fewer than 10 answered would be the overall figure less the other factors.
    """
    answers = tally.answers(tally.department)
    valid: dict[str, int] = dict.fromkeys(tally.questionnaire.factors, 0)
    for question in tally.questions:
        if question.factor in valid and not question.general:
            valid[question.factor] += answers[question.code].valid
    return [] if any(map(is_few, valid.values())) else list(valid)


def _questions(
    tally: Tally, factors: Collection[str], least: int, stamp: Stamp
) -> dict[str, Figure]:
    """Return the questions that may be told: of a factor with one that 1 to 9 answered, none.

    It would be the factor less its other questions.
    """
    answers = tally.answers(tally.department)
    few = {
        question.factor
        for question in tally.questions
        if not question.general and is_few(answers[question.code].valid)
    }
    told = {q.code for q in tally.questions if q.factor not in few and (factors or q.general)}
    return {
        code: _question(counts, least, stamp) if code in told else _stamped(stamp, 0)
        for code, counts in answers.items()
    }


def _unit_questions(
    tally: Tally, exact: Collection[UUID], stamp: Stamp
) -> dict[UUID, dict[str, Figure]]:
    """Return the exact units' questions; of a unit all or none, so that none can be left over."""
    answers = {unit: tally.answers(ballots) for unit, ballots in tally.units.items()}
    valid = {unit: {c: n.valid for c, n in own.items()} for unit, own in answers.items()}
    told = askable({unit: valid[unit] for unit in exact}, [
        own for unit, own in valid.items() if unit not in exact
    ])  # fmt: skip
    return {
        unit: {c: _question(n, FINER, stamp) for c, n in answers[unit].items()}
        for unit in sorted(told)
    }


def _single(tally: Tally, code: str, ballots: Ballots) -> Measure:
    """Return one question's figure over those who answered it."""
    counts = tally.answers(ballots).get(code, AnswerCounts())
    return Measure(code, tally.round.method, "pooled", ((code, counts),), counts.valid)


def _answered(measured: Measure) -> Measure:
    """Return a factor's figure over those who answered something of it, at least."""
    n = max((counts.valid for _, counts in measured.questions), default=0)
    return replace(measured, n=n)


def _exact(measured: Measure, least: int, stamp: Stamp) -> Figure:
    if measured.n < least or measured.behind < FINER or measured.stands_on_few:
        return _stamped(stamp, measured.n)
    both = {m: replace(measured, method=m).value for m in ("share", "mean5")}
    return _stamped(stamp, measured.n, **both)


def _question(counts: AnswerCounts, least: int, stamp: Stamp) -> Figure:
    if counts.valid < least:
        return _stamped(stamp, 0)
    figure = _stamped(stamp, counts.valid, share=share(counts), mean5=mean5(counts))
    return figure.model_copy(update={"answers": counts[:5]})


def _stamped(
    stamp: Stamp, n: int, share: Fraction | None = None, mean5: Fraction | None = None
) -> Figure:
    """Return a figure of our own numbers, which need no check: a release makes hundreds."""
    at = stamp.at
    return Figure.model_construct(n=n, release=stamp.release, at=at, share=share, mean5=mean5)
