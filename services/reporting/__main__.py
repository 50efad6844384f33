"""`python -m reporting`: the verbs of every service, and verify, rebuild, discard-unknown."""

from chassis.cli import run
from reporting.app import build
from reporting.proof.discard_command import add_discard
from reporting.proof.rebuild_command import add_rebuild
from reporting.proof.verify_command import add_verify

run(build, add_verify, add_rebuild, add_discard)
