"""An answer of the feed: the envelopes as they were kept, put between brackets."""

import json
from typing import NamedTuple

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


class Written(NamedTuple):
    """Some events as they were written, with commas between them, and how many they are."""

    envelopes: bytes
    number: int


class Found(NamedTuple):
    """What an answer is made of: events as they were written, and where to go on."""

    written: Written
    following: str
    complete: bool


def body_of(found: Found) -> bytes:
    """Return the JSON of an EventsView, without reading the envelopes."""
    rest = f'],"next":{json.dumps(found.following)},"complete":{json.dumps(found.complete)}}}'
    return b'{"data":[' + found.written.envelopes + rest.encode()
