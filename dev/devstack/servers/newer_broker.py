"""RabbitMQ 4 beside an older one: Debian 13's packages in a folder of their own, run inside it.

Nothing is installed. The folder holds what the broker needs down to the C library, so that it runs
on a distribution that is older. Root only: unpacking owns files, and running changes the root.
"""

import os
import shutil
import subprocess
from pathlib import Path

from devstack.servers.errors import ServerFailed
from devstack.servers.memory import locked
from devstack.servers.user import SHARED_PLACE, Account

RELEASE = "trixie"  # Debian 13: RabbitMQ 4.0
PACKAGES = ("rabbitmq-server", "bash", "coreutils", "sed", "grep", "hostname", "procps")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PLACE = SHARED_PLACE / f"rabbitmq-{RELEASE}"

# The mounts belong to this process alone and go with it: nothing to clean up after a kill.
_INSIDE = """
root=$1 place=$2 account=$3; shift 3
mount --bind /proc "$root/proc"; mount --bind /dev "$root/dev"
mkdir -p "$root$place"; mount --bind "$place" "$root$place"
exec chroot --userspec="$account" "$root" "$@"
"""


def inside(place: Path, account: Account, command: list[str]) -> list[str]:
    """Return how to run `command` of the unpacked broker; it sees `place` under the same path."""
    user = f"{account.uid}:{account.gid}"
    script = ["sh", "-ec", _INSIDE, "sh", str(PLACE / "root"), str(place), user]
    return ["unshare", "--mount", "--propagation", "private", *script, *command]


def unpack() -> None:
    """Fetch and unpack the packages the first time (about 100 MB). Raises ServerFailed."""
    if os.geteuid() != 0:
        raise ServerFailed("RabbitMQ 4 is unpacked and run by root only; be root, or use Debian 13")
    SHARED_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    with locked(SHARED_PLACE / "rabbitmq.lock"):
        if not (PLACE / "root").exists():
            shutil.rmtree(PLACE, ignore_errors=True)
            draft = PLACE / "draft"
            _fetch()
            for package in sorted((PLACE / "cache/archives").glob("*.deb")):
                _run("dpkg", "-x", str(package), str(draft))
            _furnish(draft)
            draft.rename(PLACE / "root")
            shutil.rmtree(PLACE / "cache")


def _fetch() -> None:
    """Download with apt, into folders of our own and from the mirror this machine uses already."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (PLACE / folder).mkdir(parents=True)
    sources, status = PLACE / "sources.list", PLACE / "status"
    sources.write_text(f"deb [signed-by={KEYRING}] {_mirror()} {RELEASE} main\n")
    status.touch()
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::Lists": PLACE / "lists",
        "Dir::State::status": status,
        "Dir::Cache": PLACE / "cache",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "1",
    }
    given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    _run("apt-get", "-qq", *given, "update")
    _run("apt-get", "-qq", *given, "-y", "--download-only", "install", *PACKAGES)


def _mirror() -> str:
    """Return the Debian mirror of this machine's own package sources."""
    places = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    words = [w for p in places if p.exists() for w in p.read_text().split() if "://" in w]
    found = [w for w in words if w.rstrip("/").endswith("/debian")]
    if not found:
        raise ServerFailed("No Debian mirror among this machine's package sources")
    return found[0]


def _furnish(root: Path) -> None:
    """Add what the packages' own scripts would have made."""
    shell = root / "usr/bin/sh"
    shell.unlink(missing_ok=True)
    shell.symlink_to("bash")
    for folder in ("proc", "dev", "tmp", "etc"):
        (root / folder).mkdir(exist_ok=True)
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost {os.uname().nodename}\n")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-500:]
        raise ServerFailed(f"RabbitMQ 4 could not be unpacked ({command[0]}): {said}")
