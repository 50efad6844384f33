"""The objectives of a plan, and which of its tasks serve each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from chassis.ids import new_id
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence

Objective = dict[str, Any]
"""As stored and shown: id, text, source, other_plan_id, task_ids."""
UNKNOWN = N_("Kế hoạch không có mục tiêu này")
SERVED = N_("Mục tiêu «{text}» còn {count} nhiệm vụ phục vụ: hãy chuyển chúng sang mục tiêu khác")
BOTH = N_("Mục tiêu đo bằng kết quả của kế hoạch khác thì không gắn nhiệm vụ của kế hoạch này")


class Given(Protocol):
    """An objective as somebody wrote it; `id` None, or one that is not there: a new one."""

    id: UUID | None
    text: str
    source: str
    other_plan_id: UUID | None


def objectives_as(given: Sequence[Given], known: Sequence[Objective]) -> list[Objective]:
    """Return the objectives as they shall be; those that stay keep their tasks.

    Raises InputRefused for the loss of an objective that tasks serve.
    """
    served = {each["id"]: each for each in known}
    kept = {str(each.id) for each in given}
    lost = [each for each in known if each["id"] not in kept and each["task_ids"]]
    problems = [Problem("/objectives", _served(each)) for each in lost]
    made = [_objective(each, served.get(str(each.id), {})) for each in given]
    problems += [
        Problem(f"/objectives/{place}/other_plan_id", Sentence(BOTH))
        for place, each in enumerate(made)
        if each["other_plan_id"] and each["task_ids"]
    ]
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)
    return made


def serving(
    objectives: Sequence[Objective], objective_id: UUID, task_ids: Iterable[UUID]
) -> list[Objective]:
    """Return the objectives with exactly these tasks serving one of them.

    Raises InputRefused for an objective that the plan does not have, or that is another plan's
    completion.
    """
    wanted = [str(id_) for id_ in task_ids]
    found = next((each for each in objectives if each["id"] == str(objective_id)), None)
    if found is None or (found["other_plan_id"] and wanted):
        sentence = Sentence(BOTH if found else UNKNOWN)
        raise InputRefused("objective_unknown", sentence, [Problem("/task_ids", sentence)])
    return [
        {**each, "task_ids": wanted if each is found else _without(each["task_ids"], wanted)}
        for each in objectives
    ]


def unserved(objectives: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the words of the objectives that no task serves and no other plan measures."""
    return [
        str(each["text"])
        for each in objectives
        if not each["task_ids"] and not each["other_plan_id"]
    ]


def _without(ids: Sequence[str], taken: Sequence[str]) -> list[str]:
    return [id_ for id_ in ids if id_ not in taken]


def _objective(given: Given, known: Mapping[str, Any]) -> Objective:
    return {
        "id": str(given.id or new_id()),
        "text": given.text,
        "source": given.source,
        "other_plan_id": str(given.other_plan_id) if given.other_plan_id else None,
        "task_ids": list(known.get("task_ids", [])),
    }


def _served(objective: Objective) -> Sentence:
    return Sentence(SERVED, {"text": objective["text"], "count": len(objective["task_ids"])})
