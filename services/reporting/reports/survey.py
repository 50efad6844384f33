"""What a report says of satisfaction: only what releases showed, never ballots as they come in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.indices.views import unit_names
from reporting.releases.views import Presenter, SatisfactionBrief, UnitView
from reporting.releases.year import rounds_of_year
from reporting.reports.lists import Column, Listed, listed
from reporting.reports.numbers import Figure, Value, dated, figure, plain, written
from reporting.reports.survey_findings import Before, beside, ends_of, rate_of
from reporting.reports.survey_response import HIDDEN, RESPONSE, Response, response_of
from reporting.reports.windows import AsOf
from reporting.satisfaction.counts import counts_of
from reporting.shown import shown
from reporting.sources.targets import Target, target_view
from reporting.sources.views import end_of

_METHODS = {
    "share": "tỷ lệ phiếu hài lòng và rất hài lòng", "mean5": "điểm trung bình chia 5, nhân 100",
}  # fmt: skip
_RATES: tuple[Column, ...] = (("Hài lòng (%)", "percent", 24), ("Trung bình (%)", "percent", 26))
FACTORS: tuple[Column, ...] = (("STT", "count", 14), ("Yếu tố", "text", 99), *_RATES)
QUESTIONS: tuple[Column, ...] = (("STT", "count", 14), ("Câu hỏi", "text", 99), *_RATES)
UNITS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Đơn vị", "text", 59), *_RATES, ("Ghi chú", "text", 40),
)  # fmt: skip


@dataclass(frozen=True)
class Surveyed:
    """The round that a year's satisfaction stands on, with what it showed."""

    NAMES: ClassVar = (
        "survey.", "factors", "questions", "survey_units", "survey_response", "indicators",
    )  # fmt: skip

    presenter: Presenter
    target: Target | None
    units: Sequence[UnitView]
    response: Response
    before: Before | None = None
    shown_on: date | None = None
    """The day as of which it is, where that is not the end of the period."""

    def figures(self) -> list[Figure]:
        """Return its figures."""
        found = self._figures()
        return dated(found, self.shown_on) if self.shown_on else found

    def _figures(self) -> list[Figure]:
        results, brief = self.presenter.results, self.presenter.brief()
        coverage, value = self.presenter.coverage(), shown(results.value())
        target = self.target.value if self.target else None
        values: dict[str, object] = {
            "survey.title": results.round.title,
            "survey.ballots": brief.released and brief.released.n,
            "survey.share": brief.share, "survey.mean": brief.mean5, "survey.value": value,
            "survey.method": _METHODS[results.round.method],
            "survey.questions": coverage.questions_with_figure,
            "survey.questions_all": coverage.questions_total, "survey.target": target,
            "survey.target_said": _said(self.target),
            "survey.gap": _gap(value, target),
            "survey.from": results.round.opens_on, "survey.to": results.round.closes_on,
            **self.response.figures(), **self._standing_out(),
            **beside(results.round, value, self.before),
        }  # fmt: skip
        return [figure(id_, value) for id_, value in values.items()]

    def _standing_out(self) -> dict[str, object]:
        """Return which questions and units stand out, of those that show a figure."""
        method = self.presenter.results.round.method
        questions = [(q.text, rate_of(q, method)) for q in self.presenter.questions()]
        units = [(u.unit_name, rate_of(u, method)) for u in self.units]
        known = [rate for _, rate in units if rate is not None]
        return {
            **ends_of("question", questions), **ends_of("unit", units),
            "survey.units_shown": len(known), "survey.units_all": len(units) or None,
        }  # fmt: skip

    def composed(self) -> list[dict[str, str]]:
        """Return the questionnaire, where it is not an official form."""
        asked = self.presenter.results.questionnaire
        if not asked.composed:
            return []
        return [{
            "key": f"questionnaire/{asked.code}/{asked.version}",
            "name": f"phiếu hỏi «{asked.title}»",
            "notice": "Phiếu hỏi là bản dựng, không phải mẫu chính thức.",
        }]  # fmt: skip

    def lists(self) -> list[Listed]:
        """Return how many answered, factors, questions and units."""
        factors = [[each.name, *_rates(each)] for each in self.presenter.factors()]
        questions = [[each.text, *_rates(each)] for each in self.presenter.questions()]
        units = [
            [each.unit_name, *_rates(each), HIDDEN if each.suppressed else ""]
            for each in self.units
        ]
        response = [self.response.row(self.presenter.results.round.title)]
        found = [
            listed("survey_response", RESPONSE, response),
            listed("factors", FACTORS, factors),
            listed("questions", QUESTIONS, questions),
            listed("survey_units", UNITS, units),
        ]
        as_of = f"{self.shown_on}" if self.shown_on else None
        return [replace(each, as_of=as_of) for each in found]


def _said(target: Target | None) -> str | None:
    """Return a target as a plan says it: over it, or at least it."""
    if target is None or target.value is None:
        return None
    value = f"{written('percent', plain(target.value))}%"
    return f"trên {value}" if target.comparison == "over" else f"từ {value} trở lên"


def _gap(value: Decimal | None, target: Decimal | None) -> Decimal | None:
    return None if value is None or target is None else value - target


def _rates(brief: SatisfactionBrief) -> list[Value]:
    return [plain(brief.share), plain(brief.mean5)]


async def surveyed(
    session: AsyncSession, year: int, as_of: AsOf, *, latest: bool = False
) -> Surveyed | None:
    """Return what the year's satisfaction stood on: its newest result, else the newest round.

    `latest`, or where no release had shown anything by then: what they show today, and it says so.
    """
    if not as_of.is_past:
        return await _shown(session, year, None, None)
    then = None if latest else await _shown(session, year, as_of.ends_at, None)
    if then is not None and then.presenter.results.published is not None:
        return then
    return await _shown(session, year, None, as_of.today)


async def _shown(
    session: AsyncSession, year: int, before: datetime | None, shown_on: date | None
) -> Surveyed | None:
    rounds = await rounds_of_year(session, year, before)
    chosen = rounds.official or rounds.head
    if chosen is None:
        return None
    round_ = chosen.results.round
    presenter = Presenter(chosen.results, await counts_of(session, round_))
    value = presenter.results.value()
    target = await target_view(session, year, "satisfaction", value)
    units = [
        each for each in presenter.units(await unit_names(session)) if each.unit_id is not None
    ]
    former = (await rounds_of_year(session, year - 1, before)).official
    last = Before(former.results.round, former.results.value()) if former else None
    ended = await end_of(session, round_.round_id)
    response = response_of(round_, ended, final=chosen.is_result)
    return Surveyed(presenter, target, units, response, last, shown_on)
