"""A program that is run within limits."""

import os
import subprocess
import sys

from chassis.documents.limited import YIELDS

NICEST = 19


def test_what_makes_a_document_yields_to_who_waits_for_a_page():
    command = [sys.executable, "-m", "chassis.documents.limited", sys.executable, "-c"]
    said = subprocess.run(
        [*command, "import os; print(os.nice(0))"], capture_output=True, text=True, check=True
    )

    assert int(said.stdout) == min(os.nice(0) + YIELDS, NICEST)
