"""Reading a message: what can be handled or at least written down, and what cannot."""

import json
from uuid import uuid4

import pytest

from chassis.messaging.consuming import Unreadable, decode
from chassis.messaging.events import EventRouter
from contracts.tasks import UnitChanged

ROUTER = EventRouter("tests")
GOOD = {
    "id": str(uuid4()), "type": UnitChanged.type, "source": "/nhip/tasks", "subject": str(uuid4()),
    "time": "2026-11-26T08:00:00Z", "aggregateversion": 1, "data": {"note": "Văn phòng"},
}  # fmt: skip


@ROUTER.on(UnitChanged)
async def ignore(_events, _session) -> None:
    """Take them all."""


def body(**values: object) -> bytes:
    return json.dumps({**GOOD, **values}).encode()


def test_one_event_and_a_batch_of_them_are_read_alike():
    assert decode(body(), ROUTER) == decode(b" [" + body() + b"]", ROUTER)


@pytest.mark.parametrize(
    "unfit",
    [
        {"data": {"note": "\ud800"}},
        {"data": {"note\udc00": 1}},
        {"requestid": "\udfff"},
        {"time": "0001-01-01T00:00:00+14:00"},
        {"time": "2026-01-01T00:00:00"},
        {"aggregateversion": 2**63},
    ],
    ids=["half a character", "half of one in a name", "half of one beside the data",
         "before all calendars", "no zone", "version beyond the column"],
)  # fmt: skip
def test_what_could_not_be_written_down_is_unreadable(unfit):
    with pytest.raises(Unreadable):
        decode(body(**unfit), ROUTER)
