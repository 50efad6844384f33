"""Which Unix account runs a private server, and where its data may live.

PostgreSQL refuses to run as root, a broker has no need to: as root we use another account.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from devstack.servers.errors import ServerFailed

OWN_ACCOUNT, EXISTING_ACCOUNT = "nhip", "nobody"
SHARED_PLACE = Path("/var/lib/nhip")


@dataclass(frozen=True)
class Account:
    """A Unix account; `switch` is true when we must change to it (we are root)."""

    uid: int
    gid: int
    switch: bool

    @property
    def options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that run a child as this account, in /."""
        if not self.switch:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, folder: Path) -> bool:
        """Say whether the account reaches `folder`."""
        return self.can_run(["test", "-x", str(folder)])

    def can_run(self, command: list[str]) -> bool:
        """Say whether `command` ends well as this account."""
        try:
            done = subprocess.run(command, capture_output=True, check=False, **self.options)
        except OSError:
            return False
        return done.returncode == 0

    def own_folder(self, folder: Path) -> Path:
        """Make `folder` if needed, owned by the account and closed to everybody else."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.switch:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)
        return folder


@cache
def server_account() -> Account:
    """Return who runs the servers: ourselves, or as root `nhip` (made when missing), else `nobody`.

    Raises ServerFailed when we are root and neither account exists.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for name in (OWN_ACCOUNT, EXISTING_ACCOUNT):
        entry = _entry(name) or (name == OWN_ACCOUNT and _create(name)) or None
        if entry:
            return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise ServerFailed(
        f"PostgreSQL does not run as root: create an account '{OWN_ACCOUNT}' or be another user.",
    )


def place_for(folder: Path, account: Account) -> Path:
    """Return a 0700 folder where the account keeps the data of the new instance `folder`.

    Inside `folder` when the account reaches it, else below /var/lib/nhip under the path's hash:
    we never loosen the permissions of somebody's parent folders. There it is new each time: what
    an earlier instance of the same path left behind has passwords that nobody knows any more.
    """
    if not account.switch or account.may_enter(folder):
        return account.own_folder(folder / "private")
    SHARED_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    return account.own_folder(SHARED_PLACE / f"{name_hash(folder)}-{secrets.token_hex(3)}")


def remove_place(place: Path) -> None:
    """Delete the data of one instance, and the folder around it when nothing else is there."""
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()


def name_hash(folder: Path) -> str:
    """Return ten letters that stand for the path of `folder`."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:10]


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create(name: str) -> pwd.struct_passwd | None:
    """Create a system account without login or home; None when that is not possible."""
    program = shutil.which("useradd") or "/usr/sbin/useradd"
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [program, *options, "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    return _entry(name)
