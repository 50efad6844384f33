"""CloudEvents 1.0 in structured JSON: what travels on every channel."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"


class Envelope(BaseModel):
    """One event on its way. `id` never changes between redeliveries, replays and channels."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: str
    source: str
    subject: UUID
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    aggregateversion: int
    actorid: UUID | None = None
    requestid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]
