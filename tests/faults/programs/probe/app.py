"""The probe's only guard against doubles is the inbox; its table would take any copies."""

import asyncio
import json
from pathlib import Path
from typing import Any

from pydantic_settings import SettingsConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import EventRouter, Received
from chassis.service import OwnSettings, Service
from contracts.surveys import ResponseSubmitted
from contracts.tasks import AssignmentChanged, ProgressReported

TABLE = """
CREATE TABLE seen (n bigint GENERATED ALWAYS AS IDENTITY,
  event_id uuid NOT NULL, type text NOT NULL,
  subject uuid NOT NULL, version bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON seen (subject, version)
"""
router = EventRouter("probe")
_NOTE = text("""
    INSERT INTO seen (event_id, type, subject, version)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:subjects AS uuid[]),
      CAST(:versions AS bigint[]))
""")


@router.on(ProgressReported, ResponseSubmitted)
async def note(events: list[Received[Any]], session: AsyncSession) -> None:
    """Append a line per event."""
    await session.execute(
        _NOTE,
        {
            "ids": [r.id for r in events],
            "types": [r.event.type for r in events],
            "subjects": [r.event.subject for r in events],
            "versions": [r.event.version for r in events],
        },
    )


@router.on(AssignmentChanged)
async def stumble(events: list[Received[Any]], session: AsyncSession) -> None:
    """Stand for a handler with a bug: the file says which event ids fail, and how."""
    file = Path(Settings().stumble_over)
    how = json.loads(file.read_text()) if file.exists() else {}
    for received in events:
        kind = how.get(str(received.id))
        if kind == "slow":
            await asyncio.sleep(3600)
        if kind is not None:
            raise {"ValueError": ValueError, "OSError": OSError}[kind]("a bug in a handler")
    await note(events, session)


class Settings(OwnSettings):
    """Environment variables `PROBE_*`."""

    model_config = SettingsConfigDict(env_prefix="PROBE_", extra="ignore")

    stumble_over: str = ""


def build() -> Service:
    """Return the probe. Its name is the one the development issuer knows it by."""
    return Service("demo", Settings(), Path(__file__).parent, [], frozenset(), events=router)
