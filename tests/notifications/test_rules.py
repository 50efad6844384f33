"""Who is told what: the whole table against a small department, nobody more and nobody less."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.notifications import world
from tests.notifications.world import PEOPLE, UNITS, id_of
from tests.sentences import english, placeholders, said_in

from contract_files import notifications as page
from contracts import surveys
from contracts import tasks as tasks_events
from contracts.catalogue import declared
from notifications import handlers
from notifications.rules.occasions import occasion_of
from notifications.rules.recipients import Directory, Person, recipients_of
from notifications.rules.table import RULES, TABLE
from notifications.rules.wording import percent_text, target_text

FOLDER = Path(handlers.__file__).parent
NAME = {"[Nhịp CCHC] ", "Nhịp CCHC <nhip-cchc@localhost>"}  # the product's own
NAMES = {id_of(code): f"Phòng {code}" for code in UNITS}
DIRECTORY = Directory(
    Person(id_of(code), id_of(unit), role, has_address=True)
    for code, (role, unit) in PEOPLE.items()
)

UNIT_BY_MAIL = {"officer_cchc": "accountable ✉", "head_cchc": "head_of_unit ✉"}
OFFICE_BY_MAIL = {"office": "office_follows ✉", "office_2": "office_follows ✉"}
OFFICE = {"office": "office_follows", "office_2": "office_follows"}
DIRECTOR_AND_OFFICE = {"director": "director_in_charge ✉", **OFFICE_BY_MAIL}
LEADERS = {"director": "director_in_charge", **OFFICE}
SUBMITTER = {"colleague_cchc": "submitter ✉"}

WHO_IS_TOLD = [
    (world.created(), {**UNIT_BY_MAIL, "head_ldvl": "coordinating"}),
    (
        tasks_events.AssignmentChanged(assignment=world.assignment()),
        {"officer_cchc": "accountable ✉", "head_cchc": "head_of_unit"},
    ),
    (world.progress(difficulty=True), OFFICE_BY_MAIL),
    (world.submitted(), OFFICE_BY_MAIL),
    (world.accepted(), {**UNIT_BY_MAIL, **SUBMITTER}),
    (world.accepted(on_time=False), {**UNIT_BY_MAIL, **SUBMITTER}),
    (world.returned(), {**UNIT_BY_MAIL, **SUBMITTER}),
    (world.due_soon(7), {"officer_cchc": "accountable ✉"}),
    (world.due_soon(1), UNIT_BY_MAIL),
    (world.due_soon(0), UNIT_BY_MAIL),
    (world.overdue(), {**UNIT_BY_MAIL, **OFFICE_BY_MAIL}),
    (
        tasks_events.PlanActivated(plan=world.plan()),
        {**LEADERS, "head_cchc": "unit_in_scope", "head_ldvl": "unit_in_scope"},
    ),
    (tasks_events.PlanChanged(plan=world.plan()), LEADERS),
    (
        tasks_events.PlanChanged(plan=world.plan().model_copy(update={"cancelled": True})),
        {**LEADERS, "head_cchc": "unit_in_scope", "head_ldvl": "unit_in_scope"},
    ),
    (
        surveys.RoundOpened(round=world.survey_round()),
        {**LEADERS, "head_cchc": "unit_in_scope"},
    ),
    (
        surveys.RoundChanged(round=world.survey_round()),
        {**LEADERS, "head_cchc": "unit_in_scope"},
    ),
    (
        surveys.RoundClosed(round=world.survey_round().model_copy(update={"cancelled": True})),
        {**LEADERS, "head_cchc": "unit_in_scope"},
    ),
    (
        surveys.RoundClosed(round=world.survey_round()),
        {**LEADERS, "head_cchc": "unit_in_scope"},
    ),
    (world.criteria_set_published(), OFFICE),
    (world.missed(), DIRECTOR_AND_OFFICE),
    (world.missed(comparison="at_least"), DIRECTOR_AND_OFFICE),
    (world.recovered(), DIRECTOR_AND_OFFICE),
    (world.recovered(comparison="at_least"), DIRECTOR_AND_OFFICE),
]


def told(event, *, actor=None, submitter="colleague_cchc", directory=DIRECTORY):
    occasion = occasion_of(event, NAMES)
    found = recipients_of(
        RULES[occasion.event_type, occasion.case], occasion, directory,
        actor_id=actor and id_of(actor), submitter_id=submitter and id_of(submitter),
    )  # fmt: skip
    codes = {id_of(code): code for code in PEOPLE}
    return {codes[one.person_id]: f"{one.reason}{' ✉' if one.email else ''}" for one in found}


def key_of(event) -> tuple[str, str]:
    occasion = occasion_of(event, NAMES)
    return occasion.event_type, occasion.case


@pytest.mark.parametrize(
    ("event", "expected"), WHO_IS_TOLD, ids=["-".join(key_of(e)) for e, _ in WHO_IS_TOLD]
)
def test_exactly_those_concerned_are_told_and_why(event, expected):
    assert told(event) == expected


@pytest.mark.parametrize("kind", [tasks_events.AssignmentCreated, tasks_events.AssignmentChanged])
def test_nobody_is_told_of_the_tasks_of_a_draft(kind):
    assert told(kind(assignment=world.assignment(), in_force=False)) == {}


def test_a_cancelled_plan_is_said_once_not_for_each_of_its_tasks():
    ended = world.assignment(version=3, status="cancelled")
    assert told(tasks_events.AssignmentCancelled(assignment=ended)) == {}


def test_every_telling_line_of_the_table_is_tested_above():
    tested = {key_of(event) for event, _ in WHO_IS_TOLD}
    assert tested == {(rule.event.type, rule.case) for rule in TABLE if rule.audiences}


def test_every_public_event_has_a_line_and_every_other_line_a_reason():
    public = {type_ for type_, event in declared().items() if event.audience == "public"}
    assert public <= {rule.event.type for rule in TABLE}
    assert public <= set(handlers.router.routes)
    assert all(rule.audiences or rule.nobody_because for rule in TABLE)


def test_nobody_is_told_of_his_own_act():
    assert "officer_cchc" not in told(world.returned(), actor="officer_cchc")
    assert "office" not in told(world.submitted(), actor="office")


def test_the_head_stands_in_where_nobody_is_accountable():
    found = told(world.due_soon(7, accountable_person_id=None))
    assert found == {"head_cchc": "head_of_unit ✉"}


def test_a_unit_without_a_head_is_led_by_its_own_people_of_the_office():
    found = told(world.due_soon(1, unit_id=id_of("VP"), accountable_person_id=None))
    assert found == {"office": "head_of_unit ✉", "office_2": "head_of_unit ✉"}


def test_the_office_is_told_when_the_lead_unit_has_nobody():
    found = told(world.created(unit_id=id_of("TTR"), accountable_person_id=None))
    assert found == {
        "head_ldvl": "coordinating",
        "office": "nobody_in_unit ✉",
        "office_2": "nobody_in_unit ✉",
    }


def test_a_head_who_is_accountable_is_told_once():
    found = told(world.overdue(accountable_person_id=id_of("head_cchc")))
    assert found["head_cchc"] == "accountable ✉"


def test_a_person_without_an_address_gets_no_mail():
    people = [*DIRECTORY.people.values()]
    silent = [Person(p.id, p.unit_id, p.role, has_address=False) for p in people]
    assert told(world.due_soon(7), directory=Directory(silent)) == {"officer_cchc": "accountable"}


def test_what_is_said_names_the_assignment_its_subject_and_the_day():
    occasion = occasion_of(world.overdue(), NAMES)
    rule = RULES[occasion.event_type, occasion.case]
    assert rule.title.format(**occasion.facts) == "Nhiệm vụ NV-2025-0001 đã quá hạn"
    assert rule.body.format(**occasion.facts) == (
        "Mức độ hoàn thành kế hoạch. Phòng CCHC chủ trì. Thời hạn: 30/11/2025."
    )


@pytest.mark.parametrize("event", [event for event, _ in WHO_IS_TOLD], ids=lambda e: e.type)
def test_every_sentence_finds_its_facts(event):
    occasion = occasion_of(event, NAMES)
    rule = RULES[occasion.event_type, occasion.case]
    assert "{" not in (rule.title + rule.body).format(**occasion.facts)


def test_a_missed_figure_is_never_written_as_if_it_had_reached_its_target():
    assert percent_text(Decimal("89.996"), up=False) == "89,99 %"
    assert percent_text(Decimal("90.0004"), up=True) == "90,01 %"
    assert target_text(Decimal("90.00")) == "90 %"
    assert target_text(Decimal("85.50")) == "85,5 %"


def test_a_reminder_is_one_step_per_due_day_and_count_whatever_the_version():
    steps = {occasion_of(world.due_soon(3, version=v), NAMES).step for v in (2, 5)}
    assert len(steps) == 1
    assert occasion_of(world.due_soon(1), NAMES).step not in steps


def test_everything_said_in_vietnamese_has_english_with_the_same_facts():
    known = english(FOLDER)
    assert said_in(FOLDER) - NAME <= known.keys()
    assert not {text for text in known if placeholders(text) != placeholders(known[text])}


def test_the_catalogue_keeps_nothing_that_nobody_says():
    assert english(FOLDER).keys() <= said_in(FOLDER)


def test_the_page_in_docs_is_what_the_table_says():
    assert page.FILE.read_text() == page.as_markdown()
