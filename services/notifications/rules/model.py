"""The words of the table: rule, audience, and what an event means for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from contracts.events import Event
from contracts.tasks import AssignmentState
from notifications.rules.reasons import Reason

Severity = Literal["info", "warning", "critical"]
Category = Literal["new_task", "task_changed", "difficulty", "result", "deadline", "extension",
                   "accountable", "contribution", "question", "measure", "instruction",
                   "plan", "survey", "criteria", "index", "sheet", "ranking", "mail", "webhook",
                   "urging", "unit_report", "inspection", "report", "digest"]  # fmt: skip
SubjectType = Literal["assignment", "question", "measure", "instruction", "plan", "round", "index",
                      "criteria_set", "sheet", "ranking", "unit_report", "person", "partner",
                      "subscription", "urging", "inspection", "report", "digest"]  # fmt: skip


class MailFailed:
    """A mail failed for good: seen by this service itself, and announced to no other."""

    type = "notifications.mail_failed"


@dataclass(frozen=True)
class Audience:
    """One kind of recipients of a rule, by their reason. In-app always; `email` also by mail."""

    reason: Reason
    email: bool = False


@dataclass(frozen=True)
class Rule:
    """One line of the table: in this case of this event, these people are told this.

    `asks`: for an act, so it stays on top until it is read or settled. `moot_at`: statuses of the
    subject in which nobody needs this any more. `dated`: it is about one due day: moot once the
    assignment has another, and said in the words of `rules.deadline`. `while_asked`: it is about an
    open request, moot once none is. `while_contribution`: it is about a contribution, moot once
    that is in none of these statuses. `named_only`: nobody else is told in their place.
    `must_acknowledge`: it stands on every page until the person says that they know.
    `nobody_because`: why the table tells no one.
    """

    event: type[Event | MailFailed]
    case: str = ""
    category: Category = "plan"
    severity: Severity = "info"
    title: str = ""
    body: str = ""
    audiences: tuple[Audience, ...] = ()
    asks: bool = False
    moot_at: frozenset[str] = frozenset()
    dated: bool = False
    while_asked: bool = False
    while_contribution: frozenset[str] = frozenset()
    named_only: bool = False
    must_acknowledge: bool = False
    nobody_because: str = ""


@dataclass(frozen=True)
class Occasion:
    """One event as people are concerned by it.

    `step` tells two obligations of one subject and event type apart and is the same however often
    the step is announced. `status` is what the subject is in after the event, `overdue` after that
    event, `paused` while nobody owes it, `carried` once another plan goes on with it.
    `lead_unit_id` None: the event has no lead unit. `former_unit_ids` led it once;
    `previous_unit_id` until now. `asked_unit_id`: asked to contribute, or to report. `asker_id`
    asked for it, `contributor_id` gave it, `writer_id` wrote the report, `sender_id` sent it.
    `contribution_id`: the one it is about. `scope_unit_ids` None: every unit.
    `recipient_unit_ids`: to which a plan is sent.
    `body_people_ids` act for the body of a score sheet, `appraiser_ids` appraise it.
    `submission_id`: the result, or the request for a later deadline, it is about. `urged_id`: named
    by an urging. `team_ids`: who inspects. `state`: of an assignment, in full.
    """

    event_type: str
    case: str
    subject_type: SubjectType
    subject_id: UUID
    version: int
    step: str
    status: str = ""
    due_on: date | None = None
    accountable_id: UUID | None = None
    helper_ids: tuple[UUID, ...] = ()
    lead_unit_id: UUID | None = None
    coordinating_unit_ids: tuple[UUID, ...] = ()
    former_unit_ids: tuple[UUID, ...] = ()
    previous_unit_id: UUID | None = None
    asked_unit_id: UUID | None = None
    asker_id: UUID | None = None
    contributor_id: UUID | None = None
    contribution_id: UUID | None = None
    writer_id: UUID | None = None
    sender_id: UUID | None = None
    scope_unit_ids: tuple[UUID, ...] | None = ()
    recipient_unit_ids: tuple[UUID, ...] = ()
    body_people_ids: tuple[UUID, ...] = ()
    appraiser_ids: tuple[UUID, ...] = ()
    submission_id: UUID | None = None
    urged_id: UUID | None = None
    team_ids: tuple[UUID, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    state: AssignmentState | None = None


def submission_of(event: object) -> UUID | None:
    """Return the result, or the request for a later deadline, that an event is about."""
    found: UUID | None = getattr(event, "result_id", getattr(event, "extension_id", None))
    return found
