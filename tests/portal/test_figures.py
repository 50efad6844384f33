"""How figures are shown: what is known comes before the percentage, a year is all its plans."""

import re
from typing import Any

import pytest
from starlette.datastructures import FormData

from portal.app import assets_version
from portal.pages.counted_ballots import read_ballots
from portal.pages.dashboard import in_force
from portal.parts import Unavailable
from portal.rendering import Renderer

RENDERER = Renderer(assets_version())


def figure(valued: str, value: str | None, *, of: str = "100") -> dict[str, Any]:
    coverage = {"points_with_value": valued, "points_total": of}
    return {
        "coverage": coverage, "complete": valued == of, "value": value, "points": "11.10",
        "valued_count": 7, "applicable_count": 83,
    }  # fmt: skip


def completion(
    done: int, total: int, plan_id: str | None = None, title: str = ""
) -> dict[str, Any]:
    rate = f"{100 * done / total:.2f}" if total else None
    return {
        "plan_id": plan_id, "title": title, "status": "active", "done": done, "all": total,
        "due": total, "done_due": done, "overdue": 0, "waiting": 0, "needs_person": 0,
        "rate_all": rate, "rate_due": rate,
    }  # fmt: skip


def overview(**changes: Any) -> dict[str, Any]:
    par = {
        "secured": figure("9", "8.00"), "projected": figure("12.5", "11.1"),
        "official": figure("0", None), "target": None,
    }  # fmt: skip
    plans = [completion(5, 7, "p1", "Kế hoạch một")]
    return {
        "par": par, "satisfaction": None, "completion": completion(5, 7), "plans": plans,
        "plan_id": "p1", "units": [], "history": [], "criteria_set": None,
        "as_of": "2025-11-23T03:00:00Z", "lag_seconds": 0, **changes,
    }  # fmt: skip


def shown(language: str = "vi", **changes: Any) -> str:
    view = {"overview": overview(**changes), "year": 2025, "offer": []}
    html = RENDERER.render("dashboard/figures.html", language, view)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("vi", "12,5 trong 100 điểm đã có giá trị", "Tính phần còn lại là 0: 11,10%"),
        ("en", "12.5 of 100 points have a value", "With 0 for the rest: 11.10%"),
    ],
)
def test_what_has_a_value_comes_before_the_percentage(language, first, then) -> None:
    text = shown(language)
    assert text.index(first) < text.index(then)


def test_a_figure_of_which_nothing_is_known_shows_no_percentage_and_what_to_do() -> None:
    text = shown()
    assert "0 trong 100 điểm đã có giá trị" in text
    assert "Điểm chính thức có từ thẩm định và từ các đợt khảo sát đã đóng" in text
    assert "0,00%" not in text


def test_the_line_of_a_part_is_not_called_the_index() -> None:
    points = [
        {"at": f"2025-11-2{day}T03:00:00Z", "par_projected": value, "satisfaction": None}
        for day, value in enumerate(["10.00", "11.10"])
    ]
    assert "dự kiến, phần chưa có giá trị tính 0 11,10%" in shown(history=points)


def test_a_figure_of_which_all_is_known_leads_with_the_percentage() -> None:
    full = dict.fromkeys(("secured", "projected", "official"), figure("95", "88.395", of="95"))
    text = shown(par={**full, "target": None})
    assert "88,40%" in text
    assert "Tính phần còn lại là 0" not in text


def test_a_year_of_two_plans_shows_their_sum_and_each_alone() -> None:
    plans = [completion(5, 7, "p1", "Kế hoạch một"), completion(0, 2, "p2", "Kế hoạch hai")]
    text = shown(completion=completion(5, 9), plans=plans)
    assert "5 /9" in text
    assert re.search(r"Kế hoạch một 71,43% 5/7 .*Kế hoạch hai 0,00% 0/2", text)


def test_a_year_in_which_nothing_is_due_says_so_instead_of_a_rate() -> None:
    text = shown(completion=completion(0, 0), plans=[completion(0, 0, "p1", "Kế hoạch")])
    assert "chưa có nhiệm vụ đến hạn" in text
    assert "chưa có nhiệm vụ có thời hạn" in text


def test_the_plans_of_a_year_are_those_in_force_and_those_that_ended() -> None:
    plans = [
        {"id": str(i), "year": year, "status": status}
        for i, (year, status) in enumerate(
            [(2025, "active"), (2025, "draft"), (2026, "active"), (2025, "closed"),
             (2025, "cancelled")]
        )
    ]  # fmt: skip
    assert [plan["id"] for plan in in_force({"data": plans}, 2025)] == ["0", "3"]
    assert in_force(Unavailable("tasks"), 2025) == []


def test_what_is_no_number_of_ballots_stays_as_it_was_typed() -> None:
    form = FormData([("option_A", " 12 "), ("option_B", "mười"), ("other", "1")])
    assert read_ballots(form) == {"A": 12, "B": "mười"}
