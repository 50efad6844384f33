"""Inputs of an assignment's page beside its acts: contributions, questions, where it is from."""

from dataclasses import replace

from portal.fields import OF_ENTRY, Field, Fields, named
from portal.i18n import mark

_CONTRIBUTED = Field("files", mark("Files, if any"))
OF_CONTRIBUTION = {
    "/unit_id": Field("unit_ids", mark("Units that are asked"), "contribution-units"),
    **named(
        Field("what", mark("What they are to contribute"), "contribution-what"),
        Field("due_on", mark("Last day for it"), "contribution-due_on", is_day=True),
    ),
}
OF_GIVING = {
    **named(Field("note", mark("The contribution in a few words"), "give-note")),
    "/file_ids": _CONTRIBUTED,
    "/file": _CONTRIBUTED,
}
OF_TAKING = named(Field("note", mark("Remark, if any"), "take-note"))
OF_GIVING_BACK = named(Field("reason", mark("Why, and what is missing"), "give_back-reason"))
OF_WITHDRAWAL = named(Field("reason", mark("Reason"), "withdraw-reason"))
OF_QUESTION = named(Field("words", mark("What do you want to know?"), "question-words"))
_GUIDANCE = Field("file", mark("A file, if any"))
OF_ANSWER = {
    **named(Field("words", mark("The answer"), "answer-words")),
    "/file_id": _GUIDANCE,
    "/file": _GUIDANCE,
}
OF_ORIGIN = {
    **{
        pointer: OF_ENTRY[pointer]
        for pointer in (
            "/source/number", "/source/issued_on", "/source/title", "/kpi_group", "/kpi_code",
        )
    },
    **named(Field("reason", mark("Reason"), "origin-reason")),
}  # fmt: skip


def ending(fields: Fields, end: str) -> Fields:
    """Return the inputs of one of several equal forms of a page: their ids end so."""
    return {
        pointer: replace(field, own_id=f"{field.id}-{end}") for pointer, field in fields.items()
    }
