"""`python -m probe worker | clock`."""

from chassis.cli import run
from probe.app import build

run(build)
