"""A year of several rounds and plans, and what everybody sees of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text
from tests.reporting.ballots import closed, count, look
from tests.reporting.conftest import UNITS, envelope

from chassis.ids import new_id
from contracts.surveys import (
    QuestionnairePublished,
    QuestionnaireState,
    QuestionState,
    ResponseSubmitted,
    RoundOpened,
    RoundState,
    TicketCount,
)
from contracts.tasks import PlanActivated, PlanState

BEGAN = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
SAID = ("Rất tốt", "Tốt", "Đạt", "Chưa đạt")


class Year:
    """Opens rounds of the survey's year, lets people answer and closes them, day by day."""

    def __init__(self, office, consumer, database, survey) -> None:
        self.office, self.consumer, self.database = office, consumer, database
        self.form, self.day = survey.events[0].questionnaire, BEGAN
        self.first = survey.round
        self.answered: dict[UUID, int] = {}
        self.codes: dict[UUID, list[str]] = {}

    async def ask(
        self, *, code: str = "q", question: str | None = None, factors: int = 2
    ) -> QuestionnaireState:
        """Publish a questionnaire; with `question` it also asks one with four options."""
        one = self.form.questions[0]
        more = [f"F{number}" for number in range(3, factors + 1)]
        questions = [
            *self.form.questions,
            *(one.model_copy(update={"code": f"{each}.1", "factor": each}) for each in more),
        ]
        if question:
            asked = QuestionState(
                code=question, kind="single", text="Đánh giá chung", factor=None, general=False,
                options=list(SAID),
            )  # fmt: skip
            questions.append(asked)
        form = self.form.model_copy(
            update={
                "questionnaire_id": uuid4(),
                "code": code,
                "questions": questions,
                "factors": {**self.form.factors, **{each: each for each in more}},
            }
        )
        await self._take(QuestionnairePublished(questionnaire=form))
        self.codes[form.questionnaire_id] = [q.code for q in questions if q.kind == "scale5"]
        return form

    async def open(self, form: QuestionnaireState, title: str, of: int | None = None) -> RoundState:
        """Open a round with a questionnaire; `of` another year than the survey's."""
        round_ = self.first.model_copy(
            update={"round_id": new_id(), "title": title, "open_in_index": False,
                    "questionnaire_id": form.questionnaire_id, "year": of or self.first.year}
        )  # fmt: skip
        await self._take(RoundOpened(round=round_))
        self.answered[round_.round_id] = 0
        return round_

    async def answer(
        self, round_: RoundState, n: int, level: int, chosen: dict[str, list[int]] | None = None,
        units: Sequence[UUID] = UNITS,
    ) -> list[ResponseSubmitted]:  # fmt: skip
        """Let `n` people of each unit answer, then let the clock look; return their ballots."""
        codes = self.codes[round_.questionnaire_id]
        ballots = [
            ResponseSubmitted(
                response_id=uuid4(), round_id=round_.round_id, unit_id=unit, channel="web",
                lane="ticket", answers=dict.fromkeys(codes, level), choices=chosen or {},
            )
            for unit in units
            for _ in range(n)
        ]  # fmt: skip
        await count(self.consumer, ballots)
        self.answered[round_.round_id] += len(ballots)
        await look(self.database)
        return ballots

    async def close(self, round_: RoundState, tickets: TicketCount | None = None) -> None:
        """End a round that issued so many tickets, and let the clock look."""
        end = closed(round_, tickets=tickets, ticket=self.answered[round_.round_id])
        await self._take(end)
        await look(self.database)

    async def issue(self, title: str, status: str = "active") -> UUID:
        """Issue a plan of the year; return its id."""
        state = PlanState(
            plan_id=new_id(), version=1, year=2025, title=title, unit_id=UNITS[0], status=status,
            closes_on=self.first.closes_on, targets=[],
        )  # fmt: skip
        await self._take(PlanActivated(plan=state))
        return state.plan_id

    async def par(self) -> dict:
        """Return the year's PAR index as everybody sees it."""
        return (await self.office.get("director", "/v1/indices/par/2025")).json()

    async def official(self) -> dict[str, str | None]:
        """Return all that is official: the figure and every row of it."""
        par = await self.par()
        rows = {row["code"]: row["official"] for row in par["rows"] if row["official"]}
        return {"index": par["official"]["value"], **rows}

    async def overview(self) -> dict:
        """Return the year at a glance."""
        return (await self.office.get("director", "/v1/overview", year=2025)).json()

    async def explained(self, code: str, figure: str = "official") -> dict:
        """Return how a row's points came about."""
        path = f"/v1/indices/par/2025/sub_criteria/{code}/explain"
        return (await self.office.get("director", path, figure=figure)).json()

    async def publish(self, criteria: dict) -> None:
        """Put a criteria set into force."""
        made = (await self.office.post("office", "/v1/criteria_sets", criteria)).json()
        answer = await self.office.post("office", f"/v1/criteria_sets/{made['id']}/publish")
        assert answer.status_code == 200, answer.text

    async def events(self, type_: str) -> list[str]:
        """Return the ids of what was said of a type."""
        async with self.database.sessions() as session:
            rows = await session.execute(
                text("SELECT id FROM event_log WHERE type = :type"), {"type": type_}
            )
            return [str(row.id) for row in rows]

    async def states(self, kind: str) -> list[dict]:
        """Return the states of an index that were announced, oldest first."""
        async with self.database.sessions() as session:
            rows = await session.execute(
                text("SELECT envelope::json->'data'->'index' AS said FROM event_log ORDER BY seq")
            )
            return [row.said for row in rows if row.said and row.said["kind"] == kind]

    async def _take(self, event) -> None:
        self.day += timedelta(days=1)
        await self.consumer.apply([envelope(event, time=self.day)])
