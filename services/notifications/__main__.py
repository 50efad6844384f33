"""`python -m notifications api | worker | relay | clock | migrate | parked | all`."""

from chassis.cli import run
from notifications.app import build

run(build)
