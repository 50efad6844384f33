"""The demo's directory, calendar and links are consistent with each other."""

from pathlib import Path

import yaml
from pydantic import TypeAdapter

from contracts.tasks import PersonState, PlanTarget, Role, UnitState

DEMO = Path(__file__).parents[2] / "demo"
LOGINS = {
    "director", "office", "unit_head", "unit_officer", "appraiser", "auditor", "admin", "external",
    "unit_head_ldvl", "unit_officer_ldvl",
}  # fmt: skip


def load(name):
    return yaml.safe_load((DEMO / name).read_text())


def test_every_unit_but_the_department_has_a_head_and_an_officer():
    people = load("people.yaml")["people"]
    for role in ("unit_head", "unit_officer"):
        with_one = sorted(one["unit"] for one in people if one["role"] == role)
        assert with_one == sorted(unit["code"] for unit in load("units.yaml")["units"][1:])


def test_people_are_posts_with_unique_logins_and_reserved_addresses():
    people = load("people.yaml")["people"]
    assert len({one["employee_code"] for one in people}) == len(people)
    assert {one["employee_code"] for one in people} >= LOGINS
    assert all(one["name"] == one["post"] for one in people)
    assert all(one["email"] == f"{one['employee_code']}@snv.example" for one in people)


def test_the_files_use_the_words_of_the_contracts():
    roles = TypeAdapter(Role)
    assert all(roles.validate_python(one["role"]) for one in load("people.yaml")["people"])
    kinds = TypeAdapter(UnitState.model_fields["kind"].annotation)
    assert all(kinds.validate_python(one["kind"]) for one in load("units.yaml")["units"])
    assert [PlanTarget(**one).index for one in load("plan.yaml")["targets"]] == [
        "satisfaction",
        "par",
    ]
    assert {"employee_code", "name", "post", "email", "role"} <= set(PersonState.model_fields)


def test_the_links_lead_to_sub_criteria_of_the_set():
    codes = {
        sub["code"]
        for area in load("criteria_set.yaml")["areas"]
        for criterion in area["criteria"]
        for sub in criterion["sub_criteria"]
    }
    assert set(load("criteria_links.yaml")["links"].values()) <= codes


def test_make_up_days_are_weekends_and_days_off_are_not():
    for year, calendar in load("calendar.yaml")["years"].items():
        for day in calendar["days"]:
            assert day["day"].year == year
            assert (day["day"].weekday() >= 5) is day["working"]
