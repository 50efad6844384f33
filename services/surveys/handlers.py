"""What surveys listens to: the directory, and nothing else."""

from chassis.directory import follow_directory
from chassis.messaging.events import EventRouter

router = EventRouter("surveys")
follow_directory(router)
