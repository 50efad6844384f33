"""Periodic work."""

from datetime import timedelta

from chassis.schedule import Schedule
from notifications.partners.access_log import forget_old_access
from notifications.subscribers.feed.keeping import keep_months

schedule = Schedule()
schedule.every(timedelta(hours=6))(keep_months)
schedule.every(timedelta(hours=24))(forget_old_access)
