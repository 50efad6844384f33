"""Who is told what: the whole table against a small department, nobody more and nobody less."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.notifications import leaders, requests, world
from tests.notifications.urgings import urged
from tests.notifications.world import PEOPLE, UNITS, id_of
from tests.sentences import english, placeholders, said_in

from contract_files import notifications as page
from contracts import surveys
from contracts import tasks as tasks_events
from contracts.catalogue import declared
from notifications import handlers
from notifications.rules.model import Occasion
from notifications.rules.moot import Newest, is_moot
from notifications.rules.occasions import (
    WHY_LOST,
    occasion_of,
    occasion_of_failure,
    occasion_of_loss,
)
from notifications.rules.recipients import Directory, Person, recipients_of
from notifications.rules.table import RULES, TABLE
from notifications.rules.urging import occasions_of_urging
from notifications.rules.wording import percent_text, target_text

FOLDER = Path(handlers.__file__).parent
NAME = {"[Nhịp CCHC] ", "Nhịp CCHC <nhip-cchc@localhost>", "Nhịp CCHC: public events"}  # our own
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
OF_CCHC = [code for code, (role, unit) in PEOPLE.items() if unit == "CCHC"]
SUBMITTER = {"colleague_cchc": "submitter ✉"}
WHO_ASKED = {"colleague_cchc": "asker ✉"}

MOVED = occasion_of_loss(
    world.person_changed("officer_cchc", unit_id=id_of("LDVL")), world.assignment(), NAMES,
    WHY_LOST["moved"],
)  # fmt: skip
CLOSED = occasion_of_loss(world.unit_changed("CCHC", active=False), world.assignment(), NAMES)
FAILED = occasion_of_failure(
    id_of("head_ldvl"), {"person": "Lê Thị L", "address": "l@snv.example", "reply": "550"},
    date(2025, 11, 28),
)  # fmt: skip
CONTACT_FAILED = occasion_of_failure(
    id_of("partner"), {"person": "Trục", "address": "truc@skhcn.example", "reply": "550"},
    date(2025, 11, 28), of_partner=True,
)  # fmt: skip

WHO_IS_TOLD = [
    (FAILED, dict.fromkeys(("admin", "office", "office_2"), "mail_failed")),
    (CONTACT_FAILED, dict.fromkeys(("admin", "office", "office_2"), "mail_failed")),
    (MOVED, {"head_cchc": "head_of_unit ✉", **OFFICE_BY_MAIL}),
    (CLOSED, {"head_cchc": "head_of_unit ✉", **OFFICE_BY_MAIL}),
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
        world.extension_requested(),
        {"office": "decides ✉", "office_2": "decides ✉", "director": "director_in_charge"},
    ),
    (world.extension_requested(unit_id=id_of("VP")), {"director": "decides ✉"}),
    (world.extension_refused(), {**UNIT_BY_MAIL, **WHO_ASKED}),
    (world.extended(), {**UNIT_BY_MAIL, **WHO_ASKED, "head_ldvl": "coordinating"}),
    (world.paused(), {**UNIT_BY_MAIL, "head_ldvl": "coordinating"}),
    (world.resumed(), {**UNIT_BY_MAIL, "head_ldvl": "coordinating"}),
    (
        world.handed_over(),
        {"head_ldvl": "head_of_unit ✉", "head_cchc": "unit_before ✉"},
    ),
    (world.ended("cancelled"), {**UNIT_BY_MAIL, "head_ldvl": "coordinating"}),
    (world.ended("no_longer_applicable"), {**UNIT_BY_MAIL, "head_ldvl": "coordinating"}),
    (world.committed(), {**OFFICE, "director": "director_in_charge"}),
    (requests.update_missed(), {**UNIT_BY_MAIL, **OFFICE}),
    (requests.asked(), {"head_ldvl": "unit_asked ✉"}),
    (requests.contribution_due(), {"head_ldvl": "unit_asked ✉"}),
    (
        requests.given(),
        {
            "colleague_cchc": "asker ✉",
            "officer_cchc": "accountable ✉",
            "head_cchc": "head_of_unit",
        },
    ),
    (requests.taken(), {"officer_ldvl": "contributor ✉", "head_ldvl": "unit_asked"}),
    (requests.given_back(), {"officer_ldvl": "contributor ✉", "head_ldvl": "unit_asked ✉"}),
    (requests.withdrawn(), {"head_ldvl": "unit_asked"}),
    *[(requests.report_due(left), {"head_ldvl": "head_reports ✉"}) for left in (7, 3, 1, 0)],
    (requests.report_waiting(), {"head_ldvl": "head_reports ✉"}),
    (requests.report_handed_in(), OFFICE_BY_MAIL),
    (requests.report_handed_in(on_time=False), OFFICE_BY_MAIL),
    (
        requests.report_returned("office"),
        {"officer_ldvl": "writer ✉", "head_ldvl": "head_reports ✉"},
    ),
    (requests.report_returned("head"), {"officer_ldvl": "writer ✉"}),
    (requests.report_accepted(), {"officer_ldvl": "writer ✉", "head_ldvl": "head_reports"}),
    (requests.question_asked(), OFFICE_BY_MAIL),
    (requests.question_answered(), {"officer_ldvl": "asker ✉", "head_ldvl": "unit_asked"}),
    (
        requests.question_answered(for_all=True),
        {
            "officer_ldvl": "asker ✉",
            "head_ldvl": "unit_in_scope",
            "head_cchc": "unit_in_scope",
        },
    ),
    (leaders.proposed(), OFFICE_BY_MAIL),
    (leaders.returned(), {"officer_cchc": "asker ✉", "head_cchc": "unit_in_scope"}),
    (
        leaders.accepted(),
        {
            "officer_cchc": "asker ✉",
            "head_cchc": "unit_in_scope",
            "director": "director_in_charge",
        },
    ),
    (leaders.instructed(), {**LEADERS, "head_cchc": "unit_in_scope ✉"}),
    *[
        (
            requests.inspection_announced(news),
            {
                "head_cchc": "inspected ✉",
                "officer_ldvl": "in_team ✉",
                "office_2": "in_team ✉",
            },
        )
        for news in ("announced", "changed", "cancelled")
    ],
    (requests.finding_recorded(), OFFICE),
    (requests.inspection_concluded(), {"head_cchc": "inspected ✉"}),
    (
        tasks_events.PlanActivated(plan=world.plan()),
        {**LEADERS, "head_cchc": "unit_in_scope", "head_ldvl": "unit_in_scope"},
    ),
    (
        tasks_events.PlanActivated(
            plan=world.plan().model_copy(update={"recipient_unit_ids": [id_of("CCHC")]})
        ),
        {**LEADERS, **dict.fromkeys(OF_CCHC, "recipient"), "head_ldvl": "unit_in_scope"},
    ),
    (tasks_events.PlanChanged(plan=world.plan()), LEADERS),
    *[
        (event, {**LEADERS, "head_cchc": "unit_in_scope", "head_ldvl": "unit_in_scope"})
        for event in (
            tasks_events.PlanChanged(plan=world.plan().model_copy(update={"status": "closed"})),
            tasks_events.PlanChanged(
                plan=world.plan().model_copy(
                    update={"status": "closed", "rolled_into_id": world.PLAN}
                )
            ),
            tasks_events.PlanReplaced(
                plan=world.plan().model_copy(
                    update={"status": "closed", "successor_id": world.PLAN}
                ),
                carried=3,
            ),
        )
    ],
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
    *[
        (
            world.ranking_published(version, id_of("CCHC")),
            {**LEADERS, "head_cchc": "unit_in_scope"},
        )
        for version in (1, 2)
    ],
    (world.report_waits(), {"director": "director_in_charge ✉"}),
    (
        world.report_issued(),
        {**LEADERS, "head_cchc": "unit_in_scope", "head_ldvl": "unit_in_scope"},
    ),
    *[
        (world.report_lost(because), {"office_2": "sender ✉", "office": "office_follows"})
        for because in ("refused", "given_up")
    ],
    (world.sheet_locked(), {"appraiser": "appraiser ✉", **OFFICE}),
    (
        world.sheet_locked(3, "explanations"),
        {"appraiser": "appraiser ✉", "director": "director_in_charge ✉", **OFFICE},
    ),
    (world.sheet_moved("opened"), {"head_cchc": "for_the_body ✉"}),
    (
        world.sheet_moved("explained"),
        {"director": "director_in_charge ✉", "appraiser": "appraiser ✉", **OFFICE},
    ),
    (
        world.sheet_moved("approved"),
        {"appraiser": "appraiser ✉", **{who: f"{why} ✉" for who, why in OFFICE.items()}},
    ),
    (
        world.sheet_back(),
        {
            "head_cchc": "for_the_body ✉",
            "appraiser": "appraiser ✉",
            **OFFICE,
            "director": "director_in_charge",
        },
    ),
    (world.explanation_requested(), {"head_cchc": "for_the_body ✉"}),
    *[
        (
            world.sheet_reopened(act),
            {"head_cchc": "for_the_body ✉", "appraiser": "appraiser ✉", **OFFICE},
        )
        for act in ("reopen", "extend")
    ],
    (
        world.sheet_published(),
        {"head_cchc": "for_the_body", "director": "director_in_charge"},
    ),
    *[
        (occasion, {"officer_ldvl": "urged ✉"})
        for origin, count in (("office", 2), ("ladder", 1), ("ladder", 2))
        for occasion in occasions_of_urging(urged("officer_ldvl", origin=origin, count=count))
    ],
    (
        occasions_of_urging(urged("officer_ldvl", about="report"))[0],
        {"officer_ldvl": "urged ✉"},
    ),
    (world.missed(), DIRECTOR_AND_OFFICE),
    (world.missed(comparison="at_least"), DIRECTOR_AND_OFFICE),
    (world.recovered(), DIRECTOR_AND_OFFICE),
    (world.recovered(comparison="at_least"), DIRECTOR_AND_OFFICE),
]


def meant(event) -> Occasion:
    return event if isinstance(event, Occasion) else occasion_of(event, NAMES)


def told(event, *, actor=None, submitter="colleague_cchc", directory=DIRECTORY):
    occasion = meant(event)
    found = recipients_of(
        RULES[occasion.event_type, occasion.case], occasion, directory,
        actor_id=actor and id_of(actor), submitter_id=submitter and id_of(submitter),
    )  # fmt: skip
    codes = {id_of(code): code for code in PEOPLE}
    return {codes[one.person_id]: f"{one.reason}{' ✉' if one.email else ''}" for one in found}


def key_of(event) -> tuple[str, str]:
    occasion = meant(event)
    return occasion.event_type, occasion.case


@pytest.mark.parametrize(
    ("event", "expected"), WHO_IS_TOLD, ids=["-".join(key_of(e)) for e, _ in WHO_IS_TOLD]
)
def test_exactly_those_concerned_are_told_and_why(event, expected):
    assert told(event) == expected


@pytest.mark.parametrize("because", ["plan_cancelled", "carried_over"])
def test_a_cancelled_or_replaced_plan_is_said_once_not_for_each_of_its_tasks(because):
    assert told(world.ended(because)) == {}


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


def test_an_inspected_unit_without_a_head_is_told_whole_and_the_office_beside_it():
    nobody = department(head_cchc=None)
    assert told(requests.inspection_concluded(), directory=nobody) == {
        "officer_cchc": "unit_without_head ✉", "colleague_cchc": "unit_without_head ✉",
        "office": "nobody_in_unit ✉", "office_2": "nobody_in_unit ✉",
    }  # fmt: skip


def test_who_helps_is_told_of_a_new_one_while_of_the_lead_unit():
    helpers = [id_of("colleague_cchc"), id_of("officer_cchc"), id_of("officer_ldvl")]
    found = told(world.created(helper_ids=helpers))
    assert found == {**UNIT_BY_MAIL, "colleague_cchc": "helper ✉", "head_ldvl": "coordinating"}


def test_a_head_who_is_accountable_is_told_once():
    found = told(world.overdue(accountable_person_id=id_of("head_cchc")))
    assert found["head_cchc"] == "accountable ✉"


def department(**moved: tuple[str, str] | None) -> Directory:
    """Return the department with some people of another role and unit, or gone (None)."""
    people = {code: moved.get(code, there) for code, there in PEOPLE.items()}
    return Directory(
        Person(id_of(code), id_of(there[1]), there[0], has_address=True)
        for code, there in people.items()
        if there is not None
    )


REMINDED = [(days, step) for days, step in ((7, 7), (2, 3), (1, 1), (0, 0))]


@pytest.mark.parametrize(("days", "step"), REMINDED)
@pytest.mark.parametrize(
    "officer",
    [None, ("unit_officer", "TTR"), ("unit_officer", "LDVL"), ("auditor", "CCHC"),
     ("external_system", "CCHC")],
)  # fmt: skip
def test_somebody_of_the_lead_unit_is_reminded_whatever_became_of_the_accountable_person(
    officer, days, step
):
    found = told(world.due_soon(days, step), directory=department(officer_cchc=officer))
    assert found == {"head_cchc": "head_of_unit ✉"}


def test_a_unit_without_head_and_accountable_person_is_told_whole_and_the_office_beside_it():
    nobody = department(officer_cchc=("unit_officer", "LDVL"), head_cchc=None)
    assert told(world.due_soon(7), directory=nobody) == {
        "colleague_cchc": "unit_without_head ✉",
        "office": "nobody_in_unit ✉", "office_2": "nobody_in_unit ✉",
    }  # fmt: skip


def test_who_may_no_longer_open_it_is_not_told_what_became_of_his_result():
    moved = department(colleague_cchc=("unit_officer", "TTR"))
    assert told(world.accepted(), directory=moved) == UNIT_BY_MAIL
    helping = department(colleague_cchc=("unit_officer", "LDVL"))
    assert told(world.accepted(), directory=helping) == {**UNIT_BY_MAIL, **SUBMITTER}


def test_an_external_system_is_told_of_nothing():
    outside = department(head_ldvl=("external_system", "LDVL"), director=("external_system", "SNV"))
    for event, _ in WHO_IS_TOLD:
        assert not {"head_ldvl", "director"} & told(event, directory=outside).keys()


def test_a_reminder_announced_late_is_the_same_step_with_fewer_days():
    steps = {occasion_of(world.due_soon(left, 7), NAMES).step for left in (7, 5)}
    assert len(steps) == 1


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


@pytest.mark.parametrize("event", [e for e, _ in WHO_IS_TOLD], ids=lambda e: "-".join(key_of(e)))
def test_every_sentence_finds_its_facts(event):
    occasion = meant(event)
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
    said = said_in(FOLDER, without=("subscribers/webhooks/conformance",))  # a sheet on a terminal
    assert said - NAME <= known.keys()
    assert not {text for text in known if placeholders(text) != placeholders(known[text])}


def test_the_catalogue_keeps_nothing_that_nobody_says():
    assert english(FOLDER).keys() <= said_in(FOLDER)


def test_the_page_in_docs_is_what_the_table_says():
    assert page.FILE.read_text() == page.as_markdown()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (world.sheet_locked(2), "explained"),
        (world.sheet_locked(2, "explanations"), "approved"),
        (world.sheet_moved("opened"), "locked"),
        (world.sheet_moved("explained"), "approved"),
        (world.sheet_moved("approved"), "published"),
        (world.sheet_back(), "approved"),
        *((world.report_waits(), status) for status in ("draft", "signed", "discarded")),
    ],
)
def test_what_was_asked_of_somebody_goes_once_it_has_come_to_the_next_step(asked, status):
    occasion = meant(asked)
    rule = RULES[occasion.event_type, occasion.case]
    assert rule.asks
    assert is_moot(rule, occasion, Newest(occasion.version + 1, status, None))
    assert not is_moot(rule, occasion, Newest(occasion.version, occasion.status, None))
