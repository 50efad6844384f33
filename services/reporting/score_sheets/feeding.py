"""Which answers feed a sub-criterion: those of the year's rounds, or ballots counted by hand.

The criteria set says which rounds may feed it: those that ask what its rule names, of one
questionnaire or one round only where `from_rounds` says so. Of these the newest closed one that
shows it counts (`releases.year`).
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from string import ascii_uppercase

from chassis.words import N_, Sentence
from reporting.criteria.domain import FromRounds, SubCriterion, SurveyIndex, SurveyOptions
from reporting.par.inputs import Surveyed
from reporting.par.scoring import Facts, Options
from reporting.releases.publications import Results
from reporting.releases.year import RoundOfYear, YearRounds
from reporting.satisfaction.domain import SurveyFigure
from reporting.score_sheets.domain import of_todays_options

_ANY = FromRounds()
_OPEN = N_("từ đợt “{title}”, chưa kết thúc")
_CLOSED = N_("từ đợt “{title}”, đóng ngày {day}")
_COMPOSED_OPEN = N_("từ đợt “{title}” (phiếu khảo sát tự dựng), chưa kết thúc")
_COMPOSED_CLOSED = N_("từ đợt “{title}” (phiếu khảo sát tự dựng), đóng ngày {day}")
_ENTERED = N_("kiểm phiếu ngoài hệ thống, minh chứng: {evidence}")

_OF_OTHERS = N_("nơi khác công bố: {source}")


def surveyed(sub: SubCriterion, rounds: YearRounds) -> Surveyed:
    """Return what the year's rounds show for a survey-fed sub-criterion."""

    def shows(each: RoundOfYear) -> tuple[bool, Facts] | None:
        facts = _facts(sub, each)
        return None if facts is None else (each.is_result, facts)

    result, newest = rounds.result(shows), rounds.newest(shows)
    under_way = newest[1] if newest and not newest[0] else None
    return Surveyed(result=result and result[1], under_way=under_way)


def entered(
    sub: SubCriterion, ballots: Mapping[str, int] | None, evidence: str | None
) -> Options | None:
    """Return ballots that were counted by hand; None where the rule has other options by now."""
    counted = of_todays_options(sub, ballots)
    if counted is None:
        return None
    answers = {option: counted[option] for option in sorted(counted)}
    return Options(answers, origin=Sentence(_ENTERED, {"evidence": evidence}))


def of_others(sub: SubCriterion, index: Decimal | None, source: str | None) -> Surveyed | None:
    """Return what somebody else's survey shows of another body, as its source says it."""
    if index is None or not isinstance(sub.rule, SurveyIndex):
        return None
    origin = Sentence(_OF_OTHERS, {"source": source or ""})
    return Surveyed(result=SurveyFigure(sub.name, Fraction(index), 0, 0, origin=origin))


def _facts(sub: SubCriterion, each: RoundOfYear) -> Facts | None:
    """Return what one round shows of what the rule names; None when it shows nothing of it."""
    if not _may_feed(sub.from_rounds or _ANY, each.results):
        return None
    match sub.rule:
        case SurveyIndex(factor=factor):
            figure = each.results.figure(factor, origin=_origin(each))
            return figure if figure.value is not None else None
        case SurveyOptions(question=str(question), option_weights=weights):
            return _options(each, question, weights)
    return None


def _may_feed(rounds: FromRounds, results: Results) -> bool:
    questionnaire, round_id = results.questionnaire.code, results.round.round_id
    return rounds.questionnaire in (None, questionnaire) and rounds.round_id in (None, round_id)


def _options(each: RoundOfYear, question: str, weights: Collection[str]) -> Options | None:
    """Return how often each option was chosen; None for a question with other options."""
    chosen, letters = each.results.chosen(question), ascii_uppercase[: len(weights)]
    if chosen is None or len(chosen) != len(weights) or {*letters} != {*weights}:
        return None
    named = list(zip(letters, chosen, strict=True))
    answers = {letter: n for letter, (_, n) in named}
    return Options(answers, {letter: said for letter, (said, _) in named}, _origin(each))


def _origin(each: RoundOfYear) -> Sentence:
    facts = {"title": each.results.round.title}
    composed = each.results.questionnaire.composed
    if each.closed_on is None:
        return Sentence(_COMPOSED_OPEN if composed else _OPEN, facts)
    day = f"{each.closed_on:%d/%m/%Y}"
    return Sentence(_COMPOSED_CLOSED if composed else _CLOSED, {**facts, "day": day})
