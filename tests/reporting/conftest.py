"""A reporting database, and messages as the producers send them."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
import yaml
from tests.envelopes import envelope_of
from tests.reporting.office import Office
from tests.reporting.sheets import Round

from chassis.access import Actor
from chassis.database import Database
from chassis.ids import new_id
from chassis.messaging.consuming import Consumer
from contracts.events import Event
from contracts.surveys import (
    QuestionnairePublished,
    QuestionnaireState,
    QuestionState,
    ResponseSubmitted,
    RoundOpened,
    RoundState,
)
from contracts.tasks import (
    AssignmentCreated,
    AssignmentState,
    PlanActivated,
    PlanState,
    PlanTarget,
    ResultAccepted,
    UnitChanged,
    UnitState,
)
from reporting.handlers import router

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
UNITS = [uuid4() for _ in range(3)]
DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture
async def database(migrated):
    database = Database(await migrated("reporting"))
    yield database
    await database.close()


@pytest.fixture
def consumer(database) -> Consumer:
    return Consumer(router, database)


def envelope(event: Event, *, id: UUID | None = None, time: datetime = NOW):
    return envelope_of(event, id=id or new_id(), time=time)


def plan(plan_id: UUID, over: str = "90") -> PlanActivated:
    return PlanActivated(
        plan=PlanState(
            plan_id=plan_id, version=1, year=2025, title="Kế hoạch 2025", unit_id=uuid4(),
            status="active", closes_on=date(2025, 11, 29),
            targets=[
                PlanTarget(index="satisfaction", comparison="over", value=over, source="kế hoạch"),
                PlanTarget(index="par", comparison="at_least", value=None, source="chưa nhập"),
            ],
        )
    )  # fmt: skip


def assignment(
    plan_id: UUID, number: int, *, unit: int = 0, task_id: UUID | None = None
) -> AssignmentState:
    return AssignmentState(
        assignment_id=uuid4(), version=1, number=f"NV-2025-{number:04}", plan_id=plan_id,
        plan_year=2025, task_id=task_id or uuid4(), task_number=str(number), section="I",
        subject_matter="Mức độ hoàn thành kế hoạch CCHC", content="Rà soát", product="Báo cáo",
        unit_id=UNITS[unit], coordinating_unit_ids=[], accountable_person_id=None, occurrence="",
        deadline_kind="fixed", deadline_text="30/6", starts_on=None, due_on=date(2025, 6, 30),
        last_working_day=date(2025, 6, 30), status="not_started", progress_percent=0,
        submitted_on=None, accepted_at=None,
    )  # fmt: skip


def created(state: AssignmentState) -> AssignmentCreated:
    return AssignmentCreated(assignment=state)


def accepted(
    state: AssignmentState, version: int = 2, on: date = date(2025, 6, 20)
) -> ResultAccepted:
    at = datetime.combine(on, time(3), UTC)
    done = state.model_copy(
        update={"version": version, "status": "done", "progress_percent": 100, "submitted_on": on,
                "accepted_at": at}
    )  # fmt: skip
    return ResultAccepted(assignment=done, result_id=uuid4(), on_time=True)


def unit_names():
    return [
        UnitChanged(
            unit=UnitState(unit_id=unit_id, version=1, code=f"U{i}", name=f"Phòng {i}", kind="room",
                           parent_id=None, aliases=[], sort_order=i, active=True)
        )
        for i, unit_id in enumerate(UNITS)
    ]  # fmt: skip


@pytest.fixture
def survey() -> SimpleNamespace:
    """A questionnaire of two factors with two items each, and an open round over three units."""
    questions = [
        QuestionState(code=f"F{f}.{i}", kind="scale5", text=f"Câu {f}.{i}", factor=f"F{f}",
                      general=False, options=[])
        for f in (1, 2)
        for i in (1, 2)
    ]  # fmt: skip
    questionnaire = QuestionnaireState(
        questionnaire_id=uuid4(), version=1, code="q", title="Phiếu", composed=True,
        factors={"F1": "Tiếp cận", "F2": "Thủ tục"}, questions=questions,
    )  # fmt: skip
    round_ = RoundState(
        round_id=uuid4(), version=2, title="Đợt 1", year=2025,
        questionnaire_id=questionnaire.questionnaire_id, questionnaire_version=1, method="share",
        aggregator="pooled", status="open", opens_on=date(2025, 9, 1), closes_on=date(2025, 11, 30),
        unit_ids=UNITS, min_n=30,
    )  # fmt: skip
    return SimpleNamespace(
        round=round_,
        events=[QuestionnairePublished(questionnaire=questionnaire), RoundOpened(round=round_)],
    )


def response(round_id: UUID, answers: dict[str, int], unit: int = 0):
    event = ResponseSubmitted(
        response_id=uuid4(), round_id=round_id, unit_id=UNITS[unit], channel="online",
        lane="ticket", answers=answers, choices={},
    )  # fmt: skip
    return envelope(event, id=uuid4(), time=NOW - timedelta(minutes=NOW.minute))


@pytest.fixture(scope="session")
def demo_criteria() -> dict:
    return yaml.safe_load((DEMO / "criteria_set.yaml").read_text())


@pytest.fixture
def actor() -> Actor:
    return Actor(uuid4(), UNITS[0], "office", "Chánh Văn phòng", "office")


@pytest.fixture
async def office(database, consumer, tmp_path):
    office = Office(database, tmp_path)
    people = office.people_changed(UNITS[0])
    await consumer.apply([envelope(event) for event in [*unit_names(), *people]])
    async with office.stack:
        yield office


@pytest.fixture
async def opened(office, consumer) -> Round:
    """A block of two bodies whose sheets of 2025 are open."""
    return await Round(office, consumer, UNITS).open()


@pytest.fixture
async def locked(opened) -> Round:
    """The same, with the first body's sheet locked."""
    await opened.score_all()
    await opened.through(("unit_head", "lock"))
    return opened
