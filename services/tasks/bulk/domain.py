"""What may be done to many assignments at once, and which facts each act takes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from tasks.assignments.domain import Act

BulkAct = Literal[
    "accept", "return", "set_person", "set_deadline", "set_status", "pause", "resume", "cancel"
]
WantedStatus = Literal["in_progress", "submitted", "done", "returned", "cancelled"]
MOST = 500
"""As many assignments are locked, judged and written in one transaction."""

LEADS_TO: Mapping[WantedStatus, Act] = {
    "in_progress": "report_progress",
    "submitted": "submit_result",
    "done": "accept_result",
    "returned": "return_result",
    "cancelled": "cancel",
}
"""A status is never set by itself: it comes of the act that leads to it."""
_OF_ONE: Mapping[BulkAct, Act] = {
    "accept": "accept_result",
    "return": "return_result",
    "set_person": "change",
    "set_deadline": "change",
    "pause": "pause",
    "resume": "resume",
    "cancel": "cancel",
}
_MISSING = N_("Việc này cần thông tin ở đây")
_NOT_TAKEN = N_("Việc này không dùng thông tin ở đây: hãy bỏ đi")
_NO_DAY = N_("Hãy nhập hạn, hoặc ngày phát sinh sự kiện mà hạn tính từ đó")


@dataclass(frozen=True, slots=True)
class Facts:
    """Which facts an act of one assignment must have, and which it may have beside them."""

    needed: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


_FACTS: Mapping[Act, Facts] = {
    "accept_result": Facts(possible=("note",)),
    "return_result": Facts(("reason",)),
    "report_progress": Facts(possible=("note",)),
    "submit_result": Facts(("note",)),
    "pause": Facts(("reason",)),
    "resume": Facts(("reason",)),
    "cancel": Facts(("reason",), ("because",)),
}
_PERSON = Facts(possible=("accountable_person_id", "reason"))
_DEADLINE = Facts(possible=("due_on", "triggered_on", "reason"))


def act_of(act: BulkAct, given: Mapping[str, Any]) -> tuple[Act, Mapping[str, Any]]:
    """Return the act on each assignment, and its facts.

    `given`: the facts somebody gave, None among them. Raises InputRefused, each at its pointer,
    for what the act lacks or does not take. Source: composed.
    """
    facts = dict(given)
    wanted = facts.pop("status", None) if act == "set_status" else None
    if act == "set_status" and wanted is None:
        raise _refused([Problem("/status", Sentence(_MISSING))])
    one = LEADS_TO[wanted] if wanted is not None else _OF_ONE[act]
    problems = _problems(_taken(act, one), facts)
    if act == "set_person" and "accountable_person_id" not in facts:
        problems.append(Problem("/accountable_person_id", Sentence(_MISSING)))
    if act == "set_deadline" and not {"due_on", "triggered_on"} & facts.keys():
        problems.append(Problem("/due_on", Sentence(_NO_DAY)))
    if problems:
        raise _refused(problems)
    return one, facts


def _taken(act: BulkAct, one: Act) -> Facts:
    own = {"set_person": _PERSON, "set_deadline": _DEADLINE}
    return own[act] if act in own else _FACTS[one]


def _problems(taken: Facts, facts: Mapping[str, Any]) -> list[Problem]:
    known = (*taken.needed, *taken.possible)
    missing = [name for name in taken.needed if not facts.get(name)]
    strange = [name for name in facts if name not in known]
    return [
        *(Problem(f"/{name}", Sentence(_MISSING)) for name in missing),
        *(Problem(f"/{name}", Sentence(_NOT_TAKEN)) for name in strange),
    ]


def _refused(problems: list[Problem]) -> InputRefused:
    return InputRefused("input_invalid", problems[0].sentence, problems)
