"""Events of what coordinating units contribute to an assignment; `contracts.tasks` names them."""

from uuid import UUID

from contracts.assignments import AssignmentEvent, ContributionState
from contracts.events import Event, OfStaff


class ContributionEvent(AssignmentEvent):
    """What all events about a contribution carry: its assignment in full, itself among it."""

    contribution_id: UUID

    @property
    def contribution(self) -> ContributionState:
        """The contribution after the event."""
        among = self.assignment.contributions
        return next(each for each in among if each.contribution_id == self.contribution_id)


class ContributionAsked(
    ContributionEvent, Event, type="tasks.contribution_asked.v1", aggregate="assignment"
):
    """A coordinating unit is asked to contribute something by a day. What: stays in tasks."""


class ContributionDueSoon(
    ContributionEvent, Event, type="tasks.contribution_due_soon.v1", aggregate="assignment"
):
    """One working day is left for a contribution, or none; announced once per last allowed day."""

    working_days_left: int


class ContributionGiven(
    ContributionEvent, Event, type="tasks.contribution_given.v1", aggregate="assignment"
):
    """The coordinating unit handed in its contribution; who asked for it decides."""

    asked_by_id: OfStaff
    file_count: int


class ContributionAccepted(
    ContributionEvent, Event, type="tasks.contribution_accepted.v1", aggregate="assignment"
):
    """The contribution was accepted."""

    given_by_id: OfStaff


class ContributionReturned(
    ContributionEvent, Event, type="tasks.contribution_returned.v1", aggregate="assignment"
):
    """The contribution was returned: the unit owes it again, by the same last allowed day."""

    given_by_id: OfStaff


class ContributionWithdrawn(
    ContributionEvent, Event, type="tasks.contribution_withdrawn.v1", aggregate="assignment"
):
    """Nobody asks for the contribution any more; it is in no figure."""
