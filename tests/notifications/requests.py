"""Contributions, questions, units' reports, as tasks says that they happened; LDVL helps CCHC."""

from datetime import UTC, date, datetime

from tests.notifications.world import PLAN, assignment, id_of

from contracts import tasks


def contributing(version: int, status: str, **changed) -> tasks.AssignmentState:
    """Return the assignment with one contribution of LDVL in a status."""
    given = status in ("given", "accepted")
    contribution = tasks.ContributionState(
        contribution_id=id_of("contribution"), unit_id=id_of("LDVL"), due_on=date(2025, 11, 21),
        status=status, given_on=date(2025, 11, 20) if given else None,
        on_time=True if given else None,
    )  # fmt: skip
    return assignment(version=version, contributions=[contribution], **changed)


def asked(version: int = 2, **changed) -> tasks.ContributionAsked:
    state = contributing(version, "asked", **changed)
    return tasks.ContributionAsked(assignment=state, contribution_id=id_of("contribution"))


def contribution_due(version: int = 3) -> tasks.ContributionDueSoon:
    return tasks.ContributionDueSoon(
        assignment=contributing(version, "asked"), contribution_id=id_of("contribution"),
        working_days_left=1,
    )  # fmt: skip


def given(version: int = 4) -> tasks.ContributionGiven:
    return tasks.ContributionGiven(
        assignment=contributing(version, "given"), contribution_id=id_of("contribution"),
        asked_by_id=id_of("colleague_cchc"), file_count=1,
    )  # fmt: skip


def taken(version: int = 5) -> tasks.ContributionAccepted:
    return tasks.ContributionAccepted(
        assignment=contributing(version, "accepted"), contribution_id=id_of("contribution"),
        given_by_id=id_of("officer_ldvl"),
    )  # fmt: skip


def given_back(version: int = 5) -> tasks.ContributionReturned:
    return tasks.ContributionReturned(
        assignment=contributing(version, "returned"), contribution_id=id_of("contribution"),
        given_by_id=id_of("officer_ldvl"),
    )  # fmt: skip


def withdrawn(version: int = 3) -> tasks.ContributionWithdrawn:
    state = contributing(version, "withdrawn")
    return tasks.ContributionWithdrawn(assignment=state, contribution_id=id_of("contribution"))


def question(version: int = 1, *, for_all: bool = False) -> tasks.QuestionState:
    at = datetime(2025, 11, 20, 2, tzinfo=UTC)
    return tasks.QuestionState(
        question_id=id_of("question"), version=version, assignment_id=id_of("assignment 1"),
        assignment_number="NV-2025-0001", subject_matter="Rà soát tiến độ", plan_id=PLAN,
        plan_title="Kế hoạch CCHC năm 2025", unit_id=id_of("LDVL"), lead_unit_id=id_of("CCHC"),
        asked_by_id=id_of("officer_ldvl"), asked_at=at, for_all=for_all,
        status="open" if version == 1 else "answered", answered_at=None if version == 1 else at,
    )  # fmt: skip


def question_asked() -> tasks.QuestionAsked:
    return tasks.QuestionAsked(question=question())


def question_answered(*, for_all: bool = False) -> tasks.QuestionAnswered:
    return tasks.QuestionAnswered(question=question(2, for_all=for_all))


def inspection(version: int = 4) -> tasks.InspectionState:
    return tasks.InspectionState(
        inspection_id=id_of("inspection"), version=version, unit_id=id_of("CCHC"), year=2025,
        finding_count=2,
    )  # fmt: skip


def inspection_announced(
    news: tasks.InspectionNews = "announced", version: int = 2, **changed
) -> tasks.InspectionAnnounced:
    """Return an inspection of CCHC by LDVL's officer, with one of the Office in reserve."""
    said = {
        "subject_matter": "Công tác CCHC", "starts_on": date(2025, 9, 8),
        "ends_on": date(2025, 9, 9), "team_ids": [id_of("officer_ldvl"), id_of("office_2")],
        "records": ["Kế hoạch CCHC của đơn vị", "Sổ theo dõi hồ sơ"], **changed,
    }  # fmt: skip
    return tasks.InspectionAnnounced(inspection=inspection(version), news=news, **said)


def finding_recorded() -> tasks.FindingRecorded:
    return tasks.FindingRecorded(
        inspection=inspection(), finding_id=id_of("finding"), kind="limitation",
        recorded_by_id=id_of("head_ldvl"),
    )  # fmt: skip


def inspection_concluded() -> tasks.InspectionConcluded:
    return tasks.InspectionConcluded(
        inspection=inspection(5), conclusion_number="12/TB-SNV", concluded_on=date(2025, 9, 12)
    )


def update_missed(version: int = 2) -> tasks.AssignmentUpdateMissed:
    state = assignment(version=version, deadline_kind="continuous", due_on=None)
    return tasks.AssignmentUpdateMissed(assignment=state, quarter_ended_on=date(2025, 9, 30))


def unit_report(version: int, status: str, **changed) -> tasks.UnitReportState:
    """Return the report of LDVL, which its officer writes, in a status."""
    state = {
        "report_id": id_of("report"), "version": version, "plan_id": PLAN,
        "plan_title": "Kế hoạch CCHC năm 2025", "plan_year": 2025, "unit_id": id_of("LDVL"),
        "due_on": date(2025, 11, 29), "last_working_day": date(2025, 11, 28), "status": status,
        "handed_in_on": None, "on_time": None, "author_id": id_of("officer_ldvl"), **changed,
    }  # fmt: skip
    return tasks.UnitReportState.model_validate(state)


def report_due(left: int, version: int = 1, step: int | None = None) -> tasks.UnitReportDue:
    state = unit_report(version, "owed", author_id=None)
    return tasks.UnitReportDue(
        report=state, step=left if step is None else step, working_days_left=left
    )


def report_waiting(version: int = 4) -> tasks.UnitReportWaiting:
    return tasks.UnitReportWaiting(report=unit_report(version, "submitted"))


def report_handed_in(version: int = 5, *, on_time: bool = True) -> tasks.UnitReportSubmitted:
    day = date(2025, 11, 28) if on_time else date(2025, 12, 1)
    state = unit_report(version, "approved", handed_in_on=day, on_time=on_time)
    return tasks.UnitReportSubmitted(report=state)


def report_returned(by: str, version: int = 6) -> tasks.UnitReportReturned:
    return tasks.UnitReportReturned(report=unit_report(version, "returned"), returned_by=by)


def report_accepted(version: int = 6) -> tasks.UnitReportAccepted:
    state = unit_report(version, "accepted", handed_in_on=date(2025, 11, 28), on_time=True)
    return tasks.UnitReportAccepted(report=state)
