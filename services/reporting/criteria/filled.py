"""A criteria set as the rows of its workbook: what is written, and what differences are read of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reporting.criteria import columns as form
from reporting.criteria.columns import Column
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.values import at, show

Row = list[str]


def head(whole: CriteriaSet) -> list[Row]:
    """Return the first sheet: a line for each fact of the set itself."""
    data = whole.as_json()
    return [[column.heading, show(column, at(data, column.path))] for column in form.HEAD]


def parts(whole: CriteriaSet) -> list[Row]:
    """Return a line for each area, criterion and sub-criterion."""
    return [
        [level, *_cells(form.PART, part), *_cells(form.OF_SUB, part if level == form.SUB else {})]
        for level, part in walk(whole.as_json())
    ]


def details(whole: CriteriaSet) -> list[Row]:
    """Return a line for each tier, deduction and answer option."""
    return [
        [sub["code"], kind, *_cells(form.OF_TIER, detail)]
        for level, sub in walk(whole.as_json())
        if level == form.SUB
        for kind, detail in details_of(sub["rule"])
    ]


def bands(whole: CriteriaSet) -> list[Row]:
    """Return a line for each grade."""
    return [_cells(form.OF_BAND, band) for band in whole.as_json()["grade_bands"]]


def walk(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Go through the parts in order, each with its level."""
    for area in data["areas"]:
        yield form.AREA, area
        for criterion in area["criteria"]:
            yield form.CRITERION, criterion
            yield from ((form.SUB, sub) for sub in criterion["sub_criteria"])


def details_of(rule: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return what a rule lists, each in the fields of a tier."""
    for tier in rule.get("tiers", ()):
        yield form.TIER, tier
    for deduct in rule.get("deducts", ()):
        yield form.DEDUCT, {"when": deduct["per"], "points": deduct["minus"]}
    for option, weight in rule.get("option_weights", {}).items():
        yield form.OPTION, {"when": option, "points": weight}


def _cells(columns: Sequence[Column], data: Mapping[str, Any]) -> Row:
    return [show(column, at(data, column.path)) for column in columns]
