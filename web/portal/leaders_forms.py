"""Inputs of the forms of measures and instructions, and what they come to."""

from typing import Any

from starlette.datastructures import FormData

from portal.fields import Field, named
from portal.forms import day, text
from portal.i18n import mark

OF_PROPOSAL = named(
    Field("words", mark("What will be done")),
    Field("deadline_text", mark("Deadline, in words")),
    Field("unit_id", mark("Unit that leads it")),
)
OF_ACCEPTING = named(
    Field("plan_id", mark("Plan that takes it in")),
    Field("number", mark("Number in the plan, if it has one")),
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
