"""`python -m notifications api | worker | relay | clock | migrate | parked | all | conformance`."""

from chassis.cli import run
from notifications.app import build
from notifications.subscribers.webhooks.conformance.command import add_conformance

run(build, add_conformance)
