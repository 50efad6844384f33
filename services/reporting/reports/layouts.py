"""The columns of every list a report can hold, by its code."""

from collections.abc import Mapping, Sequence

from reporting.reports import lines, scores, survey, survey_response, taking, work
from reporting.reports.lists import Column
from reporting.reports.numbers import ListCode

COLUMNS: Mapping[ListCode, Sequence[Column]] = {
    "indicators": taking.INDICATORS,
    "units": work.UNITS,
    "sections": work.CONTENT,
    **lines.COLUMNS,
    "survey_response": survey_response.RESPONSE,
    "factors": survey.FACTORS,
    "questions": survey.QUESTIONS,
    "survey_units": survey.UNITS,
    "par_rows": scores.ROWS,
    "evidence": scores.EVIDENCE,
}
