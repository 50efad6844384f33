"""Rules of inspections: what may be done when, who can be in a team, which inspections meet."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from chassis.rules import InputRefused, RuleBroken
from tasks.inspections import dates, domain
from tasks.inspections.domain import Candidate, Replacement, Serving
from tasks.inspections.together import Planned, meetings_of

MAY, STATES = date(2025, 5, 12), ("planned", "announced", "visited", "concluded", "cancelled")


def id_of(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def said(act, state, method="planned") -> str:
    try:
        domain.check_standing(act, state, method)
    except RuleBroken as broken:
        return broken.code.removeprefix("inspection_")
    return "ok"


@pytest.mark.parametrize(
    ("act", "method", "expected"),
    [
        ("change", "planned", "ok ok ok ok cancelled"),
        ("announce", "planned", "ok announced visited concluded cancelled"),
        ("announce", "unannounced", "unannounced announced visited concluded cancelled"),
        ("visit", "planned", "not_announced ok visited concluded cancelled"),
        ("visit", "documents", "not_announced ok visited concluded cancelled"),
        ("visit", "unannounced", "ok ok visited concluded cancelled"),
        ("record_finding", "planned", "not_visited not_visited ok concluded cancelled"),
        ("conclude", "planned", "not_visited not_visited ok concluded cancelled"),
        ("cancel", "planned", "ok ok visited concluded cancelled"),
    ],
)
def test_each_state_allows_its_acts_and_says_why_not_the_others(act, method, expected):
    assert " ".join(said(act, state, method) for state in STATES) == expected


def planned(name: str, unit: str, first: str, last: str, people: str) -> Planned:
    days = (date.fromisoformat(f"2025-{day}") for day in (first, last))
    return Planned(id_of(name), id_of(unit), *days, frozenset(map(id_of, people)))


# One: unit CCHC from Monday 12/5 to Wednesday 14/5/2025, with A and B in the team.
@pytest.mark.parametrize(
    ("unit", "first", "last", "people", "expected"),
    [
        ("CCHC", "05-14", "05-16", "C", ["unit"]),  # a day of both
        ("CCHC", "05-15", "05-16", "C", ["unit"]),  # the day after
        ("CCHC", "05-16", "05-16", "C", []),  # a working day between
        ("CCHC", "05-09", "05-09", "C", ["unit"]),  # Friday before: a weekend between
        ("CCHC", "05-08", "05-08", "C", []),
        ("CCHC", "05-01", "05-31", "C", ["unit"]),  # around it
        ("LĐVL", "05-12", "05-14", "C", []),  # another unit, other people
        ("LĐVL", "05-14", "05-14", "AC", ["person A"]),  # one of the team on one day
        ("LĐVL", "05-15", "05-15", "AB", []),  # the day after nobody is in two places
        ("CCHC", "05-13", "05-13", "BA", ["unit", "person A", "person B"]),
    ],
)
def test_inspections_that_meet_are_found_by_unit_and_by_person(
    demo_calendar, unit, first, last, people, expected
):
    one = planned("one", "CCHC", "05-12", "05-14", "AB")
    other = planned("other", unit, first, last, people)
    names = {id_of(name): name for name in "ABC"}
    found = [
        f"person {names[each.person_id]}" if each.person_id else each.kind
        for each in meetings_of(one, [one, other], demo_calendar)
    ]
    back = list(meetings_of(other, [one, other], demo_calendar))
    assert sorted(found) == sorted(expected)
    assert len(back) == len(expected), "the other one is warned, too"


def test_days_off_do_not_part_two_inspections_whatever_they_are_called(demo_calendar):
    before = planned("before", "CCHC", "01-24", "01-24", "A")  # Friday before Tết 2025
    after = planned("after", "CCHC", "02-03", "02-03", "B")  # the first working day after it
    later = planned("later", "CCHC", "02-04", "02-04", "B")
    met = [meeting.other_id for meeting in meetings_of(before, [after, later], demo_calendar)]
    assert met == [id_of("after")]


def refused(run, *given) -> list[str]:
    try:
        run(*given)
    except InputRefused as wrong:
        return [problem.pointer for problem in wrong.problems]
    return []


def test_nobody_inspects_their_own_unit_twice_or_without_being_at_work():
    people = {
        id_of("A"): Candidate(id_of("VP"), active=True),
        id_of("own"): Candidate(id_of("CCHC"), active=True),
        id_of("left"): Candidate(id_of("VP"), active=False),
    }
    team = [
        ("/head_id", id_of("A")), ("/member_ids/0", id_of("own")), ("/member_ids/1", id_of("left")),
        ("/substitute_ids/0", id_of("A")), ("/substitute_ids/1", id_of("nobody")),
    ]  # fmt: skip
    assert refused(domain.check_team, team, people, id_of("CCHC")) == [
        "/member_ids/0", "/member_ids/1", "/substitute_ids/0", "/substitute_ids/1",
    ]  # fmt: skip
    assert refused(domain.check_team, team[:1], people, id_of("CCHC")) == []


AWAY = {"away_from": date(2025, 5, 10), "away_until": MAY}
TEAM = [
    Serving(id_of("head"), "head", "Trưởng đoàn"),
    Serving(id_of("away"), "member", "Người vắng", **AWAY),
    Serving(id_of("first"), "substitute", "Dự phòng 1"),
    Serving(id_of("second"), "substitute", "Dự phòng 2", **AWAY),
]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("away", "first")], []),
        ([], ["/absent"]),  # away by the directory, and nobody instead
        ([("away", "second")], ["/absent/0/substitute_id"]),  # away as well
        ([("away", "head")], ["/absent/0/substitute_id"]),  # no substitute
        ([("away", "first"), ("head", "first")], ["/absent/1/substitute_id"]),
        ([("away", "first"), ("second", "first")],
         ["/absent/1/person_id", "/absent/1/substitute_id"]),
    ],
)  # fmt: skip
def test_whoever_is_away_is_replaced_by_a_substitute_of_the_team(pairs, expected):
    absent = [Replacement(id_of(one), id_of(other), "Đi công tác") for one, other in pairs]
    assert refused(domain.check_replacements, absent, TEAM, MAY) == expected


def test_the_day_after_an_absence_nobody_has_to_be_replaced():
    assert refused(domain.check_replacements, [], TEAM, date(2025, 5, 13)) == []


def test_each_finding_needs_exactly_one_remediation():
    findings = {id_of("a"): "Chậm", id_of("b"): "Thiếu hồ sơ"}
    both, twice = [id_of("a"), id_of("b")], [id_of("a"), id_of("a")]
    assert refused(domain.check_remediations, both, findings) == []
    assert refused(domain.check_remediations, twice, findings) == [
        "/remediations/1/finding_id", "/remediations",
    ]  # fmt: skip
    assert refused(domain.check_remediations, [id_of("c")], findings) == [
        "/remediations/0/finding_id", "/remediations", "/remediations",
    ]  # fmt: skip


def test_what_was_announced_or_visited_keeps_its_unit_and_its_days():
    assert refused(domain.check_changed, "planned", ["unit_id", "starts_on", "team"]) == []
    assert refused(domain.check_changed, "announced", ["unit_id", "starts_on"]) == ["/unit_id"]
    assert refused(domain.check_changed, "visited", ["starts_on", "team"]) == [
        "/starts_on", "/head_id",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "announced", "expected"),
    [
        ("2025-05-12", None, []),
        ("2025-05-14", "2025-05-05", []),
        ("2025-05-13", "2025-05-14", ["/visited_on"]),  # before it was announced
        ("2025-05-11", "2025-05-05", ["/visited_on"]),  # before its first day
        ("1900-01-01", None, ["/visited_on"]),
        ("2025-05-21", None, ["/visited_on"]),  # tomorrow
        ("9999-12-31", None, ["/visited_on"]),
    ],
)
def test_a_team_comes_after_the_announcement_within_the_inspection_and_not_tomorrow(
    day, announced, expected
):
    announced_on = announced and date.fromisoformat(announced)
    given = (date.fromisoformat(day), date(2025, 5, 20), announced_on, MAY)
    assert refused(dates.check_visited, *given) == expected


@pytest.mark.parametrize(
    ("day", "planned_on", "expected"),
    [
        ("2025-05-05", "2025-01-02", []),
        ("2024-12-20", "2025-01-02", []),  # written down later
        ("1900-01-01", "2025-01-02", ["/announced_on"]),
        ("2025-05-21", "2025-01-02", ["/announced_on"]),
        ("2023-06-01", "2023-05-30", []),  # planned years ahead
    ],
)
def test_an_announcement_is_of_a_day_that_can_be(day, planned_on, expected):
    given = (date.fromisoformat(day), date(2025, 5, 20), 2025, date.fromisoformat(planned_on))
    assert refused(dates.check_announced, *given) == expected


def test_days_of_an_inspection_and_its_records_are_of_our_time():
    assert refused(dates.check_days, date(1900, 1, 1), date(9999, 12, 31)) == [
        "/starts_on", "/ends_on",
    ]  # fmt: skip
    assert refused(dates.check_days, MAY, date(2025, 5, 11)) == ["/ends_on"]
    records = [
        {"asked_on": MAY, "received_on": date(2025, 5, 13)},
        {"asked_on": MAY, "received_on": date(2025, 5, 11)},
        {"asked_on": None, "received_on": date(2025, 5, 21)},
        {"asked_on": date(1, 1, 1), "received_on": None},
    ]
    assert refused(dates.check_records, records, date(2025, 5, 20)) == [
        "/records/1/received_on", "/records/2/received_on", "/records/3/asked_on",
    ]  # fmt: skip


def test_a_rule_that_nothing_can_meet_is_none():
    assert refused(domain.check_rule, 2, 2) == []
    assert refused(domain.check_rule, 3, 2) == ["/periods"]
