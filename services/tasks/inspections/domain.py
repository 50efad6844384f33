"""What may be done with an inspection as it stands, and who can be in its team. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentStatus, InspectionMethod, InspectionStatus
from tasks.deadlines.days import day_text

Act = Literal[
    "change", "announce", "visit", "record_finding", "conclude", "cancel", "close_finding"
]
Duty = Literal["head", "member", "substitute"]

FROM: dict[Act, frozenset[InspectionStatus]] = {
    "change": frozenset({"planned", "announced", "visited", "concluded"}),
    "announce": frozenset({"planned"}),
    "visit": frozenset({"planned", "announced"}),
    "record_finding": frozenset({"visited"}),
    "conclude": frozenset({"visited"}),
    "cancel": frozenset({"planned", "announced"}),
}
FIXED_AFTER: dict[InspectionStatus, frozenset[str]] = {
    "announced": frozenset({"body", "method", "unit_id"}),
    "visited": frozenset({"body", "method", "unit_id", "starts_on", "ends_on", "team"}),
    "concluded": frozenset(
        {"body", "method", "unit_id", "starts_on", "ends_on", "team", "subject"}
    ),
}
"""What nobody changes any more, once it was announced, visited or concluded."""

_REFUSALS: dict[InspectionStatus, tuple[str, str]] = {
    "planned": ("inspection_not_visited", N_("Cuộc kiểm tra này chưa được tiến hành.")),
    "announced": ("inspection_announced", N_("Cuộc kiểm tra này đã được thông báo.")),
    "visited": ("inspection_visited", N_("Cuộc kiểm tra này đã được tiến hành.")),
    "concluded": ("inspection_concluded", N_("Cuộc kiểm tra này đã có kết luận.")),
    "cancelled": ("inspection_cancelled", N_("Cuộc kiểm tra này đã bị hủy.")),
}
NOT_VISITED = _REFUSALS["planned"]
UNANNOUNCED = N_("Kiểm tra đột xuất không thông báo trước: hãy ghi ngày kiểm tra khi đoàn đến")
NOT_ANNOUNCED = N_("Hãy thông báo cuộc kiểm tra cho đơn vị trước khi ghi là đã kiểm tra")
FIXED = N_("Cuộc kiểm tra đã được thông báo hoặc tiến hành, nên mục này không đổi được nữa")
ASKED_FOR = N_("Cuộc kiểm tra đã có kết luận: chỉ ghi thêm được ngày nhận các hồ sơ đã yêu cầu")
UNIT_UNKNOWN = N_("Không có đơn vị này, hoặc đơn vị đã ngừng hoạt động")
PERSON_UNKNOWN = N_("Chỉ chọn được cán bộ đang làm việc")
INSPECTED = N_("Người này thuộc đơn vị được kiểm tra nên không ở trong đoàn")
IN_TEAM_TWICE = N_("Người này đã có trong đoàn: mỗi người chỉ ghi một lần")
NOT_IN_TEAM = N_("Người này không phải trưởng đoàn hoặc thành viên của đoàn")
NO_SUBSTITUTE = N_("Người thay phải là người dự phòng của đoàn")
STANDS_IN_TWICE = N_("Người này đã thay một người khác của đoàn")
AWAY = N_("{name} vắng mặt ngày {day} theo danh bạ: hãy ghi người thay và lý do")
SUBSTITUTE_AWAY = N_("{name} cũng vắng mặt ngày {day} theo danh bạ: hãy chọn người khác")
EACH_FINDING = N_("Mỗi tồn tại, hạn chế cần đúng một việc khắc phục: còn thiếu «{words}»")
FINDING_UNKNOWN = N_("Cuộc kiểm tra này không có tồn tại, hạn chế này")
FINDING_TWICE = N_("Tồn tại, hạn chế này đã có việc khắc phục ở trên")
PLAN_NEEDED = N_("Hãy chọn kế hoạch để giao việc khắc phục")
NOT_CANCELLED = N_(
    "Chỉ đóng được tồn tại, hạn chế mà nhiệm vụ khắc phục đã bị hủy; nhiệm vụ này thì chưa"
)
ALREADY_CLOSED = N_("Tồn tại, hạn chế này đã được đóng")
NEVER_REPEATED = N_(
    "Xét {periods} năm thì không có gì lặp lại được trong {times} năm: hãy xét ít nhất {times} năm"
)
_SHOWN = 60  # characters of a finding or a subject in a sentence


@dataclass(frozen=True)
class Candidate:
    """Somebody of the directory who is put into a team."""

    unit_id: UUID
    active: bool


@dataclass(frozen=True)
class Serving:
    """Somebody of a team: the duty, the name, and the days of an absence the directory knows."""

    person_id: UUID
    duty: Duty
    name: str
    away_from: date | None = None
    away_until: date | None = None

    def away_on(self, day: date) -> bool:
        """Whether the directory knows them to be away on a day."""
        return bool(self.away_from and self.away_until) and (
            self.away_from <= day <= self.away_until  # type: ignore[operator]  # just checked
        )


@dataclass(frozen=True)
class Replacement:
    """Who is away, who comes instead, and why."""

    person_id: UUID
    substitute_id: UUID
    reason: str


def check_standing(act: Act, state: InspectionStatus, method: InspectionMethod) -> None:
    """Raise RuleBroken where the state does not allow the act: `inspection_concluded` and so on.

    What is not announced beforehand is an unannounced inspection, and only that.
    """
    if act == "announce" and method == "unannounced" and state == "planned":
        raise RuleBroken("inspection_unannounced", Sentence(UNANNOUNCED))
    if act == "visit" and state == "planned" and method != "unannounced":
        raise RuleBroken("inspection_not_announced", Sentence(NOT_ANNOUNCED))
    if state in FROM[act]:
        return
    early = state in {"planned", "announced"}
    code, sentence = NOT_VISITED if early and act != "announce" else _REFUSALS[state]
    raise RuleBroken(code, Sentence(sentence))


def acts_open_in(state: InspectionStatus, method: InspectionMethod) -> list[Act]:
    """Return the acts the state allows; whose they are: `access`."""
    found: list[Act] = []
    for act in FROM:
        try:
            check_standing(act, state, method)
        except RuleBroken:
            continue
        found.append(act)
    return found


def check_changed(state: InspectionStatus, changed: Collection[str]) -> None:
    """Raise InputRefused, all at once, for what is fixed by now."""
    fixed = FIXED_AFTER.get(state, frozenset())
    pointers = {"team": "head_id"}
    wrong = [Problem(f"/{pointers.get(n, n)}", Sentence(FIXED)) for n in changed if n in fixed]
    refuse(wrong)


def check_received(
    state: InspectionStatus, now: Sequence[Mapping[str, object]], given: Sequence[Mapping[str, Any]]
) -> None:
    """Raise InputRefused where, once it is concluded, more differs than when records came."""
    if state == "concluded" and _asked_for(now) != _asked_for(given):
        refuse([Problem("/records", Sentence(ASKED_FOR))])


def _asked_for(records: Sequence[Mapping[str, object]]) -> list[list[str]]:
    return [[str(r.get(name) or "") for name in ("what", "asked_on", "due_on")] for r in records]


def check_team(
    team: Sequence[tuple[str, UUID]], people: Mapping[UUID, Candidate], unit_id: UUID
) -> None:
    """Raise InputRefused, all at once, for people who cannot be in a team.

    Args:
        team: where in the input each is named, and who.
        people: those of them the directory has.
        unit_id: the inspected unit: nobody inspects their own.
    """
    refuse(list(_of_team(team, people, unit_id)))


def _of_team(
    team: Sequence[tuple[str, UUID]], people: Mapping[UUID, Candidate], unit_id: UUID
) -> Iterator[Problem]:
    seen: set[UUID] = set()
    for pointer, id_ in team:
        person = people.get(id_)
        if person is None or not person.active:
            yield Problem(pointer, Sentence(PERSON_UNKNOWN))
        elif person.unit_id == unit_id:
            yield Problem(pointer, Sentence(INSPECTED))
        elif id_ in seen:
            yield Problem(pointer, Sentence(IN_TEAM_TWICE))
        seen.add(id_)


def check_replacements(
    replacements: Sequence[Replacement], team: Sequence[Serving], day: date
) -> None:
    """Raise InputRefused unless everybody who is away is replaced by a substitute of the team.

    Each substitute stands in for one. Who is away by the directory must be replaced, too.
    """
    refuse(list(_of_replacements(replacements, {each.person_id: each for each in team}, day)))


def _of_replacements(
    replacements: Sequence[Replacement], team: Mapping[UUID, Serving], day: date
) -> Iterator[Problem]:
    used: set[UUID] = set()
    for place, each in enumerate(replacements):
        absent, instead = team.get(each.person_id), team.get(each.substitute_id)
        where = f"/absent/{place}/substitute_id"
        if absent is None or absent.duty == "substitute":
            yield Problem(f"/absent/{place}/person_id", Sentence(NOT_IN_TEAM))
        if instead is None or instead.duty != "substitute":
            yield Problem(where, Sentence(NO_SUBSTITUTE))
        elif instead.person_id in used:
            yield Problem(where, Sentence(STANDS_IN_TWICE))
        elif instead.away_on(day):
            yield Problem(where, Sentence(SUBSTITUTE_AWAY, _facts(instead, day)))
        used.add(each.substitute_id)
    replaced = {each.person_id for each in replacements}
    for serving in team.values():
        must = serving.duty != "substitute" and serving.person_id not in replaced
        if must and serving.away_on(day):
            yield Problem("/absent", Sentence(AWAY, _facts(serving, day)))


def _facts(serving: Serving, day: date) -> dict[str, str]:
    return {"name": serving.name, "day": day_text(day)}


def check_remediations(given: Sequence[UUID], findings: Mapping[UUID, str]) -> None:
    """Raise InputRefused unless each finding has exactly one remediation.

    Args:
        given: the finding of each remediation, in the input's order.
        findings: the inspection's findings, in words, by id.
    """
    problems = []
    for place, id_ in enumerate(given):
        pointer = f"/remediations/{place}/finding_id"
        if id_ not in findings:
            problems.append(Problem(pointer, Sentence(FINDING_UNKNOWN)))
        elif id_ in given[:place]:
            problems.append(Problem(pointer, Sentence(FINDING_TWICE)))
    shown = [shortened(words) for id_, words in findings.items() if id_ not in given]
    problems += [
        Problem("/remediations", Sentence(EACH_FINDING, {"words": words})) for words in shown
    ]
    refuse(problems)


def may_be_closed(remedy: AssignmentStatus | None, *, closed: bool) -> bool:
    """Whether nothing remedies a finding any more, and nobody has closed it yet."""
    return remedy == "cancelled" and not closed


def check_closing(remedy: AssignmentStatus | None, *, closed: bool) -> None:
    """Raise RuleBroken unless a finding may be closed: `finding_closed`, `finding_in_work`."""
    if closed:
        raise RuleBroken("finding_closed", Sentence(ALREADY_CLOSED))
    if not may_be_closed(remedy, closed=closed):
        raise RuleBroken("finding_in_work", Sentence(NOT_CANCELLED))


def shortened(words: str) -> str:
    """Return what people wrote as it fits into a sentence that names it."""
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def check_rule(times: int, periods: int) -> None:
    """Raise InputRefused for a rule that nothing can meet: more years than are looked at."""
    if times > periods:
        facts = {"times": times, "periods": periods}
        refuse([Problem("/periods", Sentence(NEVER_REPEATED, facts))])


def refuse(problems: Sequence[Problem]) -> None:
    """Raise InputRefused for these, if there are any."""
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)
