"""Criteria sets that add up, drawn at random; and workbooks of them, changed by hand."""

from decimal import Decimal
from io import BytesIO
from string import ascii_uppercase
from typing import Any
from unicodedata import normalize

import openpyxl
from hypothesis import strategies as st

from reporting.criteria.domain import CriteriaSet

_SEEN = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
WORD = st.text(_SEEN, min_size=1, max_size=12).map(lambda word: normalize("NFC", word))
LINE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
POINTS = st.decimals("0.01", "9", places=2)
SHARES = st.decimals("0", "1", places=3)


@st.composite
def rules(draw, points: Decimal) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a rule for so many points, and what must feed it."""
    method = draw(st.sampled_from(["proportional", "boolean", "tiered", "deduction", "options",
                                   "index"]))  # fmt: skip
    if method == "proportional":
        floor, full = sorted([draw(SHARES), draw(SHARES.filter(bool))])
        fed = draw(st.sampled_from([{}, {"feeds_from": "tasks", "counts": "plan"},
                                    {"feeds_from": "tasks", "counts": "linked"}]))  # fmt: skip
        words = {"numerator": draw(LINE), "denominator": draw(LINE)}
        return {"method": method, **words, "full_at": full or Decimal(1), "floor": floor}, fed
    if method == "boolean":
        rule = {"condition": draw(LINE), "true_points": points, "false_points": Decimal(0)}
        return {"method": method, **rule}, {}
    if method == "tiered":
        return draw(tiers(points))
    if method == "deduction":
        lost = [{"per": draw(LINE), "minus": draw(POINTS)} for _ in range(draw(st.integers(1, 3)))]
        return {"method": method, "deducts": lost}, {"feeds_from": None}
    if method == "index":
        return {"method": "survey_index", "factor": draw(WORD)}, draw(surveys())
    weights = [Decimal(1), *(draw(SHARES) for _ in range(draw(st.integers(0, 3))))]
    named = dict(zip(ascii_uppercase, weights, strict=False))
    question = draw(st.none() | WORD)
    rule = {"respondents": draw(LINE), "option_weights": named, "question": question}
    return {"method": "survey_options", **rule}, draw(surveys())


@st.composite
def tiers(draw, points: Decimal) -> tuple[dict[str, Any], dict[str, Any]]:
    measure = draw(st.sampled_from(["rate", "count", "choice", "tasks"]))
    if measure == "tasks":
        listed = [
            {"when": draw(LINE), "points": points, "all_done": True, "all_on_time": True},
            {"when": draw(LINE), "points": Decimal(0), "any_overdue": True},
        ]
        fed = {"feeds_from": "tasks", "counts": "linked"}
        return {"method": "tiered", "measure": measure, "tiers": listed}, fed
    least = {"rate": ["0.9", "0.5", "0"], "count": ["4", "2", "0"]}.get(measure, [None] * 3)
    listed = [
        {"when": draw(LINE), "points": share, **({"at_least": limit} if limit else {})}
        for share, limit in zip([points, points / 2, Decimal(0)], least, strict=True)
    ]
    return {"method": "tiered", "measure": measure, "tiers": listed}, {}


@st.composite
def surveys(draw) -> dict[str, Any]:
    rounds = [None, {"questionnaire": draw(WORD)}, {"round_id": str(draw(st.uuids(version=4)))}]
    return {"feeds_from": "surveys", "from_rounds": draw(st.sampled_from(rounds))}


@st.composite
def sub_criteria(draw, code: str) -> dict[str, Any]:
    points = draw(POINTS)
    rule, fed = draw(rules(points))
    absent = draw(st.none() | LINE)
    return {
        "code": code, "name": draw(LINE), "max_points": points, "rule": rule, **fed,
        "na_allowed": absent is not None, "na_when": absent, "source": draw(LINE),
        "evidence": draw(st.lists(LINE, max_size=3)),
    }  # fmt: skip


@st.composite
def criteria_sets(draw) -> CriteriaSet:
    """Return a set said in points: its total is whatever its parts add up to."""
    areas = []
    for i in range(1, draw(st.integers(1, 2)) + 1):
        criteria = []
        for j in range(1, draw(st.integers(1, 2)) + 1):
            subs = [
                draw(sub_criteria(f"{i}.{j}.{k}"))
                for k in range(1, draw(st.integers(1, 3)) + 1)
            ]  # fmt: skip
            criteria.append(_group(f"{i}.{j}", draw(LINE), "sub_criteria", subs))
        areas.append(_group(str(i), draw(LINE), "criteria", criteria))
    total = sum(area["max_points"] for area in areas)
    return CriteriaSet.model_validate({
        "code": draw(WORD), "title": draw(LINE), "year": draw(st.integers(2000, 2100)),
        "composed": draw(st.booleans()), "notice": draw(st.just("") | LINE),
        "serves": draw(st.sampled_from(["par_index", "own_figure"])), "roll_up": "points",
        "rounding": {"places": draw(st.integers(0, 4)),
                     "grades_on": draw(st.sampled_from(["exact", "shown"]))},
        "total_points": total, "bonus_max": draw(POINTS), "penalty_max": draw(POINTS),
        "grade_bands": draw(bands(total)), "areas": areas,
    })  # fmt: skip


@st.composite
def bands(draw, total: Decimal) -> list[dict[str, Any]]:
    """Return grades down to 0: two of them at a bound inside the scale, or one, or none."""
    if draw(st.booleans()):
        return draw(st.sampled_from([[], [{"name": "Đạt", "at_least": "0"}]]))
    bound, above = min(total / 2, Decimal(50)), draw(st.booleans())
    ends = [{}, {"up_to" if above else "below": bound}]
    return [
        {"name": draw(LINE), "at_least": bound, "more_than": above},
        {"name": draw(LINE), "at_least": "0", **draw(st.sampled_from(ends))},
    ]


def _group(code: str, name: str, below: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    points = sum(part["max_points"] for part in parts)
    return {"code": code, "name": name, "max_points": points, below: parts}


def with_cells(content: bytes, sheet: str, cells: dict[str, object]) -> bytes:
    """Return a workbook in which somebody wrote into cells."""
    book = openpyxl.load_workbook(BytesIO(content))
    for cell, value in cells.items():
        book[sheet][cell] = value
    changed = BytesIO()
    book.save(changed)
    return changed.getvalue()


def cell_of(content: bytes, sheet: str, code: str, heading: str) -> str:
    """Return where the value of a column stands for the part of a code."""
    page = openpyxl.load_workbook(BytesIO(content))[sheet]
    headings = [cell.value for cell in page[1]]
    codes = headings.index("Mã" if "Mã" in headings else "Mã tiêu chí thành phần")
    row = next(row for row in page.iter_rows(min_row=2) if row[codes].value == code)
    found: str = row[headings.index(heading)].coordinate
    return found
