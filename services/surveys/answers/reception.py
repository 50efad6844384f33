"""Where ballots come in: from a code to its round, from raw answers to a stored ballot."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from async_lru import alru_cache
from sqlalchemy import func, select, text

from chassis.clock import local_date
from chassis.database import Database
from chassis.tables import unit
from surveys.answers.ballot import Ballot
from surveys.answers.coalescer import Coalescer
from surveys.answers.domain import Answers, Raw, check
from surveys.answers.group_commit import GroupCommit
from surveys.answers.rate_limiter import RateLimiter
from surveys.answers.refusals import (
    AnswersRefused,
    CodeUnknown,
    LinkFlooded,
    ResponseIdTaken,
    TicketUsed,
    TooFewAnswers,
    refusal_of,
    refused,
)
from surveys.answers.resolved_code import AskedRound, ResolvedCode
from surveys.codes.domain import Code, InvalidCode
from surveys.codes.signer import Signer
from surveys.questionnaires import domain as forms
from surveys.questionnaires.domain import Questionnaire
from surveys.questionnaires.models import Questionnaire as StoredQuestionnaire
from surveys.rounds.domain import Refusal, Round, check_unit
from surveys.rounds.models import SurveyRound

FRESH = 2.0  # seconds a round's wording and a link may be out of date; its closing never is
MOST_LOOKUPS = 200  # tickets or links looked up by one query
MOST_ROUNDS = 1000
MOST_LINKS = 10_000  # also the codes of links that are remembered as read

_LINKS = text("""
    SELECT key, round_id, unit_id FROM link WHERE key = ANY(CAST(:keys AS text[])) AND active
""")

# What was issued is known for good; what is unspent has a row. A round's end deletes its rows,
# so only the round's own status, read by the same statement, tells "over" from "spent".
_TICKETS = text("""
    WITH asked AS (SELECT unnest(CAST(:keys AS text[])) AS key),
    issued AS (
      SELECT key, round_id, unit_id, true AS unspent, false AS voided
      FROM ticket JOIN asked USING (key)
      UNION ALL
      SELECT key, round_id, unit_id, false, voided FROM issued_ticket JOIN asked USING (key)
    )
    SELECT key, round_id, unit_id, NOT bool_or(unspent) AS spent, bool_or(voided) AS voided,
      status IN ('closed', 'cancelled') AS over
    FROM issued JOIN survey_round ON survey_round.id = round_id
    GROUP BY key, round_id, unit_id, status
""")


class Place(NamedTuple):
    """Round and unit that a code leads to. `over`: known to be closed, whoever remembers what."""

    round_id: UUID
    unit_id: UUID | None
    spent: bool = False
    over: bool = False
    voided: bool = False


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
        self._signer, self._database = signer, database
        self._round = alru_cache(MOST_ROUNDS, ttl=FRESH)(self._load_round)
        links: Coalescer[str, Place | None] = Coalescer(self._load_links, MOST_LOOKUPS)
        self._link = alru_cache(MOST_LINKS, ttl=FRESH)(links.ask)
        tickets: Coalescer[str, Place | None] = Coalescer(self._load_tickets, MOST_LOOKUPS)
        self._ticket = tickets.ask
        self._read_links: dict[str, Code] = {}
        self._forms: dict[tuple[UUID, int], Questionnaire] = {}
        self._limiter = RateLimiter(link_answers_per_minute)

    async def resolve(self, text: str) -> ResolvedCode:
        """Return what a code leads to, spent or voided or over or not.

        Raises CodeUnknown or TicketUsed.
        """
        code = self._read(text)
        found = await (self._ticket if code.kind == "ticket" else self._link)(code.key)
        if found is None:
            raise TicketUsed if code.kind == "ticket" else CodeUnknown
        asked = await self._round(found.round_id)
        if found.over and not asked.refusal:
            asked = await self._load_round(found.round_id)
        return ResolvedCode(code, asked, found.unit_id, found.spent, found.voided)

    async def take(
        self,
        text: str,
        response_id: UUID,
        channel: str,
        read: Callable[[Questionnaire], Raw],
        *,
        partial: bool = True,
    ) -> bool:
        """Store a ballot; return once it is committed. Sent again, it is accepted again.

        Returns whether enough is answered for it to count. `partial` False: TooFewAnswers is
        raised instead of storing one that would not. Raises CodeUnknown, TicketUsed, TicketVoided,
        RoundNotOpen, RoundClosed, LinkFlooded, AnswersRefused, ResponseIdTaken; and what says that
        nothing is known: Unavailable, or the database's own error.
        """
        resolved = await self.resolve(text)
        refusal = refusal_of(resolved)
        if refusal and not await self.group_commit.has(response_id):
            raise refusal
        self._limit(resolved.code)
        ballot = _ballot(resolved, response_id, channel, read)
        if ballot.answers.invalid_ballot and not partial:
            raise TooFewAnswers(resolved.asked.questionnaire.items - ballot.answers.scaled.keys())
        return await self._submit(ballot)

    async def enter(
        self, round_id: UUID, unit_id: UUID | None, response_id: UUID, channel: str, raw: Raw
    ) -> bool:
        """Store a ballot that staff enter without a ticket, as `take` does.

        Raises InputRefused for a unit that the round is not about; else what `take` raises.
        """
        asked = await self._round(round_id)
        check_unit(asked.units, unit_id)
        if asked.refusal and not await self.group_commit.has(response_id):
            raise refused(asked.refusal)
        answers = _checked(asked.questionnaire, raw)
        return await self._submit(
            Ballot(response_id, round_id, unit_id, channel, "supervised", None, answers)
        )

    async def _submit(self, ballot: Ballot) -> bool:
        outcome = await self.group_commit.submit(ballot)
        if outcome == "ticket_used":
            raise TicketUsed
        if outcome == "response_id_taken":
            raise ResponseIdTaken
        if isinstance(outcome, Refusal):
            raise refused(outcome)
        return not ballot.answers.invalid_ballot

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
        found = {row.key: Place(row.round_id, row.unit_id) for row in rows}
        return [found.get(key) for key in keys]

    async def _load_tickets(self, keys: Sequence[str]) -> list[Place | None]:
        async with self._database.sessions() as session:
            rows = (await session.execute(_TICKETS, {"keys": list(keys)})).all()
        found = {
            row.key: Place(row.round_id, row.unit_id, row.spent, row.over, row.voided)
            for row in rows
        }
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
