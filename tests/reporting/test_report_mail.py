"""A signed report leaves from here by mail: with its copy, once, and what became of it is said."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.reporting.reports import SENT, TODAY, Reports
from tests.signing import blank

from chassis.clock import database_now
from reporting.reports import mailing
from reporting.reports.mailing import Post

TO = "vanthu@ubnd.example.vn"
BY_MAIL = {**SENT, "channel": "mail", "mail_to": TO}


@pytest.fixture
async def reports(office, consumer, smtp) -> Reports:
    office.letters = Post(f"smtp://127.0.0.1:{smtp.port}", "Sở Nội vụ Khánh Hòa <so@snv.example>")
    reports = Reports(office, consumer)
    await reports.work()
    return reports


@pytest.fixture
async def signed(reports, office) -> dict:
    """A signed report with its signed copy."""
    signed = await reports.sign(await reports.make())
    client = await office.client("office")
    file = {"file": ("Bản đã ký.pdf", blank())}
    answer = await client.post(
        f"/v1/reports/{signed['id']}/signed_copy", files=file, headers={"Idempotency-Key": "copy"}
    )
    assert answer.status_code in (200, 201), answer.text
    return await reports.read(signed["id"])


async def sent(reports, signed, **facts) -> dict:
    answer = await reports.act("office", signed, "send", {**BY_MAIL, **facts})
    assert answer.status_code == 201, answer.text
    await reports.office.run_jobs()
    return (await reports.read(signed["id"]))["sendings"][-1]


async def clock(office, after: timedelta) -> None:
    async with office.database.sessions.begin() as session:
        await mailing.try_again(session, await database_now(session) + after)
    await office.run_jobs()


async def told(reports) -> list[dict]:
    """What others are told of mails that failed."""
    rows = await reports.rows(
        "SELECT CAST(envelope AS jsonb) -> 'data' -> 'mail' AS mail FROM event_log "
        "WHERE type = 'reporting.report_mail_failed.v1' ORDER BY seq"
    )
    return [row.mail for row in rows]


async def test_it_leaves_with_the_signed_copy_and_answers_go_to_who_sent_it(reports, signed, smtp):
    sending = await sent(reports, signed)
    [letter] = smtp.messages
    [attached] = letter.iter_attachments()

    [trace] = await reports.rows("SELECT after FROM audit_entry WHERE action = 'report.send'")

    assert (sending["mail_state"], sending["mail_to"], trace.after["mail_to"]) == ("sent", TO, TO)
    assert (letter["To"].addresses[0].addr_spec, letter["To"].addresses[0].display_name) == (
        TO, "UBND tỉnh",
    )  # fmt: skip
    assert letter["From"].addresses[0].display_name == "Sở Nội vụ Khánh Hòa"
    assert letter["Reply-To"].addresses[0].addr_spec == "office@snv.example"
    assert (attached.get_filename(), attached.get_content()) == ("Bản đã ký.pdf", blank())
    words = letter.get_body().get_content()
    assert signed["title"] in words
    assert signed["signed_copy_sha256"] in words
    assert signed["number"] in letter["Subject"]


async def test_what_is_asked_for_twice_leaves_once(reports, signed, smtp):
    await sent(reports, signed)
    await sent(reports, signed)
    await clock(reports.office, timedelta(hours=1))

    assert len(smtp.messages) == 1


async def test_a_server_that_is_away_is_tried_again_and_given_up_after_three_days(
    reports, signed, smtp
):
    smtp.stop()
    first = await sent(reports, signed)
    await clock(reports.office, timedelta(minutes=5))
    smtp.start()
    before = len(smtp.messages)
    await clock(reports.office, timedelta(minutes=11))
    [mended] = (await reports.read(signed["id"]))["sendings"]
    smtp.stop()
    await sent(reports, signed, recipient="Bộ Nội vụ")
    await clock(reports.office, timedelta(days=3, minutes=1))
    states = {s["recipient"]: s["mail_state"] for s in
              (await reports.read(signed["id"]))["sendings"]}  # fmt: skip

    assert (first["mail_state"], before) == ("queued", 0)
    assert (mended["mail_state"], len(smtp.messages)) == ("sent", 1)
    assert states == {"UBND tỉnh": "sent", "Bộ Nội vụ": "failed"}
    [lost] = await told(reports)
    assert (lost["recipient"], lost["because"], lost["mail_to"]) == ("Bộ Nội vụ", "given_up", TO)
    assert "SMTPConnectError" in lost["reply"]


async def test_a_mail_whose_job_was_lost_is_taken_up_again(reports, signed, smtp):
    await reports.act("office", signed, "send", BY_MAIL)
    async with reports.office.database.sessions.begin() as session:
        await session.execute(text("DELETE FROM job"))
    await clock(reports.office, timedelta(minutes=11))

    assert len(smtp.messages) == 1


async def test_an_address_that_is_refused_says_so_and_may_be_entered_again(reports, signed, smtp):
    smtp.answer = "550 5.1.1 no such mailbox"
    refused = await sent(reports, signed)
    smtp.answer = None
    again = await sent(reports, signed)

    assert (refused["mail_state"], refused["mail_reply"]) == (
        "failed", "550 5.1.1 no such mailbox",
    )  # fmt: skip
    assert again["mail_state"] == "sent"
    [lost] = await told(reports)
    sender = reports.office.ids["office"]
    assert (lost["because"], lost["reply"], lost["sent_by"]) == (
        "refused", refused["mail_reply"], str(sender),
    )  # fmt: skip
    [trace] = await reports.rows("SELECT after FROM audit_entry WHERE action = 'report.mail_fail'")
    assert trace.after["mail_to"] == TO


async def test_a_mail_that_is_on_its_way_is_not_given_up(reports, signed, smtp):
    await reports.act("office", signed, "send", BY_MAIL)
    async with reports.office.database.sessions.begin() as session:
        now = await database_now(session)
        await session.execute(
            text("UPDATE report_sending SET mail_state = 'sending', mail_tried_at = :now,"
                 " sent_at = :long"), {"now": now, "long": now - timedelta(days=4)},
        )  # fmt: skip
        await mailing.try_again(session, now)
    await reports.office.run_jobs()

    assert (await reports.read(signed["id"]))["sendings"][0]["mail_state"] == "sent"
    assert await told(reports) == []


async def test_a_process_that_ended_meanwhile_sends_again_under_the_same_id(reports, signed, smtp):
    await sent(reports, signed)
    async with reports.office.database.sessions.begin() as session:
        await session.execute(text("UPDATE report_sending SET mail_state = 'sending'"))
    await clock(reports.office, timedelta(minutes=11))

    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"channel": "paper"}, 422, "report_invalid"),
        ({"mail_to": "van thu@ubnd"}, 422, "input_invalid"),
        ({"sent_on": (TODAY - timedelta(days=1)).isoformat()}, 422, "report_invalid"),
    ],
)
async def test_a_mail_that_is_none_is_refused_and_nothing_is_entered(
    reports, signed, smtp, facts, status, code
):
    answer = await reports.act("office", signed, "send", {**BY_MAIL, **facts})
    await reports.office.run_jobs()

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await reports.read(signed["id"]))["sendings"] == []
    assert smtp.messages == []


async def test_without_a_signed_copy_nothing_is_mailed(reports):
    signed = await reports.sign(await reports.make())
    answer = await reports.act("office", signed, "send", BY_MAIL)

    assert (answer.status_code, answer.json()["code"]) == (409, "report_copy_missing")


async def test_who_only_reads_sees_that_it_left_and_no_address(reports, signed):
    await sent(reports, signed)
    [seen] = (await reports.read(signed["id"], "unit_head"))["sendings"]

    assert (seen["mail_state"], seen["mail_to"], seen["mail_reply"]) == ("sent", None, None)
