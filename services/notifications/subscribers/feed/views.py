"""An answer of the feed: the envelopes as they were kept, put between brackets."""

import json
from collections.abc import Iterable

from pydantic import Field

from chassis.bodies import ResponseBody
from contracts.envelope import PublicEnvelope


class EventsView(ResponseBody):
    """Some events, byte for byte as they are kept for all. `complete`: nothing more for now.

    `next`: where to go on, to be given as `after`; also when there were no events.
    """

    data: list[PublicEnvelope]
    next: str = Field(examples=["cGVuZGluZyBleGFtcGxl"])
    complete: bool


def body_of(envelopes: Iterable[str], following: str, *, complete: bool) -> bytes:
    """Return the JSON of an EventsView, without reading the envelopes."""
    rest = f'"next":{json.dumps(following)},"complete":{json.dumps(complete)}'
    return f'{{"data":[{",".join(envelopes)}],{rest}}}'.encode()
