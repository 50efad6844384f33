"""Who is urged about what, and when: pure, over Tết, make-up days and substitutes."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from chassis.rules import InputRefused
from tasks.ladder.domain import (
    Step,
    check_before,
    check_escalation,
    check_words,
    days_late,
    latest_due_day,
)
from tasks.urging.domain import People, Row, Worker, choose, filled

# Tết 2026: off from Monday 16/2 to Friday 20/2; 22/8/2026 is a Saturday that is worked.
CLIMBED = [
    ("a Friday, on the Monday after", date(2026, 3, 6), date(2026, 3, 9), 1),
    ("a Sunday, on the Monday after", date(2026, 3, 8), date(2026, 3, 9), 1),
    ("a Friday, on the Sunday after", date(2026, 3, 6), date(2026, 3, 8), 0),
    ("the last day before Tết, within Tết", date(2026, 2, 13), date(2026, 2, 19), 0),
    ("the last day before Tết, on the first day after", date(2026, 2, 13), date(2026, 2, 23), 1),
    ("in Tết, three working days after it", date(2026, 2, 17), date(2026, 2, 25), 3),
    ("across Tết, five working days", date(2026, 2, 12), date(2026, 2, 26), 5),
    ("a Friday, on the make-up Saturday", date(2026, 8, 21), date(2026, 8, 22), 1),
    ("ten working days over a make-up day", date(2026, 8, 14), date(2026, 8, 27), 10),
]


@pytest.mark.parametrize(
    ("due_on", "today", "late"), [row[1:] for row in CLIMBED], ids=[row[0] for row in CLIMBED]
)
def test_lateness_is_counted_in_working_days_and_the_step_is_due_exactly_then(
    demo_calendar, due_on, today, late
):
    assert days_late(due_on, today, demo_calendar) == late
    for step in (1, 3, 5, 10):
        reached = due_on <= latest_due_day(today, step, demo_calendar)
        assert reached == (late >= step), step


def test_each_level_is_told_once_and_later_than_the_one_below():
    check_escalation([Step(1, "person"), Step(3, "head"), Step(5, "office"), Step(10, "director")])
    check_escalation([Step(2, "director")])
    for steps in (
        [Step(1, "person"), Step(3, "person")],
        [Step(3, "person"), Step(3, "head")],
        [Step(1, "director"), Step(5, "office")],
    ):
        with pytest.raises(InputRefused):
            check_escalation(steps)
    with pytest.raises(InputRefused, match="Mốc 3 ngày"):
        check_before([0, 3, 3])


@pytest.mark.parametrize("words", ["{ten}", "{}", "{don_vi", "so_nhiem_vu}", "{{don_vi}}"])
def test_a_placeholder_that_is_none_is_named(words):
    with pytest.raises(InputRefused, match="chỗ điền không hợp lệ"):
        check_words(words)


# ---------------------------------------------------------------- who gets what


def id_of(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def worker(name: str, unit: str, role: str, substitute: str | None = None) -> Worker:
    away = id_of(substitute) if substitute else None
    return Worker(id_of(name), name, "", id_of(unit), role, away)


def row(name: str = "one", **changed) -> Row:
    facts = {
        "id": id_of(name), "number": f"NV-{name}", "content": "", "unit_id": id_of("A"),
        "coordinating_unit_ids": (id_of("B"),), "former_unit_ids": (),
        "accountable_id": id_of("officer"), "status": "in_progress", "due_on": None,
        "days_late": 0, **changed,
    }  # fmt: skip
    return Row(**facts)


ALL = (
    worker("head", "A", "unit_head"), worker("officer", "A", "unit_officer"),
    worker("head of B", "B", "unit_head"), worker("officer of B", "B", "unit_officer"),
    worker("office", "VP", "office"), worker("head of C", "C", "unit_head"),
)  # fmt: skip


def urged(rows, reason="lead", people=ALL, actor="office") -> dict[str, list[str]]:
    chosen = choose(rows, reason, People(people), id_of(actor))
    return {each.person.name: [row.number for row in each.rows] for each in chosen.recipients}


def left_out(rows, reason="lead", people=ALL, actor="office") -> list[str]:
    return [each.code for each in choose(rows, reason, People(people), id_of(actor)).left_out]


@pytest.mark.parametrize(
    ("reason", "who"),
    [
        ("lead", {"officer"}),
        ("coordinating", {"head of B"}),
        ("any", {"officer", "head of B"}),
    ],
)
def test_the_reason_says_who_is_urged(reason, who):
    assert set(urged([row()], reason)) == who


@pytest.mark.parametrize(
    ("changed", "who"),
    [
        ({"accountable_id": None}, {"head"}),
        ({"accountable_id": id_of("head of C")}, {"head"}),
        ({"accountable_id": id_of("nobody there")}, {"head"}),
    ],
    ids=["nobody accountable", "accountable person moved away", "accountable person left"],
)
def test_without_somebody_accountable_the_head_is_urged(changed, who):
    assert set(urged([row(**changed)])) == who


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"status": "done"}, "assignment_done"),
        ({"status": "cancelled"}, "assignment_cancelled"),
        ({"status": "submitted"}, "assignment_submitted"),
        ({"paused": True}, "assignment_paused"),
        ({"in_draft": True}, "assignment_draft"),
        ({"carried": True}, "assignment_carried"),
        ({"unit_id": id_of("empty"), "accountable_id": None}, "urging_nobody"),
    ],
)
def test_what_nobody_owes_is_left_out_and_why(changed, code):
    assert left_out([row(**changed)]) == [code]
    assert urged([row(**changed)]) == {}


def test_a_row_without_coordinating_units_has_nobody_to_coordinate():
    assert left_out([row(coordinating_unit_ids=())], "coordinating") == ["urging_no_coordination"]


def test_nobody_urges_themselves():
    assert left_out([row()], actor="officer") == ["urging_own"]


def test_one_person_gets_all_their_rows_at_once():
    rows = [row("one"), row("two"), row("three", accountable_id=None)]
    assert urged(rows) == {"officer": ["NV-one", "NV-two"], "head": ["NV-three"]}


def test_who_stands_in_is_urged_too_and_only_about_what_they_may_open():
    people = (
        worker("officer", "A", "unit_officer", substitute="colleague"),
        worker("colleague", "A", "unit_officer"),
    )
    strange = (
        worker("officer", "A", "unit_officer", substitute="head of C"),
        worker("head of C", "C", "unit_head"),
    )
    assert set(urged([row()], people=people)) == {"officer", "colleague"}
    helping = (strange[0], worker("head of C", "B", "unit_head"))  # may open it, no more
    assert set(urged([row()], people=strange)) == {"officer"}
    assert set(urged([row()], people=helping)) == {"officer"}


def test_words_are_filled_in_for_each_person():
    words = "Đề nghị {don_vi}: {so_nhiem_vu} nhiệm vụ, quá hạn {so_qua_han} ({danh_sach})"
    rows = [row("one", overdue=True), row("two")]
    assert filled(words, "Phòng A", rows) == (
        "Đề nghị Phòng A: 2 nhiệm vụ, quá hạn 1 (NV-one, NV-two)"
    )


def test_what_a_unit_leads_and_what_it_helps_with_are_said_apart():
    led = row("led", content="Rà soát thủ tục", overdue=True, days_late=3, unit_id=id_of("B"),
              coordinating_unit_ids=(), accountable_id=None)  # fmt: skip
    helped = row("helped", content="Tập huấn", overdue=True, days_late=9)
    chosen = choose([helped, led], "any", People(ALL), id_of("office"))
    [both] = [each for each in chosen.recipients if each.person.name == "head of B"]
    assert both.helped == {helped.id}
    assert filled(
        "{so_nhiem_vu}, quá hạn {so_qua_han}: {danh_sach}", "B", both.rows, both.helped
    ) == ("2, quá hạn 1: chủ trì NV-led «Rà soát thủ tục»; phối hợp NV-helped «Tập huấn»")
    [alone] = choose([helped], "coordinating", People(ALL), None).recipients
    assert filled("{so_qua_han}: {danh_sach}", "B", alone.rows, alone.helped) == (
        "0: phối hợp NV-helped «Tập huấn»"
    ), "nobody is overdue on what another unit leads"


def test_the_tag_is_of_most_rows_whichever_comes_first():
    led = [row(str(n), unit_id=id_of("B"), coordinating_unit_ids=(), accountable_id=None)
           for n in range(2)]  # fmt: skip
    chosen = choose([row("first"), *led], "any", People(ALL), id_of("office"))
    assert {e.person.name: e.urged_as for e in chosen.recipients}["head of B"] == "lead"


def test_of_many_rows_the_numbers_are_enough():
    rows = [row(str(n), content="Nội dung") for n in range(6)]
    assert filled("{danh_sach}", "A", rows) == "NV-0, NV-1, NV-2, NV-3, NV-4, NV-5"
