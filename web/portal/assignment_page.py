"""One assignment's page, which every act on it comes back to, corrected or refused."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import Response
from starlette.datastructures import FormData, UploadFile

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
    "hand_over": OF_HANDOVER,
}  # fmt: skip


async def shown(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    """Show an assignment; `view` may hold a refused form, to be corrected."""
    assignment, timeline, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/assignments/{id}"),
        optional(visit.api.get("tasks", f"/v1/assignments/{id}/timeline")),
        visit.units(),
    )
    person_id = assignment.get("accountable_person_id")
    accountable = person_id and await optional_if_visible(
        visit.api.get("tasks", f"/v1/people/{person_id}")
    )
    people: Any = None
    if "change" in assignment.get("allowed", []):
        unit = assignment["unit_id"]
        people = await optional_if_visible(
            visit.api.get("tasks", "/v1/people", unit_id=unit, limit=200)
        )
    return visit.page(
        "assignment.html",
        status=status,
        assignment=assignment,
        timeline=timeline,
        units=units,
        unit_names=names(units),
        people=people,
        accountable=accountable,
        **view,
    )


async def refused(visit: Visit, id: UUID, problem: Problem, form: FormData, which: str) -> Response:
    """Show the page with the refused form open; after 412 also what others changed meanwhile."""
    version = whole(form, "version")
    seen = version if isinstance(version, int) else 0
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    found = placed(problem, form, FORMS[which])
    return await shown(
        visit, id, status=problem.status, problem=found, form=typed, open_form=which, seen=seen
    )


async def store_files(visit: Visit, form: FormData, name: str = "files") -> list[str]:
    """Upload the chosen files one by one; each has its own key under the form's."""
    chosen = [each for each in form.getlist(name) if isinstance(each, UploadFile)]
    stored = []
    for place, file in enumerate(each for each in chosen if each.filename):
        answer = await visit.api.upload(
            "tasks", "/v1/files", str(file.filename), await file.read(),
            key=f"{text(form, 'key')}-{place}",
        )  # fmt: skip
        stored.append(str(answer["id"]))
    return stored
