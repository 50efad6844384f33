"""Mails, through a real SMTP server that is at times away or unwilling."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from tests.notifications import world as w
from tests.notifications.conftest import key

from chassis.clock import local_date
from chassis.mail import ServerAway
from chassis.working_calendar import WorkingCalendar
from notifications.channels.mail.claims import find_lost, next_claim, settle
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.message import Sheet
from notifications.channels.mail.sender import Sender
from notifications.obligations.undelivered import tell_of_failure

SHEET = Sheet("Nhịp CCHC <nhip@snv.example>", "https://nhip.example/")
NOW = [timedelta(0)]
TODAY = local_date(datetime.now(UTC))


@pytest.fixture
def sender(smtp) -> Sender:
    return Sender(f"smtp://127.0.0.1:{smtp.port}", SHEET, MailHours(), back_off=NOW)


async def deliveries(world):
    return await world.rows(
        "SELECT d.*, p.employee_code AS code FROM delivery d JOIN person p ON p.id = d.person_id"
        " ORDER BY d.created_at, code"
    )


async def states(world) -> list[str]:
    return [row.state for row in await deliveries(world)]


async def test_the_accountable_person_gets_one_mail_that_says_what_why_and_where(
    world, sender, smtp
):
    await world.happen(w.created(), actor="office")
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    (row,) = [row for row in await deliveries(world) if row.code == "officer_cchc"]
    text = mail.get_body("plain").get_content()
    assert mail["Subject"] == "[Nhịp CCHC] Nhiệm vụ mới NV-2025-0001: Mức độ hoàn thành kế hoạch"
    assert f"https://nhip.example/assignments/{w.id_of('assignment 1')}" in text
    assert "Bạn là người chịu trách nhiệm nhiệm vụ này" in text
    assert "30/11/2025" in text
    assert mail["Message-ID"] == row.message_id == f"<{row.id}@snv.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (row.state, row.attempts) == ("sent", 1)
    assert row.smtp_reply.startswith("2.0.0 taken")
    assert smtp.to("head_ldvl") == [], "who only helps is told in-app"


async def test_the_page_of_a_mail_shows_a_tasks_own_words_and_never_runs_them(world, sender, smtp):
    await world.happen(w.created(subject_matter="<script>alert(1)</script>\r\nBcc: x@y.example"))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    assert "&lt;script&gt;" in mail.get_body("html").get_content()
    assert mail["Bcc"] is None


async def test_a_long_title_and_a_name_with_a_comma_arrive_as_they_were_written(
    world, sender, smtp
):
    name = "Nguyễn Thị Thanh Thuỷ, Trưởng phòng Cải cách hành chính và Kiểm soát thủ tục, tỉnh X"
    matter = "Rà soát các nhiệm vụ sắp đến hạn hoặc đã quá hạn của đơn vị, báo cáo trước ngày họp"
    await world.happen(w.person_changed("officer_cchc", version=2, name=name))
    await world.happen(w.created(subject_matter=matter))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    sent = mail["Subject"]
    assert sent == f"[Nhịp CCHC] Nhiệm vụ mới NV-2025-0001: {matter}"
    to = message_from_bytes(mail.as_bytes())["To"]
    assert str(make_header(decode_header(to))) == f"{name} <officer_cchc@snv.example>"


async def test_a_burst_is_one_mail_and_waits_until_it_is_over(world, sender, smtp):
    await world.happen(*[w.created(n) for n in range(1, 61)])
    await world.happen(*[w.created(n) for n in range(61, 101)])
    waits = {row.next_attempt_at - row.created_at for row in await deliveries(world)}
    assert min(waits) > timedelta(seconds=2), "the burst may go on"
    await world.rows("UPDATE delivery SET next_attempt_at = now() + interval '1 minute'")
    await sender.send_due(world.database)
    assert smtp.messages == []
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    text = mail.get_body("plain").get_content()
    assert mail["Subject"] == "[Nhịp CCHC] 100 nhiệm vụ mới"
    assert text.count("https://nhip.example/assignments/") == 50
    assert "và 50 thông báo khác" in text
    assert len(smtp.messages) == 2


async def test_a_mail_server_that_is_away_is_waited_for(world, sender, smtp, eventually):
    smtp.stop()
    await world.happen(w.due_soon(7))
    await world.bursts_are_over()
    with pytest.raises(ServerAway):
        await sender.send_due(world.database)
    (row,) = await deliveries(world)
    assert (row.state, row.attempts) == ("queued", 1)
    assert "Connect" in row.smtp_reply
    running = asyncio.ensure_future(sender.run(world.database))
    smtp.start()
    await eventually(lambda: smtp.to("officer_cchc"), within=5)
    await eventually(lambda: _are(states(world), ["sent"]))
    running.cancel()
    assert len(smtp.messages) == 1


async def test_a_server_that_says_later_is_asked_later(world, sender, smtp):
    smtp.answer = "451 4.3.0 try again"
    await world.happen(w.due_soon(7))
    await world.rows("UPDATE delivery SET next_attempt_at = now()")
    patient = Sender(sender.smtp_url, SHEET, MailHours(), back_off=[timedelta(minutes=5)])
    await patient.send_due(world.database)
    (row,) = await deliveries(world)
    assert (row.state, row.smtp_reply) == ("queued", "451 4.3.0 try again")
    assert row.next_attempt_at > row.created_at + timedelta(minutes=4)
    smtp.answer = None
    await world.bursts_are_over()
    await sender.send_due(world.database)
    assert await states(world) == ["sent"]


async def test_patience_ends_after_three_days_and_the_mail_has_visibly_failed(world, sender, smtp):
    smtp.answer = "451 4.3.0 try again"
    await world.happen(w.due_soon(7))
    await world.rows(
        "UPDATE delivery SET next_attempt_at = now(), give_up_at = now(), attempts = 1"
    )
    await sender.send_due(world.database)
    assert await states(world) == ["failed"]


async def test_a_refused_mail_fails_at_once_and_an_administrator_can_send_it_again(
    world, sender, smtp, as_person
):
    smtp.answer = "550 5.1.1 no such mailbox"
    await world.happen(w.due_soon(7))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    admin = await as_person("admin")
    (failed,) = (await admin.get("/v1/deliveries", params={"state": "failed"})).json()["data"]
    assert failed["smtp_reply"] == "550 5.1.1 no such mailbox"
    smtp.answer = None
    again = await admin.post(f"/v1/deliveries/{failed['id']}/retry", headers=key())
    assert (again.status_code, again.json()["state"]) == (200, "queued")
    await sender.send_due(world.database)
    assert await states(world) == ["sent"]
    once_more = await admin.post(f"/v1/deliveries/{failed['id']}/retry", headers=key())
    assert (once_more.status_code, once_more.json()["code"]) == (409, "delivery_not_failed")
    assert len(await world.rows("SELECT 1 FROM audit_entry WHERE action = 'delivery.retry'")) == 1


async def test_what_became_moot_before_it_left_is_not_mailed(world, sender, smtp):
    await world.happen(w.overdue())
    await world.happen(w.submitted(), actor="officer_cchc")
    await world.bursts_are_over()
    await sender.send_due(world.database)
    assert smtp.to("officer_cchc") == []
    (mail,) = smtp.to("office")
    assert "chờ duyệt" in mail["Subject"]
    assert sorted(await states(world)) == ["dropped", "dropped", "sent", "sent"]


async def test_two_senders_share_the_work_and_send_nothing_twice(world, sender, smtp):
    await world.happen(w.overdue(), w.missed())
    await world.bursts_are_over()
    await asyncio.gather(*(sender.send_due(world.database) for _ in range(4)))
    assert len(smtp.messages) == len({mail["Message-ID"] for mail in smtp.messages}) == 5


async def test_a_sender_that_is_stopped_finishes_the_mail_it_claimed(
    world, sender, smtp, eventually
):
    smtp.seconds = 0.5
    await world.happen(w.due_soon(7))
    await world.bursts_are_over()
    running = asyncio.ensure_future(sender.run(world.database))
    await eventually(lambda: smtp.busy)
    running.cancel()
    await asyncio.wait({running})
    assert await states(world) == ["sent"]
    assert running.cancelled()


CLOSED = MailHours(time(0), time(0))


async def test_mail_waits_for_working_hours_and_goes_on_gathering(world, sender, smtp):
    at_night = Sender(sender.smtp_url, SHEET, CLOSED, back_off=NOW)
    await world.happen(w.due_soon(3, due_on=TODAY + timedelta(days=30)))
    await world.bursts_are_over()
    await at_night.send_due(world.database)
    assert smtp.messages == []
    await world.happen(w.created(2))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    assert mail["Subject"] == "[Nhịp CCHC] 1 nhiệm vụ sắp đến hạn, 1 nhiệm vụ mới"


async def test_what_is_critical_leaves_at_once(world, sender, smtp):
    at_night = Sender(sender.smtp_url, SHEET, CLOSED, back_off=NOW)
    await world.happen(w.overdue(), w.created(2, accountable_person_id=w.id_of("colleague_cchc")))
    await world.bursts_are_over()
    await at_night.send_due(world.database)
    assert len(smtp.to("officer_cchc")) == 1
    assert smtp.to("colleague_cchc") == []


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (10, "còn "),
        (0, "NV-2025-0001"),
        (-14, "Nhiệm vụ NV-2025-0001 đã quá hạn 10 ngày làm việc"),
    ],
)
async def test_a_mail_that_leaves_late_says_how_many_days_are_left_when_it_leaves(
    world, sender, smtp, ahead, says
):
    due = TODAY + timedelta(days=ahead)
    await world.happen(w.due_soon(7, due_on=due))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    calendar = WorkingCalendar({})
    left = calendar.working_days_between(TODAY, calendar.last_working_day_on_or_before(due))
    assert says in mail["Subject"]
    assert ahead < 10 or f"còn {left} ngày làm việc" in mail["Subject"]


async def test_days_off_of_the_installations_calendar_are_not_counted(world, sender, smtp):
    ahead = [TODAY + timedelta(days=n) for n in range(1, 11)]
    await world.happen(w.days_off(*ahead[:-1]))
    await world.happen(w.due_soon(7, due_on=ahead[-1]))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    (mail,) = smtp.to("officer_cchc")
    worked = ahead[-1].weekday() < 5
    assert ("chỉ còn 1 ngày làm việc" in mail["Subject"]) == worked


async def test_patience_begins_with_the_first_attempt_however_long_a_mail_waited(
    world, sender, smtp
):
    smtp.answer = "451 4.3.0 try again"
    await world.happen(w.due_soon(7))
    await world.rows("UPDATE delivery SET next_attempt_at = now(), give_up_at = now()")
    patient = Sender(sender.smtp_url, SHEET, MailHours(), back_off=[timedelta(minutes=5)])
    await patient.send_due(world.database)
    assert await states(world) == ["queued"]


async def test_a_mail_that_failed_for_good_is_told_to_administrators_and_the_office(
    world, smtp, as_person
):
    smtp.answer = "550 5.1.1 no such mailbox"
    url = f"smtp://127.0.0.1:{smtp.port}"
    sender = Sender(url, SHEET, MailHours(), back_off=NOW, failed=tell_of_failure)
    for number in (1, 2):
        await world.happen(w.due_soon(7, number=number))
        await world.bursts_are_over()
        await sender.send_due(world.database)
    for code in ("admin", "office", "office_2"):
        person = await as_person(code)
        (told,) = (await person.get("/v1/notifications")).json()["data"]
        assert told["title"] == "Thư gửi Cán bộ officer_cchc không đến được"
        assert "officer_cchc@snv.example" in told["body"]
        assert "550 5.1.1 no such mailbox" in told["body"]
    office = await as_person("office")
    failed = (await office.get("/v1/deliveries", params={"state": "failed"})).json()["data"]
    assert {(each["person_name"], each["address"]) for each in failed} == {
        ("Cán bộ officer_cchc", "officer_cchc@snv.example")
    }
    assert [each["allowed"] for each in failed] == [[], []], "only administrators retry"


async def test_a_sender_that_lost_its_claim_says_nothing_of_what_another_now_sends(
    world,
):
    await world.happen(w.due_soon(7))
    await world.bursts_are_over()
    slow = await next_claim(world.database, SHEET, MailHours())
    await world.rows("UPDATE delivery SET lease_until = now()")
    await find_lost(world.database)
    claim = await next_claim(world.database, SHEET, MailHours())
    await settle(world.database, slow, "failed", "550 5.1.1 no", failed=tell_of_failure)
    assert await states(world) == ["sending"]
    assert await world.rows("SELECT 1 FROM notification WHERE category = 'mail'") == []
    await settle(world.database, claim, "sent", "250 taken", failed=tell_of_failure)
    assert await states(world) == ["sent"]


async def test_an_address_nobody_can_have_stops_no_other_mail(world, sender):
    await world.happen(w.person_changed("officer_cchc", version=2, email="nobody at all"))
    await world.happen(w.due_soon(1))
    await world.bursts_are_over()
    await sender.send_due(world.database)
    assert {row.code: row.state for row in await deliveries(world)} == {
        "officer_cchc": "failed",
        "head_cchc": "sent",
    }


async def test_a_sender_killed_between_sending_and_noting_it_sends_the_same_mail_again(
    world, smtp, sender, environment
):
    await world.happen(w.due_soon(7))
    await world.bursts_are_over()
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", SEND_ONCE],
        env={**os.environ, **environment, "FAILPOINT": "notify.after_send_before_mark"},
        timeout=30,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert await states(world) == ["sending"], "known to be under way, whatever became of it"
    await sender.send_due(world.database)
    assert len(smtp.messages) == 1, "its lease still holds"
    await world.rows("UPDATE delivery SET lease_until = now()")
    await sender.send_due(world.database)
    (row,) = await deliveries(world)
    assert (row.state, row.uncertain, row.attempts) == ("sent", 1, 2)
    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"]


SEND_ONCE = """
import asyncio
from notifications.app import build
service = build()
sender = service.loops[0].__self__
asyncio.run(sender.send_due(service.database("worker")))
"""


async def _are(value, expected) -> bool:
    return await value == expected
