"""Periodic work: rounds end with their last day; the audit is sealed; old answers to keys go."""

from datetime import timedelta

from chassis import audit
from chassis.schedule import Schedule
from chassis.web import purge_idempotency_keys
from surveys.actions import rounds

schedule = Schedule()
schedule.every(timedelta(minutes=1))(rounds.close_ended)
schedule.every(timedelta(minutes=1))(audit.seal)
schedule.every(timedelta(hours=1))(purge_idempotency_keys)
