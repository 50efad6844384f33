"""One assignment's page, which every act on it comes back to, corrected or refused."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import Response
from starlette.datastructures import FormData

from portal.asked_fields import (
    OF_CONTRIBUTION,
    OF_GIVING,
    OF_GIVING_BACK,
    OF_ORIGIN,
    OF_QUESTION,
    OF_TAKING,
    OF_WITHDRAWAL,
    ending,
)
from portal.chosen_files import about, chosen
from portal.directory import names
from portal.fields import (
    OF_ACCEPTANCE,
    OF_APPROVAL,
    OF_CHANGE,
    OF_COMMITMENT,
    OF_END,
    OF_EXTENSION,
    OF_HANDOVER,
    OF_PAUSE,
    OF_PROGRESS,
    OF_REFUSAL,
    OF_RESULT,
    OF_RESUME,
    OF_RETURN,
    Fields,
    placed,
)
from portal.forms import text, whole
from portal.parts import optional, optional_if_visible
from portal.problems import Problem
from portal.visit import Visit

FORMS: dict[str, Fields] = {
    "progress": OF_PROGRESS, "result": OF_RESULT, "accept": OF_ACCEPTANCE, "return": OF_RETURN,
    "change": OF_CHANGE, "extension": OF_EXTENSION, "approve": OF_APPROVAL, "refuse": OF_REFUSAL,
    "commitment": OF_COMMITMENT, "pause": OF_PAUSE, "resume": OF_RESUME, "end": OF_END,
    "hand_over": OF_HANDOVER, "contribution": OF_CONTRIBUTION, "give": OF_GIVING,
    "take": OF_TAKING, "give_back": OF_GIVING_BACK, "withdraw": OF_WITHDRAWAL,
    "question": OF_QUESTION, "origin": OF_ORIGIN,
}  # fmt: skip


async def shown(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    """Show an assignment; `view` may hold a refused form, to be corrected."""
    assignment, timeline, contributions, questions, units, evidence, told = await asyncio.gather(
        visit.api.get("tasks", f"/v1/assignments/{id}"),
        optional(visit.api.get("tasks", f"/v1/assignments/{id}/timeline")),
        optional(visit.api.get("tasks", f"/v1/assignments/{id}/contributions")),
        optional(visit.api.whole("tasks", "/v1/questions", assignment_id=str(id))),
        visit.units(),
        optional_if_visible(visit.api.get("tasks", f"/v1/assignments/{id}/evidence")),
        optional_if_visible(visit.api.get("tasks", "/v1/instructions", assignment_id=str(id))),
    )
    person_id = assignment.get("accountable_person_id")
    accountable = person_id and await optional_if_visible(
        visit.api.get("tasks", f"/v1/people/{person_id}")
    )
    people: Any = None
    if "change" in assignment.get("allowed", []):
        unit = assignment["unit_id"]
        people = await optional_if_visible(visit.api.whole("tasks", "/v1/people", unit_id=unit))
    return visit.page(
        "assignment.html",
        status=status,
        assignment=assignment,
        timeline=timeline,
        contributions=contributions,
        questions=questions,
        instructions=told,
        units=units,
        unit_names=names(units),
        people=people,
        receipts=by_file(evidence),
        accountable=accountable,
        **view,
    )


def by_file(evidence: Any) -> dict[str, Any]:
    """Return the receipts of files by id; none while they cannot be read."""
    found = evidence["data"] if isinstance(evidence, dict) else []
    return {receipt["id"]: receipt for receipt in found}


async def refused(visit: Visit, id: UUID, problem: Problem, form: FormData, which: str) -> Response:
    """Show the page with the refused form open; after 412 also what others changed meanwhile.

    `which`: the form, and of which contribution, where there is one for each.
    """
    version = whole(form, "version")
    seen = version if isinstance(version, int) else 0
    typed: dict[str, Any] = {name: of for name, of in form.items() if isinstance(of, str)}
    typed |= {name: form.getlist(name) for name in ("helper_ids", "unit_ids")}
    kind, _, of = which.partition(" ")
    found = placed(problem, form, ending(FORMS[kind], of) if of else FORMS[kind])
    return await shown(
        visit, id, status=problem.status, problem=found, form=typed, open_form=which, seen=seen
    )


async def store_files(
    visit: Visit, form: FormData, name: str = "files", *, to: str = "/v1/files"
) -> list[str]:
    """Upload the chosen files one by one; each has its own key under the form's."""
    stored = []
    for place, file in enumerate(chosen(form, name)):
        key = f"{text(form, 'key')}-{place}"
        try:
            answer = await visit.api.upload(
                "tasks", to, str(file.filename), await file.read(), key=key
            )
        except Problem as problem:
            raise about(file, problem) from problem
        stored.append(str(answer["id"]))
    return stored
