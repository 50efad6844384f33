"""LibreOffice without a window, for one file: a bounded process without a network."""

import asyncio
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 60.0  # a real document takes three
LARGEST_RESULT = 20_000_000  # bytes
# No macros, no links followed, nowhere to go: what a document asks for is not fetched.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>
"""
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


class NotInstalled(Exception):
    """There is no LibreOffice on this machine."""


async def converted(
    content: bytes, kind: str, target: str, seconds: float = SECONDS
) -> bytes | None:
    """Return a file of one kind (its ending: "doc") as another ("docx", "pdf:writer_pdf_Export…").

    None where LibreOffice failed, took too long or wrote too much. Raises NotInstalled.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        raise NotInstalled
    with TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        await asyncio.to_thread(_prepare, folder, content, kind)
        await _run(folder, soffice, kind, target, seconds)
        ending = target.partition(":")[0]
        return await asyncio.to_thread(_result, folder / f"out/document.{ending}")


def _prepare(folder: Path, content: bytes, kind: str) -> None:
    settings = (
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    profile = folder / "profile/user"
    profile.mkdir(parents=True)
    items = "".join(settings)
    (profile / "registrymodifications.xcu").write_text(_PROFILE.format(items=items))
    (folder / f"document.{kind}").write_bytes(content)


async def _run(folder: Path, soffice: str, kind: str, target: str, seconds: float) -> None:
    """Run LibreOffice to its end or to the end of its time; nothing of it is left behind."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "chassis.documents.limited", soffice),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--convert-to", target),
        *("--outdir", str(folder / "out"), str(folder / f"document.{kind}")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        with suppress(TimeoutError):  # no result: the caller says so
            async with asyncio.timeout(seconds):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _result(path: Path) -> bytes | None:
    if not path.is_file() or path.stat().st_size > LARGEST_RESULT:
        return None
    return path.read_bytes()
