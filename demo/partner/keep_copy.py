"""A partner's program: keeps a copy of plans, assignments and figures in its own SQLite file.

It knows of the department's systems what their docs say (partners.md, events.md, webhooks.md,
amqp.md). Needs `pika` for the queue, `standardwebhooks` for the webhook, and else Python alone:

    python keep_copy.py feed webhook queue        # one of them, or several side by side

NOTIFICATIONS    address of notifications     CLIENT_ID, CLIENT_SECRET   the key we were given
COPY             our SQLite file              PORT                       of the page and the webhook
FEED_ID          a subscription, if any       WEBHOOK_SECRET             whsec_…
AMQP_URL, QUEUE, QUEUE_ID                     of the subscription by AMQP

It may be killed at any moment and started again, and its file may be deleted: an event is
acknowledged once it is stored, and an empty copy is filled from the snapshots.
"""

import base64
import html
import json
import os
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

TYPES = "tasks.*,reporting.*"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
KINDS = {"plan": "Kế hoạch", "assignment": "Nhiệm vụ", "index": "Chỉ số"}
STATUSES = {
    "not_started": "chưa bắt đầu", "in_progress": "đang thực hiện", "submitted": "chờ nghiệm thu",
    "returned": "bị trả lại", "done": "hoàn thành", "cancelled": "đã hủy",
}  # fmt: skip
FIGURES = {
    "par_secured": "CCHC đã chắc chắn", "par_projected": "CCHC dự kiến",
    "par_official": "CCHC chính thức", "satisfaction": "Hài lòng", "completion": "Hoàn thành",
}  # fmt: skip
TROUBLE = (OSError, ValueError, KeyError, HTTPException, sqlite3.Error)
SCHEMA = """
CREATE TABLE IF NOT EXISTS newest (transport TEXT, id TEXT, kind TEXT, version INT, state TEXT,
  PRIMARY KEY (transport, id));
CREATE TABLE IF NOT EXISTS place (transport TEXT PRIMARY KEY, cursor TEXT);
CREATE TABLE IF NOT EXISTS arrived (n INTEGER PRIMARY KEY, transport TEXT, at TEXT, type TEXT,
  version INT, words TEXT, is_new INT);
"""
# An older version may come after a newer one, and anything twice: the highest version stays.
KEEP = """
INSERT INTO newest VALUES (?, ?, ?, ?, ?) ON CONFLICT (transport, id) DO UPDATE
SET version = excluded.version, state = excluded.state WHERE excluded.version > newest.version
"""


class Copy:
    """What we keep: the newest state of everything by each transport, and where we stand."""

    def __init__(self, file: str) -> None:
        self.file = file
        with closing(self._open()) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(SCHEMA)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, timeout=30)

    def ask(self, query: str, *given: object) -> list[Any]:
        """Return rows."""
        with closing(self._open()) as database, database:
            return database.execute(query, given).fetchall()

    def keep(self, transport: str, events: Iterable[dict[str, Any]], cursor: str = "") -> None:
        """Store events and the place behind them, all or nothing."""
        with closing(self._open()) as database, database:
            for event in events:
                self._keep_one(database, transport, event)
            if cursor:
                database.execute("REPLACE INTO place VALUES (?, ?)", (transport, cursor))

    def _keep_one(
        self, database: sqlite3.Connection, transport: str, event: dict[str, Any]
    ) -> None:
        kind = next((name for name in KINDS if name in event["data"]), None)
        if kind is None:
            return
        version, state = event["aggregateversion"], event["data"][kind]
        row = (transport, event["subject"], kind, version, json.dumps(state))
        is_new = database.execute(KEEP, row).rowcount > 0
        self.note(database, transport, event, words(kind, state), is_new=is_new)

    def note(
        self,
        database: sqlite3.Connection,
        transport: str,
        event: dict[str, Any],
        said: str,
        *,
        is_new: bool,
    ) -> None:
        """Remember for the page what arrived."""
        at = f"{datetime.now(HERE):%H:%M:%S}"
        facts = (transport, at, event["type"], event["aggregateversion"])
        database.execute(
            "INSERT INTO arrived (transport, at, type, version, words, is_new)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (*facts, said, is_new),
        )

    def show_only(self, transport: str, event: dict[str, Any]) -> None:
        """Remember an example that was sent to try the way: no fact."""
        with closing(self._open()) as database, database:
            self.note(database, transport, event, "Tin thử, không lưu", is_new=False)

    def place(self, transport: str) -> str | None:
        """Return where a transport stands; None: its copy is empty, or cannot go on."""
        rows = self.ask("SELECT cursor FROM place WHERE transport = ?", transport)
        return str(rows[0][0]) if rows else None

    def forget_place(self, transport: str) -> None:
        """Begin again from the snapshots."""
        self.ask("DELETE FROM place WHERE transport = ?", transport)


class Notifications:
    """The API, with a token of ours that is fetched anew when it ends."""

    def __init__(self, address: str, client_id: str, secret: str) -> None:
        self.address = address
        self.basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self.token, self.until = "", 0.0

    def get(self, path: str, **query: object) -> Any:
        """Return the answer of a GET."""
        return self._ask(f"{path}?{urllib.parse.urlencode(query)}", None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Return the answer of a POST, which counts once."""
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, body: bytes | None) -> Any:
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        if body is not None:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        return self._send(path, body, headers)

    def _token(self) -> str:
        if time.monotonic() > self.until:
            form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
            given = self._send("/v1/partners/token", form, {"Authorization": f"Basic {self.basic}"})
            self.token, self.until = given["access_token"], time.monotonic() + 300
        return self.token

    def _send(self, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        asked = urllib.request.Request(self.address + path, body, headers)  # noqa: S310 - ours to set
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - as above
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.UNAUTHORIZED:
                self.until = 0.0
            raise


class Partner:
    """Our three ways to stay level."""

    def __init__(self, copy: Copy, notifications: Notifications) -> None:
        self.copy, self.notifications = copy, notifications
        self.handled = ""  # the overflow that we already recover from

    def fill(self, transport: str) -> None:
        """Fill an empty copy with the newest event of everything."""
        after, complete = "", False
        while not complete:
            page = self.notifications.get(
                "/v1/events", snapshots="true", types=TYPES, after=after, limit=500
            )
            after, complete = page["next"], page["complete"]
            self.copy.keep(transport, page["data"], after if complete else "")

    def fill_if_empty(self, transport: str) -> None:
        """Do so before anything else is taken: what was acknowledged does not come again."""
        if self.copy.place(transport) is None:
            self.fill(transport)

    def feed(self) -> None:
        """Wait for what comes behind our place."""
        self.fill_if_empty("feed")
        own = os.environ.get("FEED_ID")  # a subscription shows them, too, how far we are
        wanted = {"subscription_id": own} if own else {"types": TYPES}
        try:
            page = self.notifications.get(
                "/v1/events", **wanted, after=self.copy.place("feed"), wait=20, limit=500
            )
        except urllib.error.HTTPError as error:
            if code_of(error) == "cursor_ahead":  # their database was put back from a copy
                self.copy.forget_place("feed")
            raise
        self.copy.keep("feed", page["data"], page["next"])

    def queue(self) -> None:
        """Consume until the connection ends."""
        import pika  # noqa: PLC0415 - only who reads a queue needs it

        self.fill_if_empty("queue")

        def take(channel: Any, method: Any, _: object, body: bytes) -> None:
            self.copy.keep("queue", [json.loads(body)])
            channel.basic_ack(method.delivery_tag)

        try:
            connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
            channel = connection.channel()
            channel.basic_qos(prefetch_count=50)
            channel.basic_consume(os.environ["QUEUE"], take)
            channel.start_consuming()
        except pika.exceptions.AMQPError as error:
            raise ConnectionError(repr(error)) from error

    def recover(self) -> None:
        """Ask once for what the queue dropped while it was full."""
        at = f"/v1/subscriptions/{os.environ['QUEUE_ID']}"
        standing = self.notifications.get(f"{at}/queue")
        overflow = f"{standing['overflowed_at']} {standing['dropped']}"
        if standing["overflowed_at"] and overflow != self.handled:
            after = standing["recover_from"]
            if after is None:  # the queue was lost as a whole: nobody knows from where
                self.fill("queue")
                after = self.copy.place("queue")
            self.notifications.post(f"{at}/recover", {"after": after})
            self.handled = overflow
        time.sleep(2)

    def stay_filled(self) -> None:
        """Fill the webhook's copy though nothing comes."""
        self.fill_if_empty("webhook")
        time.sleep(2)

    def door(self) -> type[BaseHTTPRequestHandler]:
        """Return who answers at our port: webhooks by POST, the page by GET."""
        partner = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ready = self.path.startswith("/health")
                self.answer(HTTPStatus.OK, "ok" if ready else page(partner.copy))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                try:
                    partner.take(body, {name.lower(): text for name, text in self.headers.items()})
                except PermissionError as error:
                    self.answer(HTTPStatus.UNAUTHORIZED, str(error))
                except TROUBLE as error:
                    print("webhook:", repr(error), flush=True)
                    self.answer(HTTPStatus.SERVICE_UNAVAILABLE, "again, please")
                else:
                    self.answer(HTTPStatus.NO_CONTENT, "")

            def answer(self, status: HTTPStatus, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing of each request."""

        return Door

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        """Store an event of the webhook. Raises PermissionError unless it is signed."""
        from standardwebhooks import Webhook, WebhookVerificationError  # noqa: PLC0415 - as pika

        try:
            event = Webhook(os.environ["WEBHOOK_SECRET"]).verify(body, headers)
        except WebhookVerificationError as error:
            raise PermissionError(str(error)) from error
        if headers.get("nhip-example"):
            self.copy.show_only("webhook", event)
            return
        self.fill_if_empty("webhook")
        self.copy.keep("webhook", [event])


def code_of(error: urllib.error.HTTPError) -> str:
    """Return the stable code of a failure; nothing where the answer says none."""
    try:
        return str(json.load(error)["code"])
    except TROUBLE:
        return ""


def words(kind: str, state: dict[str, Any]) -> str:
    """Say in a few words what a state is."""
    if kind == "plan":
        return str(state["title"])
    if kind == "assignment":
        status = STATUSES.get(state["status"], state["status"])
        return f"{state['number']}: {status}, {state['progress_percent']} %"
    value = "chưa có" if state["value"] is None else str(state["value"]).replace(".", ",")
    return f"{FIGURES.get(state['kind'], state['kind'])} {state['year']}: {value}"


PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>Hệ thống đối tác: tin đã nhận</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 1rem; color: #1d2733;
  background: #f5f7fa }}
main {{ display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%),
  1fr)) }}
section {{ background: #fff; border: 1px solid #d5dde6; border-radius: .5rem; padding: 1rem;
  overflow-wrap: anywhere }}
h1, h2 {{ line-height: 1.2; margin: 0 0 .5rem }} h2 {{ font-size: 1.15rem }}
ol {{ list-style: none; margin: 0; padding: 0 }}
li {{ border-top: 1px solid #e6ebf1; padding: .4rem 0 }} small {{ color: #51606f }}
</style>
<h1>Hệ thống đối tác (chạy thử)</h1>
<p>Bản sao kế hoạch, nhiệm vụ và chỉ số, nhận qua từng kênh; tin mới nhất ở trên.</p>
<main>{sections}</main>
<script>
setInterval(async () => {{
  const text = await (await fetch("/")).text();
  const seen = new DOMParser().parseFromString(text, "text/html");
  document.querySelector("main").innerHTML = seen.querySelector("main").innerHTML;
}}, 2000);
</script></html>"""
CHANNELS = {"feed": "Đọc theo con trỏ (feed)", "webhook": "Webhook", "queue": "Hàng đợi (AMQP)"}


def page(copy: Copy) -> str:
    """Return what arrived, the newest first, one section for each transport."""
    return PAGE.format(sections="".join(_section(copy, name) for name in CHANNELS))


def _section(copy: Copy, transport: str) -> str:
    counts = dict(
        copy.ask("SELECT kind, count(*) FROM newest WHERE transport = ? GROUP BY kind", transport)
    )
    held = ", ".join(f"{counts.get(kind, 0)} {name.lower()}" for kind, name in KINDS.items())
    rows = copy.ask(
        "SELECT at, type, version, words, is_new FROM arrived WHERE transport = ?"
        " ORDER BY n DESC LIMIT 30", transport,
    )  # fmt: skip
    items = "".join(
        f"<li>{html.escape(said)}<br><small>{at} · {html.escape(type_)} · phiên bản {version}"
        f"{'' if is_new else ' · đã có, bỏ qua'}</small></li>"
        for at, type_, version, said, is_new in rows
    )
    nothing = "<li>Chưa nhận tin nào.</li>"
    listed = f"<ol>{items or nothing}</ol>"
    return f"<section><h2>{CHANNELS[transport]}</h2><p>{held}</p>{listed}</section>"


def for_ever(name: str, step: Callable[[], None]) -> None:
    """Take a step again and again; what fails is said and tried again."""
    while True:
        try:
            step()
        except TROUBLE as error:
            print(f"{name}:", repr(error), flush=True)
            time.sleep(1)


def main(transports: list[str]) -> None:
    """Stay level by each transport that was asked for."""
    if not transports or set(transports) - set(CHANNELS):
        sys.exit(__doc__)
    given = os.environ
    notifications = Notifications(
        given["NOTIFICATIONS"], given["CLIENT_ID"], given["CLIENT_SECRET"]
    )
    partner = Partner(Copy(given.get("COPY", "copy.sqlite")), notifications)
    steps: dict[str, Callable[[], None]] = {}
    if "feed" in transports:
        steps["feed"] = partner.feed
    if "webhook" in transports:
        steps["webhook"] = partner.stay_filled
    if "queue" in transports:
        steps |= {"queue": partner.queue, "recover": partner.recover}
    for name, step in steps.items():
        threading.Thread(target=for_ever, args=(name, step), daemon=True).start()
    if "PORT" in given:
        ThreadingHTTPServer(("127.0.0.1", int(given["PORT"])), partner.door()).serve_forever()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
