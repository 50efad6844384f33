"""Documents that a row of a sheet is offered: linked to it, or of a kind its evidence names.

Nothing here is confirmed: a person attaches what proves a row, by one click. Which rows ask for
which kind is read from the evidence that the criteria set names (composed).
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from reporting.bodies.models import OWN_BODY
from reporting.bodies.scope import sees
from reporting.completion.models import AssignmentFact
from reporting.criteria.document_links import documents_by_code, documents_linked_to
from reporting.criteria.domain import SubCriterion
from reporting.criteria.models import Link
from reporting.criteria.vocabulary import ASKED_FOR_BY
from reporting.score_sheets.seen import SeenSheet
from reporting.sources.offered import Known, documents_of

_MOST = 200


async def documents_for(seen: SeenSheet, sub: SubCriterion) -> list[tuple[Known, bool]]:
    """Return what may prove a row of this body, each with whether it is linked; those first.

    A unit's sheet is offered its own; the department's its issued reports, all inspections, and
    whatever is linked. Bodies that are neither are offered nothing of ours.
    """
    linked = await documents_linked_to(seen.session, seen.sheet.criteria_set_id, sub.code)
    kinds = _kinds(sub)
    found = [
        (each, each.id in linked)
        for each in await documents_of(seen.session, seen.sheet.year)
        if _offered(seen, each, kinds, linked)
    ]
    return sorted(found, key=lambda pair: not pair[1])[:_MOST]


def is_ours(seen: SeenSheet) -> bool:
    """Tell whether the body is our own department, or a unit of it."""
    return seen.body.unit_id is not None or seen.body.id == OWN_BODY


def _offered(
    seen: SeenSheet, each: Known, kinds: Collection[str], linked: Collection[object]
) -> bool:
    if not is_ours(seen):
        return False
    if seen.body.unit_id is not None:
        return each.unit_id == seen.body.unit_id and (each.id in linked or each.kind in kinds)
    of_all = each.unit_id is None or each.kind == "inspection"
    return each.id in linked or (of_all and each.kind in kinds)


def _kinds(sub: SubCriterion) -> set[str]:
    """Return the kinds of documents that the evidence of a row names."""
    asked = " ".join(sub.evidence).casefold()
    return {kind for kind, word in ASKED_FOR_BY.items() if word in asked}


async def offered_by_code(seen: SeenSheet) -> Mapping[str, set[UUID]]:
    """Return the ids of what may prove each row, read once for the whole sheet."""
    if not sees(seen.actor, seen.block, seen.body):
        return {}
    linked = await documents_by_code(seen.session, seen.sheet.criteria_set_id)
    documents = await documents_of(seen.session, seen.sheet.year)
    results = await _results_by_code(seen)
    return {
        code: results.get(code, set()) | _documents(seen, sub, documents, linked.get(code, ()))
        for code, sub in seen.criteria.by_code().items()
    }


def _documents(
    seen: SeenSheet, sub: SubCriterion, documents: Collection[Known], linked: Collection[UUID]
) -> set[UUID]:
    kinds = _kinds(sub)
    found = [each.id for each in documents if _offered(seen, each, kinds, linked)]
    return set(sorted(found, key=lambda id_: id_ not in linked)[:_MOST])


async def _results_by_code(seen: SeenSheet) -> Mapping[str, set[UUID]]:
    if not is_ours(seen):
        return {}
    done = AssignmentFact.state["status"].astext == "done"
    linked = (
        select(Link.sub_criterion, AssignmentFact.assignment_id)
        .join(Link, Link.task_id == AssignmentFact.task_id)
        .where(Link.criteria_set_id == seen.sheet.criteria_set_id, done)
    )
    if seen.body.unit_id is not None:
        linked = linked.where(AssignmentFact.unit_id == seen.body.unit_id)
    found: dict[str, set[UUID]] = {}
    for code, id_ in await seen.session.execute(linked):
        found.setdefault(code, set()).add(id_)
    return found
