"""The columns of every list a report can hold, by its code."""

from collections.abc import Mapping, Sequence

from reporting.reports import scores, survey, survey_response, taking, work
from reporting.reports.lists import Column
from reporting.reports.numbers import ListCode

COLUMNS: Mapping[ListCode, Sequence[Column]] = {
    "indicators": taking.INDICATORS,
    "units": work.UNITS,
    "sections": work.CONTENT,
    **dict.fromkeys(("assignments", "open"), work.ASSIGNMENTS),
    **dict.fromkeys(("overdue", "next"), work.OWED),
    "paused": work.PAUSED,
    "survey_response": survey_response.RESPONSE,
    "factors": survey.FACTORS,
    "questions": survey.QUESTIONS,
    "survey_units": survey.UNITS,
    "par_rows": scores.ROWS,
    "evidence": scores.EVIDENCE,
}
