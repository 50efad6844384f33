"""Named steps at which a test may kill the process; nothing happens unless FAILPOINT names one.

Two failures that look alike from outside (before or after a commit) differ only by such a step, and
only a kill at exactly that step proves that neither loses nor doubles anything.
"""

import asyncio
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

_ON_ITS_WAY = 0.002  # seconds until what was written stands in the kernel's buffers
_armed = os.environ.get("FAILPOINT", "")


def hit(step: str) -> None:
    """Kill this process with SIGKILL if the environment names this step."""
    if step == _armed:
        os.kill(os.getpid(), signal.SIGKILL)


async def hit_in_flight(step: str) -> None:
    """As `hit`, once what was just begun is on its way and before an answer to it is read."""
    if step == _armed:
        await asyncio.sleep(_ON_ITS_WAY)
        hit(step)
