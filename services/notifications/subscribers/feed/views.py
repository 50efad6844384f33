"""An answer of the feed: the envelopes as they were kept, put between brackets."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Events:
    """Envelopes as they were written, commas between them, and how many they are."""

    text: str
    count: int

    @classmethod
    def of(cls, envelopes: Sequence[str]) -> "Events":
        """Put envelopes together."""
        return cls(",".join(envelopes), len(envelopes))


class Found(NamedTuple):
    """What an answer is made of: envelopes as they were written, and where to go on."""

    events: Events
    following: str
    complete: bool


def body_of(found: Found) -> bytes:
    """Return the JSON of an EventsView, without reading the envelopes."""
    rest = f'"next":{json.dumps(found.following)},"complete":{json.dumps(found.complete)}'
    return f'{{"data":[{found.events.text}],{rest}}}'.encode()
