"""Acts about contributions: the lead unit or the Office asks and decides, the unit asked gives."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.ids import new_id
from contracts.tasks import (
    ContributionAccepted,
    ContributionAsked,
    ContributionGiven,
    ContributionReturned,
    ContributionWithdrawn,
)
from tasks.assignments.actions import check_files
from tasks.assignments.asked import Contribution
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import status_after
from tasks.contributions import domain
from tasks.contributions.change import ContributionChange
from tasks.ladder.domain import days_late


async def ask(change: AssignmentChange, unit_id: UUID, what: str, due_on: date) -> Contribution:
    """Ask a coordinating unit for something by a day, the day included.

    Raises RuleBroken when the assignment is over, paused or under a draft, InputRefused for a unit
    that does not coordinate or a day that has passed.
    """
    assignment = change.assignment
    status_after("ask_contribution", assignment.status, paused=assignment.paused_on is not None)
    domain.check_asking(
        unit_id, assignment.coordinating_unit_ids, due_on, change.at.today,
        in_draft=assignment.in_draft,
    )  # fmt: skip
    asked = Contribution(
        id=new_id(), assignment_id=assignment.id, unit_id=unit_id, what=what, due_on=due_on,
        status="asked", asked_at=change.at.now, asked_by=change.actor.person_id, given_at=None,
        given_on=None, given_by=None, on_time=None, note="", file_ids=[], decided_at=None,
        decided_by=None, decision_note=None, reminded_for=None,
    )  # fmt: skip
    change.session.add(asked)
    state = asked.state().model_dump(mode="json")
    assignment.contributions = [*assignment.contributions, state]
    said = {"contribution_unit_id": str(unit_id), "contribution_due_on": str(due_on)}
    await change.record(
        "contribution_asked",
        ContributionAsked,
        note=what,
        contribution_id=asked.id,
        changes=[{"field": name, "before": None, "after": value} for name, value in said.items()],
    )
    return asked


async def give(given: ContributionChange, note: str, file_ids: Sequence[UUID]) -> None:
    """Hand in a contribution: words, files, or both; what came before stays in the history.

    Raises RuleBroken unless it is owed, InputRefused for nothing at all or an unknown file. The
    local day decides whether it is late, by working days.
    """
    change, contribution = given.change, given.contribution
    domain.check_standing("give", contribution.status)
    domain.check_given(note, len(file_ids))
    await check_files(change.session, change.actor, change.assignment, file_ids)
    at = change.at
    contribution.status, contribution.note = "given", note
    contribution.file_ids = list(dict.fromkeys([*contribution.file_ids, *file_ids]))
    contribution.given_at, contribution.given_on = at.now, at.today
    contribution.given_by = change.actor.person_id
    contribution.on_time = not days_late(contribution.due_on, at.today, at.calendar)
    await given.record(
        "contribution_given",
        ContributionGiven,
        note=note,
        on_time=contribution.on_time,
        asked_by_id=contribution.asked_by,
        file_count=len(file_ids),
        changes=_of_unit(contribution),
    )


async def accept(given: ContributionChange, note: str | None) -> None:
    """Take a contribution. Raises RuleBroken unless one is given and undecided."""
    contribution = given.contribution
    domain.check_standing("accept", contribution.status)
    contribution.status = "accepted"
    _decide(given, note)
    await given.record(
        "contribution_accepted",
        ContributionAccepted,
        note=note,
        given_by_id=contribution.given_by,
        changes=_of_unit(contribution),
    )


async def give_back(given: ContributionChange, reason: str) -> None:
    """Return a contribution: the unit owes it again, by the same day. Raises as `accept`."""
    contribution = given.contribution
    domain.check_standing("return", contribution.status)
    contribution.status = "returned"
    _decide(given, reason)
    await given.record(
        "contribution_returned",
        ContributionReturned,
        reason=reason,
        given_by_id=contribution.given_by,
        changes=_of_unit(contribution),
    )


async def withdraw(given: ContributionChange, reason: str) -> None:
    """Ask for it no more: it leaves the figures. Raises RuleBroken unless it is owed."""
    contribution = given.contribution
    domain.check_standing("withdraw", contribution.status)
    contribution.status = "withdrawn"
    _decide(given, reason)
    await given.record(
        "contribution_withdrawn",
        ContributionWithdrawn,
        reason=reason,
        changes=_of_unit(contribution),
    )


def _decide(given: ContributionChange, note: str | None) -> None:
    contribution, change = given.contribution, given.change
    contribution.decided_at, contribution.decision_note = change.at.now, note
    contribution.decided_by = change.actor.person_id


def _of_unit(contribution: Contribution) -> list[dict[str, str | None]]:
    """Name the unit in the history's line: an assignment has several."""
    return [{"field": "contribution_unit_id", "before": None, "after": str(contribution.unit_id)}]
