"""Periodic work."""

from datetime import timedelta

from chassis.schedule import Schedule
from notifications.subscribers.feed.keeping import keep_months

schedule = Schedule()
schedule.every(timedelta(hours=6))(keep_months)
