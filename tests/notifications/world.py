"""A small department, and how to make things happen in it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text
from tests.envelopes import envelope_of

from chassis.database import Database
from chassis.ids import new_id
from chassis.messaging.consuming import Consumer
from contracts import reporting, surveys, tasks
from contracts.envelope import Envelope
from contracts.events import Event
from notifications import handlers

UNITS = {"SNV": "department", "VP": "office", "CCHC": "room", "LDVL": "room", "TTR": "room"}
PEOPLE = {
    "director": ("director", "SNV"),
    "office": ("office", "VP"),
    "office_2": ("office", "VP"),
    "head_cchc": ("unit_head", "CCHC"),
    "officer_cchc": ("unit_officer", "CCHC"),
    "colleague_cchc": ("unit_officer", "CCHC"),
    "head_ldvl": ("unit_head", "LDVL"),
    "officer_ldvl": ("unit_officer", "LDVL"),
    "appraiser": ("appraiser", "SNV"),
    "auditor": ("auditor", "SNV"),
    "admin": ("admin", "VP"),
    "external": ("external_system", "SNV"),
}
PLAN, ROUND, SET = (uuid5(NAMESPACE_URL, name) for name in ("plan", "round", "set"))


def id_of(name: str) -> UUID:
    """Return the id of a person or unit of this department."""
    return uuid5(NAMESPACE_URL, name)


def unit_changed(code: str, **changed) -> tasks.UnitChanged:
    facts = {
        "unit_id": id_of(code), "version": 1, "code": code, "name": f"Phòng {code}",
        "kind": UNITS[code], "parent_id": None, "aliases": [], "sort_order": 1, "active": True,
        **changed,
    }  # fmt: skip
    return tasks.UnitChanged(unit=tasks.UnitState(**facts))


def person_changed(code: str, **changed) -> tasks.PersonChanged:
    role, unit = PEOPLE.get(code, ("unit_officer", "CCHC"))
    facts = {
        "person_id": id_of(code), "version": 1, "employee_code": code, "name": f"Cán bộ {code}",
        "post": "Chuyên viên", "email": f"{code}@snv.example", "role": role,
        "unit_id": id_of(unit), "login": None, "active": True, **changed,
    }  # fmt: skip
    return tasks.PersonChanged(person=tasks.PersonState(**facts))


def directory() -> list[Event]:
    return [*map(unit_changed, UNITS), *map(person_changed, PEOPLE)]


def assignment(number: int = 1, **changed) -> tasks.AssignmentState:
    """Return an assignment led by CCHC with an officer of it accountable; LDVL helps."""
    facts = {
        "assignment_id": id_of(f"assignment {number}"), "version": 1,
        "number": f"NV-2025-{number:04}", "plan_id": PLAN, "plan_year": 2025,
        "task_id": id_of(f"task {number}"), "task_number": str(number), "section": "I",
        "subject_matter": "Mức độ hoàn thành kế hoạch", "content": "Rà soát tiến độ",
        "product": "Bảng theo dõi", "unit_id": id_of("CCHC"),
        "coordinating_unit_ids": [id_of("LDVL")], "accountable_person_id": id_of("officer_cchc"),
        "occurrence": "", "deadline_kind": "fixed", "deadline_text": "30/11/2025",
        "starts_on": None, "due_on": date(2025, 11, 30), "last_working_day": date(2025, 11, 28),
        "status": "not_started", "progress_percent": 0, "submitted_on": None, "accepted_at": None,
        **changed,
    }  # fmt: skip
    return tasks.AssignmentState(**facts)


def plan() -> tasks.PlanState:
    return tasks.PlanState(
        plan_id=PLAN, version=2, year=2025, title="Kế hoạch CCHC năm 2025", unit_id=id_of("VP"),
        status="active", closes_on=date(2025, 11, 30), targets=[],
    )  # fmt: skip


def survey_round() -> surveys.RoundState:
    return surveys.RoundState(
        round_id=ROUND, version=2, title="Khảo sát quý IV", year=2025, questionnaire_id=new_id(),
        questionnaire_version=1, method="share", aggregator="pooled", status="open",
        opens_on=date(2025, 10, 1), closes_on=date(2025, 10, 31), unit_ids=[id_of("CCHC")],
        min_n=30,
    )  # fmt: skip


def index(version: int = 1, value: str | None = "89.996") -> reporting.IndexState:
    return reporting.IndexState(
        index_id=id_of("index"), version=version, kind="satisfaction", scope_id=ROUND,
        unit_id=None, year=2025, value=value and Decimal(value), numerator=Decimal(1),
        denominator=Decimal(2), method="share",
    )  # fmt: skip


def missed(version: int = 1, value: str = "89.996", comparison: str = "over"):
    return reporting.TargetMissed(
        index=index(version, value), plan_id=PLAN, comparison=comparison, target=Decimal("90.00")
    )


def recovered(version: int = 2, value: str = "90.004", comparison: str = "over"):
    return reporting.TargetRecovered(
        index=index(version, value), plan_id=PLAN, comparison=comparison, target=Decimal("90.00")
    )


def index_changed(version: int = 1) -> reporting.IndexChanged:
    return reporting.IndexChanged(index=index(version), previous=None)


def criteria_set_published() -> reporting.CriteriaSetPublished:
    return reporting.CriteriaSetPublished(
        criteria_set_id=SET, set_version=1, code="BTC", year=2025, title="Bộ tiêu chí",
        composed=True, total_points=Decimal(100),
    )  # fmt: skip


def ranking_published(version: int = 1, unit_id: UUID | None = None) -> reporting.RankingPublished:
    ranked = reporting.RankedBody(
        body_id=id_of("body"), unit_id=unit_id, code="B1", name="Phòng", eligible=True, rank=1,
        index=Decimal("90.02"), grade="Tốt",
    )  # fmt: skip
    state = reporting.RankingState(
        ranking_id=id_of("ranking"), version=version, year=2025, block_id=id_of("block"),
        block_code="SO", block_name="Khối các sở", composed=True, average=Decimal("90.02"),
        sha256="0" * 64, bodies=[ranked],
    )  # fmt: skip
    return reporting.RankingPublished(ranking=state)


def report_waits(version: int = 2, status: str = "checked") -> reporting.ReportDraftMoved:
    """Return that a report was checked, or what became of it."""
    return reporting.ReportDraftMoved(draft=reporting.DraftState.model_validate({
        "report_id": id_of("report"), "version": version, "kind_name": "Báo cáo định kỳ",
        "starts_on": date(2024, 12, 15), "ends_on": date(2025, 12, 14), "status": status,
    }))  # fmt: skip


def report_lost(because: str = "refused") -> reporting.ReportMailFailed:
    """Return that the mail with a report, sent by `office_2`, did not arrive."""
    return reporting.ReportMailFailed(mail=reporting.LostMail.model_validate({
        "sending_id": id_of("sending"), "version": 1, "report_id": id_of("report"),
        "kind_name": "Báo cáo định kỳ", "number": "05/BC-SNV", "recipient": "UBND tỉnh",
        "mail_to": "vanthu@ubnd.example", "because": because, "reply": "550 no such mailbox",
        "sent_by": id_of("office_2"),
    }))  # fmt: skip


def report_issued() -> reporting.ReportIssued:
    state = reporting.ReportState(
        report_id=id_of("report"), version=1, kind="periodic", kind_name="Báo cáo định kỳ",
        starts_on=date(2024, 12, 15), ends_on=date(2025, 12, 14), plan_id=None,
        number="05/BC-SNV", signed_on=date(2025, 12, 20), sha256="0" * 64,
    )  # fmt: skip
    return reporting.ReportIssued(report=state)


def sheet(version: int = 1, status: str = "locked", index: str | None = None):
    """Return the score sheet of CCHC: its head acts for it, one appraiser appraises it."""
    return reporting.SheetState(
        sheet_id=id_of("sheet"), version=version, year=2025, body_id=id_of("body"),
        body_code="CCHC", body_name="Phòng CCHC", block_id=id_of("block"), block_code="K1",
        unit_id=id_of("CCHC"), status=status, index=index and Decimal(index), points=None,
        applicable_points=None, bonus=None, penalty=None, people_ids=[id_of("head_cchc")],
        appraiser_ids=[id_of("appraiser")],
    )  # fmt: skip


def sheet_locked(version: int = 1, locked: str = "self_scores"):
    return reporting.ScoreSheetLocked(sheet=sheet(version), locked=locked)


def sheet_moved(status: str, version: int = 1):
    return reporting.ScoreSheetMoved(sheet=sheet(version, status), closes_on=date(2025, 12, 5))


def sheet_back(version: int = 6):
    return reporting.ScoreSheetReopened(
        sheet=sheet(version, "explained"), act="reopen", reason="Chấm nhầm", closes_on=None
    )


def explanation_requested(version: int = 2):
    return reporting.ExplanationRequested(sheet=sheet(version, "explaining"), codes=["1.1.1"])


def sheet_reopened(act: str = "reopen", version: int = 2):
    return reporting.ScoreSheetReopened(
        sheet=sheet(version, "self_scoring"), act=act, reason="Thiếu minh chứng",
        closes_on=date(2025, 12, 5),
    )  # fmt: skip


def sheet_published(version: int = 4):
    return reporting.ScoreSheetPublished(sheet=sheet(version, "published", "81.33"))


def activated() -> tasks.PlanActivated:
    return tasks.PlanActivated(plan=plan())


def days_off(*days: date) -> tasks.CalendarChanged:
    exceptions = [tasks.CalendarDay(day=day, working=False, name="nghỉ") for day in days]
    state = tasks.CalendarState(calendar_id=id_of("2025"), version=1, year=2025, days=exceptions)
    return tasks.CalendarChanged(calendar=state)


def created(number: int = 1, **changed) -> tasks.AssignmentCreated:
    return tasks.AssignmentCreated(assignment=assignment(number, **changed))


def overdue(**changed) -> tasks.AssignmentOverdue:
    facts = {"version": 2, **changed}
    return tasks.AssignmentOverdue(assignment=assignment(**facts), overdue_since=date(2025, 12, 1))


def due_soon(days: int, step: int | None = None, **changed) -> tasks.AssignmentDueSoon:
    facts = {"version": 2, **changed}
    return tasks.AssignmentDueSoon(
        assignment=assignment(**facts), working_days_left=days, step=step
    )


def progress(*, difficulty: bool) -> tasks.ProgressReported:
    state = assignment(version=2, status="in_progress", progress_percent=40)
    return tasks.ProgressReported(assignment=state, has_difficulty=difficulty)


def submitted(version: int = 3, result: str = "result") -> tasks.ResultSubmitted:
    state = assignment(version=version, status="submitted")
    return tasks.ResultSubmitted(assignment=state, result_id=id_of(result), evidence_count=2)


def accepted(version: int = 4, *, on_time: bool = True) -> tasks.ResultAccepted:
    state = assignment(version=version, status="done")
    return tasks.ResultAccepted(assignment=state, result_id=id_of("result"), on_time=on_time)


def returned(version: int = 4) -> tasks.ResultReturned:
    state = assignment(version=version, status="returned")
    return tasks.ResultReturned(assignment=state, result_id=id_of("result"))


def extension_requested(version: int = 2, **changed) -> tasks.ExtensionRequested:
    facts = {"version": version, "requested_due_on": date(2025, 12, 15), **changed}
    return tasks.ExtensionRequested(assignment=assignment(**facts), extension_id=id_of("asked"))


def extension_refused(version: int = 3, **changed) -> tasks.ExtensionRefused:
    state = assignment(version=version, **changed)
    return tasks.ExtensionRefused(assignment=state, extension_id=id_of("asked"))


def extended(version: int = 3, **changed) -> tasks.DeadlineExtended:
    facts = {"version": version, "due_on": date(2025, 12, 15), "first_due_on": date(2025, 11, 30),
             "extended_times": 1, **changed}  # fmt: skip
    return tasks.DeadlineExtended(
        assignment=assignment(**facts), extension_id=id_of("asked"),
        previous_due_on=date(2025, 11, 30),
    )  # fmt: skip


def paused(version: int = 3) -> tasks.AssignmentPaused:
    return tasks.AssignmentPaused(
        assignment=assignment(version=version, paused_on=date(2025, 11, 20))
    )


def rolled_over(version: int = 3, **changed) -> tasks.AssignmentChanged:
    """Return that a plan of the next year goes on with it."""
    facts = {"version": version, "carried_to_id": id_of("assignment next year"), **changed}
    return tasks.AssignmentChanged(assignment=assignment(**facts))


def resumed(version: int = 4) -> tasks.AssignmentResumed:
    return tasks.AssignmentResumed(assignment=assignment(version=version))


def handed_over(version: int = 3) -> tasks.AssignmentHandedOver:
    """Return that LDVL, which helped, leads what CCHC led."""
    state = assignment(
        version=version, unit_id=id_of("LDVL"), coordinating_unit_ids=[],
        accountable_person_id=None, former_unit_ids=[id_of("CCHC")],
    )  # fmt: skip
    return tasks.AssignmentHandedOver(assignment=state, previous_unit_id=id_of("CCHC"))


def ended(because: str, version: int = 3) -> tasks.AssignmentCancelled:
    state = assignment(version=version, status="cancelled")
    return tasks.AssignmentCancelled(assignment=state, because=because)


def committed(version: int = 3) -> tasks.CommitmentMade:
    return tasks.CommitmentMade(
        assignment=assignment(version=version), commitment_id=id_of("commitment"),
        promised_on=date(2025, 12, 20),
    )  # fmt: skip


def envelope(event: Event, *, actor: str | None = None, time: datetime | None = None) -> Envelope:
    actor_id = id_of(actor) if actor else None
    return envelope_of(event, id=new_id(), time=time or datetime.now(UTC), actor_id=actor_id)


@dataclass
class World:
    """The notifications service's database, and events that reach it."""

    database: Database
    url: str
    consumer: Consumer = field(init=False)

    def __post_init__(self):
        self.consumer = Consumer(handlers.router, self.database)

    async def happen(self, *events: Event, actor: str | None = None) -> list[Envelope]:
        """Let events take effect as one batch; return what travelled."""
        envelopes = [envelope(event, actor=actor) for event in events]
        await self.consumer.apply(envelopes)
        return envelopes

    async def rows(self, query: str, **facts):
        async with self.database.sessions.begin() as session:
            found = await session.execute(text(query), facts)
            return list(found.all()) if found.returns_rows else []

    async def told(self) -> dict[str, list[str]]:
        """Return the reasons for which each person was told, by the person's code."""
        found = await self.rows(
            "SELECT p.employee_code AS code, n.reason FROM notification n"
            " JOIN person p ON p.id = n.person_id ORDER BY n.id"
        )
        told: dict[str, list[str]] = {}
        for row in found:
            told.setdefault(row.code, []).append(row.reason)
        return told

    async def bursts_are_over(self) -> None:
        """Let mails that are still gathering be due now."""
        await self.rows("UPDATE delivery SET next_attempt_at = now() WHERE state <> 'sent'")
