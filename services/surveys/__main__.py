"""`python -m surveys api | worker | relay | clock | migrate | parked | all`."""

from chassis.cli import run
from surveys.app import build

run(build)
