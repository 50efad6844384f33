"""What a refusal says where a form has no table of its own inputs."""

import pytest
from starlette.datastructures import FormData

from chassis.web.validation import _SENTENCES, invalid_input
from portal.common_fields import by_name
from portal.problems import Problem

DAY = {
    "pointer": "/closes_on",
    "message": "«closes_on» phải là ngày dạng NĂM-THÁNG-NGÀY, không phải ““31/02/2027””",
}


def refused(*errors: dict[str, str]) -> Problem:
    return Problem(422, {"code": "invalid", "detail": "x", "errors": list(errors)})


def test_a_day_that_no_calendar_has_is_said_as_it_was_written() -> None:
    (wrong,) = by_name(refused(DAY), FormData({"closes_on": "31/02/2027"})).wrong
    assert (wrong.field.label, wrong.day, wrong.written) == (
        "Last day", "no_such_day", "31/02/2027",
    )  # fmt: skip


def test_an_input_of_a_list_is_named_with_its_number() -> None:
    said = {"pointer": "/body/outline/4/heading", "message": "«body.outline.4.heading» quá ngắn"}
    (wrong,) = by_name(refused(said), FormData({})).wrong
    assert (wrong.field.label, wrong.field.about, wrong.message) == ("Heading", "5", "Quá ngắn")


@pytest.mark.parametrize("type_", sorted(_SENTENCES))
@pytest.mark.parametrize("loc", [("body", "points"), ("body", "rows", 3, "no_such_name")])
def test_no_refusal_shows_the_name_of_a_field(type_: str, loc: tuple[str, ...]) -> None:
    context = dict.fromkeys(
        ("min_length", "max_length", "pattern", "max_digits", "decimal_places", "gt", "ge", "lt",
         "le", "expected", "actual_length", "value", "error"), "1",
    )  # fmt: skip
    error = {"type": type_, "loc": loc, "input": "abc", "ctx": context}
    told = invalid_input([error], "vi")
    (wrong,) = by_name(refused(*told.errors), FormData({})).wrong
    assert (wrong.field is None) == (type_ == "json_invalid"), "of the whole, not of an input"
    assert "«" not in wrong.message
    assert str(loc[-1]) not in wrong.message
