"""Links carried to another version by code: what is the same, called otherwise, or gone."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from reporting.criteria.domain import CriteriaSet

Standing = Literal["same", "renamed", "gone"]
_NOT_OFFERED = N_("Tiêu chí {code} không có liên kết nào mang sang được")


@dataclass(frozen=True)
class Carried:
    """The links of one sub-criterion. `tasks`: those not linked to it in the new version yet."""

    code: str
    standing: Standing
    before: str
    now: str | None
    tasks: tuple[UUID, ...]


def carry(
    old: CriteriaSet,
    new: CriteriaSet,
    links: Mapping[str, Collection[UUID]],
    there: Mapping[str, Collection[UUID]],
) -> list[Carried]:
    """Return what carrying by code would do, in the order of the old version.

    A sub-criterion is the same when its name and its criterion's are: a code alone may have been
    given to something else. `links`, `there`: tasks by code, of the old and the new version.
    """
    before, now = names(old), names(new)
    found = []
    for code, name in before.items():
        tasks = sorted(set(links.get(code, ())) - set(there.get(code, ())))
        if tasks:
            standing: Standing = "same" if now.get(code) == name else "renamed"
            if code not in now:
                standing = "gone"
            found.append(Carried(code, standing, name, now.get(code), tuple(tasks)))
    return found


def names(whole: CriteriaSet) -> dict[str, str]:
    """Return the name of each sub-criterion with its criterion's, by code."""
    return {
        sub.code: f"{criterion.name}: {sub.name}"
        for area in whole.areas
        for criterion in area.criteria
        for sub in criterion.sub_criteria
    }


def chosen(found: Sequence[Carried], codes: Collection[str]) -> dict[str, tuple[UUID, ...]]:
    """Return the tasks to link by code. Raises InputRefused for a code that is not offered."""
    offered = {each.code: each.tasks for each in found if each.standing != "gone"}
    problems = [
        Problem(f"/codes/{i}", Sentence(_NOT_OFFERED, {"code": code}))
        for i, code in enumerate(codes)
        if code not in offered
    ]
    if problems:
        raise InputRefused("link_invalid", Sentence(N_("Liên kết chưa đúng")), problems)
    return {code: offered[code] for code in codes}


def digest_of(found: Sequence[Carried]) -> str:
    """Name what was shown: what is confirmed is that, or the confirmation is refused."""
    said = [[each.code, each.standing, each.now, [str(t) for t in each.tasks]] for each in found]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]
