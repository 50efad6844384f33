"""Documents that a row of a sheet is offered: linked to it, or of a kind its evidence names.

Nothing here is confirmed: a person attaches what proves a row, by one click. Which rows ask for
which kind is read from the evidence that the criteria set names (composed).
"""

from collections.abc import Collection

from reporting.bodies.models import OWN_BODY
from reporting.criteria.document_links import documents_linked_to
from reporting.criteria.domain import SubCriterion
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
    asked = " ".join(sub.evidence).casefold()
    kinds = {kind for kind, word in ASKED_FOR_BY.items() if word in asked}
    found = [
        (each, each.id in linked)
        for each in await documents_of(seen.session, seen.sheet.year)
        if _offered(seen, each, kinds, linked)
    ]
    return sorted(found, key=lambda pair: not pair[1])[:_MOST]


def _offered(
    seen: SeenSheet, each: Known, kinds: Collection[str], linked: Collection[object]
) -> bool:
    if seen.body.unit_id is not None:
        return each.unit_id == seen.body.unit_id and (each.id in linked or each.kind in kinds)
    if seen.body.id != OWN_BODY:
        return False
    of_all = each.unit_id is None or each.kind == "inspection"
    return each.id in linked or (of_all and each.kind in kinds)
