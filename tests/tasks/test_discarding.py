"""`tasks discard-unknown`: receipts and lost points that no producer's log holds go again."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.envelopes import envelope_of
from tests.tasks.sheets import ROWS, published

from chassis.access import IssuerKeys, TokenVerifier
from chassis.clock import database_now
from chassis.database import Database
from chassis.discard_command import told_about
from chassis.discarding import aggregate_of, discard
from chassis.ids import new_id
from chassis.messaging import feed_api, outbox, unknown
from chassis.messaging.catching_up import CatchingUp, Producer, ServiceToken
from chassis.messaging.consuming import Consumer
from chassis.web import create_app
from contracts.envelope import Envelope
from contracts.notifications import NoticeSeen, NoticeSent, NoticeState, ObligationAcknowledged
from devstack.issuer.app import Issuer
from devstack.issuer.settings import IssuerSettings
from tasks.discarding import WHOLE, undo
from tasks.handlers import router

ISSUER, LOG = "http://issuer.test", "http://log.test"
RECEIPTS = """
    SELECT person_id, sent_at, seen_at, acknowledged_at FROM urging_recipient ORDER BY 1
"""
LOST = "SELECT year, code, name, lost, version FROM weak_criterion ORDER BY 1, 2"


@pytest.fixture
async def log(migrated):
    """The logs of notifications and reporting, in one database."""
    database = Database(await migrated("notifications"))
    yield database
    await database.close()


@pytest.fixture
async def logs(log, busy, tmp_path):
    """The way of tasks to the logs."""
    people = tmp_path / "people.yaml"
    people.write_text("[]")
    settings = IssuerSettings(
        NHIP_ENVIRONMENT="development", OIDC_ISSUER=ISSUER, SERVICE_CLIENT_SECRET="s3cret",
        ISSUER_KEY_FILE=tmp_path / "key.json", ISSUER_PEOPLE_FILE=people,
    )  # fmt: skip
    issuer = httpx.ASGITransport(Issuer(settings).app())
    keys = IssuerKeys(ISSUER, httpx.AsyncClient(transport=issuer))
    app = create_app(
        "notifications", [feed_api.router], log, policies=set(),
        tokens=TokenVerifier(ISSUER, keys=keys), cursor_secret="x",
    )  # fmt: skip
    mounts = {ISSUER: issuer, LOG: httpx.ASGITransport(app)}
    async with httpx.AsyncClient(mounts=mounts) as client:
        token = ServiceToken("tasks", ISSUER, "s3cret")
        producers = [Producer(name, LOG, token, client) for name in ("notifications", "reporting")]
        yield CatchingUp(router, busy.database, producers, every=60)


async def now_of(database):
    async with database.sessions() as session:
        return await database_now(session)


async def happened(log, busy, *events) -> None:
    """Log events at their producer, and bring them here."""
    ids = [new_id() for _ in events]
    async with log.sessions.begin() as session:
        now = await database_now(session) - timedelta(minutes=5)
        await outbox.add(session, *events, now=now, event_ids=ids)
    async with log.sessions() as session:
        found = await session.execute(text("SELECT envelope FROM event_log ORDER BY seq"))
        envelopes = [Envelope.model_validate_json(written) for (written,) in found]
    await Consumer(router, busy.database).apply([each for each in envelopes if each.id in ids])


async def forge(busy, *events) -> None:
    now = await now_of(busy.database)
    forged = [envelope_of(event, id=new_id(), time=now) for event in events]
    await Consumer(router, busy.database).apply(forged)


async def discarded(busy, logs) -> int:
    events = await unknown.find(logs)
    told = await told_about(logs, events, WHOLE)
    async with busy.database.sessions.begin() as session:
        now = await database_now(session)
        await discard(session, logs.router, undo, events, told, "lộ mật khẩu", now)
    return len(events)


async def urged(busy) -> tuple[str, list]:
    """Urge two people; return the urging and who they are."""
    units = await busy.units()
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:one AS uuid)]"
        " WHERE unit_id = CAST(:lead AS uuid)", one=units["LĐVL"], lead=units["CCHC"],
    )  # fmt: skip
    row = await busy.one(unit_id=units["CCHC"], overdue=True)
    body = {"assignment_ids": [row["id"]], "reason": "any", "text": "Làm"}
    id_ = (await busy.office.post("/v1/urgings", body)).json()["urging_id"]
    return id_, [each.person_id for each in await busy.rows(RECEIPTS)]


def notice(event, id_, person, at, version=1, notice_id=None, **changed):
    state = NoticeState(
        notice_id=notice_id or new_id(), version=version, origin="urging", about_id=id_,
        person_id=person, **{"sent_at": at, "seen_at": None, "acknowledged_at": None, **changed},
    )  # fmt: skip
    return event(notice=state)


async def test_receipts_that_nobody_gave_are_gone_and_those_that_were_given_stay(log, busy, logs):
    id_, (one, other) = await urged(busy)
    at = await now_of(busy.database)
    true = new_id()
    await happened(
        log, busy, notice(NoticeSent, id_, one, at, notice_id=true),
        notice(NoticeSeen, id_, one, at, 2, true, seen_at=at),
    )  # fmt: skip
    before = await busy.rows(RECEIPTS)
    known = {"seen_at": at, "acknowledged_at": at}
    await forge(
        busy,
        notice(ObligationAcknowledged, id_, one, at, 3, true, **known),
        notice(ObligationAcknowledged, id_, other, at, 3, **known),
    )
    forged = await busy.rows(RECEIPTS)

    assert all(each.acknowledged_at for each in forged)
    assert await discarded(busy, logs) == 2
    assert await busy.rows(RECEIPTS) == before
    assert await discarded(busy, logs) == 0


async def test_what_a_forged_sheet_lost_gives_way_to_what_the_true_ones_did(log, busy, logs):
    await happened(log, busy, published(4), published(3, year=2023))
    before = await busy.rows(LOST)
    worse = tuple((code, "Bịa", "0", most) for code, _, _, most in ROWS)
    await forge(busy, published(9, worse, id_=new_id()), published(1, worse, year=2022))
    forged = await busy.rows(LOST)
    await happened(log, busy, published(5))  # true, and kept out by the higher forged version

    assert forged != before
    assert await discarded(busy, logs) == 2
    found = await busy.rows(LOST)
    assert {(each.year, each.name) for each in found} == {(each.year, each.name) for each in before}
    assert {each.version for each in found if each.year == 2024} == {5}


async def test_what_people_named_weak_stays_without_what_a_forged_sheet_said_of_it(busy, logs):
    for code in ("1.1.1", "3.1.2"):
        named = {"year": 2024, "code": code, "name": "Tên", "reason": "Tỉnh nhắc"}
        assert (await busy.office.post("/v1/weak_criteria", named)).status_code == 201
    await forge(busy, published(9))
    assert await discarded(busy, logs) == 1
    found = (await busy.office.get("/v1/measures")).json()["data"]
    assert [(each["code"], each["reason"], each["lost"], each["max_points"]) for each in found] == [
        ("1.1.1", "Tỉnh nhắc", None, None), ("3.1.2", "Tỉnh nhắc", None, None),
    ]  # fmt: skip


async def test_of_one_kind_alone_the_other_is_left_as_it_is(log, busy, logs):
    await happened(log, busy, published(4))
    id_, (one, _) = await urged(busy)
    before = await busy.rows(LOST)
    await forge(busy, notice(NoticeSent, id_, one, await now_of(busy.database)))
    assert await discarded(busy, logs) == 1
    assert await busy.rows(LOST) == before
    assert not any(each.sent_at for each in await busy.rows(RECEIPTS))


def test_all_that_tasks_takes_can_be_forgotten():
    assert {aggregate_of(type_) for type_ in router.routes} == set(WHOLE)
