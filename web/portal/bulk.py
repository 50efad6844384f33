"""Many assignments at once: what was ticked, the act, and what it takes, as a form says it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from portal.fields import OF_BULK, Fields
from portal.forms import day, text

MOST = 500  # as many as the service takes at once
PARTS = 3


@dataclass(frozen=True)
class Act:
    """An act on many. `right`: the act of one that the service must allow for it to be offered.

    `sent`: how the service calls it; `facts`: the inputs it has, `needed`: one must fill them in.
    `leads_to`: the status after it, where it changes that.
    """

    name: str
    right: str
    sent: Mapping[str, str]
    facts: tuple[str, ...]
    needed: bool = False
    leads_to: str = ""


ACTS = {
    each.name: each
    for each in (
        Act("accept", "accept_result", {"act": "accept"}, ("note",), leads_to="done"),
        Act(
            "return", "return_result", {"act": "return"}, ("reason",), needed=True,
            leads_to="returned",
        ),
        Act(
            "begin", "report_progress", {"act": "set_status", "status": "in_progress"}, ("note",),
            leads_to="in_progress",
        ),
        Act(
            "submit", "submit_result", {"act": "set_status", "status": "submitted"}, ("note",),
            needed=True, leads_to="submitted",
        ),
        Act(
            "set_person", "change", {"act": "set_person"}, ("accountable_person_id", "reason"),
            needed=True,
        ),
        Act("set_deadline", "change", {"act": "set_deadline"}, ("due_on", "reason"), needed=True),
        Act("pause", "pause", {"act": "pause"}, ("reason",), needed=True),
        Act("resume", "resume", {"act": "resume"}, ("reason",), needed=True),
        Act(
            "cancel", "cancel", {"act": "cancel"}, ("because", "reason"), needed=True,
            leads_to="cancelled",
        ),
    )
}  # fmt: skip

DECISIONS = {"accept", "return"}  # acts on results that were handed in


@dataclass(frozen=True)
class Chosen:
    """An assignment that was ticked, as it was seen."""

    id: str
    version: int
    unit_id: str

    @property
    def written(self) -> str:
        """As a form carries it."""
        return f"{self.id}:{self.version}:{self.unit_id}"


def offered(allowed: Collection[str]) -> list[Act]:
    """Return the acts somebody may do with some assignments."""
    return [act for act in ACTS.values() if act.right in allowed]


def moves(row: Mapping[str, Any]) -> list[Act]:
    """Return the acts that bring one assignment into another column of the board."""
    return [act for act in offered(row["allowed"]) if act.leads_to not in ("", row["status"])]


def ticked(form: FormData) -> list[Chosen]:
    """Return what was ticked, once each; what nobody can have ticked is left out."""
    read = [chosen(written) for written in form.getlist("chosen") if isinstance(written, str)]
    return list({each.id: each for each in read if each}.values())[:MOST]


def chosen(written: str) -> Chosen | None:
    """Read what `Chosen.written` wrote."""
    parts = written.split(":")
    if len(parts) != PARTS or not parts[1].isdecimal():
        return None
    return Chosen(parts[0], int(parts[1]), parts[2])


def of_rows(rows: Sequence[Mapping[str, Any]]) -> list[Chosen]:
    """Return assignments of a list as if they had been ticked."""
    return [Chosen(row["id"], row["version"], row["unit_id"]) for row in rows]


def body_of(act: Act, those: Sequence[Chosen], form: FormData) -> dict[str, Any]:
    """Return what the service is asked for; facts that were left empty are not sent."""
    facts = {name: day(form, name) if name == "due_on" else text(form, name) for name in act.facts}
    return {
        **act.sent,
        "ids": [each.id for each in those],
        "versions": {each.id: each.version for each in those},
        **{name: value for name, value in facts.items() if value},
    }


def fields_of(act: Act) -> Fields:
    """Return the inputs of an act's form, by the pointers of the service."""
    return {f"/{name}": OF_BULK[f"/{name}"] for name in act.facts}
