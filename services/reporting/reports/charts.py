"""The rates of a list as bars."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.documents.official import Chart
from reporting.reports.numbers import Value

_MOST_BARS = 20


def chart_of(about: Mapping[str, Any], rows: Sequence[Sequence[Value]]) -> Chart | None:
    """Return a list's chart; None where it has no rates, no rows, or more of them than fit.

    A row of which no rate is known has no bar, and so has a rate that is known of no row.
    """
    rates = [
        place for place, kind in enumerate(about["kinds"])
        if kind == "percent" and any(row[place] not in (None, "") for row in rows)
    ]  # fmt: skip
    rows = [row for row in rows if any(row[place] not in (None, "") for place in rates)]
    if not rates or not 0 < len(rows) <= _MOST_BARS:
        return None
    series = tuple(
        (about["headings"][place], tuple(_bar(row[place]) for row in rows)) for place in rates
    )
    return Chart(about["title"], tuple(str(row[1]) for row in rows), series, most=100)


def _bar(value: Value) -> float | None:
    return None if value is None or value == "" else float(value)
