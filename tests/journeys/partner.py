"""A partner of another organisation: its program, which is not ours, and what stands before it."""

import http.client
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from tests.journeys.people import Person, eventually
from tests.journeys.stack import Stack

from devstack.run.environment import signed_in_as
from devstack.servers.ports import free_port

PROGRAM = Path(__file__).parents[2] / "demo/partner/keep_copy.py"
LATE = 17.0  # seconds; a webhook is waited for 15


class Partner:
    """What an administrator entered, with a subscription by one transport."""

    def __init__(self, stack: Stack, admin: Person, transport: str) -> None:
        self.stack, self.transport = stack, transport
        made = admin.post("notifications", "/partners", {
            "name": f"Bản sao {transport}", "organisation": "Sở khác", "unit_ids": None,
            "contact_email": "ban-sao@so.example", "event_types": ["*"],
            "read_apis": ["figures", "assignments"], "expires_on": "2099-12-31",
        })  # fmt: skip
        self.key = admin.post("notifications", f"/partners/{made['id']}/credentials")
        self.person = Person(stack, None)
        self.person.bear(self._token())
        wanted = {"name": "Bản sao", "transport": transport, "after": "now"}
        if transport == "webhook":
            wanted["url"] = f"{stack.addresses['partner']}/in"
        self.subscription = self.person.post("notifications", "/subscriptions", wanted)
        self.at = f"/subscriptions/{self.subscription['id']}"

    def _token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": self.key["client_id"],
                "client_secret": self.key["client_secret"]}  # fmt: skip
        url = f"{self.stack.addresses['notifications']}/v1/partners/token"
        return str(httpx.post(url, data=form).json()["access_token"])

    def told(self) -> dict[str, str]:
        """Return what its program is told."""
        found = {
            "NOTIFICATIONS": self.stack.addresses["notifications"],
            "CLIENT_ID": self.key["client_id"], "CLIENT_SECRET": self.key["client_secret"],
        }  # fmt: skip
        if self.transport == "feed":
            found["FEED_ID"] = self.subscription["id"]
        if self.transport == "webhook":
            made = self.person.post("notifications", f"{self.at}/rotate_secret")
            found["WEBHOOK_SECRET"] = made["secret"]
        if self.transport == "amqp":
            given = self.person.post("notifications", f"{self.at}/credentials")
            url = signed_in_as(given["address"], given["user"], given["password"])
            found |= {"AMQP_URL": url, "QUEUE": given["queue"]}
            found["QUEUE_ID"] = self.subscription["id"]
        return found


class Program:
    """The partner's program as a process, with an SQLite file of its own."""

    def __init__(self, partner: Partner, folder: Path) -> None:
        self.name = {"amqp": "queue"}.get(partner.transport, partner.transport)
        self.file, self.port = folder / "copy.sqlite", free_port()
        self.source = folder / "keep_copy.py"
        self.source.write_text(PROGRAM.read_text())
        self.environment = {
            "PATH": os.environ["PATH"], **partner.told(), "PORT": str(self.port),
            "COPY": str(self.file),
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.process = subprocess.Popen(
            [sys.executable, str(self.source), self.name], env=self.environment
        )
        eventually(self._listens, within=30)

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "it ended by itself"
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready").is_success
        return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def forget(self) -> None:
        """Delete its database."""
        for file in self.file.parent.glob("copy.sqlite*"):
            file.unlink()

    def rows(self, query: str) -> list[Any]:
        """Return rows of its database; none while it has none."""
        if not self.file.exists():
            return []
        with closing(sqlite3.connect(self.file, timeout=30)) as database:
            try:
                return database.execute(query).fetchall()
            except sqlite3.OperationalError:
                return []


class Between:
    """Stands before the program's door: refuses, answers late, asks twice.

    `how`: what becomes of the next requests; empty: they go through.
    """

    def __init__(self, address: str, program: Program) -> None:
        self.program = program
        self.how: list[str] = []
        self.seen: list[tuple[bytes, dict[str, str]]] = []
        between = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = between.answered(body, dict(self.headers))
                with suppress(OSError):  # who was waiting has gone
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        at = urlsplit(address)
        self.server = ThreadingHTTPServer((str(at.hostname), int(at.port or 0)), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answered(self, body: bytes, headers: dict[str, str]) -> int:
        """Do with a request what is next, and return how it is answered."""
        self.seen.append((body, headers))
        how = self.how.pop(0) if self.how else "through"
        if how == "refused":
            return 503
        status = self.on(body, headers)
        if how == "late":
            time.sleep(LATE)
        if how == "twice":
            self.on(body, headers)
        return 500 if how == "wrong" else status

    def on(self, body: bytes, headers: dict[str, str]) -> int:
        """Hand a request on to the program; 502 while it is away."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=30)
            connection.request("POST", "/in", body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 502

    def again(self) -> None:
        """Ask everything that was ever asked once more, the newest first."""
        for body, headers in reversed(self.seen):
            self.on(body, headers)


def busy(head: Person, assignments: list[dict[str, Any]]) -> Callable[[int], None]:
    """Return a function that lets so many things happen: a unit reports progress."""
    turn = iter(range(1, 10_000))

    def work(times: int) -> None:
        for _ in range(times):
            number = next(turn)
            path = f"/assignments/{assignments[number % len(assignments)]['id']}"
            version = head.get("tasks", path)["version"]
            body = {"percent": number % 90, "note": f"lần {number}"}
            head.post("tasks", f"{path}/progress", body, version=version)

    return work
