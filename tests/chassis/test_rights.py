"""The table of rights: whose door, whose thing, and what a view hands out."""

from uuid import uuid4

import pytest

from chassis.access import Actor, Right, Rights
from chassis.errors import NotAllowed

OWN, OTHER = uuid4(), uuid4()
RIGHTS = Rights(
    {
        "loan.extend": Right(roles=frozenset({"office"}), own_unit=frozenset({"unit_head"})),
        "loan.forgive": Right(roles=frozenset({"director"})),
        "loan.grant": Right(roles=frozenset({"director"}), other_units=frozenset({"office"})),
        "shelf.read": Right(roles=frozenset({"auditor"})),
    },
    seen_by={"loan": frozenset({"unit_officer"})},
)


def somebody(role):
    return Actor(uuid4(), OWN, role, "Lan", "CB-1")


def test_a_door_lets_in_who_may_act_and_who_may_see_such_a_thing_at_all():
    assert RIGHTS["loan.extend"] == {"office", "unit_head", "unit_officer"}
    assert RIGHTS["shelf.read"] == {"auditor"}


def test_the_head_of_a_unit_may_do_it_with_what_is_the_units_own_only():
    head = somebody("unit_head")

    assert RIGHTS.may(head, "loan.extend", OWN)
    assert not RIGHTS.may(head, "loan.extend", OTHER)
    assert not RIGHTS.may(head, "loan.extend")
    with pytest.raises(NotAllowed, match="đơn vị mình"):
        RIGHTS.check(head, "loan.extend", OTHER)


def test_a_role_of_the_whole_department_may_do_it_wherever_it_is():
    RIGHTS.check(somebody("office"), "loan.extend", OTHER)
    RIGHTS.check(somebody("office"), "loan.extend")
    with pytest.raises(NotAllowed, match="không có quyền"):
        RIGHTS.check(somebody("office"), "loan.forgive", OTHER)


def test_nobody_is_judge_of_what_is_their_own_units():
    office = somebody("office")

    RIGHTS.check(office, "loan.grant", OTHER)
    RIGHTS.check(somebody("director"), "loan.grant", OWN)
    assert "office" in RIGHTS["loan.grant"], "the door lets in who may do it with most"
    assert RIGHTS.allowed(office, "loan", ["grant"], OWN) == []
    with pytest.raises(NotAllowed, match="không được làm việc này với nội dung của đơn vị mình"):
        RIGHTS.check(office, "loan.grant", OWN)


def test_a_view_hands_out_what_state_and_table_allow_together():
    assert RIGHTS.allowed(somebody("office"), "loan", ["forgive", "extend"], OTHER) == ["extend"]
    assert RIGHTS.allowed(somebody("director"), "loan", ["extend"], OTHER) == []


def test_an_act_that_the_table_does_not_know_is_an_error_and_not_a_no():
    with pytest.raises(KeyError):
        RIGHTS.may(somebody("office"), "loan.sell")
