"""RabbitMQ's programs: found, or installed from the distribution's packages."""

import subprocess
from pathlib import Path

from devstack.servers.errors import ServerFailed

# Not /usr/sbin/rabbitmq-server: that wrapper refuses every user but root and rabbitmq.
PROGRAMS = Path("/usr/lib/rabbitmq/bin")
INSTALLER = Path(__file__).parents[2] / "system_packages"


def ensure_rabbitmq() -> None:
    """Make sure Debian's RabbitMQ programs are here; installs them when that is possible.

    Raises ServerFailed with one message that says what to do when they cannot be installed.
    """
    if (PROGRAMS / "rabbitmq-server").exists():
        return
    done = subprocess.run(
        [str(INSTALLER), "rabbitmq-server"], check=False, text=True, stderr=subprocess.PIPE
    )
    if done.returncode != 0 or not (PROGRAMS / "rabbitmq-server").exists():
        raise ServerFailed(
            f"RabbitMQ is missing and could not be installed here ({done.stderr.strip()[-300:]}).\n"
            "Install it (Debian, Ubuntu: sudo apt-get install rabbitmq-server), set RABBITMQ_URL, "
            "or start everything in containers: docker compose up",
        )
