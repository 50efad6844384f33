"""Where ballots come in: from a code to its round, from raw answers to a stored ballot."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from async_lru import alru_cache
from sqlalchemy import func, select, text

from chassis.clock import local_date
from chassis.database import Database
from chassis.tables import unit
from surveys.answers.coalescer import Coalescer
from surveys.answers.domain import Answers, Raw, check
from surveys.answers.group_commit import Ballot, GroupCommit
from surveys.answers.rate_limiter import RateLimiter
from surveys.answers.refusals import (
    AnswersRefused,
    CodeUnknown,
    LinkFlooded,
    RoundClosed,
    RoundNotOpen,
    TicketUsed,
    TicketVoided,
    refused,
)
from surveys.answers.resolved_code import AskedRound, ResolvedCode
from surveys.codes.domain import Code, InvalidCode
from surveys.codes.models import Ticket
from surveys.codes.origins import Origins
from surveys.codes.signer import Signer
from surveys.questionnaires import domain as forms
from surveys.questionnaires.domain import Questionnaire
from surveys.questionnaires.models import Questionnaire as StoredQuestionnaire
from surveys.rounds.domain import ENDED, Refusal, Round, check_unit
from surveys.rounds.models import SurveyRound

FRESH = 2.0  # seconds a round's wording and a link may be out of date; its closing never is
MOST_LOOKUPS = 200  # tickets or links looked up by one query
MOST_ROUNDS = 1000
MOST_LINKS = 10_000  # also the codes of links that are remembered as read

_LINKS = text("""
    SELECT key, round_id, unit_id FROM link WHERE key = ANY(CAST(:keys AS text[])) AND active
""")

Place = tuple[UUID, UUID | None]  # round and unit that a code leads to


class Reception:
    """Resolves codes, checks ballots, has them stored. One per process and database."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        *,
        organisation: str,
        most_unsent: int,
        link_answers_per_minute: int,
    ) -> None:
        """Take the settings; the database is read when the first code comes."""
        self.organisation = organisation
        self.group_commit = GroupCommit(database, most_unsent)
        self._signer, self._database, self._origins = signer, database, Origins(signer)
        self._round = alru_cache(MOST_ROUNDS, ttl=FRESH)(self._load_round)
        links: Coalescer[str, Place | None] = Coalescer(self._load_links, MOST_LOOKUPS)
        self._link = alru_cache(MOST_LINKS, ttl=FRESH)(links.ask)
        tickets: Coalescer[str, Place | None] = Coalescer(self._load_tickets, MOST_LOOKUPS)
        self._ticket = tickets.ask
        self._read_links: dict[str, Code] = {}
        self._forms: dict[tuple[UUID, int], Questionnaire] = {}
        self._limiter = RateLimiter(link_answers_per_minute)

    async def resolve(self, text: str) -> ResolvedCode:
        """Return what a code leads to.

        Raises CodeUnknown, TicketUsed, TicketVoided; RoundClosed for a ticket of an ended round.
        """
        code = self._read(text)
        found = await (self._ticket if code.kind == "ticket" else self._link)(code.key)
        if found is None:
            raise await self._why_gone(code) if code.kind == "ticket" else CodeUnknown
        round_id, unit_id = found
        return ResolvedCode(code, await self._round(round_id), unit_id)

    async def _why_gone(self, code: Code) -> TicketUsed | TicketVoided | RoundClosed | RoundNotOpen:
        """Say why a ticket has no row: its batch or its round ended, else it was spent."""
        async with self._database.sessions() as session:
            end = await self._origins.end_of(session, code.key)
        if end == "ended":
            return refused(ENDED)
        return TicketVoided() if end == "voided" else TicketUsed()

    async def take(
        self, text: str, response_id: UUID, channel: str, read: Callable[[Questionnaire], Raw]
    ) -> None:
        """Store a ballot; return once it is committed. Sent again, it is accepted again.

        Raises what `resolve` does, RoundNotOpen, RoundClosed, LinkFlooded, AnswersRefused; and what
        says that nothing is known: Unavailable, or the database's own error.
        """
        try:
            resolved = await self.resolve(text)
        except (TicketUsed, TicketVoided, RoundClosed):
            if await self.group_commit.has(response_id):
                return
            raise
        await self._check_open(resolved.asked, response_id)
        self._limit(resolved.code)
        await self._submit(_ballot(resolved, response_id, channel, read))

    async def enter(
        self, round_id: UUID, unit_id: UUID | None, response_id: UUID, channel: str, raw: Raw
    ) -> None:
        """Store a ballot that staff enter without a ticket, as `take` does.

        Raises InputRefused for a unit that the round is not about; else what `take` raises.
        """
        asked = await self._round(round_id)
        check_unit(asked.units, unit_id)
        await self._check_open(asked, response_id)
        answers = _checked(asked.questionnaire, raw)
        await self._submit(
            Ballot(response_id, round_id, unit_id, channel, "supervised", None, answers)
        )

    async def _check_open(self, asked: AskedRound, response_id: UUID) -> None:
        """Raise RoundNotOpen or RoundClosed, except for a ballot that is already there."""
        if asked.refusal and not await self.group_commit.has(response_id):
            raise refused(asked.refusal)

    async def _submit(self, ballot: Ballot) -> None:
        outcome = await self.group_commit.submit(ballot)
        if outcome == "ticket_used":
            raise TicketUsed
        if isinstance(outcome, Refusal):
            raise refused(outcome)

    def _read(self, text: str) -> Code:
        """Check a code; a link's signature once, as its code comes again with every answer."""
        if (known := self._read_links.get(text)) is not None:
            return known
        try:
            code = self._signer.read(text)
        except InvalidCode as error:
            raise CodeUnknown from error
        if code.kind == "link" and len(self._read_links) < MOST_LINKS:
            self._read_links[text] = code
        return code

    def _limit(self, code: Code) -> None:
        """Slow a flooded open link down. Never by address: a whole office shares one."""
        if code.kind == "link" and (seconds := self._limiter.wait(code.key)):
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
    resolved: ResolvedCode, response_id: UUID, channel: str, read: Callable[[Questionnaire], Raw]
) -> Ballot:
    """Check the answers. Raises AnswersRefused."""
    questionnaire = resolved.asked.questionnaire
    answers = _checked(questionnaire, read(questionnaire), resolved.choosable)
    return Ballot(
        response_id=response_id,
        round_id=resolved.asked.id,
        unit_id=resolved.unit_id or answers.unit_id,
        channel=channel,
        lane=resolved.lane,
        ticket=resolved.ticket,
        answers=answers,
    )


def _checked(questionnaire: Questionnaire, raw: Raw, units: Collection[UUID] = ()) -> Answers:
    """Return the answers, if all of them are right. Raises AnswersRefused."""
    checked = check(questionnaire, raw, units)
    if isinstance(checked, list):
        raise AnswersRefused(checked)
    return checked
