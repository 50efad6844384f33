"""Webhooks, to real HTTP servers that are at times away, late or wrong."""

import asyncio
import contextlib
import json
import os
import sys
from time import monotonic

import psutil
import pytest
from tests.notifications import world as w
from tests.notifications.conftest import free_port
from tests.notifications.receivers import Receiver, receiving
from tests.notifications.test_mail import SHEET

from chassis.ids import new_id
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.sender import Sender as Letters
from notifications.obligations.undelivered import tell_of_failure
from notifications.subscribers.webhooks import alerts, posting, retrying, sender, settling
from notifications.subscribers.webhooks.guard import Allowed
from notifications.subscribers.webhooks.posting import Post
from notifications.subscribers.webhooks.sender import Sender
from notifications.subscribers.webhooks.signing import new_secret


class Everywhere(Allowed):
    """This machine, on every port."""

    def has(self, host, address, port):  # noqa: ARG002
        return host == "127.0.0.1"


async def subscribe(world, receiver: Receiver, **given) -> str:
    """Return the id of a subscription of a receiver, which gets a secret."""
    id_ = new_id()
    receiver.secret = new_secret()
    facts = {"id": id_, "url": receiver.url, "types": [], "fields": "{}",
             "rate": None, **given}  # fmt: skip
    await world.rows(
        "INSERT INTO subscription (id, partner_id, name, transport, types, fields, cursor_tx,"
        " cursor_seq, url, created_at, rate_per_second)"
        " VALUES (:id, (SELECT id FROM partner), 'Kho dữ liệu',"
        " 'webhook', CAST(:types AS text[]), CAST(:fields AS jsonb), '0', 0, :url, now(), :rate)",
        **facts,
    )
    await world.rows(
        "INSERT INTO webhook_secret (id, subscription_id, secret, created_at)"
        " VALUES (:key, :id, :secret, now())",
        key=new_id(), id=id_, secret=receiver.secret,
    )  # fmt: skip
    return id_


@contextlib.asynccontextmanager
async def sending(world, allowed=None, **given):
    """Let a worker's loop send, to every port of this machine unless said otherwise."""
    post = Post(Everywhere() if allowed is None else allowed, patience=given.pop("patience", 15.0))
    sender = Sender(post, **given)
    task = asyncio.create_task(sender.run(world.database))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def quick(monkeypatch):
    """Waits of days pass at once."""
    monkeypatch.setattr(retrying, "WAITS", (retrying.timedelta(0),) * 9)
    monkeypatch.setattr(retrying, "_PROBES", (0.01,))


async def states(world):
    return [row.state for row in await world.rows("SELECT state FROM webhook_delivery ORDER BY id")]


async def test_an_event_reaches_its_receiver_byte_for_byte_within_a_second_signed(
    world, eventually
):
    async with receiving(Receiver()) as receiver, sending(world):
        await subscribe(world, receiver)
        [envelope] = await world.happen(w.created())
        began = monotonic()
        await eventually(lambda: receiver.requests, within=30)
        assert monotonic() - began < 1.5
        [kept] = await world.rows("SELECT envelope FROM public_event")
        assert receiver.requests[0][1].decode() == kept.envelope
        assert receiver.ids == [str(envelope.id)] == [receiver.events[0]["id"]]
        assert receiver.requests[0][0]["content-type"] == "application/cloudevents+json"

        async def settled():
            return await states(world) == ["delivered"]

        await eventually(settled, within=30)


async def test_only_what_is_wanted_is_sent(world, eventually):
    async with receiving(Receiver()) as receiver, sending(world):
        wanted = json.dumps({"data.assignment.status": ["done"]})
        await subscribe(world, receiver, fields=wanted, types=["tasks.*"])
        await world.happen(w.created(), w.accepted(), w.index_changed())
        await eventually(lambda: receiver.requests, within=30)
        await asyncio.sleep(0.5)  # why: nothing more may come
        assert [event["data"]["assignment"]["status"] for event in receiver.events] == ["done"]


async def test_a_partner_gets_what_it_may_have_as_it_stands_now_and_nothing_once_it_is_revoked(
    world, eventually
):
    async with receiving(Receiver()) as receiver, sending(world):
        await subscribe(world, receiver)
        await world.rows("UPDATE partner SET event_types = '{reporting.*}'")
        await world.happen(w.created(), w.index_changed())
        await eventually(lambda: receiver.requests, within=30)
        assert [event["type"] for event in receiver.events] == ["reporting.index_changed.v1"]
        await world.rows("UPDATE partner SET revoked_at = now()")
        await world.happen(w.index_changed(2))
        await asyncio.sleep(0.7)  # why: nothing more may come
        assert len(receiver.requests) == 1


async def test_what_fails_comes_again_under_the_same_id_until_it_is_taken(world, eventually, quick):
    async with receiving(Receiver(statuses=[500, 302, 404, 200])) as receiver, sending(world):
        await subscribe(world, receiver)
        [envelope] = await world.happen(w.created())
        await eventually(lambda: len(receiver.requests) == 4, within=30)
        assert set(receiver.ids) == {str(envelope.id)}

        async def settled():
            return await states(world) == ["delivered"]

        await eventually(settled, within=30)
        [row] = await world.rows("SELECT failures_in_row, last_error FROM subscription")
        assert (row.failures_in_row, row.last_error) == (0, "HTTP 404")


async def test_a_receiver_that_was_killed_gets_all_it_missed(world, eventually, quick):
    receiver = Receiver()
    async with receiving(receiver):
        await subscribe(world, receiver)
    async with sending(world):
        sent = await world.happen(*(w.created(number) for number in range(1, 30)))
        await asyncio.sleep(0.3)  # why: attempts fail meanwhile
        async with receiving(receiver):
            await eventually(lambda: len(set(receiver.ids)) == 29, within=30)
    assert set(receiver.ids) == {str(each.id) for each in sent}


async def test_a_worker_that_is_killed_after_sending_sends_again_under_the_same_id(
    world, eventually
):
    async with receiving(Receiver(seconds=0.5)) as receiver:
        await subscribe(world, receiver)
        [envelope] = await world.happen(w.created())
        async with sending(world):
            await eventually(lambda: receiver.requests, within=30)
            for each in asyncio.all_tasks():
                if "_attempt" in repr(each.get_coro()):
                    each.cancel()  # nobody notes what came of it
        await world.rows("UPDATE webhook_delivery SET lease_until = now() - interval '1 second'")
        async with sending(world):
            await eventually(lambda: len(receiver.requests) == 2, within=30)
        assert receiver.ids == [str(envelope.id)] * 2


async def lateness(world, eventually, receiver, numbers):
    """Return the seconds after which 95 of 100 events had arrived."""
    late = []
    for number in numbers:
        before, began = len(receiver.requests), monotonic()
        await world.happen(w.created(number))
        await eventually(lambda before=before: len(receiver.requests) > before, within=30)
        late.append(monotonic() - began)
    return sorted(late)[-max(1, len(late) // 20) - 1]


async def test_fifty_that_hang_do_not_slow_a_fast_one(world, eventually):
    async with contextlib.AsyncExitStack() as stack:
        fast = await stack.enter_async_context(receiving(Receiver()))
        hanging = await stack.enter_async_context(receiving(Receiver(seconds=60)))
        await subscribe(world, fast)
        await stack.enter_async_context(sending(world))
        alone = await lateness(world, eventually, fast, range(1, 16))
        for _ in range(50):
            await subscribe(world, hanging)
        await lateness(world, eventually, fast, range(16, 21))  # their connections are opened
        beside = await lateness(world, eventually, fast, range(21, 61))
        assert beside <= max(1.0, 3 * alone)  # a busy machine is slow by itself
        assert hanging.most_at_once <= 200


async def test_attempts_that_hang_give_up_their_places(world, eventually):
    """All places there are, for longer than anybody waits here."""
    async with contextlib.AsyncExitStack() as stack:
        hanging = await stack.enter_async_context(receiving(Receiver(seconds=600)))
        fast = await stack.enter_async_context(receiving(Receiver()))
        for _ in range(4):
            await subscribe(world, hanging)
        await stack.enter_async_context(sending(world, most=4, patience=600))
        await world.happen(w.created(1))
        await eventually(lambda: hanging.at_once == 4, within=60)
        await subscribe(world, fast)
        await eventually(lambda: fast.requests, within=60)
        assert hanging.at_once == 4, "they still hang"


async def test_one_that_never_answered_has_one_request_at_a_time_until_it_does(world, eventually):
    async with receiving(Receiver(seconds=600)) as receiver:
        await subscribe(world, receiver)
        await world.happen(*(w.created(number) for number in range(1, 9)))
        async with sending(world, patience=600):
            await eventually(lambda: receiver.requests, within=60)
            await asyncio.sleep(1)  # why: no second one may come
            assert receiver.most_at_once == 1
            receiver.seconds = 0
            receiver._stop.set()
            await eventually(lambda: len(set(receiver.ids)) == 8, within=60)


async def test_a_worker_told_to_end_as_something_comes_ends():
    arrived = asyncio.Event()
    loop = asyncio.create_task(sender._for_ever(lambda: sender._signalled(arrived)))
    await asyncio.sleep(0.1)  # why: it waits by then
    arrived.set()
    await asyncio.sleep(0)  # why: what it waits for has happened, it has not gone on yet
    loop.cancel()
    await asyncio.wait([loop], timeout=5)
    assert loop.cancelled()


async def test_a_receiver_is_called_again_over_the_same_connection(world, eventually):
    async with receiving(Receiver()) as receiver, sending(world):
        await subscribe(world, receiver)
        for number in range(1, 6):
            await world.happen(w.created(number))
            await eventually(lambda number=number: len(receiver.requests) == number, within=60)
        assert len(receiver.clients) == 1


async def test_connections_nobody_uses_are_closed_and_others_stay(monkeypatch):
    post = Post(Everywhere())
    monkeypatch.setattr(posting, "_TIDY_EVERY", -1.0)
    async with receiving(Receiver()) as one, receiving(Receiver()) as other:
        assert (await post(one.url, b"{}", {})).taken
        assert (await post(other.url, b"{}", {})).taken
        assert len(post.kept) == 2
        monkeypatch.setattr(posting, "_MOST_KEPT", 1)
        assert (await post(other.url, b"{}", {})).taken
        assert [name for _, name in post.kept] == [other.url.split("/")[2]]
        assert len(other.clients) == 1
        await post.close()


async def test_a_rate_is_kept(world, eventually):
    async with receiving(Receiver()) as receiver, sending(world):
        await subscribe(world, receiver, rate=5)
        await world.happen(*(w.created(number) for number in range(1, 12)))
        await eventually(lambda: receiver.requests, within=30)
        await asyncio.sleep(1)  # why: the rate is per second
        assert 4 <= len(receiver.requests) <= 10
        await eventually(lambda: len(receiver.requests) == 11, within=30)


async def test_a_receiver_that_says_when_to_come_again_is_left_alone_until_then(
    world, eventually, quick
):
    """Our own waits are taken away: without its word it would be asked again at once."""
    receiver = Receiver(statuses=[503, 204], headers={"retry-after": "3"})
    async with receiving(receiver), sending(world):
        await subscribe(world, receiver)
        await world.happen(w.created())
        await eventually(lambda: len(receiver.requests) == 1, within=30)
        began = monotonic()
        await eventually(lambda: len(receiver.requests) == 2, within=30)
        assert 2.5 <= monotonic() - began <= 10
        assert len(set(receiver.ids)) == 1


async def test_what_a_receiver_writes_into_retry_after_holds_up_no_other(world, eventually):
    beyond = {"retry-after": "Mon, 03 Nov 2025 99999999999999999999:31:40 GMT"}
    async with (
        receiving(Receiver(statuses=[503], headers=beyond)) as hostile,
        receiving(Receiver()) as good,
        sending(world),
    ):
        for receiver in (hostile, good):
            await subscribe(world, receiver)
        await world.happen(w.created())

        async def settled():
            return sorted(await states(world)) == ["delivered", "pending"]

        await eventually(settled, within=30)


async def test_410_disables_at_once_and_says_why(world, eventually):
    async with receiving(Receiver(statuses=[410])) as receiver, sending(world):
        await subscribe(world, receiver)
        await world.happen(w.created())

        async def disabled():
            return await world.rows("SELECT * FROM subscription WHERE state = 'disabled'")

        [row] = await eventually(disabled, within=30)
        assert "410" in row.state_reason
        assert await states(world) == ["pending"]  # it waits for a resume
    told = await world.rows(
        "SELECT n.severity, p.employee_code AS code, n.delivery_id FROM notification n"
        " JOIN person p ON p.id = n.person_id WHERE event_type = 'notifications.webhook_failing'"
    )
    assert [(row.code, row.severity) for row in told] == [("admin", "critical")]
    assert told[0].delivery_id is not None  # by mail, too


async def test_admins_are_told_at_50_70_90_and_100_percent_then_it_stops_and_can_go_on(
    world, eventually, quick
):
    async with receiving(Receiver(statuses=[503])) as receiver, sending(world):
        await subscribe(world, receiver)
        await world.happen(w.created())

        async def disabled():
            return await world.rows("SELECT * FROM subscription WHERE state = 'disabled'")

        await eventually(disabled, within=30)
        assert len(receiver.requests) == 10
        told = await world.rows(
            "SELECT facts->>'percent' AS percent FROM notification n JOIN person p"
            " ON p.id = n.person_id WHERE event_type = 'notifications.webhook_failing'"
            " ORDER BY n.created_at"
        )
        assert [row.percent for row in told] == ["50", "70", "90", "100"]
        receiver.statuses = [200]
        await world.rows("UPDATE subscription SET state = 'active', failures_in_row = 0")
        await eventually(lambda: len(receiver.requests) == 11, within=30)
        assert len(set(receiver.ids)) == 1


async def test_the_partners_contact_gets_a_mail_at_each_step_once_and_it_names_no_secret(
    world, eventually, quick, smtp
):
    letters = Letters(f"smtp://127.0.0.1:{smtp.port}", SHEET, MailHours())
    async with receiving(Receiver(statuses=[503])) as receiver, sending(world):
        await subscribe(world, receiver)
        await world.rows("UPDATE subscription SET url = url || '?khoa=bi-mat-cua-doi-tac'")
        await world.happen(w.created())

        async def posted_one_by_one():
            await world.bursts_are_over()
            await letters.send_due(world.database)
            return await world.rows("SELECT 1 FROM subscription WHERE state = 'disabled'")

        await eventually(posted_one_by_one, within=30)
    await world.bursts_are_over()
    await letters.send_due(world.database)
    mails = smtp.to("external")
    texts = [mail.get_body("plain").get_content() for mail in mails]
    whole = "".join(texts) + "".join(mail.get_body("html").get_content() for mail in mails)
    for percent in (50, 70, 90):
        assert sum(text.count(f"{percent} % số lần cho phép") > 0 for text in texts) == 1
    assert sum("đã bị dừng" in text for text in texts) == 1
    assert "HTTP 503" in texts[-1]
    assert "hãy cho đăng ký chạy lại" in texts[-1]
    assert "Bạn là đầu mối của hệ thống đối tác" in texts[-1]
    for secret in (receiver.secret, "bi-mat-cua-doi-tac"):
        assert secret not in whole
    assert "https://nhip.example" not in whole  # a partner's contact has no account here
    for_admin = smtp.to("admin")[-1].get_body("plain").get_content()
    assert "https://nhip.example/subscriptions/" in for_admin


async def test_a_worker_that_dies_while_it_counts_tells_the_contact_of_a_step_once(
    world, eventually, monkeypatch
):
    deaths = []

    async def dying(session, alert, now):
        await alerts.tell(session, alert, now)
        if not deaths:
            deaths.append(alert)
            raise OSError("the worker ended before it committed")

    monkeypatch.setattr(settling, "tell", dying)
    async with receiving(Receiver(statuses=[410])) as receiver, sending(world):
        await subscribe(world, receiver)
        await world.happen(w.created())

        async def disabled():
            return await world.rows("SELECT 1 FROM subscription WHERE state = 'disabled'")

        await eventually(disabled, within=30)
    assert deaths
    told = "SELECT 1 FROM notification n JOIN partner p ON p.id = n.person_id"
    assert len(await world.rows(told)) == 1
    assert (
        len(await world.rows("SELECT 1 FROM delivery d JOIN partner p ON p.id = d.person_id")) == 1
    )


async def test_a_contact_whose_mail_is_refused_is_told_of_to_administrators(
    world, eventually, smtp
):
    letters = Letters(f"smtp://127.0.0.1:{smtp.port}", SHEET, MailHours(), failed=tell_of_failure)
    await world.rows("UPDATE partner SET contact_email = 'khong phai dia chi'")
    async with receiving(Receiver(statuses=[410])) as receiver, sending(world):
        await subscribe(world, receiver)
        await world.happen(w.created())

        async def told():
            return await world.rows(
                "SELECT 1 FROM notification n JOIN partner ON partner.id = person_id"
            )

        await eventually(told, within=30)
    await world.bursts_are_over()
    await letters.send_due(world.database)
    undelivered = await world.rows(
        "SELECT facts->>'address' AS address, body, subject_type FROM notification"
        " WHERE event_type = 'notifications.mail_failed'"
    )
    assert {(row.address, row.subject_type) for row in undelivered} == {
        ("khong phai dia chi", "partner")
    }
    assert "liên hệ của hệ thống đối tác" in undelivered[0].body


class Picky(Receiver):
    """Refuses one assignment, takes every other."""

    async def __call__(self, scope, receive, send):
        async def noted(message):
            if message["type"] == "http.response.start":
                event = json.loads(self.requests[-1][1])
                refused = event["data"]["assignment"]["number"] == "NV-2025-0001"
                message = {**message, "status": 400 if refused else 200}
            await send(message)

        await super().__call__(scope, receive, noted)


async def test_one_event_that_is_refused_ends_alone_and_alarms_nobody(
    world, eventually, quick, monkeypatch
):
    # Others have their turn while it waits, as in the real waits.
    monkeypatch.setattr(retrying, "WAITS", (retrying.timedelta(seconds=1),) * 9)
    async with receiving(Picky()) as receiver, sending(world):
        await subscribe(world, receiver, rate=50)
        await world.happen(w.created(1))

        async def ended():
            await world.happen(w.created(len(receiver.requests) + 2))
            return "failed" in await states(world)

        await eventually(ended, within=60, every=0.2)
        [row] = await world.rows("SELECT state FROM subscription")
        assert row.state == "active"


async def test_an_answer_is_neither_followed_nor_shown_nor_read_to_its_end(world, eventually):
    async with receiving(Receiver()) as other, receiving(Receiver(statuses=[302])) as receiver:
        receiver.headers = {"location": other.url}
        receiver.body = b"secret of the inside " * 20_000
        await subscribe(world, receiver)
        await world.happen(w.created())
        async with sending(world):
            await eventually(lambda: receiver.requests, within=30)

            async def noted():
                return await world.rows("SELECT * FROM webhook_delivery WHERE error IS NOT NULL")

            [row] = await eventually(noted, within=30)
        assert (row.status, row.error) == (302, "HTTP 302")
        assert other.requests == []


async def test_an_inner_address_is_never_connected_to(world, eventually):
    async with receiving(Receiver()) as receiver, sending(world, Allowed()):
        await subscribe(world, receiver)
        await world.happen(w.created())

        async def noted():
            return await world.rows("SELECT * FROM webhook_delivery WHERE error IS NOT NULL")

        [row] = await eventually(noted, within=30)
        assert row.error.startswith("refused")
        assert receiver.requests == []


async def test_a_subscription_set_back_gets_everything_again_under_the_same_ids(world, eventually):
    async with receiving(Receiver()) as receiver, sending(world):
        await subscribe(world, receiver)
        sent = await world.happen(*(w.created(number) for number in range(1, 6)))
        await eventually(lambda: len(receiver.requests) == 5, within=30)
        await asyncio.sleep(0.3)  # why: the answers are being settled
        receiver.requests.clear()
        await world.rows("UPDATE subscription SET cursor_tx = '0', cursor_seq = 0")
        await eventually(lambda: len(set(receiver.ids)) == 5, within=30)
        assert set(receiver.ids) == {str(each.id) for each in sent}


@pytest.mark.parametrize(("verb", "yields"), [("relay", 5), ("clock", 0)])
async def test_the_process_that_calls_webhooks_yields_to_those_who_tell_people(
    environment, verb, yields
):
    nicest = 19
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifications", verb, "--port", str(free_port()),
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        while b"started" not in await asyncio.wait_for(process.stdout.readline(), 60):
            assert process.returncode is None
        wanted = min(psutil.Process().nice() + yields, nicest)
        assert psutil.Process(process.pid).nice() == wanted
    finally:
        process.kill()
        await process.wait()
