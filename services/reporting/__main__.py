"""`python -m reporting api | worker | relay | clock | migrate | all | verify`."""

from chassis.cli import run
from reporting.app import build
from reporting.verify import add_verify

run(build, add_verify)
