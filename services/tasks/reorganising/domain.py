"""What may go over to another unit, and who helps afterwards."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentStatus

WAITS = N_("kết quả đang chờ duyệt: hãy duyệt hoặc trả lại trước")
OUTDATED = N_(
    "Đã có thay đổi từ lúc xem danh sách: {numbers}. Hãy mở lại danh sách, xem rồi xác nhận lần nữa"
)
UNDECIDED = N_("Hãy duyệt hoặc trả lại kết quả trước: {numbers}")
MOST_NAMED = 10


def why_not(status: AssignmentStatus) -> Sentence | None:
    """Return why an assignment that is not over cannot go over now; None: it can."""
    return Sentence(WAITS) if status == "submitted" else None


def helping_after(
    helping: Iterable[UUID], successors: Mapping[UUID, UUID | None], lead: UUID
) -> list[UUID]:
    """Return who helps once units have successors (None: nobody in their place), each once."""
    after = (successors.get(each, each) for each in helping)
    return [each for each in dict.fromkeys(after) if each is not None and each != lead]


def outdated(numbers: Iterable[str]) -> RuleBroken:
    """Return the refusal of a list that is not what it was when it was reviewed."""
    return RuleBroken("reorganisation_outdated", Sentence(OUTDATED, {"numbers": _named(numbers)}))


def undecided(numbers: Iterable[str]) -> RuleBroken:
    """Return the refusal while results of what shall go over wait for a decision."""
    return RuleBroken("assignment_submitted", Sentence(UNDECIDED, {"numbers": _named(numbers)}))


def _named(numbers: Iterable[str]) -> str:
    listed = sorted(numbers)
    more = f" (+{len(listed) - MOST_NAMED})" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more
