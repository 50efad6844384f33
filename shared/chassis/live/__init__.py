"""What changes on the screen without a reload: a row, one NOTIFY, one listener per process, SSE."""

from chassis.live.arrivals import Arrivals
from chassis.live.listener import Listener
from chassis.live.pushing import LiveEvent, Push, purge_live_events, push
from chassis.live.stream import stream

__all__ = ["Arrivals", "Listener", "LiveEvent", "Push", "purge_live_events", "push", "stream"]
