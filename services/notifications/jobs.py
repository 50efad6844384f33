"""Periodic work: old stream rows and stored answers go, the audit trail is sealed."""

from datetime import timedelta

from chassis import audit, live
from chassis.schedule import Schedule
from chassis.web import purge_idempotency_keys

schedule = Schedule()
schedule.every(timedelta(hours=1))(live.purge)
schedule.every(timedelta(hours=1))(purge_idempotency_keys)
schedule.every(timedelta(minutes=1))(audit.seal)
