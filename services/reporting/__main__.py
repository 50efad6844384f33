"""`python -m reporting api | worker | relay | clock | migrate | all | verify | rebuild`."""

from chassis.cli import run
from reporting.app import build
from reporting.proof.rebuild_command import add_rebuild
from reporting.proof.verify_command import add_verify

run(build, add_verify, add_rebuild)
