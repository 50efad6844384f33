"""Who is urged about what, and in which words. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.words import N_, Sentence
from contracts.tasks import AssignmentStatus, UrgedAs
from tasks.directory.domain import may_stand_in
from tasks.ladder.domain import filled_in

Reason = Literal["lead", "coordinating", "any"]
REASONS: tuple[Reason, ...] = ("lead", "coordinating", "any")
URGED_FOR = {
    "lead": N_("Đơn vị chủ trì"), "coordinating": N_("Đơn vị phối hợp"),
    "any": N_("Đơn vị chủ trì và phối hợp"), "ladder": N_("Tự động"),
    "report": N_("Đơn vị chưa gửi báo cáo"),
}  # fmt: skip
MOST, LISTED = 2000, 20  # rows of one act; numbers in the words to one person
WORDED, SHOWN = 5, 100  # so few rows are named in their own words, too; characters of each
LEADS, HELPS = "chủ trì", "phối hợp"
AT_WORK = frozenset({"unit_head", "unit_officer", "office", "director"})
OVERSIGHT = frozenset({"director", "office", "appraiser", "auditor", "admin"})
STAFF = frozenset({"unit_head", "unit_officer"})

DONE = N_("Nhiệm vụ đã hoàn thành: không còn gì để đôn đốc")
CANCELLED = N_("Nhiệm vụ đã được hủy: không còn gì để đôn đốc")
SUBMITTED = N_("Đơn vị đã gửi kết quả và đang chờ duyệt: không đôn đốc")
PAUSED = N_("Nhiệm vụ đang tạm dừng: không đôn đốc cho đến khi tiếp tục")
DRAFT = N_("Kế hoạch chưa ban hành: chưa ai phải thực hiện nhiệm vụ này")
CARRIED = N_("Nhiệm vụ đã chuyển sang kế hoạch khác: hãy đôn đốc ở nhiệm vụ nhận chuyển")
NOT_FOUND = N_("Không tìm thấy nhiệm vụ này")
NO_COORDINATION = N_("Nhiệm vụ không có đơn vị phối hợp")
NOBODY = N_("Chưa có ai để đôn đốc: đơn vị chưa có người phụ trách trong danh bạ")
ONLY_YOURSELF = N_("Chính bạn là người phải thực hiện nhiệm vụ này")


@dataclass(frozen=True)
class Worker:
    """Somebody of the directory who is at work. `substitute_id`: who stands in today, if away."""

    id: UUID
    name: str
    post: str
    unit_id: UUID
    role: str
    substitute_id: UUID | None = None


@dataclass(frozen=True)
class Row:
    """An assignment, as much of it as urging needs. `days_late`: working days past its due day.

    `overdue`: the day has passed; on days off after it, none of them a working day, by 0.
    """

    id: UUID
    number: str
    content: str
    unit_id: UUID
    coordinating_unit_ids: tuple[UUID, ...]
    former_unit_ids: tuple[UUID, ...]
    accountable_id: UUID | None
    status: AssignmentStatus
    due_on: date | None
    days_late: int
    overdue: bool = False
    paused: bool = False
    carried: bool = False
    in_draft: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A row that nobody is urged about, and why. `row` None: it is not there for the actor."""

    id: UUID
    code: str
    sentence: Sentence
    row: Row | None = None


@dataclass
class Recipient:
    """A person who is urged, with their rows in the order given. `ties`: to each of them."""

    person: Worker
    rows: list[Row] = field(default_factory=list)
    ties: list[UrgedAs] = field(default_factory=list)

    @property
    def urged_as(self) -> UrgedAs:
        """Return the tie to most of the rows; of as many, the first."""
        return max(self.ties, key=self.ties.count)

    @property
    def helped(self) -> frozenset[UUID]:
        """Return the rows that another unit leads and theirs helps with, whoever stands in."""
        unit_id = self.person.unit_id
        others = (row for row in self.rows if row.unit_id != unit_id)
        return frozenset(row.id for row in others if unit_id in row.coordinating_unit_ids)


@dataclass(frozen=True)
class Chosen:
    """Who gets what, and what is left out. `rows`: those that somebody is urged about."""

    recipients: list[Recipient]
    rows: list[Row]
    left_out: list[LeftOut]


class People:
    """Those at work, findable by id and as heads of units."""

    def __init__(self, workers: Iterable[Worker]) -> None:
        """Index the people; nobody who has left may be among them."""
        self._by_id = {worker.id: worker for worker in workers}
        self._of_unit: dict[UUID, list[Worker]] = {}
        for worker in self._by_id.values():
            self._of_unit.setdefault(worker.unit_id, []).append(worker)

    def find(self, id_: UUID | None) -> Worker | None:
        """Return a person at work, or None."""
        return self._by_id.get(id_) if id_ else None

    def heads(self, unit_id: UUID) -> list[Worker]:
        """Return the heads of a unit; without one, its own people of the Office or the Director."""
        own = self._of_unit.get(unit_id, [])
        heads = [each for each in own if each.role == "unit_head"]
        return heads or [each for each in own if each.role in ("office", "director")]


def may_open(person: Worker, row: Row) -> bool:
    """Tell whether the person sees the assignment, as `tasks.assignments.scope` lets people in."""
    if person.role in OVERSIGHT:
        return True
    units = {row.unit_id, *row.coordinating_unit_ids, *row.former_unit_ids}
    return person.role in STAFF and person.unit_id in units


def not_owed(row: Row) -> tuple[str, Sentence] | None:
    """Return why nobody owes this row now, as a code and a sentence; None when somebody does."""
    standing: tuple[tuple[str, bool, str], ...] = (
        ("assignment_draft", row.in_draft, DRAFT),
        ("assignment_carried", row.carried, CARRIED),
        ("assignment_done", row.status == "done", DONE),
        ("assignment_cancelled", row.status == "cancelled", CANCELLED),
        ("assignment_submitted", row.status == "submitted", SUBMITTED),
        ("assignment_paused", row.paused, PAUSED),
    )
    return next(((code, Sentence(why)) for code, holds, why in standing if holds), None)


def tied(row: Row, reason: Reason, people: People) -> list[tuple[Worker, UrgedAs]]:
    """Return who is urged about a row: who is accountable, else the head; heads that help.

    Somebody who has left, moved or taken a post that owes nothing is not accountable any more.
    """
    found: list[tuple[Worker, UrgedAs]] = []
    if reason in ("lead", "any"):
        person = people.find(row.accountable_id)
        counts = person and person.unit_id == row.unit_id and person.role in AT_WORK
        lead = [person] if person and counts else people.heads(row.unit_id)
        found += [(each, "lead") for each in lead]
    if reason in ("coordinating", "any"):
        for unit_id in row.coordinating_unit_ids:
            found += [(each, "coordinating") for each in people.heads(unit_id)]
    return found + _standing_in(found, people)


def heads_and_substitutes(unit_id: UUID, people: People) -> list[tuple[Worker, UrgedAs]]:
    """Return the heads of a unit and whoever stands in for them today, each once."""
    heads: list[tuple[Worker, UrgedAs]] = [(each, "head") for each in people.heads(unit_id)]
    found: dict[UUID, tuple[Worker, UrgedAs]] = {}
    for person, as_ in heads + _standing_in(heads, people):
        found.setdefault(person.id, (person, as_))
    return list(found.values())


def _standing_in(
    found: Sequence[tuple[Worker, UrgedAs]], people: People
) -> list[tuple[Worker, UrgedAs]]:
    """Return who stands in today, and still may: either may have moved since it was entered."""
    pairs = ((each, people.find(each.substitute_id)) for each, _ in found)
    return [
        (instead, "stands_in") for away, instead in pairs if instead and may_stand_in(away, instead)
    ]


def choose(rows: Sequence[Row], reason: Reason, people: People, actor_id: UUID | None) -> Chosen:
    """Return who is urged about which rows, each person once, and why the others are left out.

    Nobody is urged by themselves, nor about what they may not open.
    """
    recipients: dict[UUID, Recipient] = {}
    urged, left_out = [], []
    for row in rows:
        why = not_owed(row) or _share(row, reason, people, actor_id, recipients)
        if why:
            left_out.append(LeftOut(row.id, *why, row))
        else:
            urged.append(row)
    return Chosen(list(recipients.values()), urged, left_out)


def _share(
    row: Row,
    reason: Reason,
    people: People,
    actor_id: UUID | None,
    recipients: dict[UUID, Recipient],
) -> tuple[str, Sentence] | None:
    """Give the row to those it ties; return why it is nobody's."""
    if reason == "coordinating" and not row.coordinating_unit_ids:
        return "urging_no_coordination", Sentence(NO_COORDINATION)
    open_to = [pair for pair in tied(row, reason, people) if may_open(pair[0], row)]
    others: dict[UUID, tuple[Worker, UrgedAs]] = {}
    for person, as_ in open_to:
        if person.id != actor_id:
            others.setdefault(person.id, (person, as_))
    if not others:
        own = ("urging_own", Sentence(ONLY_YOURSELF))
        return own if open_to else ("urging_nobody", Sentence(NOBODY))
    for person, as_ in others.values():
        each = recipients.setdefault(person.id, Recipient(person))
        each.rows.append(row)
        each.ties.append(as_)
    return None


def filled(words: str, unit_name: str, rows: Sequence[Row], helped: Collection[UUID] = ()) -> str:
    """Return the words to one person: `{don_vi}` their unit, `{so_nhiem_vu}` how many rows.

    `{so_qua_han}`: how many of those that are theirs to lead are past their due day;
    `{danh_sach}`: the rows, those their unit only helps with (`helped`) said apart.
    """
    led = [row for row in rows if row.id not in helped]
    facts: Mapping[str, str] = {
        "don_vi": unit_name,
        "so_nhiem_vu": str(len(rows)),
        "so_qua_han": str(sum(row.overdue for row in led)),
        "danh_sach": _listed(led, [row for row in rows if row.id in helped]),
    }
    return filled_in(words, facts)


def _listed(led: Sequence[Row], helped: Sequence[Row]) -> str:
    few = len(led) + len(helped) <= WORDED
    parts = [(f"{LEADS} " if helped else "", led), (f"{HELPS} ", helped)]
    return "; ".join(said + _named(rows, few=few) for said, rows in parts if rows)


def _named(rows: Sequence[Row], *, few: bool) -> str:
    said = [f"{r.number} «{shortened(r.content)}»" if few and r.content else r.number for r in rows]
    return ", ".join(said[:LISTED]) + ("…" if len(said) > LISTED else "")


def shortened(words: str) -> str:
    """Return what a row is about as it fits into a sentence that names several."""
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rstrip()}…"
