"""Which ballots may be excluded and which restored: all that are named, or none. Composed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from surveys.answers.domain import State
from surveys.answers.identity import ENTERED


@dataclass(frozen=True)
class Standing:
    """Where a ballot of the round stands."""

    state: State
    revision: int


def check(to: State, asked: Sequence[UUID], found: Mapping[UUID, Standing]) -> None:
    """Raise unless every ballot that is asked for may come to a state, counted or excluded.

    Raises InputRefused (`ballots_refused`) with a problem for each that may not.
    """
    problems = [
        Problem(f"/ballot_ids/{at}", Sentence(why, {"id": str(id_)}))
        for at, id_ in enumerate(asked)
        if (why := _TWICE if id_ in asked[:at] else _why_not(to, found.get(id_)))
    ]
    if problems:
        raise InputRefused(
            "ballots_refused", Sentence(_REFUSED, {"count": len(problems)}), problems
        )


def _why_not(to: State, ballot: Standing | None) -> str | None:
    if ballot is None:
        return _UNKNOWN
    if to == "excluded":
        return None if ballot.state == "counted" else _NOT_COUNTED
    if ballot.state != "excluded":
        return _NOT_EXCLUDED
    return _NEVER_COUNTED if ballot.revision == ENTERED else None


_REFUSED = N_("Có {count} phiếu không xử lý được, nên chưa phiếu nào được thay đổi")
_UNKNOWN = N_("Đợt khảo sát không có phiếu {id}")
_TWICE = N_("Phiếu {id} được nêu nhiều lần")
_NOT_COUNTED = N_("Phiếu {id} đang không được tính nên không loại được nữa")
_NOT_EXCLUDED = N_("Phiếu {id} không bị loại nên không cần khôi phục")
_NEVER_COUNTED = N_("Phiếu {id} trả lời quá ít câu, chưa từng được tính nên không khôi phục được")
