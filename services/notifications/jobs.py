"""Periodic work."""

from datetime import timedelta

from chassis.schedule import Schedule
from notifications.subscribers.feed.keeping import keep_months
from notifications.subscribers.webhooks.retention import forget_old_deliveries

schedule = Schedule()
schedule.every(timedelta(hours=6))(keep_months)
schedule.every(timedelta(hours=1))(forget_old_deliveries)
