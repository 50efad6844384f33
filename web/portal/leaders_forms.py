"""Inputs of the forms of measures and instructions, and what they come to."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData

from portal.fields import Field, named
from portal.forms import day, text
from portal.i18n import mark
from portal.problems import Problem
from portal.visit import Visit

OF_PROPOSAL = named(
    Field("words", mark("What will be done")),
    Field("deadline_text", mark("Deadline, in words")),
    Field("unit_id", mark("Unit that leads it")),
)
OF_ACCEPTING = named(
    Field("plan_id", mark("Plan that takes it in")),
    Field("unit_id", mark("Unit that leads it")),
    Field("deadline_text", mark("Deadline, in words")),
    Field("number", mark("Number in the plan, if it has one")),
)
OF_NAMING = named(
    Field("year", mark("Year that was scored")),
    Field("code", mark("Code of the criterion")),
    Field("name", mark("What the criterion says")),
    Field("reason", mark("Why it is weak")),
)
OF_RETURNING = named(Field("reason", mark("Why, and what is missing")))
OF_INSTRUCTION = {
    **named(
        Field("unit_id", mark("Unit that is instructed")),
        Field("words", mark("What is to be done")),
        Field("deadline_text", mark("Deadline, in words")),
        Field("issuing_body", mark("Issued by")),
        Field("on_behalf_of_id", mark("Whose instruction it is")),
        Field("plan_id", mark("Plan that takes it in")),
    ),
    "/document/number": Field("document_number", mark("Number of the document")),
    "/document/issued_on": Field("document_issued_on", mark("Day of the document"), is_day=True),
    "/document/title": Field("document_title", mark("What the document is about")),
    "/about/kind": Field("about_kind", mark("What it is about")),
    "/about/text": Field("about_text", mark("In a few words")),
    "/about/path": Field("about_path", mark("Page of this portal that shows it")),
}


async def not_read_yet(visit: Visit, form: FormData) -> dict[str, Any] | None:
    """Return how the deadline of a form is understood in its plan, unless that was shown already.

    None, too, where the service will refuse the form anyhow: then its refusal is shown.
    """
    if text(form, "step") != "preview" and text(form, "read_as") == _asked(form):
        return None
    return await read_deadline(visit, form)


def _asked(form: FormData) -> str:
    return f"{text(form, 'plan_id')} {text(form, 'deadline_text')}"


async def read_deadline(visit: Visit, form: FormData) -> dict[str, Any] | None:
    """Return how the deadline of a form is understood in its plan; None: it is no deadline."""
    plan_id, words = text(form, "plan_id"), text(form, "deadline_text")
    if not plan_id or not words:
        return None
    try:
        path = f"/v1/plans/{quote(plan_id, safe='')}/deadline_reading"
        read: dict[str, Any] = await visit.api.get("tasks", path, words=words)
    except Problem as problem:
        if problem.status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}:
            return None
        raise
    return {**read, "asked": _asked(form)}


def read_instruction(form: FormData) -> dict[str, Any]:
    """Return an instruction as the service takes it; what is empty is not sent."""
    document = {
        "number": text(form, "document_number") or None,
        "issued_on": day(form, "document_issued_on") or None,
        "title": text(form, "document_title") or None,
    }
    about = {
        "kind": text(form, "about_kind"),
        "text": text(form, "about_text"),
        "path": text(form, "about_path") or None,
    }
    needed = ("plan_id", "unit_id", "words", "deadline_text", "issuing_body")
    return {
        **{name: text(form, name) for name in needed},
        "document": document if any(document.values()) else None,
        "about": about if about["text"] or about["path"] else None,
        "on_behalf_of_id": text(form, "on_behalf_of_id") or None,
    }
