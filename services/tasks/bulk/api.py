"""Many assignments at once: one request, an outcome for each."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from chassis.i18n import Language, say
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    Distinct,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
)
from contracts.tasks import AssignmentStatus
from tasks.assignments.doors import Text
from tasks.bulk.actions import Outcome, Wish, perform
from tasks.bulk.domain import MOST, BulkAct, WantedStatus, act_of
from tasks.steering.actions import Because

router = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])
Kind = Literal["done", "unchanged", "not_found", "not_allowed", "stale", "refused"]
_KINDS: dict[int, Kind] = {404: "not_found", 403: "not_allowed", 412: "stale"}
_OF_ALL = {"act", "ids", "versions", "preview"}
_NOBODY = {"accountable_person_id"}  # the one fact of which null says something
Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST), Distinct]


class BulkBody(RequestBody):
    """One act on many assignments, and its facts; those it does not take are refused.

    `versions`: by id, the version the caller saw; of one that is not named none is asked.
    `preview`: say what would become of each, and change nothing. `accept` takes `note`; `return`,
    `pause`, `resume` need `reason`, `cancel` too, and takes `because`; `set_person` takes
    `accountable_person_id` (null: nobody), `set_deadline` `due_on` or `triggered_on`, both
    `reason`. `set_status` does the act that leads to `status`, with that act's facts.
    """

    act: BulkAct
    ids: Ids
    versions: dict[UUID, int] = Field(default={}, max_length=MOST)
    preview: bool = False
    note: Text | None = None
    reason: Text | None = None
    because: Because | None = None
    accountable_person_id: UUID | None = None
    due_on: Day | None = None
    triggered_on: Day | None = None
    status: WantedStatus | None = None


class OutcomeView(ResponseBody):
    """What became of one. `code`, `message`: why it was not done, as it would be said of it alone.

    `version`, `status`: as it is then; null, as its words are, where it is `not_found`.
    """

    id: UUID
    outcome: Kind
    code: str | None
    message: str | None
    number: str | None
    content: str | None
    occurrence: str | None
    version: int | None
    status: AssignmentStatus | None


class BulkAnswer(ResponseBody):
    """What became of each, in the order asked, and how many of them were done."""

    preview: bool
    done: int
    outcomes: list[OutcomeView]


@router.post("/bulk", policy="bulk.act")
async def act_on_many(
    body: BulkBody, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> BulkAnswer:
    """Do one act to many, at most 500: each judged as it would be alone, one transaction.

    What one of them refuses leaves the others alone. 422 for facts the act lacks or does not take.
    """
    named: dict[str, Any] = body.model_dump(exclude_unset=True, exclude=_OF_ALL)
    given = {name: value for name, value in named.items() if value is not None or name in _NOBODY}
    act, facts = act_of(body.act, given)
    wish = Wish(act, facts, body.versions)
    outcomes = await perform(session, actor, body.ids, wish, preview=body.preview)
    return _answer(outcomes, language, preview=body.preview)


def _answer(outcomes: Sequence[Outcome], language: Language, *, preview: bool) -> BulkAnswer:
    views = [_view(each, language) for each in outcomes]
    done = sum(each.outcome == "done" for each in views)
    return BulkAnswer(preview=preview, done=done, outcomes=views)


def _view(outcome: Outcome, language: Language) -> OutcomeView:
    assignment, error = outcome.assignment, outcome.error
    return OutcomeView(
        id=outcome.id,
        outcome=_kind(outcome),
        code=error.code if error else None,
        message=say(error.detail, language, **error.facts) if error else None,
        number=assignment.number if assignment else None,
        content=assignment.task.content if assignment else None,
        occurrence=assignment.occurrence if assignment else None,
        version=assignment.version if assignment else None,
        status=assignment.status if assignment else None,
    )


def _kind(outcome: Outcome) -> Kind:
    if outcome.error is not None:
        return _KINDS.get(outcome.error.http_status, "refused")
    return "done" if outcome.changed else "unchanged"
