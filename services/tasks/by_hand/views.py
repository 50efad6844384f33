"""How a deadline in words would be read in a plan, before anything is written."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from contracts.tasks import DeadlineKind
from tasks.deadlines import Deadline, read_deadline
from tasks.imports.frame import frame_of
from tasks.plans.models import Plan
from tasks.plans.views import Warned


class OccurrenceView(ResponseBody):
    """A time it falls due: an assignment. `due_on` null: there is no day, or none yet."""

    label: str
    due_on: date | None


class DeadlineReading(ResponseBody):
    """How words were understood. `certain` false: a person should look at `warnings` first."""

    kind: DeadlineKind
    reading: str
    certain: bool
    warnings: list[Warned]
    occurrences: list[OccurrenceView]


async def reading_of(
    session: AsyncSession, plan: Plan, words: str, language: Language
) -> DeadlineReading:
    """Return how an assignment of the plan with these words would be read."""
    read = read_deadline(words, await frame_of(session, plan, by_hand=True))
    return DeadlineReading(
        kind=read.kind,
        reading=say(read.reading, language),
        certain=read.kind != "needs_person" and not read.warnings,
        warnings=warned(read, language),
        occurrences=[OccurrenceView(label=o.label, due_on=o.due_on) for o in read.occurrences],
    )


def warned(read: Deadline, language: Language) -> list[Warned]:
    """Return what a person should look at, said."""
    return [Warned(code=each.code, message=say(each.sentence, language)) for each in read.warnings]
