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
    """The links of one sub-criterion: those of `tasks` and `documents` not in the new version."""

    code: str
    standing: Standing
    before: str
    now: str | None
    tasks: tuple[UUID, ...]
    documents: tuple[UUID, ...] = ()


Links = Mapping[str, Collection[UUID]]
"""What is linked to each sub-criterion, by code."""


def carry(
    old: CriteriaSet,
    new: CriteriaSet,
    tasks: tuple[Links, Links],
    documents: tuple[Links, Links] = ({}, {}),
) -> list[Carried]:
    """Return what carrying by code would do, in the order of the old version.

    A sub-criterion is the same when its name and its criterion's are: a code alone may have been
    given to something else. `tasks`, `documents`: what is linked in the old and the new version.
    """
    before, now = names(old), names(new)
    found = []
    for code, name in before.items():
        left = _left(code, *tasks), _left(code, *documents)
        if any(left):
            standing: Standing = "same" if now.get(code) == name else "renamed"
            if code not in now:
                standing = "gone"
            found.append(Carried(code, standing, name, now.get(code), *left))
    return found


def _left(code: str, old: Links, new: Links) -> tuple[UUID, ...]:
    return tuple(sorted(set(old.get(code, ())) - set(new.get(code, ()))))


def names(whole: CriteriaSet) -> dict[str, str]:
    """Return the name of each sub-criterion with its criterion's, by code."""
    return {
        sub.code: f"{criterion.name}: {sub.name}"
        for area in whole.areas
        for criterion in area.criteria
        for sub in criterion.sub_criteria
    }


def chosen(found: Sequence[Carried], codes: Collection[str]) -> list[Carried]:
    """Return what to link, of each code. Raises InputRefused for a code that is not offered."""
    offered = {each.code: each for each in found if each.standing != "gone"}
    problems = [
        Problem(f"/codes/{i}", Sentence(_NOT_OFFERED, {"code": code}))
        for i, code in enumerate(codes)
        if code not in offered
    ]
    if problems:
        raise InputRefused("link_invalid", Sentence(N_("Liên kết chưa đúng")), problems)
    return [offered[code] for code in dict.fromkeys(codes)]


def digest_of(found: Sequence[Carried]) -> str:
    """Name what was shown: what is confirmed is that, or the confirmation is refused."""
    said = [
        [each.code, each.standing, each.now, [str(id_) for id_ in (*each.tasks, *each.documents)]]
        for each in found
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]
