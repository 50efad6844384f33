"""What leaves for other systems of an event names nobody of the staff, and changes nothing else."""

import json
from collections.abc import Iterator
from typing import get_args
from uuid import uuid4

import pytest
from pydantic import BaseModel

from contracts.catalogue import declared
from contracts.events import STAFF
from contracts.outside import outside
from contracts.samples import example

PUBLIC = {name: event for name, event in declared().items() if event.audience == "public"}
OF_PEOPLE = {
    "person", "people", "actor", "actorid", "officer", "head", "reporter", "by", "email", "login",
    "employee", "staff", "phone", "user",
}  # fmt: skip


def fields_of(kind) -> Iterator[tuple[str, bool]]:
    """Yield every field of an event, of what is in it too, and whether it is said to be staff's."""
    for name, field in kind.model_fields.items():
        yield name, STAFF in field.metadata
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields_of(part)


@pytest.mark.parametrize("event", PUBLIC.values(), ids=PUBLIC)
def test_a_field_of_a_public_event_that_sounds_like_a_person_is_declared_as_staffs(event):
    undeclared = {
        name
        for name, is_staffs in fields_of(event)
        if not is_staffs and OF_PEOPLE & set(name.split("_"))
    }
    assert not undeclared


@pytest.mark.parametrize("event", PUBLIC.values(), ids=PUBLIC)
def test_only_staff_and_the_request_are_left_out_of_what_leaves(event):
    inside = example(event).model_copy(
        update={"actorid": uuid4(), "requestid": "r", "traceparent": "00-1-2-01"}
    )
    left = json.loads(outside(inside).model_dump_json())
    written = json.loads(inside.model_dump_json(exclude={"actorid", "requestid", "traceparent"}))
    for state in written["data"].values():
        if isinstance(state, dict) and "accountable_person_id" in state:
            state["accountable_person_id"] = None
    staff = {name for name, is_staffs in fields_of(event) if is_staffs}
    written["data"] |= dict.fromkeys(staff & written["data"].keys())
    assert left == written
    event.model_validate(left["data"])


def test_what_a_newer_producer_adds_leaves_as_it_came():
    inside = example(PUBLIC["tasks.assignment_created.v1"])
    inside.data["assignment"]["of_tomorrow"] = {"a": [1]}
    inside.data["more"] = "mới"
    left = outside(inside).data
    assert left["assignment"]["of_tomorrow"] == {"a": [1]}
    assert left["more"] == "mới"
    assert inside.data["assignment"]["accountable_person_id"], "what we keep ourselves stays whole"
