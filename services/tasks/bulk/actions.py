"""The act itself: each assignment judged as one by one, all that passed written together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound, ServiceError
from chassis.rules import InputRefused, RuleBroken
from chassis.web.problems import of_exception
from chassis.words import N_, Sentence
from tasks.assignments import actions
from tasks.assignments.change import check_open_to, unknown
from tasks.assignments.domain import Act, status_after
from tasks.assignments.models import Assignment
from tasks.assignments.staleness import check_seen
from tasks.bulk.change import Gathered, GatheredChange, lock, waiting_results
from tasks.calendar.moment import Moment, moment
from tasks.directory.models import Person
from tasks.steering import actions as steering

STAYS_RETURNED = Sentence(
    N_("Kết quả đã bị trả lại: nhiệm vụ giữ trạng thái này cho đến khi đơn vị gửi lại kết quả")
)
DECISIONS: frozenset[Act] = frozenset({"accept_result", "return_result"})


@dataclass(frozen=True)
class Wish:
    """What shall be done to each. `versions`: those the caller saw; of others none is asked."""

    act: Act
    facts: Mapping[str, Any]
    versions: Mapping[UUID, int]


@dataclass(frozen=True)
class Outcome:
    """What became of one. `assignment` None: not there, or not for the actor.

    `changed`: there is a new version. `error`: why nothing was done.
    """

    id: UUID
    assignment: Assignment | None
    changed: bool = False
    error: ServiceError | None = None


async def perform(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], wish: Wish, *, preview: bool
) -> list[Outcome]:
    """Do one act to many; return what became of each, in the order of `ids`.

    What one refuses does not touch the others. All that is done is one transaction: whoever is
    killed within it has done nothing. `preview`: judge, and change nothing.
    """
    if not preview:
        return await _perform(session, actor, ids, wish, write=True)
    async with session.begin_nested() as point:
        outcomes = await _perform(session, actor, ids, wish, write=False)
        await point.rollback()
    return outcomes


async def _perform(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], wish: Wish, *, write: bool
) -> list[Outcome]:
    locked, at = await lock(session, actor, ids), await moment(session)
    waiting = await waiting_results(session, ids) if wish.act in DECISIONS else {}
    # Held, that the session finds them again for each: it lets go of what nobody holds.
    person_id = wish.facts.get("accountable_person_id")
    _held = await session.get(Person, person_id) if person_id else None
    gathered = Gathered()
    outcomes = []
    for id_ in ids:
        if id_ not in locked:
            outcomes.append(Outcome(id_, None, error=unknown()))
            continue
        change = _change(session, actor, locked[id_], at, gathered)
        change.result_id, change.submitted_on = waiting.get(id_, (None, None))
        outcomes.append(await _judged(change, wish))
    if write:
        await gathered.write(session, at, actor)
    return outcomes


def _change(
    session: AsyncSession, actor: Actor, assignment: Assignment, at: Moment, gathered: Gathered
) -> GatheredChange:
    before = assignment.state()
    return GatheredChange(session, actor, assignment, before, at, gathered=gathered)


async def _judged(change: GatheredChange, wish: Wish) -> Outcome:
    assignment, steps = change.assignment, change.gathered.steps
    recorded = len(steps)
    try:
        check_open_to(change.actor, wish.act, assignment)
        seen = wish.versions.get(assignment.id, assignment.version)
        await _ACTS[wish.act](change, seen, wish.facts)
    except (ServiceError, RuleBroken, InputRefused) as error:
        return Outcome(assignment.id, assignment, error=of_exception(error))
    return Outcome(assignment.id, assignment, changed=len(steps) > recorded)


# ---------------------------------------------------------------- each act, as one by one

Facts = Mapping[str, Any]


async def _accept(change: GatheredChange, seen: int, facts: Facts) -> None:
    id_ = await _waiting(change, seen, "accept_result")
    await actions.accept_result(change, id_, facts.get("note"))


async def _return(change: GatheredChange, seen: int, facts: Facts) -> None:
    id_ = await _waiting(change, seen, "return_result")
    await actions.return_result(change, id_, facts["reason"])


async def _waiting(change: GatheredChange, seen: int, act: Act) -> UUID:
    """Return the result that waits. Raises StaleVersion, RuleBroken when none does."""
    await check_seen(change.session, change.assignment, seen)
    status_after(act, change.assignment.status)
    if change.result_id is None:
        raise NotFound("Không tìm thấy kết quả này", code="result_not_found")
    return change.result_id


async def _begin(change: GatheredChange, seen: int, facts: Facts) -> None:
    """Report that it is under way, as far as it was; where it already is, nothing changes."""
    if change.assignment.status == "in_progress":
        await check_seen(change.session, change.assignment, seen)
        return
    if change.assignment.status == "returned":
        raise RuleBroken("assignment_returned", STAYS_RETURNED)
    percent, note = change.assignment.progress_percent, facts.get("note") or ""
    await actions.report_progress(change, seen, percent=percent, note=note, difficulty=None)


async def _submit(change: GatheredChange, seen: int, facts: Facts) -> None:
    await actions.submit_result(change, seen, note=facts["note"], file_ids=())


async def _set(change: GatheredChange, seen: int, facts: Facts) -> None:
    named = {name: value for name, value in facts.items() if name != "reason"}
    await actions.set_open_facts(change, seen, named, facts.get("reason"))


async def _pause(change: GatheredChange, seen: int, facts: Facts) -> None:
    await steering.pause(change, seen, facts["reason"])


async def _resume(change: GatheredChange, seen: int, facts: Facts) -> None:
    await steering.resume(change, seen, facts["reason"])


async def _cancel(change: GatheredChange, seen: int, facts: Facts) -> None:
    because: steering.Because = facts.get("because") or "cancelled"
    await steering.cancel(change, seen, facts["reason"], because)


_ACTS: Mapping[Act, Callable[[GatheredChange, int, Facts], Awaitable[None]]] = {
    "accept_result": _accept,
    "return_result": _return,
    "report_progress": _begin,
    "submit_result": _submit,
    "change": _set,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
}
