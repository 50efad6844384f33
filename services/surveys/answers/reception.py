"""Where citizens come in: from a code to the round it leads to, from raw answers to the intake."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text

from chassis.clock import local_date
from chassis.database import Database
from chassis.tables import unit
from surveys.answers.coalescer import Grouped, Kept
from surveys.answers.domain import Raw, check
from surveys.answers.group_commit import Ballot, Intake
from surveys.answers.rate_limiter import PerMinute
from surveys.answers.refusals import AnswersRefused, CodeUnknown, LinkFlooded, TicketUsed, refused
from surveys.codes.domain import Code, InvalidCode
from surveys.codes.signer import Codes
from surveys.questionnaires import domain as forms
from surveys.questionnaires.domain import Questionnaire
from surveys.rounds.domain import Refusal, Round
from surveys.tables import Questionnaire as StoredQuestionnaire
from surveys.tables import SurveyRound, Ticket

FRESH = 2.0  # seconds a round's wording and a link may be out of date; its closing never is
MOST_LOOKUPS = 200  # tickets or links looked up by one query
MOST_LINKS = 10_000  # codes of links that are remembered as read

_LINKS = text("""
    SELECT key, round_id, unit_id FROM link WHERE key = ANY(CAST(:keys AS text[])) AND active
""")

Place = tuple[UUID, UUID | None]  # round and unit that a code leads to


@dataclass(frozen=True)
class AskedRound:
    """A round as a respondent meets it. `units`: names by id, in the directory's order."""

    id: UUID
    title: str
    rules: Round
    questionnaire: Questionnaire
    units: Mapping[UUID, str]
    names: Mapping[UUID, str]
    today: date

    @property
    def refusal(self) -> Refusal | None:
        """Why it takes no answer today, None when it does."""
        return self.rules.accepts(self.today)


@dataclass(frozen=True)
class Door:
    """What a code leads to. `unit_id` None: the respondent may say which unit served."""

    code: Code
    asked: AskedRound
    unit_id: UUID | None

    @property
    def unit_name(self) -> str | None:
        """Name of the unit that the code stands for."""
        return self.asked.names.get(self.unit_id) if self.unit_id else None

    @property
    def choosable(self) -> Mapping[UUID, str]:
        """The units a respondent may name: none when the code says it, or nobody asks."""
        asks = self.asked.questionnaire.unit_question and not self.unit_id
        return self.asked.units if asks else {}


class Reception:
    """Finds doors, checks ballots, hands them to the intake. One per process and database."""

    def __init__(
        self,
        database: Database,
        codes: Codes,
        *,
        organisation: str,
        most_unsent: int,
        link_answers_per_minute: int,
    ) -> None:
        """Prepare; nothing is read yet."""
        self.codes, self.organisation = codes, organisation
        self.intake = Intake(database, most_unsent)
        self._database = database
        self._rounds: Kept[UUID, AskedRound] = Kept(self._load_round, FRESH)
        links: Grouped[str, Place | None] = Grouped(self._load_links, MOST_LOOKUPS)
        self._links: Kept[str, Place | None] = Kept(links.ask, FRESH, MOST_LINKS)
        self._read_links: dict[str, Code] = {}
        self._forms: dict[tuple[UUID, int], Questionnaire] = {}
        self._tickets: Grouped[str, Place | None] = Grouped(self._load_tickets, MOST_LOOKUPS)
        self._brake = PerMinute(link_answers_per_minute)

    async def door(self, text: str) -> Door:
        """Return where a code leads. Raises CodeUnknown or TicketUsed."""
        code = self._read(text)
        found = await (self._tickets.ask if code.kind == "ticket" else self._links.get)(code.key)
        if found is None:
            raise TicketUsed if code.kind == "ticket" else CodeUnknown
        round_id, unit_id = found
        return Door(code, await self._rounds.get(round_id), unit_id)

    async def take(
        self, text: str, response_id: UUID, channel: str, read: Callable[[Questionnaire], Raw]
    ) -> None:
        """Store a ballot; return once it is committed. Sent again, it is accepted again.

        Raises CodeUnknown, TicketUsed, RoundNotOpen, RoundClosed, LinkFlooded, AnswersRefused; and
        what says that nothing is known: Unavailable, or the database's own error.
        """
        try:
            door = await self.door(text)
        except TicketUsed:
            if await self.intake.has(response_id):
                return
            raise
        if door.asked.refusal and not await self.intake.has(response_id):
            raise refused(door.asked.refusal)
        self._limit(door.code)
        await self._submit(_ballot(door, response_id, channel, read))

    async def _submit(self, ballot: Ballot) -> None:
        outcome = await self.intake.submit(ballot)
        if outcome == "ticket_used":
            raise TicketUsed
        if isinstance(outcome, Refusal):
            raise refused(outcome)

    def _read(self, text: str) -> Code:
        """Check a code; a link's signature once, as its code comes again with every answer."""
        if (known := self._read_links.get(text)) is not None:
            return known
        try:
            code = self.codes.read(text)
        except InvalidCode as error:
            raise CodeUnknown from error
        if code.kind == "link" and len(self._read_links) < MOST_LINKS:
            self._read_links[text] = code
        return code

    def _limit(self, code: Code) -> None:
        """Slow a flooded open link down. Never by address: a whole office shares one."""
        if code.kind == "link" and (seconds := self._brake.wait(code.key)):
            raise LinkFlooded(seconds)

    async def _load_round(self, id_: UUID) -> AskedRound:
        same = (StoredQuestionnaire.id == SurveyRound.questionnaire_id) & (
            StoredQuestionnaire.version == SurveyRound.questionnaire_version
        )
        statement = select(SurveyRound, StoredQuestionnaire.body, func.now()).join(
            StoredQuestionnaire, same
        )
        async with self._database.sessions() as session:
            row = (await session.execute(statement.where(SurveyRound.id == id_))).one()
            in_order = select(unit.c.id, unit.c.name).order_by(unit.c.sort_order, unit.c.id)
            names = {one.id: one.name for one in await session.execute(in_order)}
        about: SurveyRound = row[0]
        return AskedRound(
            id=id_,
            title=about.title,
            rules=Round.model_validate(about),
            questionnaire=self._form(about, row[1]),
            units={key: name for key, name in names.items() if key in about.unit_ids},
            names=names,
            today=local_date(row[2]),
        )

    def _form(self, about: SurveyRound, body: object) -> Questionnaire:
        """Read a questionnaire once: the version a round asks was published and never changes."""
        version = (about.questionnaire_id, about.questionnaire_version)
        if about.status == "draft":
            return forms.load(body)
        if version not in self._forms:
            self._forms[version] = forms.load(body)
        return self._forms[version]

    async def _load_links(self, keys: Sequence[str]) -> list[Place | None]:
        async with self._database.sessions() as session:
            rows = (await session.execute(_LINKS, {"keys": list(keys)})).all()
        found: dict[str, Place] = {row.key: (row.round_id, row.unit_id) for row in rows}
        return [found.get(key) for key in keys]

    async def _load_tickets(self, keys: Sequence[str]) -> list[Place | None]:
        statement = select(Ticket.key, Ticket.round_id, Ticket.unit_id).where(Ticket.key.in_(keys))
        async with self._database.sessions() as session:
            rows = (await session.execute(statement)).all()
        found: dict[str, Place] = {row.key: (row.round_id, row.unit_id) for row in rows}
        return [found.get(key) for key in keys]


def _ballot(
    door: Door, response_id: UUID, channel: str, read: Callable[[Questionnaire], Raw]
) -> Ballot:
    """Check the answers. Raises AnswersRefused."""
    raw = read(door.asked.questionnaire)
    checked = check(door.asked.questionnaire, raw, tuple(door.choosable))
    if isinstance(checked, list):
        raise AnswersRefused(door, checked)
    return Ballot(
        response_id=response_id,
        round_id=door.asked.id,
        unit_id=door.unit_id or checked.unit_id,
        channel=channel,
        ticket=door.code.key if door.code.kind == "ticket" else None,
        answers=checked,
    )
