"""`python -m reporting api | worker | relay | clock | migrate | all | verify | rebuild`."""

from chassis.cli import run
from reporting.app import build
from reporting.rebuild import add_rebuild
from reporting.verify import add_verify

run(build, add_verify, add_rebuild)
