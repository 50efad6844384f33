"""CloudEvents 1.0 in structured JSON: what travels on every channel."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"


class PublicEnvelope(BaseModel):
    """What other systems get of an event. `id` never changes, whatever the channel."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: str
    source: str
    subject: UUID
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    aggregateversion: int
    data: dict[str, Any]


class Envelope(PublicEnvelope):
    """One event on its way between our services: also who did it, and in which request."""

    actorid: UUID | None = None
    requestid: str | None = None
    traceparent: str | None = None
