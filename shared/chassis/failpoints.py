"""Named steps at which a test may kill the process; nothing happens unless FAILPOINT names one.

Two failures that look alike from outside (before or after a commit) differ only by such a step, and
only a kill at exactly that step proves that neither loses nor doubles anything.
"""

import os
import signal

STEPS = (
    "api.before_commit",
    "api.after_commit",
    "relay.after_claim",
    "relay.after_publish_before_confirm",
    "relay.after_confirm_before_mark",
    "consumer.after_inbox_insert",
    "consumer.before_commit",
    "consumer.after_commit_before_ack",
    "consumer.after_ack",
    "notify.after_send_before_mark",
)

_armed = os.environ.get("FAILPOINT", "")


def hit(step: str) -> None:
    """Kill this process with SIGKILL if the environment names this step."""
    if step == _armed:
        os.kill(os.getpid(), signal.SIGKILL)
