"""Refusals of forms that have no table of inputs of their own: said by the names of the fields.

No page shows an officer «closes_on», or how a machine writes a day.
"""

from starlette.datastructures import FormData

from portal.fields import Field, FormProblem, placed
from portal.i18n import mark
from portal.problems import Problem

OTHER = mark("An input")
LABELS = {
    "code": mark("Code"),
    "name": mark("Name"),
    "title": mark("Title"),
    "year": mark("Year"),
    "kind": mark("Kind"),
    "reason": mark("Reason"),
    "closes_on": mark("Last day"),
    "explain_by": mark("Last day to explain what the appraiser asks (blank: none)"),
    "signed_on": mark("Signed on"),
    "sent_on": mark("Day"),
    "dated_on": mark("Day"),
    "issued_on": mark("Issued on"),
    "points": mark("Points"),
    "max_points": mark("Maximum points"),
    "done": mark("Numerator"),
    "due": mark("Denominator"),
    "note": mark("Note"),
    "question": mark("Question"),
    "answer": mark("Explanation"),
    "index": mark("Satisfaction index as published, in percent"),
    "source": mark("Where the figure is from"),
    "heading": mark("Heading"),
    "number": mark("Document number"),
    "count": mark("How many"),
    "block_id": mark("Block"),
    "unit_id": mark("Unit"),
    "signer_name": mark("Signer's name"),
    "signer_titles": mark("Signer's post"),
    "not_applicable_reason": mark("Not applicable, because"),
}
DAYS = ("_on", "_by")


def in_words(problem: Problem, form: FormData) -> Problem:
    """Return a refusal as an officer reads it; one that its form has placed stays."""
    placed_before = isinstance(problem, FormProblem) or not problem.errors
    return problem if placed_before else by_name(problem, form)


def by_name(problem: Problem, form: FormData) -> FormProblem:
    """Return a refusal with each error at the input of its field's name, in a form's own words."""
    fields = {pointer: _field(pointer) for pointer in _pointers(problem)}
    return placed(problem, form, fields)


def _pointers(problem: Problem) -> list[str]:
    return [pointer for each in problem.errors if (pointer := str(each.get("pointer", "")))]


def _field(pointer: str) -> Field:
    """Of «outline.4.heading» the heading of the fifth."""
    *around, last = pointer.strip("/").split("/")
    if last.isdecimal() and around:
        around, last = [*around[:-1], last], around[-1]
    number = next((str(int(each) + 1) for each in around if each.isdecimal()), "")
    return Field(last, LABELS.get(last, OTHER), is_day=last.endswith(DAYS), about=number)
