"""`python -m tasks api | worker | relay | clock | all | migrate | parked`."""

from chassis.cli import run
from tasks.app import build

if __name__ == "__main__":
    run(build)
