"""The report that a route is about: hidden is 404, then what may not be done is 403."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from chassis.web import CurrentActor, Transaction
from reporting.reports.models import Report
from reporting.reports.reading import seen


async def _seen(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id)


async def _retrying(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "retry")


async def _changing(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "change")


async def _checking(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "check")


async def _signing(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "sign")


async def _discarding(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "discard")


async def _sending(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "send")


async def _copying(id: UUID, session: Transaction, actor: CurrentActor) -> Report:
    return await seen(session, actor, id, "add_signed_copy")


Seen = Annotated[Report, Depends(_seen)]
Retrying = Annotated[Report, Depends(_retrying)]
Changing = Annotated[Report, Depends(_changing)]
Checking = Annotated[Report, Depends(_checking)]
Signing = Annotated[Report, Depends(_signing)]
Discarding = Annotated[Report, Depends(_discarding)]
SendingOf = Annotated[Report, Depends(_sending)]
Copying = Annotated[Report, Depends(_copying)]
